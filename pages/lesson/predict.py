"""Predict, then reveal: cells are filled in, graded, and a likely mistake gets its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from lessons.answers import Typed, short, tidy
from lessons.exercise import Exercise, Verdict, grade
from pages.lesson.frame import Desk
from pages.parts import components
from pages.parts.text import _, translated
from viz.guess import GUESS_TEXT, guess_data
from viz.peak import shape_text

Draw = Callable[[], None]


def predict(
    desk: Desk,
    exercise: Exercise,
    *,
    given: Draw,
    revealed: Draw,
    blank: str = "",
    numbers: Mapping[str, str] | None = None,
) -> bool:
    """Ask for the cells of an exercise beside what is ``given``; then draw what is ``revealed``.

    Returns whether it is revealed.
    ``blank`` is what an empty cell counts as when it is checked. ``numbers`` fill the places of
    the sections ``<key> task``, ``<key> hint 1`` and so on, and ``<key> right``.
    """
    attempt = desk.setting.attempt(exercise.key)
    verdict = grade(exercise, attempt.typed) if attempt.typed else None
    solved = verdict is not None and verdict.solved
    open_now = attempt.revealed or solved
    desk.say(f"{exercise.key} task", **numbers or {})
    if exercise.whole:
        sentence = _("Of {whole} cells only the {asked} at the top left are asked for.")
        whole, asked = shape_text(exercise.whole), shape_text(exercise.truth.shape)
        st.caption(sentence.format(whole=whole, asked=asked))
    left, right = st.columns([0.62, 0.38], gap="medium")
    with right, st.container(border=True, key=f"predict_{exercise.key}"):
        _cells(desk, exercise, verdict, blank, shown=attempt.revealed and not solved)
        if verdict is not None:
            _said(desk, exercise, verdict, numbers or {})
        _buttons(desk, exercise, numbers or {}, solved=solved)
    with left:
        revealed() if open_now else given()
    return open_now


def _cells(
    desk: Desk, exercise: Exercise, verdict: Verdict | None, blank: str, *, shown: bool
) -> None:
    attempt = desk.setting.attempt(exercise.key)
    rows, columns = exercise.truth.shape

    def take(cells: list[str]) -> None:
        typed: Typed = tuple(tidy(cell) or blank for cell in cells[: exercise.truth.size])
        desk.attempt(exercise.key, typed=typed, solved=grade(exercise, typed).solved)

    data = guess_data(
        f"{exercise.key} {desk.setting.numbers}",
        (rows, columns),
        attempt.typed,
        verdict.marks if verdict else (),
        exercise.truth if shown else None,
        [] if attempt.open else [short(each) for each in exercise.candidates],
        translated(GUESS_TEXT),
    )
    components.guess(data, desk.key(f"guess_{exercise.key}"), take)


def _said(desk: Desk, exercise: Exercise, verdict: Verdict, numbers: Mapping[str, str]) -> None:
    """Confirm what is right, and name the mistake that the wrong cells point to."""
    came, asked = len(desk.setting.attempt(exercise.key).typed), len(verdict.marks)
    if came > asked:
        sentence = _("The link has {came} numbers for {asked} cells: the first {asked} are graded.")
        st.caption(sentence.format(came=came, asked=asked))
    if verdict.solved:
        st.success(desk.text.section(f"{exercise.key} right", **numbers), icon=":material/check:")
        return
    tally = _("{right} of {count} cells are right.").format(
        right=verdict.count("right"), count=len(verdict.marks)
    )
    if verdict.mistake:
        wrong = verdict.count("wrong")
        explained = _("{explained} of {wrong} wrong cells are what this gives.").format(
            explained=verdict.explained, wrong=wrong
        )
        name = desk.text.section(f"{exercise.key} mistake: {verdict.mistake}", **numbers)
        st.warning(f"{tally}\n\n{name} {explained}", icon=":material/lightbulb:")
    elif verdict.count("unreadable"):
        st.warning(f"{tally} {_('Write numbers such as -3, 0.5 or 1/4.')}")
    elif verdict.count("wrong"):
        st.warning(f"{tally} {_('No likely mistake gives the others. Open a hint.')}")
    else:
        st.info(tally)


def _buttons(desk: Desk, exercise: Exercise, numbers: Mapping[str, str], *, solved: bool) -> None:
    attempt = desk.setting.attempt(exercise.key)
    hints = desk.text.numbered(f"{exercise.key} hint")
    for hint in hints[: attempt.hints]:
        with st.container(key=f"hint_{hint.replace(' ', '_')}"):
            desk.say(hint, **numbers)
    with st.container(horizontal=True):
        left = len(hints) - attempt.hints
        if left > 0 and not solved:
            st.button(
                _("Hint {next} of {count}").format(next=attempt.hints + 1, count=len(hints)),
                key=desk.key(f"hint_{exercise.key}"),
                icon=":material/help:",
                on_click=lambda: desk.attempt(exercise.key, hints=attempt.hints + 1),
            )
        if not solved:
            label = _("Hide the answer") if attempt.revealed else _("Show the answer")
            st.button(
                label,
                key=desk.key(f"reveal_{exercise.key}"),
                icon=":material/visibility:",
                on_click=lambda: desk.attempt(exercise.key, revealed=not attempt.revealed),
            )
        if any(attempt.typed) or attempt.hints or attempt.revealed:
            st.button(
                _("Begin anew"),
                key=desk.key(f"anew_{exercise.key}"),
                icon=":material/restart_alt:",
                on_click=lambda: desk.attempt(
                    exercise.key, typed=(), hints=0, revealed=False, solved=None
                ),
            )
