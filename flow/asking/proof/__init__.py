"""Whether the recorded gradients are right, compared in several ways."""
