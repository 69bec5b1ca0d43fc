"""A network is trained over many steps by PyTorch's own optimizers, and every step is noted."""
