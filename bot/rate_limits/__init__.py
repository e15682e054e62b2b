"""Limits of messages, logins and forged requests, over all workers and hosts."""
