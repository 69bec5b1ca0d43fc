"""The way back and forth through the drafts of one visitor."""

from __future__ import annotations

from models import edit
from pages.parts.editor_history import STEPS, History
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
