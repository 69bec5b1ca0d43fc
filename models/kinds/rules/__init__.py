"""Rules that several families of layers share."""
