"""What a run has to show: maps of a chosen node, the sums behind their cells, words around them."""
