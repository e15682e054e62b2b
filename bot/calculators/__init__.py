"""Sums of the law: benefits, severance, overtime, retirement."""
