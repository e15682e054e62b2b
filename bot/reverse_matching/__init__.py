"""Index of subscriptions that finds the seekers a new posting suits."""
