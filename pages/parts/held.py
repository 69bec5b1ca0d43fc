"""One frozen value a page, which lives in the visitor's session and is opened by an address.

What the browser holds of it comes as the state ``said`` of a component, {"value": ..., "since":
...}: the whole of what that component holds, and when it became so. It is taken when somebody asks
for the value, so that whatever comes along with it finds it taken.

Whether a page is shown to a room, and in which language, is no part of its value: the browser
decides it, and an address that is written here keeps what it says of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeGuard, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.text import _, chosen, say
from viz import language as languages
from viz.answering.readers import flag, must
from viz.language import CHOSEN, Say
from viz.room import FOR_A_ROOM, OF_NO_PAGE


class Changeable(Protocol):
    """A frozen value."""

    def changed(self, **values: Any) -> Self:
        """Return the value with other values in some of its fields."""


State = TypeVar("State", bound=Changeable)

SAID = "said"
"""Name of the state of a component that holds a part of the value."""

LONG_LINK, RECEIVED_HEIGHT = 600, 150
"""Characters beyond which a link that was not understood is shown in a box of so many pixels."""

NUMBERS = (int, float)
PAGE = "page_on_screen"
"""Name of the page that the visitor saw last."""


def arrived_at(page: str) -> bool:
    """Note which page is on screen; tell whether the visitor comes from another one."""
    before = st.session_state.get(PAGE, page)
    st.session_state[PAGE] = page
    return bool(before != page)


def went_back() -> bool:
    """Tell whether this run answers Back or Forward of the browser."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


@dataclass(frozen=True)
class Held(Generic[State]):
    """Reads a page's value from the address, and changes it."""

    name: str
    default: State
    read: Callable[[Mapping[str, str], Say], tuple[State, tuple[str, ...]]]
    """Query parameters -> the value, and Markdown sentences about what they could not say."""
    write: Callable[[State], dict[str, str]]

    def follow(self) -> State:
        """Return the value, read anew when the visitor opened a link or went back.

        A visitor who comes back from another page finds what was left there.
        """
        arrived = arrived_at(self.name)
        if not self._has("value") or went_back() or (arrived and _came()):
            self.open(st.query_params.to_dict())
        elif arrived:
            self._set("in_address", None)
        return self.current()

    def open(self, address: Mapping[str, str]) -> None:
        """Take the value that an address stands for, whatever was said before."""
        self.current()
        own, _room, unread = apart(address, say())
        value, problems = self.read(own, say())
        self._set("value", value)
        self._set("in_address", value)
        self._set("address", own)
        self._set("problems", (*problems, *unread))
        self._set("received", urlencode(address) if problems or unread else "")

    def current(self) -> State:
        """Return the value as it stands, with what components have said since."""
        value: State = self._get("value", self.default)
        for key, take in self._get("takes", {}).items():
            said = _said(key)
            if said is not None and said != self._taken(key):
                self._set("taken", {**self._get("taken", {}), key: said})
                self._replace(take(value, said["value"]))
                value = self._get("value")
        return value

    def hear(self, key: str, take: Callable[[State, Any], State]) -> float | None:
        """Let a component hold a part of the value: ``take`` puts in what it says from now on.

        It must leave the value as it is where that makes no sense. What the component said on an
        earlier visit is left. Returns since when what it said and was taken was so, by its clock.
        """
        takes = self._get("takes", {})
        if key not in takes:
            self._set("taken", {**self._get("taken", {}), key: _said(key)})
        self._set("takes", {**takes, key: take})
        taken = self._taken(key)
        return None if taken is None else taken["since"]

    def _taken(self, key: str) -> Mapping[str, Any] | None:
        taken: Mapping[str, Any] | None = self._get("taken", {}).get(key)
        return taken

    def change(self, **fields: Any) -> None:
        """Change fields of the value; what a link could not say is settled with that."""
        self.replace_with(self.current().changed(**fields))

    def replace_with(self, value: State) -> None:
        """Take another value."""
        self._replace(value)

    def _replace(self, value: State) -> None:
        self._set("value", value)
        self._set("problems", ())
        self._set("received", "")

    def settle(self, **fields: Any) -> None:
        """Take what is shown in the place of what the address asks for and does not exist.

        The address stays as it came: it is the visitor's.
        """
        settled = self.current().changed(**fields)
        if self.is_in_address():
            self._set("in_address", settled)
        self._set("value", settled)

    def is_in_address(self) -> bool:
        """Whether the address stands for the value already."""
        return bool(self.current() == self._get("in_address"))

    def write_address(self) -> None:
        """Put the value into the address, unless that stands for it already.

        A page whose address is written by the browser does without. It is sent until the browser
        shows it: a run that is given up may not have told it.
        """
        value = self.current()
        if not self.is_in_address():
            self._set("in_address", value)
            self._set("address", self.write(value))
        wanted = self._get("address", {})
        if _came() != wanted:
            st.query_params.from_dict({**wanted, **_of_no_page()})

    def show_problems(self) -> None:
        """Draw what the last link could not say, and the link's own text."""
        problems = self._get("problems")
        if problems:
            lines = "\n".join(f"- {problem}" for problem in problems)
            st.warning(_("Part of this link could not be read:") + f"\n{lines}")
            received = self._get("received")
            st.code(
                received,
                language=None,
                wrap_lines=True,
                height=RECEIVED_HEIGHT if len(received) > LONG_LINK else "content",
            )

    def link(self) -> str:
        """Return the address of what is on screen."""
        return self.address_of(self.current(), _of_no_page())

    def address_of(self, value: State, more: Mapping[str, str] | None = None) -> str:
        """Return the address at which this visitor would find a value of this page."""
        base = (st.context.url or "").split("?")[0]
        if base.count("/") == 2:
            base += "/"  # nothing stands after the host
        query = urlencode({**self.write(value), **(more or {})})
        return f"{base}?{query}" if query else base

    def _has(self, what: str) -> bool:
        return f"{self.name}_{what}" in st.session_state

    def _get(self, what: str, otherwise: Any = None) -> Any:
        return st.session_state.get(f"{self.name}_{what}", otherwise)

    def _set(self, what: str, value: Any) -> None:
        st.session_state[f"{self.name}_{what}"] = value


