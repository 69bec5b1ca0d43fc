"""A page runs its network once, and says so calmly when too many wait to be served."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import flow
from experiment.running.runs import Runs
from experiment.running.turnstile import Turnstile
from pages.controls.paste import EXAMPLE
from pages.parts import turns
from pages.take_away import menu as take_away
from tests.pages.test_lesson_pages import opened as opened_page
from tests.pages.test_playground_page import labelled, opened, press, query, ran, shown
from viz.language import english

REFUSAL = "pages wait to be made, more than this server takes at once. Nothing is lost"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The runs of this test alone."""
    fresh = Runs(turnstile=Turnstile(places=1))
    shared = ("turns", "asking", "gallery", "start")
    for module in (*(f"parts.{name}" for name in shared), "lesson.frame", "take_away.menu"):
        monkeypatch.setattr(f"pages.{module}.runs", lambda: fresh)
    return fresh


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was run since."""
    calls: list[object] = []
    real = flow.run

    def run(*args: Any, **kwargs: Any) -> flow.Run:
        calls.append(kwargs)
        return real(*args, **kwargs)

    monkeypatch.setattr(flow, "run", run)
    return calls


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(
    "address",
    [
        {},
        {"model": "lenet"},
        {"model": "unet", "seed": "5", "tint": "1", "saved": "1"},
        {"model": "attention", "node": "n4"},
        {"model": "words", "show": "parameters"},
        {"step": "3"},
        {"show": "values", "node": "n6"},
    ],
)
def test_opening_the_playground_runs_its_network_once(
    address: dict[str, str], counted: list[object]
) -> None:
    page = opened(v="2", **address)
    assert shown(page)
    assert len(counted) == 1


@pytest.fixture
def crowded(runs: Runs) -> Turnstile:
    """So many wait that nobody else is taken."""
    turnstile = runs._turnstile
    turnstile._longest = 0
    return turnstile


def refusals(page: AppTest) -> list[str]:
    return [each.value for each in page.warning if REFUSAL in each.value]


def test_who_finds_too_many_waiting_is_told_so_and_keeps_everything(crowded: Turnstile) -> None:
    page = opened(v="2", model="lenet", seed="3")
    assert len(refusals(page)) == 1
    assert not shown(page)
    seed = labelled(page.number_input, "Seed")
    assert seed.value == 3
    page = ran(seed.set_value(7).run())
    assert len(refusals(page)) == 1
    assert query(page) == {"v": "2", "model": "lenet", "seed": "7"}
    crowded._longest = 5
    page = press(page, "Try again")
    assert refusals(page) == []
    assert shown(page)
    assert query(page) == {"v": "2", "model": "lenet", "seed": "7"}


def test_what_was_pasted_stays_while_too_many_wait(crowded: Turnstile) -> None:
    page = press(opened(v="2"), "Paste code")
    page.text_area[0].set_value(EXAMPLE)
    page = press(ran(page.run()), "Run")
    assert page.text_area[0].value == EXAMPLE
    assert [REFUSAL in each.value for each in page.error] == [True]
    crowded._longest = 5
    page = press(page, "Run")
    assert len(page.text_area) == 0
    assert shown(page)


def test_who_waits_is_told_how_many_are_before(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(turns, "_", english)
    monkeypatch.setattr(turns, "told", lambda text, **_how: said.append(text))
    turns.tell(12)
    assert said == ["Waiting for your turn: 12 ahead of you."]


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("nearest_upsampling", {"v": "2", "step": "leaf", "turn": "3"}),
        ("nearest_upsampling", {"v": "2", "step": "experiment", "weights": "77"}),
        ("convolution_backward", {"v": "2", "step": "kernel", "seed": "41"}),
        ("gallery", {}),
        ("", {}),
    ],
)
def test_who_reads_a_lesson_or_looks_around_waits_and_is_never_refused(
    page: str, address: dict[str, str]
) -> None:
    shown = opened_page(page, **address)
    assert refusals(shown) == []
    assert len(shown.markdown) > 1


def test_a_file_is_made_though_too_many_wait(crowded: Turnstile) -> None:
    made: list[bytes] = []
    make = take_away._later(lambda: "text")
    visitor = Thread(target=lambda: made.append(make()))
    visitor.start()
    visitor.join()
    assert made == [b"text"]
    assert not crowded._inside
