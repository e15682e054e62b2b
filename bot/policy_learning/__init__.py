"""Learning of what ranks the answers: the classifier of units and the ranker."""
