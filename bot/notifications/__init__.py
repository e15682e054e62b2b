"""Messages of the service to seekers: digests, follow-ups, reminders."""
