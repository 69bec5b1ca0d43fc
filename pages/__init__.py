"""One file a page, each thin: read controls, call, show."""
