"""``explain``, ``reach`` and ``table`` against the node called on one-hot vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from flow.record import Array, Explanation, NodeRecord, Shape
from flow.sparse import CoefficientTable
from tests.flow.sweep.names import COPY, wrong_claim
from tests.flow.sweep.oracle import array_of
from tests.flow.sweep.trial import (
    NEVER,
    SUM_ROUNDINGS,
    Complaint,
    Spot,
    Trial,
    cell_of,
    epsilon,
    far,
    place_of,
    same,
)

ALLOWED = 16
"""In u sqrt(n + 4) sum|terms|: by how much a sum on screen may be off, as the browser judges it."""
MANY = 1000
"""Cells from which a table may be refused as too large."""


def explained(trial: Trial) -> Iterator[Complaint]:
    """Complain about sums of terms: at every node, at every leaf, and of parts that arrived."""
    for spot in trial.spots():
        handed_on = spot.seen.handed_on[spot.which]
        if handed_on is None or not same(spot.gradient, array_of(handed_on)):
            yield Complaint(f"{spot}: downstream", _few(spot.gradient), str(handed_on))
        for cell in trial.cells(spot.gradient.shape):
            found = trial.explain(spot.record.id, cell, "downstream", spot.which)
            yield from _of_explanation(trial, spot, found, spot.gradient[cell])
    for leaf, gradient in trial.leaves():
        for cell in trial.cells(gradient.shape):
            found = trial.explain(leaf.id, cell, "parameter", 0)
            if found.method == "accumulate":
                yield from _of_parts(trial, leaf, 0, cell, found)
            else:
                spot = _spot_of(trial, found)
                yield from _of_explanation(trial, spot, found, gradient[cell])
    for record in trial.asked:
        for output, arrived in enumerate(record.upstream):
            for cell in [] if arrived is None else trial.cells(arrived.shape)[:2]:
                found = trial.explain(record.id, cell, "upstream", output)
                yield from _of_parts(trial, record, output, cell, found)


def _spot_of(trial: Trial, found: Explanation) -> Spot:
    """Return the gradient that an explanation is really about."""
    record = trial.run.capture.node(found.node)
    gradient = record.downstream[found.input]
    assert gradient is not None
    return Spot(record, trial.nodes[found.node], found.input, gradient)


def _of_explanation(
    trial: Trial, spot: Spot, found: Explanation, value: complex
) -> Iterator[Complaint]:
    asked = f"explain {spot}, cell {found.cell}"
    if not same(np.asarray(found.autograd), np.asarray(value)):
        yield Complaint(f"{asked}: autograd", repr(found.autograd), repr(value))
    yield from _of_total(trial, spot, found, asked)
    if spot.is_complex:
        return
    yield from _of_upstreams(spot, found, asked)
    matrix = trial.plain.matrix(spot.seen, spot.which)
    if matrix is not None:
        begins = np.cumsum([0, *(int(np.prod(shape)) for shape in found.shapes)])
        listed = np.zeros(begins[-1])
        np.add.at(listed, begins[found.outputs] + found.places, found.coefficients)
        row = matrix.expected(listed, place_of(found.cell, spot.gradient.shape))
        yield from _of_row(trial, spot, listed, row, matrix.known, asked)
    for name, coefficient in zip(found.names, found.coefficients.tolist(), strict=False):
        yield from _of_name(trial, spot, name, coefficient, asked)


def _of_total(trial: Trial, spot: Spot, found: Explanation, asked: str) -> Iterator[Complaint]:
    """Complain about a sum that is not autograd's value, and about a false sentence."""
    if not np.isfinite(found.autograd):
        if not found.note:
            yield Complaint(f"{asked}: note", "none", f"that {found.autograd} is not finite")
        return
    with np.errstate(all="ignore"):
        sizes = np.abs(found.coefficients * found.upstreams)
    factor = _largest([found.coefficients]) + trial.case.cancels
    scale = sizes.sum() + factor * _largest(spot.record.upstream)
    allowed = trial.case.rounding * SUM_ROUNDINGS * epsilon(spot.seen) * scale
    adds_up = bool(abs(found.total - found.autograd) <= allowed)
    if spot.is_complex and "complex" in found.note.lower():
        return
    if trial.case.linear or adds_up:
        said = [words for words in NEVER if words in found.note]
        if said:
            yield Complaint(f"{asked}: note", repr(found.note), "a linear backward")
        if not adds_up:
            yield Complaint(f"{asked}: total", repr(found.total), repr(found.autograd))
    elif "not linear" not in found.note:
        yield Complaint(f"{asked}: note", repr(found.note), "a backward that is not linear")


