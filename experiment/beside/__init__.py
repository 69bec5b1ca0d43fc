"""Two runs beside one another: how the second is made of the first, and what tells them apart."""
