"""Seekers: their profile and the job they want."""
