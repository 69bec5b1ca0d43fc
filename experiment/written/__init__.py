"""An experiment as it is written down, in a link, in a file or pasted, and back."""
