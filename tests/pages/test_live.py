"""A kept run answers question after question, and is freed only when nobody asks."""

from __future__ import annotations

import threading

import torch
from torch import nn

import flow
from pages.parts.live import Live


class Counted:
    """Makes runs of one small network and remembers them."""

    def __init__(self) -> None:
        self.made: list[flow.Run] = []

    def __call__(self) -> flow.Run:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            module = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
        run = flow.run(module, torch.ones(2, 3), loss=lambda output: output.mean())
        self.made.append(run)
        return run


def answers(run: flow.Run) -> list[complex]:
    return [
        run.explain(node.id, (0,) * node.downstream[0].ndim).total
        for node in run.capture.nodes
        if node.downstream and node.downstream[0] is not None
    ]


def test_one_run_answers_everything_as_a_run_of_its_own_does() -> None:
    made = Counted()
    live = Live(made)
    expected = answers(Counted()())
    for _ in range(3):
        with live.asked() as run:
            assert answers(run) == expected
    assert len(made.made) == 1


def test_a_run_that_was_freed_is_made_again_for_whom_asks_later() -> None:
    made = Counted()
    live = Live(made)
    with live.asked() as run:
        expected = answers(run)
    live.close()
    live.close()
    with live.asked() as run:
        assert answers(run) == expected
    assert len(made.made) == 2


def test_a_run_is_not_freed_under_a_question() -> None:
    live = Live(Counted())
    with live.asked() as run:
        closing = threading.Thread(target=live.close)
        closing.start()
        closing.join(0.05)
        assert closing.is_alive()
        assert answers(run)
    closing.join()


def test_questions_of_many_visitors_get_the_same_answers() -> None:
    live = Live(Counted())
    expected, got = answers(Counted()()), []

    def ask() -> None:
        with live.asked() as run:
            got.append(answers(run))

    visitors = [threading.Thread(target=ask) for _ in range(6)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert got == [expected] * 6
