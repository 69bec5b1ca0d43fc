"""The maps of a transposed convolution: two ways to compute it, and its gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lessons.choosing.study import Study
from lessons.convolution_backward.padded import slid_places
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, kernel_map, map_of, worded
from lessons.showing.grid import Grid, comparison
from lessons.showing.shown import Shown
from lessons.transposed_convolution.sizes import LOST_KERNEL, Sizing, ways
from lessons.transposed_convolution.spreading import Spreading
from viz.language import Say, english
from viz.maps.lights import Lights
from viz.maps.sums import Link, Taps

TITLES = {
    "value": english("Input x"),
    "output": english("Output y"),
    "upstream": english("Upstream ∂L/∂y"),
    "downstream": english("Downstream ∂L/∂x"),
}

OF_SIZE = ("map", "width", "by", "padding", "extra", "dilation")
"""The choices that decide how large the output is."""

# What the figures are about


def spreading(study: Study) -> Spreading:
    """Return the layer with stride 2."""
    return Spreading(study.seed)


def strided(study: Study) -> Spreading:
    """Return the layer with the stride that is set."""
    return Spreading(study.seed, study["stride"])


def sizing(study: Study) -> Sizing:
    """Return the layer with all its sizes."""
    size, *numbers = (study[name] for name in OF_SIZE)
    return Sizing(size, study.seed, *numbers)


def shown(recipe: Spreading) -> Shown:
    """Return the maps of a run."""
    return Shown(ran(recipe), TITLES)


# Forward


def to_lay(study: Study) -> Figure:
    """Show what is known: the map and the kernel."""
    found = shown(spreading(study))
    return Figure([[found.value, found.weight]])


def laid(study: Study) -> Figure:
    """Show the sums of the copies that meet in each cell."""
    return _with_y(shown(spreading(study)).output_sum)


def _with_y(figure: Figure) -> Figure:
    return replace(figure, links=[worded(link, explained=english("y")) for link in figure.links])


def zeros(study: Study) -> Figure:
    """Show an ordinary convolution of the map with zeros between its cells and around."""
    recipe = strided(study)
    found = shown(recipe)
    padded = map_of("padded", english("Zeros between and around"), recipe.padded(), value=True)
    turned = kernel_map("turned", english("Kernel turned"), recipe.turned(), "kernel", symbol="w")
    link = _slid(recipe, found.output.key, padded.key, turned.key)
    return Figure(
        [[found.value, padded, turned, found.output]],
        [link],
        lights=[Lights(found.value.key, padded.key, *_placed(recipe))],
    )


def _slid(recipe: Spreading, output: str, padded: str, turned: str) -> Link:
    """Explain each cell by the window of the padded map that makes it."""
    below, at_tap = slid_places(recipe.padded(), recipe.turned())
    count, each = below.shape
    return Link(
        output,
        padded,
        cells=np.arange(count),
        offsets=np.arange(count + 1) * each,
        places=below.reshape(-1),
        coefficients=recipe.turned().reshape(-1)[at_tap.reshape(-1)],
        taps=Taps(turned, at_tap.reshape(-1)),
        words={"explained": english("y")},
    )


def _placed(recipe: Spreading) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the map's cells, and where each stands among the zeros."""
    cells = recipe.value()[0, 0]
    rows, columns = np.indices(cells.shape).reshape(2, -1)
    first = len(recipe.weight()[0, 0]) - 1
    inside = (first + rows * recipe.stride, first + columns * recipe.stride)
    return np.arange(cells.size), np.ravel_multi_index(inside, recipe.padded().shape)


def both_ways(study: Study, say: Say) -> Grid:
    """Compare both ways with PyTorch's layer."""
    recipe = strided(study)
    made = ran(recipe).output[0, 0]
    pairs = {
        say("copies laid and added"): (recipe.laid(recipe.weight()[0, 0]), made),
        say("zeros, then Conv2d with the kernel turned"): (recipe.convolved(), made),
    }
    return comparison(pairs, say)


# Backward


def arrived(study: Study) -> Figure:
    """Show what is known: what arrived, and the kernel."""
    found = shown(spreading(study))
    return Figure([[found.upstream, found.weight]])


def read(study: Study) -> Figure:
    """Show the sums between the gradients."""
    return shown(spreading(study)).downstream_sum


def ruled(study: Study) -> Figure:
    """Show the same sums under the names that the rule has for the gradients."""
    titles = {**TITLES, "upstream": english("∂L/∂y"), "downstream": english("∂L/∂x")}
    return Shown(ran(spreading(study)), titles).downstream_sum


# Sizes


def of_sizes(study: Study) -> Figure:
    """Show the map and the kernel whose result has some size."""
    found = _sized(study)
    return Figure([[found.value, found.weight]])


def sized(study: Study) -> Figure:
    """Show what comes out, too."""
    return _with_y(_sized(study).output_sum)


def _sized(study: Study) -> Shown:
    return Shown(ran(sizing(study)), TITLES)


def written(study: Study) -> Mapping[str, str]:
    """Return the call of the layer, and the size of the map."""
    recipe = sizing(study)
    standard = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
    given = (
        f", {name}={value}" for name, value in recipe.settings.items() if value != standard[name]
    )
    return {"call": f"ConvTranspose2d(1, 1, {recipe.width}{''.join(given)})", "map": recipe.size}


def formula(study: Study) -> Mapping[str, str]:
    """Return the sizes and what they are computed from; PyTorch made a map of these."""
    recipe = sizing(study)
    high, wide = recipe.sides
    made = ran(recipe).output.shape
    numbers = {
        "n": high,
        "m": wide,
        "k": recipe.width,
        "s": recipe.stride,
        "p": recipe.padding,
        "e": recipe.extra,
        "d": recipe.dilation,
        "height": made[2],
        "width": made[3],
    }
    return {name: str(number) for name, number in numbers.items()}


def lost(study: Study, say: Say) -> Grid:
    """List which sizes a convolution makes equal, and what brings each of them back."""
    rows = [
        (f"{way.size}", f"{way.small}", f"{way.back}", f"{way.needed}")
        for way in ways(study["stride"])
    ]
    heads = (
        say("input"),
        say("after Conv2d"),
        say("back without output_padding"),
        say("output_padding that gives the input's size"),
    )
    return Grid(heads, rows, frozenset(range(4)))


def of_lost(study: Study) -> Mapping[str, str]:
    """Return the kernel, the stride, and how many sizes become one."""
    return {"kernel": str(LOST_KERNEL), "stride": str(study["stride"])}
