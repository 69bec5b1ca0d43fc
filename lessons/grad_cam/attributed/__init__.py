"""Ways to say which pixels of a digit a score is due to."""
