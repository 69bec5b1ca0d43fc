"""The experiment of this visitor: one value in the session, which the workbench keeps up to date.

The address is read when a visit begins, when a link is followed and when the visitor goes back.
The workbench writes it; what is looked at there comes as one message, see ``pages.workbench``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from experiment.address import Experiment, from_address, to_address
from experiment.view import View
from pages.parts.held import Held


@dataclass(frozen=True)
class Heard(Held[Experiment]):
    """Also knows what the workbench said last."""

    def open(self, address: Mapping[str, str]) -> None:
        """Take the experiment that an address stands for, whatever the workbench said."""
        super().open(address)
        self._set("heard", None)

    def replace_with(self, value: Experiment) -> None:
        """Take another experiment, whose address the workbench writes."""
        super().replace_with(value)
        self._set("in_address", None)

    def hear(self, view: View) -> None:
        """Take what the workbench says is looked at."""
        self._set("value", replace(self.current(), view=view))
        self._set("in_address", None)
        self._set("heard", view)

    def heard(self) -> View | None:
        """Return what the workbench said last; None where the address has decided since."""
        view: View | None = self._get("heard")
        return view


PLAYGROUND = Heard("experiment", Experiment(), from_address, to_address)

follow_address = PLAYGROUND.follow
current = PLAYGROUND.current
change = PLAYGROUND.change
replace_with = PLAYGROUND.replace_with
settle = PLAYGROUND.settle
problems = PLAYGROUND.problems
link = PLAYGROUND.link
is_in_address = PLAYGROUND.is_in_address
hear = PLAYGROUND.hear
heard = PLAYGROUND.heard
open_address = PLAYGROUND.open