def _largest(arrays: Iterable[Array | None]) -> float:
    """Return the largest finite size."""
    return max(
        float(np.abs(one[np.isfinite(one)]).max(initial=0.0)) for one in arrays if one is not None
    )


def _of_upstreams(spot: Spot, found: Explanation, asked: str) -> Iterator[Complaint]:
    for output, arrived in enumerate(spot.seen.arrived):
        mine = found.outputs == output
        places, listed = found.places[mine], found.upstreams[mine]
        true = np.zeros(len(places)) if arrived is None else array_of(arrived).ravel()[places]
        if not same(listed.astype(true.dtype), true):
            yield Complaint(f"{asked}: upstream of output {output}", _few(listed), _few(true))


def _of_row(
    trial: Trial, spot: Spot, listed: Array, row: Array, known: Array, asked: str
) -> Iterator[Complaint]:
    wrong = far(listed, row, trial.allowed(spot, row)) & known
    if wrong.any() and trial.case.linear:
        at = int(np.flatnonzero(wrong)[0])
        yield Complaint(
            f"{asked}: coefficient of upstream cell {at} ({int(wrong.sum())} of {len(row)} wrong)",
            repr(float(listed[at])),
            repr(float(row[at])),
        )


def _of_name(
    trial: Trial, spot: Spot, name: str, coefficient: complex, asked: str
) -> Iterator[Complaint]:
    matrix = trial.plain.matrix(spot.seen, spot.which)
    claimed = wrong_claim(name, coefficient, trial.plain, [spot.seen], epsilon(spot.seen))
    if claimed:
        yield Complaint(f"{asked}: name", f"{name!r}, which is {claimed}", f"{coefficient!r}")
    elif name == COPY and matrix is not None and not matrix.copies:
        yield Complaint(f"{asked}: name", repr(name), "1 by chance: nothing is copied here")


def _of_parts(
    trial: Trial, record: NodeRecord, output: int, cell: Shape, found: Explanation
) -> Iterator[Complaint]:
    """Complain about an arrived cell that is not the sum of what its consumers handed on."""
    arrived = trial.nodes[record.id].arrived[output]
    assert arrived is not None
    asked, true = f"{record.id} {record.name}: parts of cell {cell}", array_of(arrived)[cell]
    if not same(np.asarray(found.autograd, true.dtype), true):
        yield Complaint(f"{asked}: autograd", repr(found.autograd), repr(true))
    if not np.isfinite(true):
        return
    size = np.abs(found.upstreams).sum() + abs(true)
    if abs(found.total - true) > SUM_ROUNDINGS * epsilon(trial.nodes[record.id]) * size:
        yield Complaint(f"{asked}: total", repr(found.total), repr(true))


