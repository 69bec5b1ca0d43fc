"""What hooks may not do, and what surprises: tried, and what PyTorch says."""
