"""Whether a transposed convolution undoes a convolution."""

from lessons.transposed_convolution.steps import LESSON as LESSON
