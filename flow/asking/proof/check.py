"""Three independent proofs of what a node handed on.

Autograd's numbers against the closed form of the rule, against central differences of the
layer's forward in float64, and against the sums of terms that ``explain`` writes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flow.asking.arrivals import origin_of
from flow.asking.conditioning import closed_form
from flow.asking.hooks import hook_at, runs_a_hook
from flow.asking.linearity import unit_at
from flow.asking.local import find_node
from flow.asking.matrix.reals import of_array
from flow.asking.notes import not_linear
from flow.asking.proof.comparison import CHECKS, Comparison, all_cells, plural, skipped
from flow.asking.proof.differences import finite_differences
from flow.asking.proof.subject import Gradient, Subject
from flow.asking.replay import Stage
from flow.asking.rounding import FORMING, of_exact_terms, of_sequence, of_sum
from flow.ops import OPS
from flow.ops.common.closed import NoClosedFormError
from flow.record import Array, Capture, Check, NodeRecord, Shape
from flow.recording.walk import LiveGraph
from flow.said import joined, said


def check(graph: LiveGraph, capture: Capture, stage: Stage, node: str) -> tuple[Check, ...]:
    """Return the three checks of a node, each run or with the reason why not."""
    record = find_node(capture, node)
    asked = record
    inputs = tuple(k for k, part in enumerate(record.downstream) if part is not None)
    if record.is_leaf and record.upstream[0] is None:
        return tuple(skipped(name, said("No gradient arrived at this leaf.")) for name in CHECKS)
    if record.is_leaf:
        origin = origin_of(graph, capture, record)
        if origin is None:
            return _accumulated(graph, capture, record)
        record, inputs = origin.record, (origin.which,)
    if not inputs:
        return tuple(
            skipped(name, said("{name} hands no gradient on.", name=record.name)) for name in CHECKS
        )
    subject = Subject(graph, capture, record, inputs)
    told = runs_a_hook(record)
    if told:
        differences = finite_differences(subject, stage, asked)
        return (skipped("closed form", told), differences, skipped("sum of terms", told))
    summed = _sum_of_terms(subject)  # first: it finds out what was changed after the run
    found = (_closed_form(subject), finite_differences(subject, stage, asked), summed)
    return tuple(_with_hook(one, asked) for one in found)


def _with_hook(found: Check, asked: NodeRecord) -> Check:
    """Add that a hook changed what a leaf stored, where the checks are about what came before."""
    hook = hook_at(asked, 0) if asked.is_leaf else ""
    if not hook or found.passed is None:
        return found
    told = said(
        "{hook} changed this gradient on arrival; what is compared is what was handed on to it.",
        hook=hook,
    )
    return replace(found, sentence=joined((found.sentence, told)))


def _sum_of_terms(subject: Subject) -> Check:
    """Add up the terms, of all cells where that is little work, and of some as ``explain`` does."""
    comparison = Comparison()
    for gradient in subject.gradients:
        for one in gradient.explained:
            if np.isnan(one.explanation.total) and one.explanation.note:
                return skipped("sum of terms", one.explanation.note)
        _compare_sums(subject, gradient, comparison)
    if not comparison.passed and not subject.conduct.linear:
        return skipped(
            "sum of terms",
            said("{sentence} It is no such sum.", sentence=not_linear(subject.record.name)),
        )
    return comparison.judged("sum of terms", joined((_counted(subject), subject.bound())))


def _compare_sums(subject: Subject, gradient: Gradient, comparison: Comparison) -> None:
    """Compare autograd's cells with sums in float64, and with the totals that are shown."""
    unit, floor = subject.unit, gradient.floor.reshape(-1)
    cells = gradient.value.reshape(-1)
    if (sums := gradient.sums) is not None:
        allowed = of_sum(sums.terms, sums.sizes, unit) + gradient.floor_of(sums.places)
        comparison.take(sums.totals, of_array(gradient.value)[sums.places], allowed)
    for one in gradient.explained:
        terms, value = len(one.explanation.coefficients), cells[one.place].item()
        allowed = float(of_sum(terms, one.size, unit)) + floor[one.place]
        comparison.take(one.total, value, allowed, again=sums is not None)
        allowed += float(of_sequence(terms, one.size, unit))
        comparison.take(one.explanation.total, value, allowed, again=True)


def _counted(subject: Subject) -> str:
    """Say which cells were added up, and out of how many terms."""
    added = sum(
        len(one.explained) if one.sums is None else len(one.sums.places)
        for one in subject.gradients
    )
    every = sum(
        one.value.size if one.sums is None else of_array(one.value).size
        for one in subject.gradients
    )
    terms = max(one.terms for one in subject.gradients)
    which = (
        all_cells(every)
        if added == every
        else said("{added:,} of {every:,} cells", added=added, every=every)
    )
    return said(
        "The terms of {which} added up, at most {terms} each.",
        which=which,
        terms=plural(terms, "term"),
    )


