"""The words that the browser says itself."""
