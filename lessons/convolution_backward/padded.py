"""The upstream gradient with its zeros, and the turned kernel that slides over it.

Maps are height x width, batches sample x channel x height x width.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lessons.asking.exercise import Array
from lessons.by_hand.convolution import rotate, stuff
from lessons.convolution_backward.recipe import Convolving
from lessons.running.trial import Trial
from lessons.showing.figure import Figure, kernel_map, map_of
from lessons.showing.shown import TITLES
from viz.language import english
from viz.maps.sums import Link, Taps

DOWNSTREAM, PADDED, TURNED = "downstream whole", "upstream padded", "weight turned"
"""Keys of the three maps."""


def padded(recipe: Convolving, upstream: Array) -> Array:
    """Put the zeros of the stride between the cells, and those of a full convolution around."""
    around = recipe.reach - 1
    return _each(upstream, lambda cells: np.pad(stuff(cells, recipe.stride), around))


def turned(recipe: Convolving) -> Array:
    """Turn the kernel by 180 degrees, with the zeros of the dilation between its cells."""
    return _each(recipe.weight(), lambda cells: rotate(stuff(cells, recipe.dilation)))


def _each(batch: Array, change: Callable[[Array], Array]) -> Array:
    maps = np.stack([change(cells) for cells in batch.reshape(-1, *batch.shape[2:])])
    return maps.reshape(*batch.shape[:2], *maps.shape[1:])


def downstream_windows(recipe: Convolving, trial: Trial) -> Figure:
    """Show the turned kernel on the padded upstream; what it covers makes a downstream cell."""
    arrived, kernel = padded(recipe, trial.upstream), turned(recipe)
    row = [
        map_of(DOWNSTREAM, TITLES["downstream"], trial.downstream),
        map_of(PADDED, english("Upstream, zeros around"), arrived),
        kernel_map(TURNED, english("Kernel turned"), kernel, "kernel", symbol="w"),
    ]
    return Figure([row], [_windows(recipe, trial, arrived, kernel)], arrow="backward")


def _windows(recipe: Convolving, trial: Trial, arrived: Array, kernel: Array) -> Link:
    """Link every downstream cell to the window of the padded upstream that makes it.

    A cell that no window reached has none.
    """
    weight, step, last = recipe.weight(), recipe.dilation, recipe.width - 1
    shape = trial.downstream.shape
    n, c, y, x = np.indices(shape).reshape(4, -1, 1)
    o, a, b = np.indices((recipe.out, recipe.width, recipe.width)).reshape(3, 1, -1)
    top, left = y + recipe.inner_padding, x + recipe.inner_padding
    ends = arrived.shape[-1] - recipe.reach
    reached = ((top <= ends) & (left <= ends)).reshape(-1)
    covered = np.ravel_multi_index((n, o, top + a * step, left + b * step), arrived.shape, "clip")
    tap = np.ravel_multi_index((o, c, last - a, last - b), weight.shape)
    slid = np.ravel_multi_index((o, c, a * step, b * step), kernel.shape)
    return Link(
        from_map=DOWNSTREAM,
        to_map=PADDED,
        cells=np.arange(len(reached)),
        offsets=np.concatenate([[0], np.cumsum(reached * covered.shape[1])]),
        places=covered[reached].reshape(-1),
        coefficients=weight.reshape(-1)[tap[reached].reshape(-1)],
        names=tuple(f"w[{','.join(map(str, index))}]" for index in np.ndindex(*weight.shape)),
        name_of=tap[reached].reshape(-1),
        taps=Taps(TURNED, slid[reached].reshape(-1)),
        words={"explained": "∂L/∂x"},
    )


def slid_places(image: Array, window: Array) -> tuple[Array, Array]:
    """Return which cells meet where a window slides over an image that is padded already.

    A row a place of the window: positions in the image, and the positions in the window on them.
    """
    rows, columns = image.shape[0] - len(window) + 1, image.shape[1] - window.shape[1] + 1
    i, j = np.indices((rows, columns)).reshape(2, -1, 1)
    a, b = np.indices(window.shape).reshape(2, 1, -1)
    below = np.ravel_multi_index((i + a, j + b), image.shape)
    return below, np.broadcast_to(np.arange(window.size), below.shape)
