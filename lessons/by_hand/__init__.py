"""Layers written with numpy, forward and backward: without PyTorch, beside which they are run."""
