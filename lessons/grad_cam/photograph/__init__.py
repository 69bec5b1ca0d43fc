"""The optional extra: a network trained on a million photographs."""
