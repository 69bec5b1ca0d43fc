"""Grad-CAM, taken apart: weights, weighted sum, ReLU, enlargement."""
