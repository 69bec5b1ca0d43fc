"""One forward and one backward, recorded: what the engine did, and who made each node."""
