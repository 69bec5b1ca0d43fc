"""Lines of a text that stand outside of its classes: a tensor, what is called on it, a loss."""
