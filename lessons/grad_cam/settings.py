"""What can be set in the lesson on Grad-CAM."""

from __future__ import annotations

from lessons.asking.vote import vote
from lessons.choosing.choice import Choice, Settable
from lessons.choosing.pictured import Pictured
from lessons.grad_cam.asked.pooled import CELLS
from lessons.grad_cam.attributed import control, path, smooth
from lessons.grad_cam.digit.network import CHANNELS, CLASSES, LAST
from lessons.grad_cam.digit.reading import FIRST, SECOND
from lessons.grad_cam.maps.weighing import MODES
from lessons.grad_cam.photograph.lite import SIDE
from lessons.grad_cam.photograph.photographed import PICTURES, RANKS, STAGES, VIEWS
from viz.language import english

ANSWERS = {
    "dark": english("The darkest pixels"),
    "slope": english("Pixels where a small change moves the score most"),
    "cover": english("Pixels without which the score falls most"),
    "many": english("It depends on what one means by mattered"),
}
TARGETS = {
    FIRST: english("the highest score"),
    SECOND: english("the second highest"),
    **{str(digit): str(digit) for digit in range(CLASSES)},
}
SIGNS = {"signed": english("signed"), "absolute": english("absolute value")}
BIASES = {True: english("as learnt"), False: english("all set to 0")}
FORGOT = {
    0: english("none"),
    1: english("head"),
    2: english("head and conv3"),
    3: english("head, conv3, conv2"),
    4: english("all"),
}
METHOD_WORDS = {
    "gradient": english("abs(gradient)"),
    "times input": english("gradient × input"),
    "grad-cam": english("Grad-CAM"),
}
MODE_WORDS = {"nearest": english("nearest"), "bilinear": english("bilinear")}

CHOICES: dict[str, Settable] = {
    "vote": vote(ANSWERS),
    "target": Choice(FIRST, tuple(TARGETS), "Class", words=TARGETS, looks=True),
    "sign": Choice("signed", tuple(SIGNS), "Gradient", words=SIGNS, looks=True),
    "biased": Choice(True, tuple(BIASES), "Biases", words=BIASES, looks=True),
    "copies": Choice(16, smooth.COUNTS, "Noisy copies", looks=True),
    "sigma": Choice("0.2", ("0.1", "0.2", "0.4"), "Deviation of the noise", looks=True),
    "parts": Choice(4, path.COUNTS, "Parts of the way", looks=True),
    "forgot": Choice(4, control.STAGES, "Layers drawn anew", words=FORGOT, looks=True),
    "method": Choice("gradient", control.METHODS, "Map", words=METHOD_WORDS, looks=True),
    "layer": Choice(LAST, tuple(CHANNELS), "Layer", looks=True),
    "mode": Choice("bilinear", MODES, "Enlarged by", words=MODE_WORDS, looks=True),
    "cell": Choice(0, range(CELLS), "Cell of ∂S/∂A", looks=True),
    "picture": Choice("coffee", tuple(PICTURES), "Photograph", words=PICTURES, looks=True),
    "rank": Choice(1, RANKS, "Class by its score", looks=True),
    "stage": Choice("7x7", tuple(STAGES), "Maps", looks=True),
    "view": Choice("grad-cam", tuple(VIEWS), "Method", words=VIEWS, looks=True),
    "own": Pictured(SIDE, "Bring a photograph", looks=True),
}
