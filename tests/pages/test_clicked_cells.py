"""What a browser sends as a clicked cell is data from outside."""

from __future__ import annotations

import pytest
import streamlit as st

import flow
from experiment.address import Experiment
from pages.parts import clicked
from pages.parts.clicked import asked_about
from tests.experiment.running import answers
from viz.language import english
from viz.links import Answer
from viz.scene import inspector, sums
from viz.scene.choice import choose


def test_a_cell_is_read_as_it_was_sent() -> None:
    sent = {"map": "downstream", "index": [0, 0, 1, 1]}
    assert asked_about(Experiment(), sent) == (Experiment(), "downstream", (0, 0, 1, 1))


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "downstream",
        [],
        {},
        {"map": "downstream"},
        {"map": "downstream", "index": None},
        {"map": "downstream", "index": "0,0"},
        {"map": "downstream", "index": ["0"]},
        {"map": "downstream", "index": [[0]]},
        {"map": "downstream", "index": [0.5]},
        {"map": "downstream", "index": [True]},
        {"map": 3, "index": [0]},
        {"map": ["downstream"], "index": [0]},
    ],
)
def test_anything_else_asks_for_nothing(sent: object) -> None:
    assert asked_about(Experiment(), sent) is None


def answered(experiment: Experiment, sent: object, now: Experiment) -> Answer | None:
    """What a page that shows ``now`` answers after a cell of ``experiment`` was clicked."""
    clicked.clicked(experiment, sent)
    live, source = answers(now.setting), now.setting.source
    chosen, _complaints = choose(now.view, source.look_at, live, english)
    return clicked.answer(now, chosen, inspector.rows(chosen))


DOWNSTREAM = {"map": "downstream", "index": [1, 0, 1, 1]}


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a session of its own."""
    monkeypatch.setattr(st, "session_state", {})


@pytest.mark.parametrize("show", ["gradient", "values"])
def test_a_clicked_cell_is_answered_with_its_sum(show: str) -> None:
    shown = Experiment().changed(show=show)
    key = "downstream" if show == "gradient" else "output0"
    found = answered(shown, {**DOWNSTREAM, "map": key}, shown)
    assert found is not None
    assert (found.map, found.index) == (key, (1, 0, 1, 1))
    assert [link.from_map for link in found.links] == [key]


def test_a_cell_that_was_clicked_on_another_picture_is_not_answered() -> None:
    shown = Experiment()
    assert answered(shown, DOWNSTREAM, shown) is not None
    assert answered(shown, DOWNSTREAM, shown.changed(seed=1)) is None
    assert answered(shown, DOWNSTREAM, shown.changed(tint=True)) is None


@pytest.mark.parametrize(
    "sent",
    [
        {"map": "downstream", "index": [2, 0, 1, 1]},
        {"map": "downstream", "index": [-1, 0, 1, 1]},
        {"map": "downstream", "index": [0]},
        {"map": "nowhere", "index": [0, 0, 0, 0]},
        "downstream",
    ],
)
def test_a_cell_that_is_not_there_is_not_answered(sent: object) -> None:
    assert answered(Experiment(), sent, Experiment()) is None


def test_what_cannot_be_explained_is_answered_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_asked: object) -> None:
        raise flow.ExplainError("Too large to explain.")

    monkeypatch.setattr(sums, "answer", refused)
    found = answered(Experiment(), DOWNSTREAM, Experiment())
    assert found is not None
    assert (found.map, found.index, found.links) == ("downstream", (1, 0, 1, 1), ())
    assert found.note == "Too large to explain."
