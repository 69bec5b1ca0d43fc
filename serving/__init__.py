"""What the browser fetches by address: the code of the front end, and answers about runs."""
