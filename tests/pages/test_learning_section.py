"""The section in which parameters learn: its presses, its sentences, and what it refuses."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from experiment.packing import pack
from experiment.setting import DEFAULT, Setting, of_preset
from models.sgd import MAX_STEPS, Sgd
from models.spec import LayerSpec, ModelSpec
from pages.controls import sgd
from tests.experiment.runs import execute
from tests.pages.test_playground_page import labelled, opened, press, query, ran


def lines(page: AppTest) -> str:
    return "\n".join(each.value for each in page.sidebar.markdown).replace("\\", "")


def test_a_step_is_taken_undone_and_all_are_undone() -> None:
    page = opened()
    assert "Loss 0.193, before the first step" in lines(page)
    assert labelled(page.button, "Undo").disabled
    page = press(press(page, "Take a step"), "Take a step")
    assert query(page)["sgd"] == "0.1,2"
    losses = execute(replace(DEFAULT, sgd=Sgd(0.1, 2)))
    assert (len(losses.losses), losses.losses[0]) == (2, execute(DEFAULT).capture.loss)
    before, after = sgd.pair(losses.losses[1], losses.capture.loss or 0)
    assert f"Step 2: loss {before} → {after}" in lines(page)
    assert f"In all: loss 0.193 → {after}" in lines(page)
    page = press(page, "Undo")
    assert query(page)["sgd"] == "0.1,1"
    assert "In all" not in lines(page)
    page = press(press(page, "Take a step"), "Undo all")
    assert "sgd" not in query(page)


def test_the_steps_that_were_taken_are_taken_anew_with_another_rate() -> None:
    page = opened(sgd="0.1,2")
    ran(labelled(page.selectbox, "Learning rate").select("0.3").run())
    assert query(page)["sgd"] == "0.3,2"


def test_a_rate_of_a_link_stands_among_those_that_are_offered() -> None:
    page = opened(sgd="0.02,1")
    box = labelled(page.selectbox, "Learning rate")
    assert box.value == "0.02"
    assert box.options.index("0.01") + 1 == box.options.index("0.02") < box.options.index("0.03")


def test_what_is_typed_and_is_no_rate_is_said_and_changes_nothing() -> None:
    page = opened(sgd="0.1,2")
    box = labelled(page.selectbox, "Learning rate")
    box.options.append("fast")  # a browser adds what is typed
    ran(box.set_value("fast").run())
    assert "a learning rate above 0 and at most 1000; `fast` came." in page.sidebar.error[0].value
    assert labelled(page.selectbox, "Learning rate").value == "0.1"
    assert query(page)["sgd"] == "0.1,2"
    ran(labelled(page.selectbox, "Learning rate").select("1").run())
    assert not page.sidebar.error


def test_after_the_last_step_there_is_no_further_one() -> None:
    page = opened(sgd=f"0.001,{MAX_STEPS}")
    assert labelled(page.button, "Take a step").disabled
    assert not labelled(page.button, "Undo").disabled


def test_the_rate_that_made_the_loss_infinite_is_named_and_the_step_can_be_undone() -> None:
    page = opened(sgd="1000,30")
    outcome = execute(replace(DEFAULT, sgd=Sgd(1000.0, 30)))
    losses = [*outcome.losses, outcome.capture.loss]
    step = next(n for n, loss in enumerate(losses) if loss is None or not math.isfinite(loss))
    assert step > 1
    (sentence,) = (each.value for each in page.warning if "After step" in each.value)
    written = "NaN" if math.isnan(losses[step] or 0) else "inf"
    assert sentence.startswith(f"After step {step} the loss is {written}\\: ")
    assert "the learning rate 1000 is too large for this run" in sentence
    page = press(page, "Undo all")
    assert not [each for each in page.warning if "After step" in each.value]


def steps(setting: Setting, count: int) -> tuple[Setting, str]:
    taken = replace(setting, sgd=Sgd(0.1, count))
    return taken, sgd.trouble(taken, execute(taken))


def test_no_rate_is_blamed_where_the_loss_was_infinite_before() -> None:
    edits = DEFAULT.edits.with_cells("input", {0: 1e6})
    for cell in range(4):
        edits = edits.with_cells("fc.weight", {cell: 1e6}).with_cells("conv2.weight", {cell: 1e6})
    huge = replace(DEFAULT, edits=edits.with_cells("conv1.weight", {0: 1e6}))
    assert not math.isfinite(execute(huge).capture.loss or 0)
    assert steps(huge, 1)[1].endswith("before the first step: no step can lower it.")


def test_numbers_that_stay_finite_are_no_trouble() -> None:
    assert steps(of_preset("lenet"), 2)[1] == ""
    assert sgd.trouble(DEFAULT, execute(DEFAULT)) == ""


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        (0.193, 0.18, ("0.193", "0.18")),
        (0.19312, 0.19311, ("0.19312", "0.19311")),
        (0.5, 0.5, ("0.5", "0.5")),
        (1.0, math.inf, ("1", "inf")),
    ],
)
def test_two_losses_have_as_many_digits_as_tell_them_apart(
    before: float, after: float, texts: tuple[str, str]
) -> None:
    assert sgd.pair(before, after) == texts


def test_where_a_vector_is_given_there_is_a_step_and_no_loss() -> None:
    page = press(opened(loss="given", target="ones"), "Take a step")
    assert query(page)["sgd"] == "0.1,1"
    assert "Step 1" in lines(page).splitlines()
    assert "no loss here" in "".join(each.value for each in page.sidebar.caption)
    assert not [each for each in page.warning if "After step" in each.value]


def test_a_network_without_parameters_has_no_step_to_take() -> None:
    bare = ModelSpec(layers=(LayerSpec(name="relu", kind="ReLU"),))
    page = opened(net=pack(bare), input_gradient="1", loss="sum")
    assert labelled(page.button, "Take a step").disabled
    assert "a step moves nothing" in "".join(each.value for each in page.sidebar.caption)
