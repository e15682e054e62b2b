"""Normalising and reading Chinese text: width, numbers, money, ages, regions, occupations."""
