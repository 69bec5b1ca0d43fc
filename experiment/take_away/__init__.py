"""What a visitor takes along of a run: a script, and a file that needs no server."""
