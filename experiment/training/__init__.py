"""An experiment's network is trained over many steps, and what became of its gradients is kept."""
