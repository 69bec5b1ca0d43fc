"""One value a page: what components say of it, what the address says, and which of them counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pytest
import streamlit as st

from pages.parts import held, text
from pages.parts.held import Held, is_whole
from viz.language import Say, english


@dataclass(frozen=True)
class Pair:
    """Two numbers, each of which a component holds."""

    one: int = 0
    two: int = 0

    def changed(self, **values: Any) -> Self:
        return replace(self, **values)


def read(address: Mapping[str, str], _say: Say) -> tuple[Pair, tuple[str, ...]]:
    return Pair(**{name: int(value) for name, value in address.items()}), ()


def write(pair: Pair) -> dict[str, str]:
    return {name: str(value) for name, value in vars(pair).items() if value}


HELD = Held("pair", Pair(), read, write)


class Address(dict[str, str]):
    """The address as Streamlit hands it out."""

    to_dict = dict.copy

    def from_dict(self, values: Mapping[str, str]) -> None:
        self.clear()
        self.update(values)


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of its own, in which two components hold a number each."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "query_params", Address())
    listen()
    return state


def listen() -> list[float | None]:
    """Draw the components, which hear since when what they said was so."""

    def into(name: str) -> Any:
        return lambda pair, value: pair.changed(**{name: value}) if is_whole(value, 9) else pair

    return [HELD.hear(name, into(name)) for name in ("one", "two")]


def test_what_is_said_is_taken_once_and_in_any_order(session: dict[str, Any]) -> None:
    session["two"] = {"said": {"value": 2, "since": 1}}
    session["one"] = {"said": {"value": 1, "since": 2}}
    assert HELD.current() == HELD.current() == Pair(1, 2)
    assert listen() == [2, 1]


def test_a_change_by_others_outlives_what_was_said_before_it(session: dict[str, Any]) -> None:
    session["one"] = {"said": {"value": 1, "since": 1}}
    HELD.change(two=5)
    HELD.change(one=7)
    assert HELD.current() == Pair(7, 5)
    session["one"] = {"said": {"value": 1, "since": 2}}  # once more, to the same number
    assert HELD.current() == Pair(1, 5)


def test_a_link_that_is_opened_counts_more_than_what_was_said_before(
    session: dict[str, Any],
) -> None:
    session["one"] = {"said": {"value": 1, "since": 1}}
    HELD.open({"one": "4"})
    assert HELD.current() == Pair(4, 0)


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"said": None},
        {"said": 1},
        {"said": {"value": 1}},
        {"said": {"since": 1}},
        {"said": {"value": 1, "since": "now"}},
        {"said": {"value": 1, "since": True}},
    ],
)
def test_what_cannot_be_read_and_what_has_left_the_page_say_nothing(
    session: dict[str, Any], state: object
) -> None:
    session["one"] = state
    assert HELD.current() == Pair()


@pytest.mark.parametrize("value", [-1, 10, 1.0, True, "1", None, [1]])
def test_a_value_that_makes_no_sense_is_heard_and_left(
    session: dict[str, Any], value: object
) -> None:
    session["one"] = {"said": {"value": value, "since": 3}}
    assert HELD.current() == Pair()
    assert listen() == [3, None]


def test_what_a_component_said_on_an_earlier_visit_is_left(session: dict[str, Any]) -> None:
    session.clear()
    session["one"] = {"said": {"value": 1, "since": 1}}  # the server is new, the browser is not
    listen()
    assert HELD.current() == Pair()
    session["one"] = {"said": {"value": 2, "since": 2}}
    assert HELD.current() == Pair(2)


def test_the_address_is_written_when_the_value_has_changed_and_until_it_is_there() -> None:
    HELD.open({"one": "0"})
    HELD.write_address()
    assert st.query_params.to_dict() == {"one": "0"}, "as the visitor wrote it"
    HELD.change(two=3)
    for lost in (False, True):
        if lost:
            st.query_params.clear()
        HELD.write_address()
        assert st.query_params.to_dict() == {"two": "3"}


def test_an_address_that_the_browser_has_not_told_takes_nothing_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    HELD.follow()
    HELD.change(one=3)
    st.query_params.from_dict({"one": "1"})
    assert HELD.follow() == Pair(3)
    monkeypatch.setattr(held, "went_back", lambda: True)
    assert HELD.follow() == Pair(1)


@pytest.mark.usefixtures("session")
def test_a_language_that_a_link_chose_stays_with_every_address_that_is_written() -> None:
    st.query_params.from_dict({"one": "1", "lang": "ko"})
    HELD.open(st.query_params.to_dict())
    assert HELD.current() == Pair(1, 0)
    HELD.change(two=2)
    HELD.write_address()
    assert st.query_params.to_dict() == {"one": "1", "two": "2", "lang": "ko"}


@pytest.mark.usefixtures("session")
def test_a_language_that_was_chosen_holds_on_a_page_whose_address_does_not_say_it() -> None:
    st.query_params.from_dict({"lang": "ko"})
    assert text.language() == "ko"
    st.query_params.from_dict({})
    assert text.language() == "ko"
    assert text._("Undo") == "되돌리기"
    st.query_params.from_dict({"lang": "en"})
    assert (text.language(), text._("Undo")) == ("en", "Undo")


@pytest.mark.usefixtures("session")
def test_a_link_holds_the_language_and_one_to_hand_out_does_not() -> None:
    st.query_params.from_dict({"lang": "ko"})
    assert HELD.link().endswith("?lang=ko")
    assert "lang" not in HELD.address_of(Pair(1, 0))


def test_a_language_that_is_not_there_is_named_and_the_browsers_is_spoken() -> None:
    own, room, problems = held.apart({"one": "1", "lang": "xx"}, english)
    assert (own, room) == ({"one": "1"}, False)
    (sentence,) = problems
    assert sentence.startswith("lang: it must be one of en, ko;")
