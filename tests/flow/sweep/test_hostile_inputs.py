"""Right gradients of large, tiny, equal, whole and infinite numbers: no red mark either.

`make test` asks a few operations that round or bend most; `make fuzz` asks all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

import pytest
import torch
from torch import Tensor

from flow.errors import RunError
from flow.run import Run
from tests.flow.sweep.case import Case
from tests.flow.sweep.comparisons import red_checks, red_handovers
from tests.flow.sweep.operations import FAMILIES
from tests.flow.sweep.sums import red_sums
from tests.flow.sweep.trial import NEVER, Complaint


def _some(chance: float) -> Callable[[Tensor], Tensor]:
    return lambda x: torch.rand(x.shape, generator=torch.Generator().manual_seed(1)) < chance


HOSTILE: Mapping[str, Callable[[Tensor], Tensor]] = {
    "offset": lambda x: x + 100,
    "large": lambda x: x * 300,
    "tiny": lambda x: x * 1e-4,
    "close": lambda x: 1 + x * 1e-3,
    "zeros": lambda x: torch.where(_some(0.4)(x), 0, x),
    "equal": lambda x: torch.full_like(x, 0.7),
    "infinite": lambda x: torch.where(_some(0.2)(x), torch.inf, x),
    "whole": torch.round,
}
"""What becomes of every input."""

CHOSEN = {
    "attention: scaled dot product",
    "elementwise: log",
    "elementwise: sign",
    "norms: layer of steps",
    "norms: softmax",
    "norms: standardised by hand",
    "products: mm",
    "recurrent: lstm",
    "reductions: median",
    "reductions: std of rows",
}
"""What is asked where there is little time."""

OPEN = {
    # torch hands a gradient on where both bounds are the number, though nothing moves there
    "comparing: clamp by tensors": {"zeros", "equal", "whole"},
    "comparing: clamp by tensors exchanged": {"zeros", "equal"},
    # magnitude 0, where the angle means nothing
    "complex: polar real part": {"zeros", "whole"},
    # several cells of one value, of which the forward takes one and the backward all
    "scattering: scatter reduce amax without self": {"equal", "whole"},
    "scattering: scatter reduce amin without self": {"zeros", "equal"},
    # a distance that is made of a difference of squares: what torch computes is 3 % off
    "products: cdist by products": {"close"},
    # a backward that divides by near nothing: what torch hands on is 500 times the derivative
    "decompositions: householder": {"offset"},
    # numbers that float16 and float64 lose in scores and statistics of this size
    "precision: attention float16": {"tiny"},
    "precision: attention float64": {"offset"},
    "precision: group norm float16": {"large"},
    "precision: batch norm float16": {"equal"},
    "precision: layer norm float16": {"equal"},
    # torch crashes where an infinite place is reflected, without anybody watching
    **{
        f"resampling: grid sample {mode} reflection": {"infinite"}
        for mode in ("bilinear", "bicubic", "nearest")
    },
}
"""Where a red mark is known: the backward is no derivative there, or torch itself is far off."""


class Moved(Case):
    """A case with other inputs."""

    kind: str

    def tensors(self) -> tuple[Tensor, ...]:
        return tuple(
            HOSTILE[self.kind](x.detach()).requires_grad_(x.requires_grad)
            if x.is_floating_point()
            else x
            for x in super().tensors()
        )


def moved(case: Case, kind: str) -> Moved:
    made = Moved(**{each.name: getattr(case, each.name) for each in fields(Case)})
    object.__setattr__(made, "kind", kind)
    return made


def alarms(case: Case, run: Run) -> Iterator[Complaint]:
    """Complain about red marks and sentences that doubt a right gradient."""
    for complaint in red_checks(run, run.capture.nodes):
        if case.derivative or not complaint.asked.endswith("finite differences"):
            yield complaint
    yield from red_handovers(run, run.capture.nodes)
    for node in run.capture.nodes:
        for which, part in enumerate(node.downstream):
            if part is None or node.is_leaf:
                continue
            found = run.table(node.id, input=which)
            yield from red_sums(node, found) if found.complete else ()
            for note in (found.note, *found.notes):
                if any(words in note for words in NEVER):
                    yield Complaint(f"table of {node.id} {node.name}", note, "a right gradient")


ASKED = [
    pytest.param(case, kind, id=f"{family}: {name}, {kind}")
    for family, cases in FAMILIES.items()
    for name, case in cases.items()
    for kind in HOSTILE
    if case.linear and kind not in OPEN.get(f"{family}: {name}", ())
    if "FUZZ" in os.environ or f"{family}: {name}" in CHOSEN
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("case", "kind"), ASKED)
def test_hostile_inputs_turn_nothing_red(case: Case, kind: str) -> None:
    try:
        run = moved(case, kind).run()
    except (RuntimeError, RunError):
        return  # torch refuses these numbers
    with run:
        assert [str(complaint) for complaint in alarms(case, run)] == []
