"""Kinds of layers: one file a family, and all that is known of a kind stands in its file."""
