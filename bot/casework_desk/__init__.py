"""The office's work on tickets and on postings that wait for a decision."""
