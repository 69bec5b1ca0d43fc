"""Controls that a lesson may have: switches in a list, actions in order, an order to find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from lessons.asking.exercise import Exercise, order
from lessons.blocks import Choose, Controls, Predict, Prose
from lessons.catalogue import LESSONS
from lessons.choosing.choice import Actions, Settable, Switches
from lessons.lesson import Step
from lessons.nearest_upsampling.figures import sizes
from lessons.nearest_upsampling.recipe import Enlarging
from lessons.running.trial import Trial
from tests.pages.saying import data, says
from tests.pages.test_lesson_pages import attempts, opened, query, ran, written

LESSON = "nearest_upsampling"
WAYS = {"near": "Nearest", "nails": "Bed of nails", "max": "Max unpooling"}
"""Words that the catalogue has."""


@dataclass(frozen=True)
class Ordered(Enlarging):
    """An upsampling of which an order is asked."""

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        return {"predict": lambda _trial: order("predict", WAYS, ("max", "near", "nails"), {})}


@pytest.fixture(autouse=True)
def _with_every_control(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = LESSONS[LESSON]
    blocks = (
        Controls((Choose(("switched", "done")),)),
        Prose("question"),
        Predict("predict", given=(), revealed=(), numbers=sizes),
    )
    kept = [step for step in lesson.steps if "predict" not in step.exercises]
    step = Step("set", "Predict", lambda _study: Ordered(), blocks)
    switches = Switches(tuple(WAYS.values()), (False, True, False), "Map")
    choices: dict[str, Settable] = {
        "switched": switches,
        "done": Actions(WAYS, most=3, label="Sample"),
    }
    monkeypatch.setitem(
        LESSONS,
        LESSON,
        replace(lesson, steps=(step, *kept), choices={**lesson.choices, **choices}),
    )


def test_switches_in_a_list_are_each_on_or_off_and_stand_in_the_link() -> None:
    app = opened(LESSON, switched="011")
    (switches,) = (each for each in app.button_group if each.label == "Map")
    assert switches.value == [1, 2]
    ran(switches.set_value([0, 2]).run())
    assert app.query_params["switched"] == "101"
    (switches,) = (each for each in app.button_group if each.label == "Map")
    ran(switches.set_value([1]).run())
    assert "switched" not in app.query_params, "as at the beginning"


def test_actions_stand_in_their_order_and_what_is_none_is_left() -> None:
    app = opened(LESSON, done="max.near.max")
    key = f"{LESSON}_done"
    assert data(app, key)["value"] == ["max", "near", "max"]
    says(app, (key, ["nails"]))
    assert app.query_params["done"] == "nails"
    for said in ("nails", ["fly"], ["near"] * 4, [1], None):
        says(app, (key, said))
        assert app.query_params["done"] == "nails", said


def test_an_order_is_graded_place_by_place() -> None:
    app = opened(LESSON)
    asked = data(app, f"{LESSON}_guess_predict")
    assert (asked["kind"], asked["items"]) == ("order", list(WAYS.values()))
    attempts(app, LESSON, "predict", typed=["2", "1", "0"])
    assert data(app, f"{LESSON}_guess_predict")["marks"] == ["right", "wrong", "wrong"]
    attempts(app, LESSON, "predict", typed=["2", "0", "1"])
    assert data(app, f"{LESSON}_guess_predict")["solved"]


def test_one_of_very_many_numbers_is_typed_and_its_bounds_are_said() -> None:
    app = opened("dilation", step="stages")
    (field,) = app.number_input
    assert (field.label, field.value) == ("Side of the picture, 33 to 1024", 473)
    ran(field.set_value(225).run())
    assert app.query_params["side"] == "225"
    assert "**29x29**" in written(app)
    app = opened("dilation", step="stages", side="1025")
    assert app.number_input[0].value == 473
    assert "33 to 1024" in "".join(each.value for each in app.warning)


def test_a_typed_expression_is_refused_by_its_part_and_can_be_mended() -> None:
    app = opened("autograd", step="vector", expression="own", typed="x.__class__")
    (refusal,) = (each.value for each in app.error)
    assert "is none of these" in refusal
    (field,) = app.text_input
    assert field.value == "x.__class__"
    ran(field.set_value("x * y").run())
    assert not app.error
    assert query(app)["typed"] == "x * y"


def test_an_emptied_expression_leaves_what_was_typed_before() -> None:
    app = opened("autograd", step="vector", expression="own", typed="x * y")
    (field,) = app.text_input
    ran(field.set_value("  ").run())
    assert query(app)["typed"] == "x * y"


def test_who_looks_at_the_last_state_goes_on_to_the_next_one() -> None:
    app = opened("autograd", step="press", pressed="bv", after="0")
    (slider,) = app.slider
    assert (slider.min, slider.max, slider.value) == (0, 1, 0)
    ran(slider.set_value(1).run())
    assert "after" not in query(app)


@pytest.mark.parametrize(("step", "name"), [("smooth", "copies"), ("path", "parts")])
def test_a_count_that_is_not_offered_is_named_and_the_step_is_drawn(step: str, name: str) -> None:
    app = opened("grad_cam", v="2", step=step, **{name: "5"})
    (warning,) = app.warning
    assert f"{name}: it must be one of 1, " in warning.value
