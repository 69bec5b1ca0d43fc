"""The editor: a network changed layer by layer."""
