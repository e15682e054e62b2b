"""The policy base: files, checks, versions in force, answers and calculations."""
