"""Components of the score of a posting."""
