"""One experiment: what runs, what is looked at, and the answers that a run gives."""
