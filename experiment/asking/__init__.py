"""What can be asked of a run, of what is changed by hand, and of a network that is edited."""