def _accumulated(graph: LiveGraph, capture: Capture, record: NodeRecord) -> tuple[Check, ...]:
    """Check a leaf that several consumers share: their parts must add up."""
    comparison, index = Comparison(), record.index
    parts = [
        part
        for node, which in capture.parts(record.id, 0)
        if (part := node.downstream[which]) is not None
    ]
    stored, hook = record.upstream[0], hook_at(record, 0)
    with np.errstate(all="ignore"):
        total = np.sum([part.astype(np.result_type(part, np.float64)) for part in parts], axis=0)
        size = np.sum([np.abs(part.astype(np.complex128)) for part in parts], axis=0)
        allowed = of_sum(len(parts), np.where(np.isfinite(size), size, 0), unit_at(graph, index))
    comparison.take(total, np.asarray(stored), allowed)
    shared = said("Several consumers share this leaf: check each of them.")
    sentence = said(
        "The {count} consumers' parts of {cells} added.",
        count=len(parts),
        cells=all_cells(comparison.cells),
    )
    summed = comparison.judged("sum of terms", sentence)
    if summed.passed is False and hook:
        summed = skipped(
            "sum of terms",
            said(
                "{hook} changed this gradient: what is stored is {difference:.2g} away "
                "from the sum of the {count} parts.",
                hook=hook,
                difference=comparison.difference,
                count=len(parts),
            ),
        )
    return (skipped("closed form", shared), skipped("finite differences", shared), summed)


def _closed_form(subject: Subject) -> Check:
    """Compare every cell with the rule's closed form, where there is one."""
    try:
        found = closed_form(subject.graph, subject.record)
    except NoClosedFormError as reason:
        return skipped("closed form", str(reason))
    return _compared_with(subject, found)


def _compared_with(subject: Subject, found: tuple[Array | None, ...]) -> Check:
    """Compare the closed form with autograd's cells, and with the sums of terms in float64."""
    comparison = Comparison()
    for gradient in subject.gradients:
        expected = found[gradient.which] if gradient.which < len(found) else None
        if expected is None:
            continue
        if expected.shape not in ((), gradient.value.shape):
            return skipped("closed form", _misshapen(expected.shape, gradient.value.shape))
        expected = np.broadcast_to(expected, gradient.value.shape).astype(np.float64)
        allowed = gradient.allowed(subject.unit)
        comparison.take(gradient.value.astype(np.float64), expected, allowed)
        _compare_terms(subject, gradient, expected, comparison)
    if not comparison.cells and not comparison.incomparable:
        return skipped("closed form", said("The closed form says nothing about this gradient."))
    sentence = (
        said("The only cell computed by the rule alone in float64.")
        if comparison.cells == 1
        else said(
            "All {cells} computed by the rule alone in float64.",
            cells=plural(comparison.cells, "cell"),
        )
    )
    return comparison.judged("closed form", joined((sentence, subject.bound())))


def _misshapen(found: Shape, gradient: Shape) -> str:
    return said(
        "The closed form gives shape {found} where the gradient has shape {gradient}: it is not "
        "written for these settings.",
        found=found,
        gradient=gradient,
    )


def _compare_terms(
    subject: Subject, gradient: Gradient, expected: Array, comparison: Comparison
) -> None:
    """Compare sums of terms with the closed form, both in float64, so that one term shows.

    Where a coefficient is a stored number, not even that was rounded.
    """
    exact, flat = _copies(subject), expected.reshape(-1)

    def allowed(terms: Array | int, sizes: Array | float, places: Array | int) -> Array | float:
        if exact:
            return of_exact_terms(terms, sizes)  # type: ignore[no-any-return]
        return FORMING * subject.unit * sizes + gradient.floor.reshape(-1)[places]

    if (sums := gradient.sums) is not None:
        bound = allowed(sums.terms, sums.sizes, sums.places)
        comparison.take(sums.totals, flat[sums.places], bound, again=True)
    for one in gradient.explained:
        bound = allowed(len(one.explanation.coefficients), one.size, one.place)
        comparison.take(one.total, flat[one.place], bound, again=True)


def _copies(subject: Subject) -> bool:
    """Whether every coefficient of a node is a stored number that nothing rounded."""
    known, node = OPS.get(subject.record.name), subject.graph.nodes[subject.record.index]
    factors = [getattr(node, f"_saved_{name}", 1) for name in ("alpha", "beta")]
    on_cpu = subject.capture.device == "cpu"
    return known is not None and known.copies and on_cpu and all(one == 1 for one in factors)
