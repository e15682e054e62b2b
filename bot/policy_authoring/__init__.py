"""Tools of the editors of policy files."""
