"""Arrays as heatmaps, and the sums between their cells."""
