"""Seekers: what they tell about themselves and the job they want."""
