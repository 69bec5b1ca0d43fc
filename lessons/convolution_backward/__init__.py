"""What slides backward through a convolution."""

from lessons.convolution_backward.steps import LESSON as LESSON
