"""The way back and forth through the drafts of one visitor."""

from __future__ import annotations

import pytest
import streamlit as st

from pages.editor import history as editor_history
from pages.editor.history import STEPS, History, read_presses
from tests.models.drafts import preset

ONE = preset()
TWO = edit.rename(ONE, 1, "two")
THREE = edit.rename(ONE, 1, "three")


def test_what_is_undone_can_be_redone() -> None:
    history = History(ONE).then(TWO).then(THREE)
    back = history.undone().undone()
    assert back.present == ONE
    assert back.redone().present == TWO
    assert back.redone().redone() == history


def test_a_change_after_undo_forgets_what_was_undone() -> None:
    history = History(ONE).then(TWO).undone().then(THREE)
    assert history == History(THREE, (ONE,))
    assert history.redone() == history


def test_nothing_happens_at_the_ends_and_without_a_change() -> None:
    history = History(ONE)
    assert history.undone() == history.redone() == history.then(ONE) == history


def test_the_history_is_bounded() -> None:
    history = History(ONE)
    for step in range(STEPS + 5):
        history = history.then(edit.rename(ONE, 1, f"step{step}"))
    assert len(history.past) == STEPS
    assert history.past[0].layer(1).name == "step4"


def presses(*ways: str, first: int = 1) -> list[list[object]]:
    return [[number, way] for number, way in enumerate(ways, first)]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "undo",
        {},
        [1],
        [[1]],
        [[1, "undo", 2]],
        [[True, "undo"]],
        [["1", "undo"]],
        [[0, "undo"]],
        [[2**31, "undo"]],
        [[1, "again"]],
        [[1, ["undo"]]],
        presses(*["undo"] * (STEPS + 1)),
    ],
)
def test_what_is_no_press_is_left_alone(sent: object) -> None:
    assert read_presses(sent) == []


def test_each_press_counts_once_however_often_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(ONE).then(TWO).then(THREE)
    monkeypatch.setattr(st, "session_state", {editor_history.HISTORY: history})
    editor_history.take(presses("undo"))
    editor_history.take(presses("undo", "undo"))  # the first was not answered in time
    assert editor_history.current().present == ONE
    editor_history.take(presses("undo", "undo"))
    editor_history.take(presses("redo", "redo", "undo", first=3))
    assert editor_history.current().present == TWO
    assert editor_history.answered() == 5


def test_what_a_browser_sends_of_fields_drawn_anew_since_is_out_of_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    editor_history.draw()
    key = editor_history.field_key("name")
    assert key == "name"
    editor_history.renew()
    assert not editor_history.is_outdated(key)  # typed before that, and sent together with it
    assert editor_history.field_key("name") != key
    editor_history.draw()
    assert editor_history.is_outdated(key)
    assert not editor_history.is_outdated(editor_history.field_key("name"))
