"""All that is compared: each looks at one kind of answer and yields complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from flow.record import Array, NodeRecord
from flow.run import Run
from tests.flow.sweep.forwards import forwarded
from tests.flow.sweep.oracle import array_of
from tests.flow.sweep.sums import explained, reached, tabled
from tests.flow.sweep.trial import ALL, Complaint, Trial, same

Comparison = Callable[[Trial], Iterator[Complaint]]


def unchanged(trial: Trial) -> Iterator[Complaint]:
    """Complain about gradients that are not those of a plain backward, bit for bit."""
    capture = trial.run.capture
    found = {each.name: each.gradient for each in capture.parameters}
    expected = trial.plain.gradients
    for name, gradient in found.items():
        true = expected[name.partition(" = ")[0]]
        stored = None if true is None else array_of(true)
        if not _equal(gradient, stored):
            yield Complaint(f"gradient of {name}", str(gradient), str(true))
    for name, seen in trial.nodes.items():
        for output, (mine, theirs) in enumerate(
            zip(capture.node(name).upstream, seen.arrived, strict=True)
        ):
            arrived = mine is not None and theirs is not None
            if arrived and not same(mine, array_of(theirs)):  # type: ignore[arg-type]
                yield Complaint(f"upstream {output} of {name}", str(mine), str(theirs))


def _equal(one: Array | None, other: Array | None) -> bool:
    return one is other if one is None or other is None else same(one, other)


def checked(trial: Trial) -> Iterator[Complaint]:
    """Complain about red marks: every gradient here is right.

    Differences may tell where a gradient is not the derivative of its forward, on purpose or not.
    """
    if not trial.case.linear:
        return
    nodes = trial.asked if trial.most >= ALL else trial.asked[:1]
    for complaint in red_checks(trial.run, nodes):
        if trial.case.derivative or not complaint.asked.endswith("finite differences"):
            yield complaint


def handed_over(trial: Trial) -> Iterator[Complaint]:
    """Complain about red hand-overs."""
    yield from red_handovers(trial.run, trial.asked)


def red_checks(run: Run, nodes: Iterable[NodeRecord]) -> Iterator[Complaint]:
    for node in nodes:
        for check in run.check(node.id):
            if check.passed is False:
                asked = f"check of {node.id} {node.name} {node.parameter}: {check.name}"
                came = f"red, {check.difference!r} > {check.tolerance!r}"
                yield Complaint(asked, came, f"a right gradient ({check.sentence[:80]})")


def red_handovers(run: Run, nodes: Iterable[NodeRecord]) -> Iterator[Complaint]:
    for node in nodes:
        for which, (target, part) in enumerate(zip(node.targets, node.downstream, strict=False)):
            if target is not None and part is not None:
                found = run.handover(node.id, input=which)
                if not found.passed:
                    came = f"red, {found.difference!r} > {found.tolerance!r}"
                    yield Complaint(
                        f"handover of {node.id} {node.name} input {which}", came, "what arrived"
                    )


COMPARISONS: Mapping[str, Comparison] = {
    "gradients": unchanged,
    "explain": explained,
    "reach": reached,
    "table": tabled,
    "forward": forwarded,
    "check": checked,
    "handover": handed_over,
}


def complaints(trial: Trial) -> list[str]:
    """Return every complaint about a case, as sentences."""
    return [
        f"{name}: {complaint}"
        for name, compare in COMPARISONS.items()
        for complaint in compare(trial)
    ]
