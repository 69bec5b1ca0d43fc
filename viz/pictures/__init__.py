"""Small pictures for lessons that are no heatmaps: a line over two axes, a map over a picture."""
