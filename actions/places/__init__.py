"""Answers on stations, fairs, courses, directories and gig days near by."""
