"""An expression, actions on its variables, and what PyTorch tells after each of them."""
