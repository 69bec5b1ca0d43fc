"""The network that this visitor is editing, with the way back and forth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from experiment.address import Experiment
from models.draft import INPUT_KEY, Draft, draft_of
from models.draft.diagnosis import Diagnosis, diagnose
from models.shapes import Shape
from models.spec import ModelSpec

STEPS = 100
"""Changes that can be undone; drafts share what they have in common."""
MOST_PRESSES = 2**31
"""Numbers of presses end here; nobody presses as often."""
HISTORY, RUNNING, CHOSEN, FOUND, ANSWERED, FORMS, DRAWN = (
    "editor_history",
    "editor_running",
    "editor_chosen",
    "editor_found",
    "editor_answered",
    "editor_forms",
    "editor_drawn",
)


@dataclass(frozen=True)
class History:
    """The draft, those before it and those undone, the nearest last."""

    present: Draft
    past: tuple[Draft, ...] = ()
    future: tuple[Draft, ...] = ()

    def then(self, draft: Draft) -> History:
        """Go on to another draft; what was undone is gone, and so is what is STEPS ago."""
        if draft == self.present:
            return self
        return History(draft, (*self.past, self.present)[-STEPS:])

    def undone(self) -> History:
        """Go one step back; at the beginning nothing changes."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.future, self.present))

    def redone(self) -> History:
        """Take the last step back again; when nothing was undone nothing changes."""
        if not self.future:
            return self
        return History(self.future[-1], (*self.past, self.present), self.future[:-1])


def follow(experiment: Experiment) -> History:
    """Return the history; a network that came from elsewhere (a link, a preset) is its last step.

    What runs and what is edited differ only while the draft cannot run.
    """
    running = (experiment.setting.network, experiment.setting.shape)
    if st.session_state.get(RUNNING) != running:
        draft = draft_of(*running)
        history: History | None = st.session_state.get(HISTORY)
        st.session_state[HISTORY] = history.then(draft) if history else History(draft)
        st.session_state[RUNNING] = running
        st.session_state[CHOSEN] = _first(draft, experiment)
    return current()


def current() -> History:
    """Return the history as it stands."""
    history: History = st.session_state[HISTORY]
    return history


def runs(spec: ModelSpec, shape: Shape) -> None:
    """Note which network runs now: that of the present draft."""
    st.session_state[RUNNING] = (spec, shape)


def forget() -> None:
    """Begin anew with what runs, even where it is what ran before."""
    st.session_state[RUNNING] = None


def change(make: Callable[[Draft], Draft], choose: Callable[[Draft], int] | None = None) -> None:
    """Change the draft; ``choose`` tells from the new one which layer is chosen then."""
    draft = make(current().present)
    st.session_state[HISTORY] = current().then(draft)
    if choose is not None:
        select(choose(draft))


def answered() -> int:
    """Return the number of the last press of Undo or Redo that was taken."""
    number: int = st.session_state.get(ANSWERED, 0)
    return number


def take(sent: object) -> None:
    """Take the presses of Undo and Redo that a browser sent, each of them once."""
    renew()
    for number, way in read_presses(sent):
        if number > answered():
            now = current()
            st.session_state[HISTORY] = now.undone() if way == "undo" else now.redone()
            st.session_state[ANSWERED] = number


def read_presses(sent: object) -> list[tuple[int, str]]:
    """Read ``[[1, "undo"], [2, "redo"], ...]``; nothing when it is none of ours."""
    if not isinstance(sent, list) or len(sent) > STEPS or not all(map(_is_press, sent)):
        return []
    return [(number, way) for number, way in sent]


def _is_press(sent: object) -> bool:
    if not isinstance(sent, list) or len(sent) != 2 or sent[1] not in ("undo", "redo"):
        return False
    number = sent[0]
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < MOST_PRESSES


def renew() -> None:
    """Draw the fields anew, since something else changes what is in them.

    A browser that has not heard of it yet sends what was in them before, with whatever comes next;
    that must not be taken for a change by the visitor. So the new fields get other names.
    """
    st.session_state[FORMS] = st.session_state.get(FORMS, 0) + 1


def draw() -> None:
    """Note that the fields are drawn under their names of now."""
    st.session_state[DRAWN] = st.session_state.get(FORMS, 0)


def field_key(name: str) -> str:
    """Return the key of a field as long as nothing else changes what is in it."""
    return _numbered(name, st.session_state.get(FORMS, 0))


def is_outdated(key: str) -> bool:
    """Whether a field with this key has been drawn anew since."""
    return key != _numbered(key.partition("~")[0], st.session_state.get(DRAWN, 0))


def _numbered(name: str, number: int) -> str:
    return f"{name}~{number}" if number else name


def select(key: int) -> None:
    """Choose a layer, or the input."""
    st.session_state[CHOSEN] = key


def chosen(draft: Draft) -> int:
    """Return the key of the chosen layer; the last one's when that is gone."""
    key: int = st.session_state.get(CHOSEN, INPUT_KEY)
    if key == INPUT_KEY or key in draft.keys:
        return key
    return draft.keys[-1] if draft.keys else INPUT_KEY


def diagnosis(draft: Draft, training: bool) -> Diagnosis:
    """Return what is wrong with a draft; the last answer is kept."""
    kept: tuple[Draft, Diagnosis] | None = st.session_state.get(FOUND)
    if kept is None or (kept[0], kept[1].training) != (draft, training):
        kept = (draft, diagnose(draft, training))
        st.session_state[FOUND] = kept
    return kept[1]


def _first(draft: Draft, experiment: Experiment) -> int:
    """Choose the layer that the preset wants to be seen first."""
    wanted = [
        layer.key for layer in draft.layers if layer.name == experiment.setting.source.look_at[0]
    ]
    return (*wanted, *draft.keys)[0]
