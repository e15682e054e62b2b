"""Early warning: imports, the 10 % rule, indicators and lines, suppression, monthly reports."""
