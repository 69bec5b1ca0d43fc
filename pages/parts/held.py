"""One frozen value a page, which lives in the visitor's session and is opened by an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.text import say
from viz.language import Say


class Changeable(Protocol):
    """A frozen value."""

    def changed(self, **values: Any) -> Self:
        """Return the value with other values in some of its fields."""


State = TypeVar("State", bound=Changeable)

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
        came, arrived = st.query_params.to_dict(), arrived_at(self.name)
        if not self._has("value") or went_back() or (arrived and came):
            self.open(came)
        elif arrived:
            self._set("in_address", None)
        return self.current()

    def open(self, address: Mapping[str, str]) -> None:
        """Take the value that an address stands for."""
        value, problems = self.read(address, say())
        self._set("value", value)
        self._set("in_address", value)
        self._set("problems", problems)
        self._set("received", urlencode(address) if problems else "")

    def current(self) -> State:
        """Return the value as it stands."""
        value: State = self._get("value", self.default)
        return value

    def change(self, **fields: Any) -> None:
        """Change fields of the value; what a link could not say is settled with that."""
        self.replace_with(self.current().changed(**fields))

    def replace_with(self, value: State) -> None:
        """Take another value."""
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

    def problems(self) -> tuple[tuple[str, ...], str]:
        """Return what the last link could not say, and the link's own text."""
        return self._get("problems", ()), self._get("received", "")

    def link(self) -> str:
        """Return the address of what is on screen."""
        base = (st.context.url or "").split("?")[0]
        query = urlencode(self.write(self.current()))
        return f"{base}?{query}" if query else base

    def _has(self, what: str) -> bool:
        return f"{self.name}_{what}" in st.session_state

    def _get(self, what: str, otherwise: Any = None) -> Any:
        return st.session_state.get(f"{self.name}_{what}", otherwise)

    def _set(self, what: str, value: Any) -> None:
        st.session_state[f"{self.name}_{what}"] = value
