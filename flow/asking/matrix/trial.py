"""Whether found coefficients say what the node itself answers.

A second derivative or a rule for batches may be wrong (in torch, those of ``cdist`` and of an
embedding whose gradient is scaled by frequency are), so what was found by them is tried: on the
recorded upstream gradient, and on one without any pattern, where a wrong coefficient can cancel
by accident only.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from flow.arrays import to_array
from flow.asking.local import AloneError, arrived_vectors, resolution, run_node
from flow.asking.matrix.blocks import Asked
from flow.asking.matrix.reals import Index, of_array, shaped, width
from flow.record import Array

PATTERNLESS = (0.7548776662466927, 0.5698402909980532)
"""Steps of two low-discrepancy sequences: their multiples modulo 1 have no pattern."""
ROUNDINGS = 16
"""Units in the last place of the sum of |terms| that a node's own few operations may cost."""
NOISE = 64
"""How often a row may miss its answer by what the node's own rounding was seen to be."""
FACTORS = (0.7549, 1.3247, 0.5698)
"""Multiples of a vector that round otherwise than the vector itself."""
KEPT = 1 << 20
"""Numbers of a trial that is kept for the next question: 4 MB. Of larger ones, the last is."""
TRIED = 1 << 23
"""Upstream numbers up to which a vector without pattern is made: a tenth of a second."""


@dataclass(frozen=True, eq=False)
class Found:
    """Coefficients other than 0, by row and then by column."""

    rows: Index
    """Position in the wanted rows."""
    columns: Index
    """Position of the upstream number, outputs laid end to end."""
    values: Array


@dataclass(frozen=True, eq=False)
class Trial:
    """One upstream vector, and what the node hands on for it, as reals."""

    vector: Array
    answer: Array


def patternless(size: int, step: float = PATTERNLESS[0]) -> Array:
    """Return numbers between 0 and 1 without any pattern."""
    return (np.arange(1, size + 1) * step) % 1.0


def try_on(asked: Asked, flat: Array) -> Trial:
    """Run the node on one vector; the trial holds it as the node's own types round it."""
    vectors = arrived_vectors(asked.graph, asked.record.index)
    given = [one[0] for one in shaped(torch.from_numpy(flat.copy())[None], vectors)]
    return _tried(asked, given)


def _tried(asked: Asked, given: list[Tensor]) -> Trial:
    part = run_node(asked.graph, asked.record.index, given)[asked.which]
    recorded = asked.record.downstream[asked.which]
    size = 0 if recorded is None else of_array(recorded).size
    return Trial(
        _end_to_end(given), np.zeros(size) if part is None else of_array(to_array(part.detach()))
    )


def _end_to_end(vectors: Sequence[Tensor]) -> Array:
    flat = [of_array(to_array(one)) for one in vectors]
    return flat[0] if len(flat) == 1 else np.concatenate(flat)


def agrees(asked: Asked, found: Found, *, noisy: bool = False) -> bool:
    """Whether the coefficients of every wanted row give what the node hands on.

    ``noisy`` allows for the rounding that the node itself is seen to do.
    """
    without = _without_pattern(asked)
    return (without is None or _holds(asked, found, without, noisy)) and (
        _holds(asked, found, _recorded(asked), noisy)
        or _holds(asked, found, _repeated(asked), noisy)
    )


def _holds(asked: Asked, found: Found, trial: Trial, noisy: bool) -> bool:
    count = len(asked.rows)
    with np.errstate(all="ignore"):
        terms = found.values.astype(np.float64) * trial.vector[found.columns].astype(np.float64)
        total, size = _by_rows(found, terms, count), _by_rows(found, np.abs(terms), count)
        missed = np.abs(total - trial.answer[asked.rows])
        unit, least = resolution(asked.graph, asked.record.index, asked.which)
        several = ROUNDINGS + np.sqrt(_by_rows(found, None, count))
        allowed = several * (unit * size + least)
    finite = np.isfinite(missed)
    if (missed[finite] <= allowed[finite]).all():
        return True
    return noisy and bool((missed[finite] <= allowed[finite] + NOISE * _noise(asked, trial)).all())


def _by_rows(found: Found, terms: Array | None, count: int) -> Array:
    """Add up the terms of every row, or count them; one row alone needs no sorting."""
    if count == 1:
        return np.array([len(found.rows) if terms is None else terms.sum()])
    return np.bincount(found.rows, terms, count)


def _noise(asked: Asked, trial: Trial) -> float:
    """Return how far multiples of an upstream are from giving the same multiples of the answer.

    A normalisation subtracts numbers that are larger than its result: its rounding is not small
    in units of the terms, only in units of those.
    """
    return max(_off(asked, trial, factor) for factor in FACTORS)


def _off(asked: Asked, trial: Trial, factor: float) -> float:
    try:
        again = try_on(asked, factor * trial.vector.astype(np.float64)).answer.astype(np.float64)
    except AloneError:
        return 0.0
    with np.errstate(all="ignore"):
        apart = np.abs(again / factor - trial.answer)
    return float(apart[np.isfinite(apart)].max(initial=0.0))


def _without_pattern(asked: Asked) -> Trial | None:
    """Return the trial on a patternless vector; None where it is too large or the node refuses."""
    key, known = ("patternless", asked.record.index, asked.which), asked.graph.known
    if key in known:
        kept: Trial | None = known[key]
        return kept
    last: tuple[Hashable, Trial] = known.get("last patternless", (None, None))
    if last[0] == key:
        return last[1]
    found = _first_answer(asked)
    if found is None or found.vector.size + found.answer.size <= KEPT:
        known[key] = found
    else:
        known["last patternless"] = key, found
    return found


def _first_answer(asked: Asked) -> Trial | None:
    """Try every output at once, then only those at which a gradient arrived."""
    vectors = arrived_vectors(asked.graph, asked.record.index)
    if width(vectors) > TRIED:
        return None
    whole = patternless(width(vectors))
    live = np.concatenate(
        [
            np.full(width([vector]), arrived is not None)
            for vector, arrived in zip(vectors, asked.record.upstream, strict=True)
        ]
    )
    for flat in (whole, whole * live):
        try:
            return try_on(asked, flat)
        except AloneError:
            continue
    return None


def _recorded(asked: Asked) -> Trial:
    vectors = arrived_vectors(asked.graph, asked.record.index)
    recorded = asked.record.downstream[asked.which]
    answer = np.zeros(0) if recorded is None else of_array(recorded)
    return Trial(_end_to_end(vectors), answer)


def _repeated(asked: Asked) -> Trial:
    """Return what the node itself makes of the recorded upstream, before anybody's hooks."""
    return _tried(asked, arrived_vectors(asked.graph, asked.record.index))
