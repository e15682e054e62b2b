"""Sentence vectors: the encoder and its cache."""