def reached(trial: Trial) -> Iterator[Complaint]:
    """Complain about what one upstream cell feeds."""
    for record in trial.asked:
        seen = trial.nodes[record.id]
        for output, arrived in enumerate(record.upstream):
            if arrived is None or record.is_leaf:
                continue
            begin = sum(int(np.prod(shape)) for shape in record.shapes[:output])
            for cell in trial.cells(arrived.shape):
                found = trial.run.reach(record.id, cell, output)
                asked = f"reach {record.id} {record.name} output {output}, cell {cell}"
                if not same(np.asarray(found.upstream), np.asarray(arrived[cell])):
                    yield Complaint(f"{asked}: upstream", str(found.upstream), str(arrived[cell]))
                column = begin + place_of(cell, arrived.shape)
                for which, part in enumerate(record.downstream):
                    if part is None:
                        continue
                    spot = Spot(record, seen, which, part)
                    yield from _of_column(trial, spot, found.inputs[which], column, asked)


def _of_column(
    trial: Trial, spot: Spot, found: Array | None, column: int, asked: str
) -> Iterator[Complaint]:
    matrix = trial.plain.matrix(spot.seen, spot.which)
    if matrix is None or not matrix.known[column] or matrix.silent[column] or spot.is_complex:
        return
    true = matrix.values[:, column].real
    listed = np.zeros(len(true)) if found is None else found.reshape(-1).astype(np.float64)
    if listed.shape != true.shape:
        yield Complaint(f"{asked}: shape of input {spot.which}", str(listed.shape), str(true.shape))
    elif trial.case.linear and far(listed, true, trial.allowed(spot, true)).any():
        yield Complaint(f"{asked}: input {spot.which}", _few(listed), _few(true))


def tabled(trial: Trial) -> Iterator[Complaint]:
    """Complain about tables of all coefficients, row by row."""
    for spot in trial.spots():
        found = trial.run.table(spot.record.id, input=spot.which)
        asked = f"table {spot}"
        if found.complete:
            yield from _of_table(trial, spot, found, asked)
            yield from red_sums(spot.record, found)
            yield from _against_explain(trial, spot.record.id, "downstream", spot, found, asked)
            yield from _of_one_sample(trial, spot, found)
        elif not trial.case.linear and "not linear" in found.note:
            continue
        elif not spot.is_complex and spot.gradient.size < MANY:
            yield Complaint(asked, f"no rows: {found.note}", "a small real table")
    for leaf, gradient in trial.leaves():
        found = trial.run.table(leaf.id)
        asked = f"table of leaf {leaf.id} {leaf.parameter}"
        if found.complete:
            record = trial.run.capture.node(found.node)
            part = record.downstream[found.input]
            assert part is not None
            spot = Spot(record, trial.nodes[found.node], found.input, part)
            yield from _against_explain(trial, leaf.id, "parameter", spot, found, asked)
            if tuple(found.shape) != gradient.shape or len(found.cells) != gradient.size:
                yield Complaint(f"{asked}: shape", str(found.shape), str(gradient.shape))


def red_sums(record: NodeRecord, found: CoefficientTable) -> Iterator[Complaint]:
    """Complain about cells whose sum would be marked red, without a sentence that says why."""
    value = record.downstream[found.input]
    assert value is not None
    begins = np.cumsum([0, *(int(np.prod(shape)) for shape in found.shapes)])
    arrived = np.zeros(begins[-1])
    for output, array in enumerate(record.upstream):
        if array is not None:
            arrived[begins[output] : begins[output + 1]] = array.reshape(-1)
    rows, count = np.repeat(np.arange(len(found.cells)), np.diff(found.offsets)), len(found.cells)
    with np.errstate(all="ignore"):
        terms = found.coefficients.astype(np.float64) * arrived[begins[found.sides] + found.places]
        apart = np.abs(np.bincount(rows, terms, count) - value.reshape(-1)[found.cells])
        bound = ALLOWED * np.sqrt(np.diff(found.offsets) + 4) * found.unit
        red = apart > bound * np.bincount(rows, np.abs(terms), count) + found.slack
    for row in np.flatnonzero(red).tolist():
        if not _noted(found, row):
            asked = f"sum of {record.id} {record.name} input {found.input}, row {row}"
            yield Complaint(
                asked, f"red, off by {apart[row]!r} > {bound[row]!r}", "a right gradient"
            )


