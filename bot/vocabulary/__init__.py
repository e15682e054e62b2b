"""Regions, occupations and benefits by code, name and alias."""
