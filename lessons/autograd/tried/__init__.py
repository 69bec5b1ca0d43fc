"""Small experiments of the lesson, each a few lines of plain PyTorch."""
