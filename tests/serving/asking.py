"""Questions of the tests' own, which can be held back, and an app that answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from starlette.applications import Starlette

from experiment.running.runs import Runs
from experiment.running.turnstile import Tell
from experiment.setting import Setting
from serving.answers import Answers, Questions
from tests.serving.calling import PATIENCE

VERSION = "v"
PATH = f"/answers/{VERSION}/repeat"


class Unanswerable(ValueError):  # noqa: N818 - it is an answer to a visitor, not a fault
    """There is no answer."""


@dataclass(frozen=True)
class Repeat:
    """Repeats the loss and the seed of a setting."""

    times: int
    language: str


@dataclass(eq=False)
class Asking:
    """Which questions were computed, and what holds the next ones back."""

    computed: list[tuple[int, int]] = field(default_factory=list)
    """Seed and times of each."""
    begun: Event = field(default_factory=Event)
    may_go: Event = field(default_factory=Event)
    held: tuple[int, ...] = ()
    """Seeds whose questions wait for ``may_go``."""
    error: Exception | None = None

    def parse(self, name: str, of: Mapping[str, str]) -> Repeat:
        if name != "repeat" or set(of) - {"times", "language"}:
            raise Unanswerable(f"{name}: nobody can ask this.")
        return Repeat(int(of.get("times", "1")), of.get("language", "en"))

    def answer(
        self, runs: Runs, setting: Setting, question: Repeat, _tell: Tell
    ) -> tuple[bytes, str]:
        assert not runs.idle
        self.computed.append((setting.seed, question.times))
        self.begun.set()
        if setting.seed in self.held:
            assert self.may_go.wait(PATIENCE)
        if self.error:
            raise self.error
        return text(setting.loss, setting.seed, question.times), "text/plain"


def draws(question: Repeat) -> bool:
    """Whether a page draws with the answer."""
    return question.times > 1


def text(loss: str, seed: int, times: int) -> bytes:
    """What is answered."""
    return f"{loss} {seed} ".encode() * times


@dataclass(eq=False)
class Asked:
    """An app that answers, and what it consists of."""

    asking: Asking
    runs: Runs
    answers: Answers
    app: Starlette


@contextmanager
def opened() -> Iterator[Asked]:
    """An app that answers as long as the block lasts."""
    asking, runs = Asking(), Runs()
    answers = Answers(
        runs, Questions(asking.parse, asking.answer, Unanswerable, draws, lambda _question: True)
    )
    with answers.open(VERSION):
        yield Asked(asking, runs, answers, Starlette(routes=[answers.route]))
