"""How captured gradients look."""
