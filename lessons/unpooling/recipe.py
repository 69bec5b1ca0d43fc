"""A 4x4 map, max pooled, and three ways to make it large again, on small whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.running.alone import together
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layers
from models.fields import Fields, Value
from models.kinds.unpooling import BedOfNails
from models.spec import INPUT, LayerSpec

SIDE, POOLED = 4, 2
"""Cells along one axis of the map, and of the pooled one."""
LARGER = 5
"""The other size that an unpooling of this pool can be asked for."""
METHODS: Mapping[str, Callable[[], nn.Module]] = {
    "nearest": lambda: nn.UpsamplingNearest2d(scale_factor=2),
    "nails": lambda: BedOfNails(2),
    "max": lambda: nn.MaxUnpool2d(2),
}
"""Ways to make the pooled map large again, by name."""


class ThereAndBack(nn.Module):
    """A max pooling and an unpooling, which gets the indices where it can use them."""

    def __init__(self, pool: nn.MaxPool2d, unpool: nn.Module, size: tuple[int, int]) -> None:
        super().__init__()
        self.pool = pool
        self.unpool = unpool
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """Return a map of this height and width."""
        pooled, indices = self.pool(x)
        if isinstance(self.unpool, nn.MaxUnpool2d):
            restored: Tensor = self.unpool(pooled, indices, output_size=self.size)
        else:
            restored = self.unpool(pooled)
        return restored


@dataclass(frozen=True, eq=False)
class Restored:
    """A pooling, an unpooling, and the indices that the pooling returned."""

    pool: Trial
    unpool: Trial
    indices: Array
    """Flat, counted from 0 in reading order; as float32, which a map needs."""


def restore(
    value: Array,
    upstream: Array,
    unpool: nn.Module,
    pool: nn.MaxPool2d | None = None,
) -> Restored:
    """Pool a map and unpool it to the size of ``upstream``, forward and backward."""
    pool = pool or nn.MaxPool2d(2, return_indices=True)
    tensor = torch.from_numpy(value)
    height, width = upstream.shape[-2:]
    module = ThereAndBack(pool, unpool, (height, width))
    trials = run_layers(module, [tensor], torch.from_numpy(upstream))
    _pooled, indices = pool(tensor)
    return Restored(trials["pool"], trials["unpool"], indices.numpy().astype(np.float32))


def small_map(seed: int, cells: tuple[float, ...] = ()) -> Array:
    """Return the map: painted, or 1 to 16 in reading order, or in an order that a seed draws."""
    if len(cells) == SIDE**2:
        numbers = np.array(cells)
    else:
        numbers = np.arange(1, SIDE**2 + 1)
        numbers = np.random.default_rng(seed).permutation(numbers) if seed else numbers
    return numbers.reshape(1, 1, SIDE, SIDE).astype(np.float32)


@dataclass(frozen=True)
class Unpooling:
    """All three ways on one map."""

    seed: int = 0
    cells: tuple[float, ...] = ()
    """What was painted; empty for the numbers of the seed."""

    def value(self) -> Array:
        """Return the map that is pooled."""
        return small_map(self.seed, self.cells)

    def upstream(self) -> Array:
        """Return the gradient that arrives at the restored map."""
        return whole(self.seed, (1, 1, SIDE, SIDE))

    def run(self) -> Mapping[str, Restored]:
        """Run PyTorch's own layers, each way by its name."""
        value, upstream = self.value(), self.upstream()
        return {name: restore(value, upstream, make()) for name, make in METHODS.items()}

    def exercises(self) -> Mapping[str, Callable[[Mapping[str, Restored]], Exercise]]:
        """Ask for the indices, and for the gradient of the pooled map."""
        return {"index": index_exercise, "gradient": partial(gradient_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the pooling and the max unpooling."""
        return unpooled({"kernel_size": 2}, {"kernel_size": 2}, self.value(), self.upstream())


@dataclass(frozen=True)
class Placing:
    """A max unpooling that is asked for a map of some size."""

    seed: int = 0
    cells: tuple[float, ...] = ()
    height: int = LARGER
    width: int = LARGER

    def value(self) -> Array:
        """Return the map that is pooled."""
        return small_map(self.seed, self.cells)

    def upstream(self) -> Array:
        """Return the gradient that arrives at the restored map."""
        return whole(self.seed, (1, 1, self.height, self.width))

    def run(self) -> Restored:
        """Run PyTorch's own layers."""
        return restore(self.value(), self.upstream(), METHODS["max"]())

    def exercises(self) -> Mapping[str, Callable[[Restored], Exercise]]:
        """Ask where the values land."""
        return {"places": partial(places_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the pooling and the unpooling of this size."""
        asked: dict[str, Value] = {
            "kernel_size": 2,
            "restore": False,
            "height": self.height,
            "width": self.width,
        }
        return unpooled({"kernel_size": 2}, asked, self.value(), self.upstream())


def unpooled(
    pool: Mapping[str, Value], unpool: Mapping[str, Value], value: Array, upstream: Array
) -> Experiment:
    """Open a pooling and its max unpooling, with these fields of the palette."""
    first = Fields({**pool, "return_indices": True})
    layers = (
        LayerSpec(name="pool", kind="MaxPool2d", inputs=(INPUT,), fields=first),
        LayerSpec(
            name="unpool", kind="MaxUnpool2d", inputs=("pool", "pool"), fields=Fields(unpool)
        ),
    )
    return together(layers, value, upstream)


# What is asked


def index_exercise(run: Mapping[str, Restored]) -> Exercise:
    """Predict the indices that the pooling returns."""
    truth, pool = run["max"].indices[0, 0], run["max"].pool
    row, column = np.divmod(truth.astype(int), SIDE)
    return Exercise(
        "index",
        truth,
        (
            Mistake("value", pool.output[0, 0]),
            Mistake("from one", truth + 1),
            Mistake("down the columns", column * SIDE + row),
            Mistake("in its block", row % 2 * 2 + column % 2),
            Mistake("of the block", np.arange(POOLED**2.0).reshape(POOLED, POOLED)),
            Mistake("last of equals", last_of_equals(pool.value[0, 0])),
            Mistake("row and column", row + column / 10),  # 1,2 is read as 1.2
        ),
    )


def last_of_equals(value: Array) -> Array:
    """Return where the last of the largest cells of each window stands, in reading order."""
    found = np.zeros((POOLED, POOLED))
    for i, j in np.ndindex(POOLED, POOLED):
        window = value[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        row, column = np.argwhere(window == window.max())[-1]
        found[i, j] = (2 * i + row) * SIDE + 2 * j + column
    return found


def places_exercise(recipe: Placing, run: Restored) -> Exercise:
    """Predict the map that the unpooling returns."""
    value, pooled = recipe.value()[0, 0], run.pool.output[0, 0]
    won = np.isin(np.arange(SIDE**2), run.indices).reshape(SIDE, SIDE)
    filled = np.kron(pooled, np.ones((2, 2)))
    is_corner = (np.indices((SIDE, SIDE)) % 2 == 0).all(0)

    def inside(small: Array) -> Array:
        more = ((0, recipe.height - SIDE), (0, recipe.width - SIDE))
        return np.pad(small, more)

    return Exercise(
        "places",
        run.unpool.output[0, 0],
        (
            Mistake("same place", inside(value * won)),
            Mistake("corner", inside(filled * is_corner)),
            Mistake("block filled", inside(filled)),
        ),
    )


def gradient_exercise(recipe: Unpooling, run: Mapping[str, Restored]) -> Exercise:
    """Predict the gradient that the max unpooling hands to the pooled map."""
    blocks = recipe.upstream()[0, 0].reshape(POOLED, 2, POOLED, 2)
    total = blocks.sum((1, 3))
    return Exercise(
        "gradient",
        run["max"].unpool.downstream[0, 0],
        (
            Mistake("block summed", total),
            Mistake("corner", blocks[:, 0, :, 0]),
            Mistake("shared by four", total / 4),
        ),
    )
