"""Middleware, queues and limits that all channels share."""
