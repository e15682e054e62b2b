"""The smoke suite for the Pythons that the whole suite does not run on (scripts/smoke-pythons)."""
