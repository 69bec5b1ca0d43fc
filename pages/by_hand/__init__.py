"""Cells changed by hand: input, target or a parameter."""
