"""Calculations from a person's own figures: formulas, extraction of the inputs, and wording."""