def _of_no_page() -> dict[str, str]:
    """Return the parts of the address that say to whom a page is shown, if they do."""
    room, language = st.query_params.get(FOR_A_ROOM), chosen()
    return ({} if room is None else {FOR_A_ROOM: room}) | ({CHOSEN: language} if language else {})


def _came() -> dict[str, str]:
    """Return the parts of the address that are the page's own."""
    return apart(st.query_params.to_dict(), say())[0]


def apart(address: Mapping[str, str], say: Say) -> tuple[dict[str, str], bool, list[str]]:
    """Return the parts of an address that are a page's own, and whether a room is shown it.

    Also what of the others cannot be read, as Markdown sentences.
    """
    own = {name: text for name, text in address.items() if name not in OF_NO_PAGE}
    room, problem = flag(address.get(FOR_A_ROOM, "0"), say)
    unread = {FOR_A_ROOM: problem, CHOSEN: _unknown(address.get(CHOSEN), say)}
    default = say("The default is used.")
    return own, room, [f"{name}: {text} {default}" for name, text in unread.items() if text]


def _unknown(language: str | None, say: Say) -> str:
    """Say which languages there are where an address asks for another one."""
    if language is None or languages.chosen(language):
        return ""
    return must(say, "one of {names}", language, names=", ".join(languages.languages()))


def is_whole(value: object, most: int) -> TypeGuard[int]:
    """Tell whether what a component says is a whole number from 0 to ``most``."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _said(key: str) -> Mapping[str, Any] | None:
    """Return what a component says; None where it says nothing, or nothing that can be read."""
    state = st.session_state.get(key)
    said = None if state is None else state.get(SAID)
    readable = isinstance(said, Mapping) and "value" in said and type(said.get("since")) in NUMBERS
    return said if readable else None
