"""Random texts: programs changed, moved and mixed. They are read or refused, never run."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from models.source import SourceError, from_source
from models.spec import ModelSpec
from tests.models.source.pasted_rows import ROWS
from tests.models.source.pasted_vision import VISION
from tests.models.work import at_most

TEXTS = [text for text, _shape in (*VISION.values(), *ROWS.values())]
WORDS = sorted({word for text in TEXTS for word in text.replace("(", " ( ").split()})
HOSTILE = [
    "10**10**10", "'a' * 10**9", "[0] * 10**9", "range(10**12)", "lambda: 0", "(y := x)",
    "x.__class__", "getattr(self, '__dict__')", "__import__('os')", "exec('1')", "self", "*self",
    "**self", "nn.Module", "super()", "[x for x in self]", "x[0]", "x.size(0)", "None", "...",
    "f'{x!r:>99}'", "while True: pass", "@wrap", "metaclass=type", "\0", "(" * 60, "\ud800",
]  # fmt: skip


def mixed(number: int, trap: str) -> str:
    """Return one of the texts with some words replaced, dropped, doubled or swapped."""
    draw = random.Random(number)  # noqa: S311 - no secret
    words = draw.choice(TEXTS).split(" ")
    for _ in range(draw.randint(1, 5)):
        place, other = draw.randrange(len(words)), draw.randrange(len(words))
        change = draw.randrange(6)
        if change == 0:
            words[place] = draw.choice(WORDS)
        elif change == 1:
            words[place] = draw.choice([*HOSTILE, trap])
        elif change == 2:
            words[place] = words[place].replace("x", draw.choice([*HOSTILE, trap]), 1)
        elif change == 3:
            words[place], words[other] = words[other], words[place]
        elif change == 4:
            words.insert(place, words[other])
        else:
            words[place] = words[place].translate({ord("1"): "0", ord("2"): "-3", ord("3"): "x"})
    return " ".join(words)


def read_or_refused(text: str) -> ModelSpec | SourceError:
    """Read a text in bounded work."""
    with at_most():
        try:
            outcome: ModelSpec | SourceError = from_source(text)
        except SourceError as error:
            outcome = error
    if isinstance(outcome, SourceError):
        assert min(outcome.line, outcome.column) >= 1
        assert len(str(outcome)) < 1000
    return outcome


def test_changed_programs_are_read_or_refused_and_nothing_runs(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    trap = f"open({str(touched)!r}, 'w')"
    outcomes: list[type] = []

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 10**9))
    def read(number: int) -> None:
        outcomes.append(type(read_or_refused(mixed(number, trap))))

    read()
    assert not touched.exists()
    assert outcomes.count(SourceError) > 50
    assert outcomes.count(ModelSpec) > 8, "changes outside of the class leave it readable"


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from([*WORDS, *HOSTILE, "\n", "\n    ", "class", "def", ":"])))
def test_random_words_are_refused(words: list[str]) -> None:
    assert isinstance(read_or_refused(" ".join(words)), SourceError)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=300))
def test_random_characters_are_refused(text: str) -> None:
    assert isinstance(read_or_refused(text), SourceError)
