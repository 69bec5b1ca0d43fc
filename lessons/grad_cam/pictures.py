"""Digits with maps over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.grad_cam import readings
from lessons.grad_cam.maps.weighing import enlarged, grad_cam
from lessons.running.recipe import ran
from viz.language import Say, english
from viz.pictures.overlay import Layer

DIGIT = english("The digit")


def paper(ink: Array) -> Array:
    """Return grey on white; ink above 1 is black, below 0 white."""
    pixels: Array = np.round(255 * (1 - ink.clip(0, 1))).astype(np.uint8)
    return pixels


def digit(study: Study, say: Say) -> Sequence[Layer]:
    """Show the digit alone."""
    return [Layer(say(DIGIT), paper(ran(readings.best(study)).image), None)]


def saliency(study: Study, say: Say) -> Sequence[Layer]:
    """Show the gradient at every pixel, or its magnitude."""
    found = readings.read(study)
    signed = study["sign"] == "signed"
    title = say("∂S/∂x") if signed else say("abs(∂S/∂x)")
    cells = found.gradient if signed else np.abs(found.gradient)
    picture = paper(found.image)
    return [Layer(say(DIGIT), picture, None), Layer(title, picture, cells)]


def times_input(study: Study, say: Say) -> Sequence[Layer]:
    """Show what each pixel adds to the score."""
    found = ran(readings.parted(study))
    return [Layer(say("Gradient × input"), paper(found.image), found.product)]


def smooth(study: Study, say: Say) -> Sequence[Layer]:
    """Show a noisy copy with its gradient, and the mean of the gradients of all copies."""
    found, plain = ran(readings.smoothing(study)), readings.read(study)
    mean = say("Mean of {count}").format(count=study["copies"])
    return [
        Layer(say("A noisy copy"), paper(found.noisy), found.first),
        Layer(mean, paper(plain.image), found.mean),
    ]


def path(study: Study, say: Say) -> Sequence[Layer]:
    """Show what each pixel is credited with."""
    found, plain = ran(readings.integrating(study)), readings.read(study)
    return [Layer(say("Integrated gradients"), paper(plain.image), found.attributions)]


def control(study: Study, say: Say) -> Sequence[Layer]:
    """Show a map of the trained network and the same of the one that forgot."""
    found, plain = ran(readings.control(study)), ran(readings.best(study))
    picture, method = paper(plain.image), study["method"]
    pairs = ((say("Trained"), found.trained), (say("Drawn anew"), found.forgot))
    return [Layer(title, picture, maps[method]) for title, maps in pairs]


def over(study: Study, say: Say) -> Sequence[Layer]:
    """Show Grad-CAM over the digit."""
    found = ran(readings.of_layer(study))
    picture = paper(found.image)
    coarse = grad_cam(found.maps, found.map_gradients)
    large = enlarged(coarse, len(found.image), study["mode"])
    return [Layer(say(DIGIT), picture, None), Layer(say("Grad-CAM"), picture, large)]


def photograph(study: Study, say: Say) -> Sequence[Layer]:
    """Show what the network for photographs looked at; nothing where it is missing."""
    found = readings.seen(study)
    if found is None:
        return []
    smooth = study["mode"] == "bilinear"
    own = study["own"]
    title = say("Your photograph with its map") if own else say("The photograph with its map")
    return [Layer(title, found.picture, found.cells, smooth)]
