"""What is worked out from a person's own figures: the sums, and the talk that leads to them."""
