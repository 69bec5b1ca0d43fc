"""What every family of operations is written with."""
