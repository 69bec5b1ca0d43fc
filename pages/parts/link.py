"""The experiment of this visitor: one value in the session, which the workbench keeps up to date.

The address is read when a visit begins, when a link is followed and when the visitor goes back.
The workbench writes it; what is looked at there comes as one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from experiment.address import (
    Experiment,
    begun,
    from_address,
    looked_at,
    run_query,
    to_address,
)
from experiment.view import View
from pages.parts.held import Held

WORKBENCH = "workbench"
"""Of what the workbench says, in the session."""


@dataclass(frozen=True)
class Heard(Held[Experiment]):
    """Also knows what the workbench says."""

    def current(self) -> Experiment:
        """Return the experiment as it stands, with what the workbench says is looked at.

        What it says may come with a press outside of it, whose callback then finds it taken. It
        is left where it belongs to another run: there the address decides.
        """
        state = st.session_state.get(WORKBENCH)
        said = None if state is None else state.get("said")
        value: Experiment = self._get("value", self.default)
        if said is None or said == self._get("said"):
            return super().current()
        self._set("said", said)
        message = read(said)
        if message is None or message[0] != run_query(value):
            return super().current()
        view = looked_at(message[1], begun(value.setting.model).view)
        self._set("value", replace(value, view=view))
        self._set("in_address", None)
        self._set("heard", view)
        return super().current()

    def open(self, address: Mapping[str, str]) -> None:
        """Take the experiment that an address stands for, whatever the workbench said."""
        super().open(address)
        self._set("heard", None)

    def _replace(self, value: Experiment) -> None:
        """Take another experiment, whose address the workbench writes."""
        super()._replace(value)
        self._set("in_address", None)

    def heard(self) -> View | None:
        """Return what the workbench said last; None where the address has decided since."""
        view: View | None = self._get("heard")
        return view


def read(said: object) -> tuple[str, Mapping[str, str]] | None:
    """Read a message: the query of what runs, and what of it is looked at."""
    if not isinstance(said, Mapping):
        return None
    query, view = said.get("query"), said.get("view")
    if not isinstance(query, str) or not isinstance(view, Mapping):
        return None
    texts = {str(name): text for name, text in view.items() if isinstance(text, str)}
    return query, texts


PLAYGROUND = Heard("experiment", Experiment(), from_address, to_address)

follow_address = PLAYGROUND.follow
current = PLAYGROUND.current
change = PLAYGROUND.change
replace_with = PLAYGROUND.replace_with
settle = PLAYGROUND.settle
problems = PLAYGROUND.problems
link = PLAYGROUND.link
is_in_address = PLAYGROUND.is_in_address
heard = PLAYGROUND.heard
open_address = PLAYGROUND.open
hear = PLAYGROUND.hear
