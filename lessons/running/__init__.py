"""What a lesson runs: layers and networks on a few small numbers."""
