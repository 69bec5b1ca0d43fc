"""Turn the kernel or the upstream, pad one and slide the other: what comes out."""

from __future__ import annotations

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.convolution_backward.by_hand import StrideError, full, rotate, stuff
from lessons.convolution_backward.padded import slid_places
from lessons.convolution_backward.recipe import whole_gradient
from lessons.convolution_backward.settings import single
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
        english("upstream · kernel turned"): full(arrived, rotate(kernel)),
        english("kernel · upstream turned"): full(kernel, rotate(arrived)),
        english("upstream turned · kernel"): full(rotate(arrived), kernel),
    }


def turned(study: Study) -> Figure:
    """Show the results, one a row, each beside what is padded and what slides over it.

    The kernel slides in the first and the last row, the upstream in the second.
    """
    arrived, kernel = spread(study), window(study)
    over, under = _around(arrived, kernel), _around(kernel, arrived)
    first, second, third = (
        map_of(f"way {name}", name, cells[None, None]) for name, cells in ways(study).items()
    )
    maps = {
        "upstream padded": (english("upstream, zeros around"), over),
        "kernel turned": (english("kernel turned"), rotate(kernel)),
        "upstream turned": (english("upstream turned"), rotate(arrived)),
        "kernel padded": (english("kernel, zeros around"), under),
        "upstream turned padded": (english("upstream turned, zeros around"), rotate(over)),
        "kernel": (english("kernel"), kernel),
    }
    drawn = {
        key: map_of(key, title, cells[None, None], value=True)
        for key, (title, cells) in maps.items()
    }
    rows = [
        [first, drawn["upstream padded"], drawn["kernel turned"]],
        [second, drawn["upstream turned"], drawn["kernel padded"]],
        [third, drawn["upstream turned padded"], drawn["kernel"]],
    ]
    return Figure(rows, [_sums(*row) for row in rows], arrow="backward")


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
    third = rotate(list(found.values())[2])
    pairs = {say(name): (array, expected) for name, array in found.items()}
    return comparison({**pairs, say("the third, turned back"): (third, expected)}, say)
