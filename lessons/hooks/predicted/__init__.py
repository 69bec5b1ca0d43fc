"""What is asked of hooks, and what each likely mistake would give."""
