"""Which networks can be built, and how they are written."""