def _dense(found: CoefficientTable) -> Array:
    begins = np.cumsum([0, *(int(np.prod(shape)) for shape in found.shapes)])
    dense = np.zeros((len(found.cells), begins[-1]))
    rows = np.repeat(np.arange(len(found.cells)), np.diff(found.offsets))
    np.add.at(dense, (rows, begins[found.sides] + found.places), found.coefficients)
    return dense


def _of_table(trial: Trial, spot: Spot, found: CoefficientTable, asked: str) -> Iterator[Complaint]:
    matrix = trial.plain.matrix(spot.seen, spot.which)
    if matrix is None:
        return
    for note in found.notes if trial.case.linear else ():
        if any(words in note for words in NEVER):
            yield Complaint(f"{asked}: note", repr(note), "a linear backward")
    true = matrix.expected(_dense(found), found.cells)
    wrong = far(_dense(found), true, trial.allowed(spot, true)) & matrix.known
    if wrong.any() and trial.case.linear:
        row, column = (int(axis[0]) for axis in np.nonzero(wrong))
        yield Complaint(
            f"{asked}, row {row}, upstream cell {column} ({int(wrong.sum())} wrong)",
            repr(float(_dense(found)[row, column])),
            repr(float(true[row, column])),
        )
    named = found.name_of.tolist() if found.names else []
    for index, coefficient in zip(named, found.coefficients.tolist(), strict=False):
        yield from _of_name(trial, spot, found.names[index], coefficient, asked)


def _against_explain(
    trial: Trial, node: str, of: str, spot: Spot, table: CoefficientTable, asked: str
) -> Iterator[Complaint]:
    """Complain about rows that are not what ``explain`` says of the same cell."""
    dense = _dense(table)
    for row in np.flatnonzero(np.isin(table.cells, _asked_places(trial, table.shape))).tolist():
        cell = cell_of(int(table.cells[row]), table.shape)
        found = trial.explain(node, cell, of, table.input if of == "downstream" else 0)
        begins = np.cumsum([0, *(int(np.prod(shape)) for shape in found.shapes)])
        true = np.zeros(dense.shape[1])
        np.add.at(true, begins[found.outputs] + found.places, found.coefficients.real)
        if far(dense[row], true, trial.allowed(spot, true)).any():
            yield Complaint(f"{asked}, row {row} against explain", _few(dense[row]), _few(true))
        note = table.notes[table.note_of[row]] if _noted(table, row) else ""
        if note != found.note:
            yield Complaint(f"{asked}, row {row}: note", repr(note), repr(found.note))
        terms = slice(table.offsets[row], table.offsets[row + 1])
        names = tuple(table.names[i] for i in table.name_of[terms]) if table.names else ()
        if any(names) and any(found.names) and names != found.names:
            yield Complaint(f"{asked}, row {row}: names", str(names[:4]), str(found.names[:4]))


def _noted(table: CoefficientTable, row: int) -> bool:
    return len(table.note_of) > 0 and table.note_of[row] >= 0


def _asked_places(trial: Trial, shape: Shape) -> list[int]:
    return [place_of(cell, shape) for cell in trial.cells(shape)]


def _of_one_sample(trial: Trial, spot: Spot, whole: CoefficientTable) -> Iterator[Complaint]:
    """Complain about the table of the first sample where it is not those rows of the whole."""
    if not spot.gradient.ndim or not len(spot.gradient):
        return
    found = trial.run.table(spot.record.id, input=spot.which, sample=0)
    rows = np.flatnonzero(np.isin(whole.cells, found.cells))
    true = _dense(whole)[rows]
    if far(_dense(found), true, trial.allowed(spot, true)).any():
        yield Complaint(f"table {spot}, sample 0", _few(_dense(found)), _few(true))


def _few(array: Array) -> str:
    return np.array2string(array.reshape(-1)[:6], precision=6, separator=", ")
