"""What a visitor takes along from what is on screen."""
