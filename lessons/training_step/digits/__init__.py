"""A CNN and an MLP that learn to read digits, by the layers written with numpy."""
