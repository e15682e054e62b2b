"""Arithmetic of labour law: formulas as pure functions, and the form of a result."""
