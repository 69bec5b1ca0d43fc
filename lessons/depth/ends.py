"""Where the numbers of a computer end: a gradient that is exactly 0, or no longer finite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.depth.profiles import curve, picture
from lessons.depth.stacking import SMALLEST, Passed, Stack
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say
from viz.pictures.line import Line

DEPTH = 200
Kind = Literal["fine", "dead", "under", "coarse", "values", "over"]
KINDS: tuple[Kind, ...] = ("fine", "dead", "under", "coarse", "values", "over")
NEVER = "\N{EN DASH}"


@dataclass(frozen=True)
class End:
    """How many layers back from the output something is first so; None where it never is."""

    coarse: int | None
    """No cell of the gradient is a normal number any more."""
    zero: int | None
    """All of it is exactly 0."""
    infinite: int | None
    """Some of it is not finite."""
    dead: int | None
    """Place of the first layer, counted from the input, all of whose values are 0."""
    values: int | None
    """Place of the first layer, counted from the input, whose values are not all finite."""

    @property
    def is_dead(self) -> bool:
        """Whether the gradient is zero where it meets values that all are."""
        if self.zero is None or self.dead is None:
            return False
        return DEPTH - self.zero >= self.dead

    @property
    def kind(self) -> Kind:
        """What becomes of the gradient."""
        if self.infinite is not None:
            return "over" if self.values is None else "values"
        if self.zero is not None:
            return "dead" if self.is_dead else "under"
        return "fine" if self.coarse is None else "coarse"


def end(passed: Passed, smallest: float) -> End:
    """Look for the ends."""
    return End(
        coarse=_back(passed.largest < smallest),
        zero=_back(passed.largest == 0),
        infinite=_back(~np.isfinite(passed.largest)),
        dead=_first(passed.dead),
        values=_first(~passed.finite),
    )


def _back(is_so: Array) -> int | None:
    return _first(is_so[::-1])


def _first(is_so: Array) -> int | None:
    places = np.flatnonzero(is_so)
    return int(places[0]) if places.size else None


# What is shown


def single(study: Study) -> Stack:
    """Return the plain stack of 200 layers in float32."""
    return Stack(DEPTH, study["activation"], study["scale"], double=False, seed=study.seed)


def double(study: Study) -> Stack:
    """Return the same in float64."""
    return replace(single(study), double=True)


def single_end(study: Study) -> End:
    """Return where float32 ends."""
    return end(ran(single(study)), SMALLEST[False])


def is_kind(kind: Kind, study: Study) -> bool:
    """Tell whether this becomes of the gradient in float32."""
    return single_end(study).kind == kind


IS = {kind: partial(is_kind, kind) for kind in KINDS}


def of_end(study: Study) -> Mapping[str, str]:
    """Return the places."""
    found = single_end(study)
    return {
        name: str(getattr(found, name)) for name in ("coarse", "zero", "infinite", "dead", "values")
    }


def drawn(study: Study, say: Say) -> Line:
    """Draw both precisions; a curve ends where the gradient is 0 or not finite."""
    both = {"float64": double(study), "float32": single(study)}
    curves = [
        curve(name, ran(stack).gradients, dashed=name == "float64") for name, stack in both.items()
    ]
    return picture(curves, say)


def table(study: Study, say: Say) -> Grid:
    """List where each precision ends."""
    rows = []
    for stack in (single(study), double(study)):
        found = end(ran(stack), SMALLEST[stack.double])
        places = (found.coarse, found.zero, found.infinite)
        numbers = (NEVER if each is None else str(each) for each in places)
        rows.append(("float64" if stack.double else "float32", *numbers))
    heads = (say("layers back until"), say("subnormal"), say("exactly 0"), say("not finite"))
    return Grid(heads, rows, frozenset({1, 2, 3}))
