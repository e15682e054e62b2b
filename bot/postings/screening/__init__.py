"""Screening of postings and decisions on them."""
