"""Tickets between seekers and counsellors."""
