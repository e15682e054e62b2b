"""Transactional outbox and the worker that sends from it."""
