"""Sources of postings: configured in one file, read again and again, each run kept."""
