"""The chips of the proof say what was compared, how far apart it is, and why something was not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import pytest

import flow.asking.proof.layer
import flow.asking.proof.subject
from experiment.asking.answers import Answers
from experiment.running.runs import Runs
from experiment.setting import of_preset
from flow.asking.proof.slopes import Probe
from flow.ops import OPS
from flow.ops.common.closed import Backward, Gradients
from tests.experiment.runs import execute
from viz.answering.sent import Sent
from viz.language import ENGLISH
from viz.theme import format_number

UPSAMPLING = "UpsampleNearest2DBackward0"
NAMES = ["closed form", "finite differences", "sum of terms"]


@dataclass(frozen=True)
class Chip:
    """What one chip shows."""

    state: str
    name: str
    figures: str
    told: str


def chips(node: str = "n9") -> dict[str, Chip]:
    """What the workbench is sent of a node of the test network, at the part that it shows."""
    proof = json.loads(Sent(Answers(Runs(), of_preset("test")), ENGLISH).proof(node))
    handed = [*proof["handovers"].values()][:1]
    return {
        each["name"]: Chip(each["state"], each["name"], each["figures"], each["sentence"])
        for each in (*proof["checks"], *handed)
    }


def test_all_three_comparisons_of_a_right_rule_pass() -> None:
    shown = chips()
    assert [*shown] == [*NAMES, "= upstream of conv1"]
    assert {chip.state for chip in shown.values()} == {"passed"}
    assert all(shown[name].figures.startswith("Δ ") for name in NAMES)
    assert all(" ≤ " in shown[name].figures for name in NAMES)
    assert shown["closed form"].told.startswith("All 8 cells computed by the rule alone")


def doubled(form: Callable[[Backward], Gradients]) -> Callable[[Backward], Gradients]:
    def wrong(backward: Backward) -> Gradients:
        return tuple(None if part is None else 2 * part for part in form(backward))

    return wrong


def test_a_wrong_rule_fails_and_says_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = OPS[UPSAMPLING]
    assert rule.closed_form is not None
    monkeypatch.setitem(OPS, UPSAMPLING, replace(rule, closed_form=doubled(rule.closed_form)))
    shown = chips()
    layer = execute(of_preset("test")).capture.layer("upsample")
    assert layer.downstream[0] is not None
    apart = format_number(float(abs(layer.downstream[0]).max()), 2)
    assert shown["closed form"].state == "failed"
    assert shown["closed form"].figures.startswith(f"Δ {apart} > ")
    assert {shown[name].state for name in NAMES[1:]} == {"passed"}


@pytest.mark.parametrize(
    ("name", "module", "function"),
    [
        (NAMES[1], flow.asking.proof.layer, "slope"),
        (NAMES[2], flow.asking.proof.subject, "explain"),
    ],
)
def test_another_wrong_computation_fails_alone(
    monkeypatch: pytest.MonkeyPatch, name: str, module: ModuleType, function: str
) -> None:
    right = getattr(module, function)

    def wrong(*asked: Any) -> Any:
        found = right(*asked)
        field = "slope" if isinstance(found, Probe) else "total"
        return replace(found, **{field: getattr(found, field) + 1})

    monkeypatch.setattr(module, function, wrong)
    shown = chips()
    assert {each for each, chip in shown.items() if chip.state == "failed"} == {name}
    assert shown[name].figures.startswith("Δ 1 > ")


def test_what_was_not_compared_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(OPS, UPSAMPLING)
    shown = chips()
    assert shown["closed form"] == Chip(
        "skipped", "closed form", "not run", f"No closed form is written down for {UPSAMPLING}."
    )
    assert {shown[name].state for name in NAMES[1:]} == {"passed"}


def test_what_a_leaf_stored_is_compared_at_the_node_that_made_it() -> None:
    shown = chips("n7")
    assert [*shown] == NAMES
    assert {chip.state for chip in shown.values()} == {"passed"}
    assert shown["closed form"].told.startswith("All 9 cells computed by the rule alone")
