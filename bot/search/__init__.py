"""Ranking texts by a question: words and meaning together, for policies and for the law."""
