"""What one forward and one backward left behind: frozen values, numpy only.

Nothing here holds a tensor, a module or an autograd graph, so every record can be
pickled, cached and drawn by code that has never heard of torch.

Words: a *node* is one ``grad_fn`` or ``AccumulateGrad``; a *layer* is one call of a
named module; the *upstream* gradient is dL/d(output), the *downstream* gradient is
dL/d(input), the part that this node or layer hands on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flow.problems import Problem, find_problems

Array = NDArray[Any]
Shape = tuple[int, ...]

ROOT = ""
"""Layer name of nodes made by the model itself, outside every named module."""
LOSS = "(loss)"
"""Layer name of nodes made while the loss was computed."""
INPUT = "(input)"
"""Name of a leaf that is an input of the model rather than a parameter."""

EdgeKind = Literal["gradient", "leaf", "output", "saved", "view"]


class Edge(NamedTuple):
    """One arrow of the autograd graph, in the direction torchviz draws it (forward)."""

    source: str
    target: str
    kind: EdgeKind = "gradient"
