"""Health and metrics of a running assistant, for its operators: counts, ages, no words."""
