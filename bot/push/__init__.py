"""Push of new postings to subscribers: matching, digests, delivery exactly once."""
