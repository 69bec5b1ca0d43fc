"""One step of training by hand, beside PyTorch."""

from lessons.training_step.steps import LESSON as LESSON
