"""The comparisons themselves: right answers pass, and an answer with a small fault does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from flow.record import Check, Explanation, Handover, Reach
from flow.run import Run
from flow.sparse import CoefficientTable, ForwardTable
from tests.flow.sweep.case import Case, layer, op
from tests.flow.sweep.comparisons import COMPARISONS
from tests.flow.sweep.names import wrong_claim
from tests.flow.sweep.oracle import matrices, plain
from tests.flow.sweep.trial import Trial, trial

LITTLE = 1 + 1e-4

CASES: dict[str, Case] = {
    "linear": layer(lambda: nn.Linear(3, 4), (2, 3)),
    "convolution": layer(lambda: nn.Conv1d(2, 3, 2), (2, 2, 4)),
    "product": op(torch.mul, (2, 3), (2, 3)),
    "mean": op(lambda x: x.mean(1), (2, 3)),
    "cumulative sum": op(lambda x: x.cumsum(1), (2, 3)),
}

Answer = Any
Fault = Callable[[Answer], Answer]


class Altered(Run):
    """A run one of whose questions is answered with a fault."""

    def __init__(self, run: Run, question: str, fault: Fault) -> None:
        self.run, self.capture = run, run.capture
        self.question, self.fault = question, fault

    def _ask(self, question: str, *arguments: Any, **named: Any) -> Any:
        answer = getattr(self.run, question)(*arguments, **named)
        return self.fault(answer) if question == self.question else answer

    def explain(self, *arguments: Any, **named: Any) -> Explanation:
        return self._ask("explain", *arguments, **named)

    def reach(self, *arguments: Any, **named: Any) -> Reach:
        return self._ask("reach", *arguments, **named)

    def table(self, *arguments: Any, **named: Any) -> CoefficientTable:
        return self._ask("table", *arguments, **named)

    def forward(self, *arguments: Any, **named: Any) -> ForwardTable:
        return self._ask("forward", *arguments, **named)

    def forward_reach(self, *arguments: Any, **named: Any) -> ForwardTable:
        return self._ask("forward_reach", *arguments, **named)

    def check(self, *arguments: Any, **named: Any) -> tuple[Check, ...]:
        return self._ask("check", *arguments, **named)

    def handover(self, *arguments: Any, **named: Any) -> Handover:
        return self._ask("handover", *arguments, **named)


def largest_scaled(array: Any) -> Any:
    """Return a copy whose largest number is a ten-thousandth larger."""
    changed = np.array(array)
    if changed.size:
        changed.flat[int(np.abs(changed).argmax())] *= LITTLE
    return changed


def scaled(answer: Any) -> Any:
    return replace(answer, coefficients=largest_scaled(answer.coefficients))


def reached_scaled(answer: Reach) -> Reach:
    return replace(
        answer, inputs=tuple(None if one is None else largest_scaled(one) for one in answer.inputs)
    )


def shifted(answer: Any) -> Any:
    """Return an answer that reads the neighbour of every cell."""
    return replace(answer, places=np.roll(answer.places, 1))


def cells_shifted(answer: Any) -> Any:
    return replace(answer, cells=np.roll(answer.cells, 1))


def without_a_term(answer: Explanation) -> Explanation:
    if len(answer.coefficients) < 2:
        return answer
    return replace(
        answer,
        coefficients=answer.coefficients[1:],
        names=answer.names[1:],
        outputs=answer.outputs[1:],
        places=answer.places[1:],
        upstreams=answer.upstreams[1:],
    )


def total_scaled(answer: Explanation) -> Explanation:
    return replace(answer, total=answer.total * LITTLE)


def doubted(answer: Explanation) -> Explanation:
    return replace(answer, note="The backward of this node is not linear in its upstream.")


def names_exchanged(answer: Any) -> Any:
    return replace(answer, names=answer.names[1:] + answer.names[:1])


def sides_exchanged(answer: ForwardTable) -> ForwardTable:
    constant = answer.places < 0
    return replace(
        answer, sides=np.where(constant, answer.sides, 1 - answer.sides).astype(np.int32)
    )


def called_a_sum(answer: ForwardTable) -> ForwardTable:
    return replace(answer, kind="sum")


def made_red(answer: tuple[Check, ...]) -> tuple[Check, ...]:
    return (replace(answer[0], passed=False), *answer[1:])


def not_handed_over(answer: Handover) -> Handover:
    return replace(answer, difference=answer.tolerance + 1.0)


FAULTS: dict[str, tuple[str, str, str, Fault]] = {
    "a coefficient off by a ten-thousandth": ("linear", "explain", "explain", scaled),
    "a kernel entry off": ("convolution", "explain", "explain", scaled),
    "a neighbour's cell": ("cumulative sum", "explain", "explain", shifted),
    "a term missing": ("linear", "explain", "explain", without_a_term),
    "a total off": ("linear", "explain", "explain", total_scaled),
    "a false sentence": ("mean", "explain", "explain", doubted),
    "two names exchanged": ("linear", "explain", "explain", names_exchanged),
    "a table's coefficient off": ("linear", "table", "table", scaled),
    "a table's cells shifted": ("convolution", "table", "table", shifted),
    "a table's names exchanged": ("product", "table", "table", names_exchanged),
    "a reached cell off": ("linear", "reach", "reach", reached_scaled),
    "a forward coefficient off": ("linear", "forward", "forward", scaled),
    "the two inputs exchanged": ("product", "forward", "forward", sides_exchanged),
    "a product called a sum": ("product", "forward", "forward", called_a_sum),
    "a reached output cell shifted": ("convolution", "forward_reach", "forward", cells_shifted),
    "a red mark": ("linear", "check", "check", made_red),
    "a red hand-over": ("linear", "handover", "handover", not_handed_over),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_an_answer_is_complained_about(name: str) -> None:
    case, question, comparison, fault = FAULTS[name]
    tried = trial(CASES[case])
    compare = COMPARISONS[comparison]
    assert list(compare(tried)) == []
    with tried.run as run:
        altered = Trial(tried.case, Altered(run, question, fault), tried.plain)
        assert list(compare(altered)) != []


def test_every_node_and_every_cell_is_asked_about() -> None:
    tried = trial(CASES["convolution"])
    asked: list[str] = []

    def noting(answer: Any) -> Any:
        asked.append(answer.node)
        return answer

    nodes = [node for node in tried.run.capture.nodes if not node.is_leaf]
    cells = sum(part.size for node in nodes for part in node.downstream if part is not None)
    explained = Altered(tried.run, "explain", noting)
    assert list(COMPARISONS["explain"](Trial(tried.case, explained, tried.plain))) == []
    assert len(asked) > 2 * cells  # where it was handed on, and where it was stored
    assert {node.id for node in tried.run.capture.nodes} == set(asked)
    asked.clear()
    reached = Altered(tried.run, "reach", noting)
    assert list(COMPARISONS["reach"](Trial(tried.case, reached, tried.plain))) == []
    assert len(asked) == sum(
        part.size for node in nodes for part in node.upstream if part is not None
    )


def test_a_gradient_that_is_not_the_plain_one_is_complained_about() -> None:
    tried, compare = trial(CASES["linear"]), COMPARISONS["gradients"]
    assert list(compare(tried)) == []
    with torch.no_grad():
        for parameter in tried.plain.host.parameters():
            assert parameter.grad is not None
            parameter.grad[0] *= LITTLE
    assert list(compare(tried)) != []


def test_the_oracle_finds_a_matrix_that_was_written_down_by_hand() -> None:
    """The gradient of x is W^T g, that of b is g."""
    tried = plain(CASES["linear"])
    node = tried.outputs[0].grad_fn
    found = matrices(tried.seen[node])
    weight = dict(tried.host.named_parameters())["op.weight"].detach().double().numpy()
    assert np.array_equal(found[1].values.real, np.kron(np.eye(2), weight.T))
    assert np.array_equal(found[0].values.real, np.kron(np.ones((1, 2)), np.eye(4)))


CLAIMS = {
    ("2 (y - t)/12 = 0.25", 0.25): "",
    ("2 (y - t)/12 = 0.25", 0.2502): "0.25",
    ("1/4 (average)", 0.25): "",
    ("1/4 (average)", 0.25 * LITTLE): "0.25",
    ("-1/3 (right class)", -1 / 3): "",
    ("1 (copy)", 1.0): "",
    ("1 (bias)", 0.5): "1",
    ("1/0", float("inf")): "",
    ("0.3 (factor)", 0.3): "",
    ("-1 (negated)", 1.0): "-1",
}


@pytest.mark.parametrize(("claim", "wrong"), CLAIMS.items())
def test_what_a_name_claims_is_read_off_it(claim: tuple[str, float], wrong: str) -> None:
    name, coefficient = claim
    tried = plain(CASES["mean"])
    assert wrong_claim(name, coefficient, tried, list(tried.seen.values()), 2**-23) == wrong


def test_a_named_entry_is_looked_up() -> None:
    tried = plain(CASES["linear"])
    weight = dict(tried.host.named_parameters())["op.weight"].detach()
    seen = list(tried.seen.values())
    right, wrong = float(weight[0, 1]), float(weight[1, 0])
    assert wrong_claim("op.weight[0,1]", right, tried, seen, 2**-23) == ""
    assert wrong_claim("op.weight[0,1]", wrong, tried, seen, 2**-23) == f"{right:.6g}"
    assert wrong_claim("op.weight[0,1]", right * LITTLE, tried, seen, 2**-23) == f"{right:.6g}"
