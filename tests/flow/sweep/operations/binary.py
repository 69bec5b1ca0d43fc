"""Functions of two or more inputs, cell by cell: broadcast, and in both orders of the inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from tests.flow.sweep.case import Case, Input, op, positive

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": torch.add,
    "add scaled": lambda x, y: torch.add(x, y, alpha=2.5),
    "sub": torch.sub,
    "sub scaled": lambda x, y: torch.sub(x, y, alpha=0.5),
    "rsub": torch.rsub,
    "mul": torch.mul,
    "div": torch.div,
    "div floor": lambda x, y: torch.div(x, y, rounding_mode="floor") * x,
    "pow": torch.pow,
    "atan2": torch.atan2,
    "hypot": torch.hypot,
    "fmod": torch.fmod,
    "remainder": torch.remainder,
    "xlogy": torch.xlogy,
    "logaddexp": torch.logaddexp,
    "logaddexp2": torch.logaddexp2,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "fmax": torch.fmax,
    "fmin": torch.fmin,
    "copysign": torch.copysign,
}

BROADCASTS: dict[str, tuple[Input, Input]] = {
    "": (positive(2, 3), positive(2, 3)),
    " with a row": (positive(2, 3), positive(3)),
    " with a column": (positive(2, 1), positive(2, 3)),
    " with a number": (positive(2, 3), positive()),
}


def _exchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, y: function(y, x)


def _kind(name: str) -> str:
    """Return how the forward must read; nothing for what is more than one operation."""
    if name == "div floor":
        return ""
    sums = ("add", "sub", "rsub", "maximum", "minimum", "fmax", "fmin")
    return "sum" if name.startswith(sums) else "other"


FORWARD: dict[str, Case] = {
    name + broadcast: op(function, *inputs, forward=_kind(name))
    for name, function in FUNCTIONS.items()
    for broadcast, inputs in BROADCASTS.items()
    if not broadcast or name in ("add", "sub", "mul", "div", "pow", "maximum", "add scaled")
}
EXCHANGED: dict[str, Case] = {
    f"{name}{broadcast}, inputs exchanged": op(_exchanged(function), *inputs, forward=_kind(name))
    for name, function in FUNCTIONS.items()
    for broadcast, inputs in BROADCASTS.items()
    if not broadcast or name in ("sub", "mul", "div", "pow")
}

MORE: dict[str, Case] = {
    "sub of normal": op(lambda x, y: y - x, (2, 3), (2, 3), forward="sum"),
    "mul of normal": op(lambda x, y: y * x, (2, 3), (2, 3)),
    "add of normal": op(lambda x, y: y + x, (2, 3), (2, 3), forward="sum"),
    "lerp number": op(lambda x, y: torch.lerp(x, y, 0.3), (2, 3), (2, 3)),
    "lerp number exchanged": op(lambda x, y: torch.lerp(y, x, 0.3), (2, 3), (2, 3)),
    "lerp": op(torch.lerp, (2, 3), (2, 3), (3,)),
    "lerp exchanged": op(lambda x, y, z: torch.lerp(z, x, y), (2, 3), (2, 3), (3,)),
    "addcmul": op(lambda x, y, z: torch.addcmul(x, y, z, value=0.5), (2, 3), (2, 3), (3,)),
    "addcmul exchanged": op(lambda x, y, z: torch.addcmul(z, x, y, value=2), (2, 3), (3,), (2, 3)),
    "addcdiv": op(
        lambda x, y, z: torch.addcdiv(x, y, z, value=0.5), (2, 3), (2, 3), positive(2, 3)
    ),
    "mul of three": op(lambda x, y, z: x * y * z, (2, 3), (2, 3), (3,)),
    "one tensor twice": op(lambda x: x - x * 0.5, (2, 3)),
    "one tensor as both factors": op(lambda x: torch.mul(x, x), (2, 3)),
    "one tensor as both quotients": op(lambda x: torch.div(x, x), positive(2, 3)),
    "divided by zero": op(lambda x: x / 0, (2, 3)),
    "times zero": op(lambda x, y: x * 0 + y, (2, 3), (2, 3)),
    "outer": op(torch.outer, (3,), (4,)),
    "outer exchanged": op(lambda x, y: torch.outer(y, x), (3,), (4,)),
    "kron": op(torch.kron, (2, 2), (2, 3)),
    "cross": op(torch.linalg.cross, (2, 3), (2, 3)),
    "cross exchanged": op(lambda x, y: torch.linalg.cross(y, x), (2, 3), (2, 3)),
    "detached factor": op(lambda x, y: x * y.detach() + y, (2, 3), (2, 3)),
    "expanded sum": op(lambda x, y: x.expand(2, 3) + y, (1, 3), (2, 3)),
    "ldexp": op(torch.ldexp, (2, 3), (2, 3)),
    "bucket times": op(lambda x, y: x * torch.bucketize(y, torch.tensor([0.0])), (2, 3), (2, 3)),
    "cosine similarity": op(torch.cosine_similarity, (2, 3), (2, 3)),
    "heaviside times": op(
        lambda x, y: x * torch.heaviside(y.detach(), torch.tensor(0.5)), (2, 3), (2, 3)
    ),
}

CASES = {**FORWARD, **EXCHANGED, **MORE}
