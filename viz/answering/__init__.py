"""What a browser asks of a live run, and what it is sent: for the app's server and a notebook."""
