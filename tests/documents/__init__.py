"""Tests of documents of law."""
