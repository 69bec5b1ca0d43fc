"""What did the network look at? Saliency, CAM and Grad-CAM."""

from lessons.grad_cam.steps import LESSON as LESSON
