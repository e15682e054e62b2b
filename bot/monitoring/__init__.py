"""Health and metrics of a running assistant, for whoever operates it: counts, ages, no words."""
