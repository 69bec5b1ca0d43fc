"""Predict, then reveal: cells are filled in, graded, and a likely mistake gets its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import streamlit as st

from lessons.asking.answers import short
from lessons.asking.exercise import Exercise
from lessons.asking.grading import Verdict, grade
from lessons.blocks import Predict
from lessons.choosing.study import MAX_HINTS, Attempt, Study
from pages.lesson.desk import Desk
from pages.parts import components
from pages.parts.text import _
from viz.guess import Question, guess_data
from viz.peak import shown_shape
from viz.typed import MAX_CELLS, tidy

NARROW, WIDE = 0.38, 0.5
"""Of the width, that what is asked has; items to put in order are words, which need more."""


@dataclass(frozen=True)
class _Asked:
    """An exercise on screen."""

    desk: Desk
    block: Predict
    exercise: Exercise
    attempt: Attempt
    verdict: Verdict | None
    """None before anything was checked."""
    numbers: Mapping[str, str]

    @property
    def solved(self) -> bool:
        return self.verdict is not None and self.verdict.solved

    @property
    def hints(self) -> tuple[str, ...]:
        return self.desk.text.numbered(f"{self.exercise.key} hint")

    def section(self, name: str) -> str:
        return self.desk.text.section(f"{self.exercise.key} {name}", **self.numbers)


def predict(desk: Desk, block: Predict, draw: Callable[..., None]) -> None:
    """Ask for the cells of an exercise beside what is given; then draw what is revealed."""
    exercise = desk.step.exercise(block.key, desk.study)
    attempt = desk.study.attempt(block.key)
    verdict = grade(exercise, attempt.typed) if attempt.typed else None
    asked = _Asked(desk, block, exercise, attempt, verdict, block.numbers(desk.study))
    st.markdown(asked.section("task"))
    if exercise.whole:
        sentence = _("Of {whole} cells only the {asked} at the top left are asked for.")
        whole, cells = shown_shape(exercise.whole), shown_shape(exercise.truth.shape)
        st.caption(sentence.format(whole=whole, asked=cells))
    flow = "forward" if block.forward else "backward"
    with st.container(key=f"flow_{flow}_{block.key}"):  # the style puts the columns in its order
        part = WIDE if exercise.kind == "order" else NARROW
        pictures, field = st.columns([1 - part, part], gap="medium")
    with field, st.container(border=True, key=f"predict_{block.key}"):
        _cells(asked)
        if not block.said_below:
            _answered(asked)
    open_now = attempt.revealed or asked.solved
    with pictures:
        draw(desk, block.revealed if open_now else block.given)
    if block.said_below:
        _answered(asked)
    if open_now:
        draw(desk, block.after)


def _answered(asked: _Asked) -> None:
    """Say how it went, and the hints that are open; below all of it they share a line."""
    if asked.verdict is None:
        _hints(asked)
        return
    beside = asked.block.said_below and asked.attempt.hints > 0
    first, second = st.columns([0.58, 0.42]) if beside else (st.container(), st.container())
    with first, st.container(key=_place(asked.exercise.key, asked.attempt.typed)):
        _said(asked, asked.verdict)
    with second:
        _hints(asked)


def _cells(asked: _Asked) -> None:
    desk, exercise, attempt = asked.desk, asked.exercise, asked.attempt
    name, count = f"guess_{exercise.key}", exercise.truth.size

    def take(study: Study, value: object) -> Study:
        said = read(value, study.numbers, count, asked.block.blank)
        return study if said is None else study.with_attempt(exercise.key, **said)

    is_open = attempt.revealed or asked.solved
    data = guess_data(
        {
            "numbers": desk.study.numbers,
            "typed": list(attempt.typed),
            "hints": attempt.hints,
            "revealed": attempt.revealed,
        },
        desk.hear(name, take),
        Question(
            exercise.sides,
            exercise.kind,
            [_item(item) for item in exercise.items],
            [_(head) for head in exercise.heads],
            exercise.key,
        ),
        marks=asked.verdict.marks if asked.verdict else (),
        revealed=exercise.truth if attempt.revealed and not asked.solved else None,
        palette=[] if is_open else [short(each) for each in exercise.candidates],
        hints=len(asked.hints),
        solved=asked.solved,
        verdict=_place(exercise.key, attempt.typed),
    )
    components.guess(data, desk.key(name))


def _item(item: str) -> str:
    """Say an option in the visitor's language; code stays as it is."""
    return item.strip("`") if item.startswith("`") else _(item)


def read(value: object, numbers: str, count: int, blank: str) -> dict[str, object] | None:
    """Read an attempt as the browser holds it; None where it is none, or one at other numbers.

    What was typed is tidied; an empty cell of what was checked counts as ``blank``, unless all are.
    """
    if not isinstance(value, Mapping) or value.get("numbers") != numbers:
        return None
    typed, hints, revealed = value.get("typed"), value.get("hints"), value.get("revealed")
    if not isinstance(typed, list) or not all(isinstance(cell, str) for cell in typed[:MAX_CELLS]):
        return None
    if type(hints) is not int or not 0 <= hints <= MAX_HINTS or type(revealed) is not bool:
        return None
    tidied = [tidy(cell) for cell in typed[:count]]
    cells = tuple(cell or blank if any(tidied) else "" for cell in tidied)
    return {"typed": cells, "hints": hints, "revealed": revealed, "solved": None}


def _place(exercise: str, typed: Sequence[str]) -> str:
    """Return the key of where the verdict on these cells stands: another one's is another place."""
    return f"verdict_{exercise}_{crc32('|'.join(typed).encode()):x}"


def _said(asked: _Asked, verdict: Verdict) -> None:
    """Confirm what is right, and name the mistake that the wrong cells point to."""
    came, cells = len(asked.attempt.typed), len(verdict.marks)
    if came > cells:
        sentence = _("The link has {came} numbers for {asked} cells: the first {asked} are graded.")
        st.caption(sentence.format(came=came, asked=cells))
    if verdict.solved:
        st.success(asked.section("right"), icon=":material/check:")
        return
    if asked.exercise.kind == "choice":
        none = _("The link has an answer that is none of the options. Choose one.")
        name = asked.section(f"mistake: {verdict.mistake}") if verdict.mistake else none
        st.warning(name, icon=":material/lightbulb:")
        return
    _wrong(asked, verdict)


def _wrong(asked: _Asked, verdict: Verdict) -> None:
    tally = _("{right} of {count} cells are right.").format(
        right=verdict.count("right"), count=len(verdict.marks)
    )
    if verdict.mistake:
        wrong = verdict.count("wrong")
        explained = _("Wrong cells that this gives: {explained} of {wrong}.").format(
            explained=verdict.explained, wrong=wrong
        )
        name = asked.section(f"mistake: {verdict.mistake}")
        apart = " " if asked.block.said_below else "\n\n"
        st.warning(f"{tally}{apart}{name} {explained}", icon=":material/lightbulb:")
    elif verdict.count("unreadable"):
        st.warning(f"{tally} {_('Write numbers such as -3, 0.5 or 1/4.')}")
    elif verdict.count("wrong"):
        st.warning(f"{tally} {_('No likely mistake gives the wrong ones. Open a hint.')}")
    else:
        st.info(tally)


def _hints(asked: _Asked) -> None:
    for hint in asked.hints[: asked.attempt.hints]:
        with st.container(key=f"hint_{hint.replace(' ', '_')}"):
            asked.desk.say(hint, **asked.numbers)
