"""The command line, one module a subject. Heavy imports stand inside the commands."""
