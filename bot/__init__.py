"""Jiuye (就业), 智慧就业顾问: everything the assistant knows and does."""
