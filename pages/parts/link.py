"""The experiment of this visitor: one value in the session, which the workbench keeps up to date.

The address is read when a visit begins, when a link is followed and when the visitor goes back.
The workbench writes it; what is looked at there comes as one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

import streamlit as st

from experiment.setting import Setting, still_meant
from experiment.written.address import (
    Experiment,
    base_query,
    begun,
    from_address,
    looked_at,
    to_address,
)
from models.cell_edits import EditError, Edits, read_plain
from pages.parts.held import NUMBERS, Held

PASTING = "paste"
"""In a link and in the session: whether it opens the box for a class of one's own."""
WORKBENCH = "workbench"
"""Of what the workbench says, in the session."""


@dataclass(frozen=True)
class Said:
    """A message of the workbench: which run it belongs to, and all that the browser decides."""

    base: str
    """The query of what runs, without what the browser decides itself."""
    decided: int
    """How often the page had decided, as far as the browser knows, which network there is."""
    run: str | None
    """The query of what it runs, without changes by hand; None where it has decided nothing."""
    view: Mapping[str, str]
    """What is looked at, as it stands in an address."""
    edits: Edits
    """Cells changed by hand."""

    def onto(self, value: Experiment) -> Experiment:
        """Return an experiment of the same base with what the browser decided.

        Of the cells changed by hand, those are left that the network before it alone had.
        """
        view = looked_at(self.view, begun(value.setting.model).view)
        setting = self._setting(replace(value.setting, edits=self.edits))
        return replace(value, view=view).running(setting)

    def _setting(self, now: Setting) -> Setting:
        if self.run is None or now.source.layers is None:
            return now
        wanted, problems = from_address(dict(parse_qsl(self.run)))
        if problems or wanted.setting.source.layers is None:
            return now
        return replace(wanted.setting, edits=still_meant(now, wanted.setting))


@dataclass(frozen=True)
class Heard(Held[Experiment]):
    """Also knows what the workbench says."""

    def current(self) -> Experiment:
        """Return the experiment as it stands, with what the workbench says.

        What it says may come with a press outside of it, whose callback then finds it taken. It
        is left where it belongs to another run: there the page decides.
        """
        state = st.session_state.get(WORKBENCH)
        sent = None if state is None else state.get("said")
        value: Experiment = self._get("value", self.default)
        if sent is None or sent == self._get("said"):
            return super().current()
        self._set("said", sent)
        said = read(sent)
        if said is None or (said.base, said.decided) != (base_query(value), self.decided()):
            return super().current()
        value = said.onto(value)
        self._set("value", value)
        self._set("in_address", None)
        self._set("heard", replace(value, setting=replace(value.setting, edits=said.edits)))
        return super().current()

    def open(self, address: Mapping[str, str]) -> None:
        """Take the experiment that an address stands for, whatever the workbench said."""
        pastes = address.get(PASTING) == "1"
        super().open({k: v for k, v in address.items() if not (pastes and k == PASTING)})
        self._set(PASTING, pastes)
        self._set("heard", None)
        self._decide()

    def _replace(self, value: Experiment) -> None:
        """Take another experiment, whose address the workbench writes."""
        super()._replace(value)
        self._set("in_address", None)

    def wants_to_paste(self) -> bool:
        """Whether a link that was opened just now asks for the box for a class; said once."""
        wants = bool(self._get(PASTING))
        self._set(PASTING, False)
        return wants

    def begin(self, value: Experiment) -> None:
        """Take another experiment, whose network is to be edited from now on.

        That is also so where it is the one that runs: a draft that cannot run ends with it.
        """
        self.replace_with(value)
        self._decide()

    def decided(self) -> int:
        """Return how often the page has decided which network there is."""
        count: int = self._get("decided", 0)
        return count

    def _decide(self) -> None:
        self._set("decided", self.decided() + 1)

    def since(self) -> float:
        """Return when the last message that came from the workbench was said, by its clock."""
        sent = self._get("said")
        since = sent.get("since") if isinstance(sent, Mapping) else None
        return since if isinstance(since, NUMBERS) else 0

    def heard(self) -> Experiment | None:
        """Return what the workbench said last; None where the address has decided since."""
        value: Experiment | None = self._get("heard")
        return value


def read(sent: object) -> Said | None:
    """Read a message; None when it is none of ours."""
    if not isinstance(sent, Mapping):
        return None
    base, view = sent.get("base"), sent.get("view")
    if not isinstance(base, str) or not isinstance(view, Mapping):
        return None
    try:
        edits = read_plain(sent.get("edits"))
    except EditError:
        return None
    decided, run = sent.get("decided", 0), sent.get("run")
    if type(decided) is not int or not (run is None or isinstance(run, str)):
        return None
    texts = {str(name): text for name, text in view.items() if isinstance(text, str)}
    return Said(base, decided, run, texts, edits)


PLAYGROUND = Heard("experiment", Experiment(), from_address, to_address)

follow_address = PLAYGROUND.follow
current = PLAYGROUND.current
change = PLAYGROUND.change
replace_with = PLAYGROUND.replace_with
begin = PLAYGROUND.begin
decided = PLAYGROUND.decided
settle = PLAYGROUND.settle
show_problems = PLAYGROUND.show_problems
link = PLAYGROUND.link
address_of = PLAYGROUND.address_of
is_in_address = PLAYGROUND.is_in_address
heard = PLAYGROUND.heard
since = PLAYGROUND.since
open_address = PLAYGROUND.open
hear = PLAYGROUND.hear
wants_to_paste = PLAYGROUND.wants_to_paste
