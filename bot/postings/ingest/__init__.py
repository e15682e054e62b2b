"""Import of postings from files and feeds."""
