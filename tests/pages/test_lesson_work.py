"""Long work in a lesson as Streamlit runs it: in chunks, stopped, the same from its link."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lessons.unpooling.errors import ManyMaps
from pages.parts import following
from tests.pages.saying import data
from tests.pages.test_lesson_pages import START, captions, goes_to, opened, ran, written

LESSON = "unpooling"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk be a single step."""
    monkeypatch.setattr(following, "CHUNK", 0.0)


def curves(app: AppTest) -> list[int]:
    """How many points every curve has."""
    return [len(each["points"]) for each in data(app, f"{LESSON}_errors")["curves"]]


def stop(app: AppTest) -> list[str]:
    return [each.label for each in app.button if each.label == "Stop"]


@pytest.mark.usefixtures("slow")
def test_every_run_of_the_page_does_a_chunk_and_shows_how_far_it_is() -> None:
    app = opened(LESSON, step="many", many="3")
    assert curves(app) == [1, 1, 1]
    assert stop(app) == ["Stop"]
    assert curves(ran(app.run())) == [2, 2, 2]
    ran(app.run())
    assert curves(app) == [3, 3, 3]
    assert "Done: 3." in captions(app)
    assert stop(app) == []


@pytest.mark.usefixtures("slow")
def test_stop_keeps_what_was_done_and_the_link_says_how_much() -> None:
    app = ran(opened(LESSON, step="many", many="100").run())
    (button,) = (each for each in app.button if each.label == "Stop")
    ran(button.click().run())
    assert app.query_params["many"] == "2"
    assert "Done: 2." in captions(app)
    assert curves(app) == [2, 2, 2]
    assert stop(app) == []


@pytest.mark.usefixtures("slow")
def test_other_work_begins_anew_and_less_of_the_same_does_not() -> None:
    app = ran(opened(LESSON, step="many", many="2").run())
    assert curves(app) == [2, 2, 2]
    goes_to(app, START)
    assert curves(goes_to(app, LESSON, v="2", step="many", many="1")) == [1, 1, 1]
    assert stop(app) == [], "it was done before"
    goes_to(app, START)
    assert curves(goes_to(app, LESSON, v="2", step="many", many="2", kind="rough")) == [1, 1, 1]
    assert stop(app) == ["Stop"]


def test_a_link_gives_what_the_same_steps_give_by_themselves() -> None:
    app = opened(LESSON, step="many", many="40", seed="3", kind="rough")
    while stop(app):
        ran(app.run())
    steps = ManyMaps(3, "rough").steps()
    nearest = [next(steps)[0] for _ in range(40)]
    assert f"| {sum(nearest) / 40:.3g} |" in written(app)


def test_before_anything_is_asked_for_nothing_is_done() -> None:
    app = opened(LESSON, step="many")
    assert curves(app) == [0, 0, 0]
    assert stop(app) == []


@pytest.mark.parametrize("many", ["1001", "-1", "x", "1e3"])
def test_too_much_work_is_refused_by_the_link(many: str) -> None:
    app = opened(LESSON, step="many", many=many)
    (problem,) = (each.value for each in app.warning)
    assert problem.splitlines()[-1].startswith("- many: it must be a whole number from 0 to 1000")
