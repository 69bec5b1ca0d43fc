"""A kept run answers question after question, and is freed only when nobody asks."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

import flow
from experiment.asking.answers import Answers
from experiment.running.runs import Runs
from experiment.running.turnstile import Turnstile
from experiment.setting import DEFAULT, of_preset
from experiment.view import View

FEW = 2**10
"""Bytes of a store that keeps two runs, which are kept however large they are."""
OTHERS = [replace(DEFAULT, seed=seed) for seed in (1, 2, 3)]

QUESTIONS: dict[str, Callable[[Answers], Any]] = {
    "nodes": lambda live: (live.capture.loss, live.capture.nodes),
    "layers": lambda live: (live.capture.layers, live.capture.parameters),
    "table": lambda live: live.table("n9", 0, 1),
    "table of all samples": lambda live: live.table("n7", 0, None),
    "explain": lambda live: live.explain("n9", 0, (1, 0, 1, 1)),
    "reach": lambda live: live.reach("n9", (0, 0, 2, 3), 0),
    "forward": lambda live: live.forward("conv2", 0),
    "forward at the input": lambda live: live.forward("conv1", 1),
    "forward_cell": lambda live: live.forward_cell("conv2", (0, 0, 1, 0)),
    "forward_reach": lambda live: live.forward_reach("upsample", 0, (1, 0, 0, 1)),
    "proof": lambda live: live.proof("n9"),
    "graph": lambda live: live.graph("en", View(saved=True, tint=True)),
}
"""What can be asked of the default setting."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[flow.Run]:
    """Return a list to which every run is added that is made from now on."""
    found: list[flow.Run] = []
    right = flow.run

    def noted(*given: Any, **named: Any) -> flow.Run:
        found.append(right(*given, **named))
        return found[-1]

    monkeypatch.setattr(flow, "run", noted)
    return found


def bits(value: Any) -> Any:
    """Return what an answer holds, to the bit, so that two answers can be compared."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if is_dataclass(value):
        return [(field.name, bits(getattr(value, field.name))) for field in fields(value)]
    if isinstance(value, Mapping):
        return {name: bits(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [bits(each) for each in value]
    return repr(value)


def told(live: Answers) -> dict[str, Any]:
    return {name: bits(ask(live)) for name, ask in QUESTIONS.items()}


def is_closed(run: flow.Run) -> bool:
    try:
        run.explain("n9", (0, 0, 0, 0))
    except flow.ClosedRunError:
        return True
    return False


def test_one_run_answers_everything_as_a_run_of_its_own_does(made: list[flow.Run]) -> None:
    expected = {name: bits(ask(Answers(Runs(), DEFAULT))) for name, ask in QUESTIONS.items()}
    assert len(made) > len(QUESTIONS)
    made.clear()
    live = Answers(Runs(), DEFAULT)
    for _ in range(3):
        assert told(live) == expected
    # The first layer is explained by the same run with a gradient at its input.
    assert len(made) == 2
    assert not any(map(is_closed, made))


def test_an_answer_is_kept_with_its_run_and_a_single_cell_is_not() -> None:
    live = Answers(Runs(), DEFAULT)
    assert live.table("n9", 0, 1) is live.table("n9", 0, 1)
    assert live.proof("n9") is live.proof("n9")
    assert live.explain("n9", 0, (0, 0, 0, 0)) is not live.explain("n9", 0, (0, 0, 0, 0))
    assert live.graph("en") != live.graph("en", View(tint=True))


def test_a_run_that_was_forgotten_is_made_again_for_whom_asks_later(made: list[flow.Run]) -> None:
    runs = Runs(FEW)
    live = Answers(runs, replace(DEFAULT, input_gradient=True))
    expected = told(live)
    (first,) = made
    for other in OTHERS[:2]:
        runs.outcome(other)
    assert live.setting.key not in runs._shelf
    assert [is_closed(run) for run in made] == [True, False, False]
    assert told(live) == expected
    assert len(made) == 4
    assert is_closed(first)
    assert not is_closed(made[-1])


def test_the_one_that_was_asked_last_is_not_the_one_that_is_forgotten(made: list[flow.Run]) -> None:
    runs = Runs(FEW)
    one, two, three = (Answers(runs, other) for other in OTHERS)
    one.table("n9", 0, 1)
    two.table("n9", 0, 1)
    one.table("n9", 0, 1)
    three.table("n9", 0, 1)
    assert [each.setting.key in runs._shelf for each in (one, two, three)] == [True, False, True]
    assert [is_closed(run) for run in made] == [False, True, False]


def test_a_run_is_not_freed_under_a_question() -> None:
    runs = Runs(FEW, Turnstile(places=2))
    expected = bits(Answers(Runs(), DEFAULT).proof("n9").checks)
    asked: list[flow.Run] = []

    def answer(run: flow.Run) -> Any:
        asked.append(run)
        visitor = threading.Thread(target=lambda: [runs.outcome(other) for other in OTHERS])
        visitor.start()
        visitor.join()
        assert DEFAULT.key not in runs._shelf
        assert not is_closed(run)
        return run.check("n9")

    assert bits(runs.ask(DEFAULT, "check", answer)) == expected
    assert is_closed(asked[0])


def test_visitors_whose_runs_push_out_one_another_get_their_own_answers() -> None:
    settings = [*OTHERS, replace(of_preset("test"), training=False, input_gradient=True)]
    expected = [told(Answers(Runs(), setting)) for setting in settings]
    runs = Runs(FEW, Turnstile(places=4))
    assert asked_by_many([Answers(runs, setting) for setting in settings] * 2) == expected * 2


def asked_by_many(lives: list[Answers]) -> list[dict[str, Any]]:
    """Ask everything at once, each visitor in an order of its own."""
    found: list[dict[str, Any]] = [{} for _ in lives]

    def ask(visitor: int) -> None:
        names = [*QUESTIONS]
        random.Random(visitor).shuffle(names)  # noqa: S311 - an order, no secret
        for name in names:
            found[visitor][name] = bits(QUESTIONS[name](lives[visitor]))

    visitors = [threading.Thread(target=ask, args=(each,)) for each in range(len(lives))]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return found
