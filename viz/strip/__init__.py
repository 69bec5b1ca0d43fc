"""The model as a strip of boxes, and its backward pass step by step."""
