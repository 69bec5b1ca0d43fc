"""One frozen value a page: it lives in the visitor's session and is mirrored in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.parts.held import Held, State, arrived_at, went_back

Addresses = tuple[dict[str, str], ...]
"""The address that the browser showed last, and those written since, the newest last."""


@dataclass(frozen=True)
class Mirror(Held[State]):
    """Writes the value back into the address; it is the only one who writes that."""

    def follow(self) -> State:
        """Return the value, read anew when the visitor opened a link or went back.

        An address that was written here before the last one tells only that the browser has not
        heard of the last one yet, so it is not read; nor is one that comes with a control, which
        was used later. A visitor who comes back from another page finds what was left there.
        """
        came, arrived = st.query_params.to_dict(), arrived_at(self.name)
        sent: Addresses = self._get("sent", ())
        if arrived and not came and self._has("value"):
            self._set("sent", (came,))
            self._set("in_address", None)
        elif came in sent and not (arrived or went_back()):
            self._set("sent", sent[sent.index(came) :])
        elif arrived or went_back() or not self._get("changed"):
            self.open(came)
        return self.current()

    def open(self, address: Mapping[str, str]) -> None:
        """Take the value that an address stands for."""
        super().open(address)
        self._set("sent", (dict(address),))

    def replace_with(self, value: State) -> None:
        """Take another value."""
        super().replace_with(value)
        self._set("changed", True)

    def write_address(self) -> None:
        """Put the value into the address, unless the address stands for it already.

        It is sent until the browser shows it: a run that is given up may not have told it.
        """
        sent: Addresses = self._get("sent", ({},))
        self._set("changed", False)
        if not self.is_in_address():
            self._set("in_address", self.current())
            wanted = self.write(self.current())
            if wanted != sent[-1]:
                sent = (*sent, wanted)
                self._set("sent", sent)
        if st.query_params.to_dict() != sent[-1]:
            st.query_params.from_dict(sent[-1])
