"""``forward`` and ``forward_reach`` of the layer ``op`` against the operation's Jacobian."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from flow.record import Array
from flow.sparse import CONSTANT, ForwardTable
from tests.flow.sweep.names import wrong_claim
from tests.flow.sweep.oracle import jacobians
from tests.flow.sweep.trial import ROUNDINGS, Complaint, Trial, allowed, cell_of, far, place_of

LAYER = "op"
SUM = 256
"""Units in the last place by which a sum of terms may miss the output."""


@dataclass(eq=False)
class _Judge:
    """The Jacobian of the layer's first output by each of its inputs."""

    trial: Trial
    jacobian: list[Array]

    @property
    def output(self) -> Array:
        output = self.trial.run.capture.layer(LAYER).output
        assert output is not None
        return output

    @cached_property
    def inputs(self) -> list[Array]:
        """Return the real inputs of the layer, widened."""
        values = self.trial.run.capture.layer(LAYER).inputs
        return [one.astype(np.float64) for one in values if one is not None]

    @property
    def epsilon(self) -> float:
        """Return the unit in the last place: of the layer's own type, if not a coarser one."""
        kinds = [torch.finfo(self.trial.case.dtype).eps]
        kinds += [torch.finfo(each.dtype).eps for each in self.trial.plain.outputs]
        return max(kinds)

    def allowed(self, true: Array) -> Array:
        return allowed(true, self.trial.case, self.epsilon)


def forwarded(trial: Trial) -> Iterator[Complaint]:
    """Complain about how the output cells are said to be made of input cells."""
    if not trial.case.linear:
        return  # then the node's coefficients are not those of the operation
    found = trial.run.forward(LAYER)
    if trial.case.forward and (found.note or found.kind != trial.case.forward):
        yield Complaint("forward: kind", f"{found.kind!r} {found.note}", trial.case.forward)
    jacobian = jacobians(trial.case)
    output = trial.run.capture.layer(LAYER).output
    if jacobian is None or output is None:
        return
    judge = _Judge(trial, jacobian)
    if not found.note:
        yield from _of_table(judge, found, "forward")
    if found.note and not found.shape:
        return
    for cell in trial.cells(output.shape):
        alone = trial.run.forward(LAYER, cell=cell)
        if not alone.note:
            place = place_of(cell, output.shape)
            if alone.cells.tolist() != [place]:
                yield Complaint(f"forward cell {cell}: cells", str(alone.cells), str(place))
            yield from _of_table(judge, alone, f"forward cell {cell}")
    yield from _of_reach(judge)


def _of_table(judge: _Judge, found: ForwardTable, asked: str) -> Iterator[Complaint]:
    if found.shape != judge.output.shape:
        yield Complaint(f"{asked}: shape", str(found.shape), str(judge.output.shape))
        return
    if found.kind == "function":
        yield from _of_function(judge, found, asked)
        return
    yield from _of_jacobian(judge, found, asked)
    if found.kind == "sum":
        yield from _of_sum(judge, found, asked)
    yield from _of_names(judge, found, asked)


def _rows(found: ForwardTable) -> Array:
    return np.repeat(np.arange(len(found.cells)), np.diff(found.offsets))


def _of_jacobian(judge: _Judge, found: ForwardTable, asked: str) -> Iterator[Complaint]:
    rows = _rows(found)
    for which, whole in enumerate(judge.jacobian):
        true = whole[found.cells].real
        dense = np.zeros_like(true)
        mine = (found.sides == which) & (found.places != CONSTANT)
        if (found.places[mine] >= true.shape[1]).any():
            yield Complaint(f"{asked}: cells of input {which}", "outside of it", str(true.shape))
            continue
        np.add.at(dense, (rows[mine], found.places[mine]), found.coefficients[mine])
        wrong = far(dense, true, judge.allowed(whole.real)[found.cells])
        if wrong.any():
            row, column = (int(axis[0]) for axis in np.nonzero(wrong))
            yield Complaint(
                f"{asked}: output cell {found.cells[row]} by input {which} cell {column} "
                f"({int(wrong.sum())} wrong, kind {found.kind})",
                repr(float(dense[row, column])),
                repr(float(true[row, column])),
            )


