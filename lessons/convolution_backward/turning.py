"""Turn the kernel or the upstream, pad one and slide the other: what comes out."""

from __future__ import annotations

import numpy as np

from lessons.asking.exercise import Array
from lessons.by_hand.convolution import StrideError, full, rotate, stuff
from lessons.choosing.study import Study
from lessons.convolution_backward.padded import slid_places
from lessons.convolution_backward.recipe import whole_gradient
from lessons.convolution_backward.settings import WAYS, single
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.showing.grid import Grid, comparison
from viz.language import Say, english
from viz.maps.rows import Map
from viz.maps.sums import Link, Taps

WORDS = {"explained": english("this cell"), "recorded": english("the map says {value}")}
"""These maps are slid here, with numpy; PyTorch's is compared below them."""


def spread(study: Study) -> Array:
    """Return the upstream gradient with the zeros of the stride between its cells."""
    return stuff(ran(single(study)).upstream[0, 0], study["stride"])


def window(study: Study) -> Array:
    """Return the kernel with the zeros of the dilation between its cells."""
    return stuff(single(study).weight()[0, 0], study["dilation"])


def refused(study: Study) -> str:
    """Return what a full convolution says to a stride."""
    try:
        full(ran(single(study)).upstream[0, 0], rotate(window(study)), study["stride"])
    except StrideError as refusal:
        return str(refusal)
    return ""


def ways(study: Study) -> dict[str, Array]:
    """Slide one over the other, with either of them turned."""
    arrived, kernel = spread(study), window(study)
    return {
        "kernel": full(arrived, rotate(kernel)),
        "upstream": full(kernel, rotate(arrived)),
        "wrong": full(rotate(arrived), kernel),
    }


def turned(study: Study) -> Figure:
    """Show what one of the ways gives beside what is padded and what slides over it.

    The upstream slides where it is turned and the kernel is not; else the kernel does.
    """
    arrived, kernel = spread(study), window(study)
    over, under = _around(arrived, kernel), _around(kernel, arrived)
    way = study["way"]
    upstream, taps = {
        "kernel": (
            (english("upstream, zeros around"), over),
            (english("kernel turned"), rotate(kernel)),
        ),
        "upstream": (
            (english("upstream turned"), rotate(arrived)),
            (english("kernel, zeros around"), under),
        ),
        "wrong": (
            (english("upstream turned, zeros around"), rotate(over)),
            (english("kernel"), kernel),
        ),
    }[way]
    row = (
        map_of("way", WAYS[way], ways(study)[way][None, None]),
        *(
            map_of(key, title, cells[None, None], value=True)
            for key, (title, cells) in (("upstream", upstream), ("kernel", taps))
        ),
    )
    return Figure([row], [_sums(*row)], arrow="backward")


def _around(cells: Array, window: Array) -> Array:
    """Put so many zeros around that the window touches the cells with one of its own only."""
    height, width = window.shape
    return np.pad(cells, [(height - 1,) * 2, (width - 1,) * 2])


def _sums(made: Map, upstream: Map, kernel: Map) -> Link:
    """Link every cell of a result to the upstream cells, and the taps they meet, behind it."""
    arrived, taps = _cells(upstream), _cells(kernel)
    if len(arrived) >= len(taps):
        at_upstream, at_tap = slid_places(arrived, taps)
    else:
        at_tap, at_upstream = slid_places(taps, arrived)
    count, each = at_upstream.shape
    return Link(
        from_map=made.key,
        to_map=upstream.key,
        cells=np.arange(count),
        offsets=np.arange(count + 1) * each,
        places=at_upstream.reshape(-1),
        coefficients=taps.reshape(-1)[at_tap.reshape(-1)],
        taps=Taps(kernel.key, at_tap.reshape(-1)),
        words=WORDS,
    )


def _cells(drawn: Map) -> Array:
    assert drawn.array is not None  # noqa: S101 - made here
    cells: Array = drawn.array[0, 0]
    return cells


def turned_alike(study: Study, say: Say) -> Grid:
    """Compare the results with what autograd hands on."""
    expected = whole_gradient(single(study), ran(single(study)))
    found = ways(study)
    third = rotate(found["wrong"])
    pairs = {say(WAYS[way]): (array, expected) for way, array in found.items()}
    return comparison({**pairs, say("the third, turned back"): (third, expected)}, say)
