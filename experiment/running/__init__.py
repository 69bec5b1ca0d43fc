"""Settings run, one after the other, and their runs are kept as long as there is room."""
