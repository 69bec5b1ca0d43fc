"""What is often said of autograd, put to the test by the PyTorch that runs here."""

from lessons.claims.steps import LESSON as LESSON
