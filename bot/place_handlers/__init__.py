"""Handlers for stations, courses, fairs and directories."""
