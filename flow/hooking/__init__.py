"""Hooks of one's own: register them, run once forward and backward, see what fired and changed."""