def _terms(judge: _Judge, found: ForwardTable) -> Array:
    """Return coefficient x input cell for every entry; a constant is its own term."""
    values = np.ones(len(found.places))
    for which, array in enumerate(judge.inputs):
        mine = (found.sides == which) & (found.places != CONSTANT)
        values[mine] = array.reshape(-1)[found.places[mine]]
    with np.errstate(all="ignore"):
        return np.asarray(found.coefficients.astype(np.float64) * values)


def _of_sum(judge: _Judge, found: ForwardTable, asked: str) -> Iterator[Complaint]:
    """Add the terms of each output cell again."""
    terms, rows = _terms(judge, found), _rows(found)
    total = np.bincount(rows, terms, len(found.cells))
    scale = np.bincount(rows, np.abs(terms), len(found.cells))
    true = judge.output.reshape(-1)[found.cells].astype(np.float64)
    wrong = far(total, true, SUM * judge.epsilon * scale)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        yield Complaint(f"{asked}: sum of output cell {at}", f"{total[at]!r}", f"{true[at]!r}")


def _of_function(judge: _Judge, found: ForwardTable, asked: str) -> Iterator[Complaint]:
    """Each output cell must depend on its one input cell alone, and be the coefficient."""
    if (np.diff(found.offsets) != 1).any():
        yield Complaint(f"{asked}: terms of a function", str(np.diff(found.offsets)), "one each")
        return
    true = judge.output.reshape(-1)[found.cells].astype(np.float64)
    allowed = ROUNDINGS * judge.epsilon * np.abs(true) + np.finfo(np.float32).tiny
    if far(found.coefficients.astype(np.float64), true, allowed).any():
        yield Complaint(f"{asked}: results", str(found.coefficients[:6]), str(true[:6]))
    for row, place in enumerate(found.places.tolist()):
        others = [np.delete(judge.jacobian[0][found.cells[row]], place), *judge.jacobian[1:]]
        if any(np.any(np.nan_to_num(one)) for one in others):
            yield Complaint(f"{asked}: function of one cell", f"cell {row}", "of several cells")


def _of_names(judge: _Judge, found: ForwardTable, asked: str) -> Iterator[Complaint]:
    plain = judge.trial.plain
    nodes = list(plain.seen.values())
    for index, coefficient in (
        zip(found.name_of.tolist(), found.coefficients.tolist(), strict=True) if found.names else ()
    ):
        name = found.names[index]
        claimed = wrong_claim(name, coefficient, plain, nodes, judge.epsilon)
        if claimed:
            yield Complaint(f"{asked}: name", f"{name!r}, which is {claimed}", f"{coefficient!r}")


def _of_reach(judge: _Judge) -> Iterator[Complaint]:
    """Complain about the output cells that one input cell feeds."""
    for which, array in enumerate(judge.inputs):
        for cell in judge.trial.cells(array.shape)[:4]:
            found = judge.trial.run.forward_reach(LAYER, cell, input=which)
            if found.note or found.kind == "function":
                continue
            asked = f"forward_reach of input {which} cell {cell}"
            place = place_of(cell, array.shape)
            true = judge.jacobian[which][:, place].real
            column = np.zeros_like(true)
            column[found.cells[_rows(found)]] = found.coefficients
            if far(column, true, judge.allowed(judge.jacobian[which].real)[:, place]).any():
                yield Complaint(asked, str(column[:6]), str(true[:6]))
            if (found.sides != which).any():
                yield Complaint(f"{asked}: input", str(found.sides), str(which))
            if any(cell_of(int(place), array.shape) != cell for place in found.places):
                yield Complaint(f"{asked}: cell", str(found.places), str(cell))
