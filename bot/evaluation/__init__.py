"""Measure the whole bot against dialogues with expected behaviour (format: docs/evaluation.md)."""
