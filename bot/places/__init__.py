"""Stations, fairs and courses near by: imports, opening hours, distances, searches, wording."""
