"""The lessons, in the order in which they are offered. Adding one is adding its folder and a line.

Navigation, start page, links and the tests that every lesson must pass follow from the entry.
"""

from __future__ import annotations

from lessons import (
    autograd,
    claims,
    convolution_backward,
    depth,
    dilation,
    grad_cam,
    hooks,
    interpolation,
    nearest_upsampling,
    training_step,
    transposed_convolution,
    unpooling,
)
from lessons.lesson import Lesson

LESSONS: dict[str, Lesson] = {
    lesson.key: lesson
    for lesson in (
        nearest_upsampling.LESSON,
        unpooling.LESSON,
        interpolation.LESSON,
        convolution_backward.LESSON,
        transposed_convolution.LESSON,
        dilation.LESSON,
        autograd.LESSON,
        claims.LESSON,
        hooks.LESSON,
        training_step.LESSON,
        depth.LESSON,
        grad_cam.LESSON,
    )
}
