"""Layers, products, moves and lookups: closed forms, names and hand-counted numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import flow
from flow.asking.local import run_node
from flow.asking.naming import name_terms
from flow.ops import OPS
from flow.ops.common.terms import Namer, Terms
from flow.run import Run
from tests.flow.by_hand import hand_counted, hand_counted_moves
from tests.flow.by_hand.hand_counted import Case
from tests.flow.closed_forms.structures import STRUCTURES
from tests.flow.operations import Applied
from tests.flow.words.test_rules import compared, opened

CASES: dict[str, Case] = {
    **hand_counted.WEIGHTED,
    **hand_counted.MAPS,
    **hand_counted_moves.MOVES,
    **hand_counted_moves.CUTS,
    **hand_counted_moves.LOOKUPS,
    **hand_counted_moves.WRITING,
}


WITHOUT_CLOSED_FORM = {"strides", "copied in"}


def doubles(numbers: Any) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def counted(case: Case) -> Run:
    """Run a hand-counted case in float64."""
    inputs = tuple(doubles(numbers).requires_grad_() for numbers in case.inputs)
    upstream = doubles(case.upstream)
    made = case.function(*inputs)
    return flow.run(Applied(case.function), inputs, upstream=upstream.to(made.dtype))


def index_of(run: Run, name: str) -> int:
    """Return the first node of that class, from the output back."""
    return next(i for i, node in enumerate(run.capture.nodes) if node.name == name)


@pytest.mark.parametrize("name", CASES)
def test_a_node_hands_on_what_was_counted_by_hand(name: str) -> None:
    case = CASES[name]
    with counted(case) as run:
        node = run.capture.nodes[index_of(run, name)]
        for found, expected in zip(node.downstream, case.gradients, strict=False):
            assert found is not None
            assert np.allclose(found, np.array(expected), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", [n for n in CASES if OPS[n].closed_form is not None])
def test_a_closed_form_gives_what_was_counted_by_hand(name: str) -> None:
    case, closed_form = CASES[name], OPS[name].closed_form
    with counted(case) as run:
        assert closed_form is not None
        found = closed_form(opened(run, index_of(run, name)))
        for part, expected in zip(found, case.gradients, strict=False):
            assert part is not None
            assert np.allclose(part, np.array(expected), rtol=1e-12, atol=1e-12)


def terms_of(run: Run, name: str, case: Case) -> Terms:
    """Return the non-zero coefficients of a case's cell, found by one-hot upstream vectors."""
    assert run._live is not None
    index, graph = index_of(run, name), run._live.graph
    record = run.capture.nodes[index]
    found: list[tuple[int, int, float]] = []
    for output, shape in enumerate(record.shapes):
        for place in range(int(np.prod(shape))):
            hot = [torch.zeros(each, dtype=torch.float64) for each in record.shapes]
            hot[output].view(-1)[place] = 1
            part = run_node(graph, index, hot)[case.which]
            coefficient = 0.0 if part is None else part[case.cell].item()
            if coefficient:
                found.append((output, place, coefficient))
    outputs, places, coefficients = (np.array(each) for each in zip(*found, strict=True))
    gradient = record.downstream[case.which]
    assert gradient is not None
    cell = np.ravel_multi_index(case.cell, gradient.shape) if case.cell else 0
    return Terms(
        node=graph.nodes[index],
        record=record,
        capture=run.capture,
        which=case.which,
        cells=np.full(len(places), cell),
        outputs=outputs,
        places=places,
        coefficients=coefficients,
    )


def names_of(terms: Terms) -> tuple[str, ...]:
    named = name_terms(terms)
    return () if named is None else tuple(named.names[at] for at in named.index)


@pytest.mark.parametrize("name", CASES)
def test_coefficients_have_the_names_that_were_counted_by_hand(name: str) -> None:
    with counted(CASES[name]) as run:
        assert names_of(terms_of(run, name, CASES[name])) == CASES[name].names


def fits(terms: Terms, namer: Namer | None, expected: tuple[str, ...]) -> bool:
    """Whether a namer would say of these terms what was counted by hand."""
    name = terms.record.name
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(OPS, name, replace(OPS[name], names=namer))
        try:
            return names_of(terms) == expected
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return False


def test_two_namers_that_were_exchanged_would_be_noticed() -> None:
    namers = {OPS[name].names for name in CASES}
    fitting = {}
    for name, case in CASES.items():
        with counted(case) as run:
            terms = terms_of(run, name, case)
            fitting[name] = {namer for namer in namers if fits(terms, namer, case.names)}
    for one, other in combinations(CASES, 2):
        first, second = OPS[one].names, OPS[other].names
        exchanged = second in fitting[one] and first in fitting[other]
        assert first is second or not exchanged, (one, other)


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_setting_of_a_closed_form_equals_autograd(name: str) -> None:
    with STRUCTURES[name].run(torch.float64) as run:
        assert compared(run) >= (name not in WITHOUT_CLOSED_FORM)


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_name_holds_and_none_raises(name: str) -> None:
    """``explain`` keeps a name only where the coefficient has the value that it says."""
    with STRUCTURES[name].run() as run:
        for node in run.capture.nodes:
            for which, gradient in enumerate(node.downstream):
                if gradient is not None and gradient.size:
                    table = run.table(node.id, input=which)
                    assert table.complete, (node.name, table.note)
