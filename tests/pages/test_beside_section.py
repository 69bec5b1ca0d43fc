"""Another run beside this one: opened, swapped, closed and refused, without a browser."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from experiment.beside.made import with_activation, with_cell, without_layer
from experiment.setting import DEFAULT, Setting, of_preset
from experiment.written.address import Experiment, from_address, to_address
from tests.pages.test_playground_page import labelled, opened, press, query, ran, told

LENET = of_preset("lenet")


def choose(page: AppTest, label: str, option: str) -> AppTest:
    return ran(labelled(page.selectbox, label).set_value(option).run())


def pair(page: AppTest) -> tuple[Setting, Setting]:
    """The two runs that the browser is told to compare."""
    beside = told(page)["beside"]
    a, b = (from_address(dict(parse_qsl(beside[side])))[0] for side in "ab")
    assert (a.beside, b.beside) == ((), ())
    return a.setting, b.setting


def said(page: AppTest) -> str:
    return "\n".join(each.value for each in page.sidebar.markdown).replace("\\", "")


def test_nothing_stands_beside_a_run_at_first() -> None:
    page = opened()
    assert told(page)["beside"] is None
    assert "Close B" not in [each.label for each in page.button]


def test_another_seed_is_run_beside_and_closed_again() -> None:
    page = press(opened(model="lenet", node="n6"), "Run B beside A")
    assert pair(page) == (LENET, replace(LENET, seed=1))
    assert query(page)["2.seed"] == "1"
    assert "scale" not in query(page)  # what is compared shares one
    sentence = "Different: weights (3,682 of 3,682), seed. The same: layers, input, loss, target."
    assert sentence in said(page)
    assert told(page)["beside"]["apart"] == sentence
    assert told(page)["run"] == "v=2&model=lenet"  # the network that is edited is A's alone
    page = press(page, "Close B")
    assert told(page)["beside"] is None
    assert query(page) == {"v": "2", "model": "lenet", "node": "n6"}


def test_beside_an_open_b_the_controls_speak_of_another_one() -> None:
    page = opened(model="lenet", **{"2.seed": "7"})
    assert labelled(page.selectbox, "Replace B by the same run, but with").value == "Another seed"
    page = press(page, "Replace B")
    assert pair(page) == (LENET, replace(LENET, seed=1))


def test_swapping_makes_b_the_run_that_all_controls_are_about() -> None:
    page = press(opened(model="lenet", node="n6", **{"2.seed": "7"}), "Swap")
    assert pair(page) == (replace(LENET, seed=7), LENET)
    assert labelled(page.number_input, "Seed").value == 7
    assert query(page)["node"] == "n6"


def test_nodes_are_looked_at_anew_where_the_other_network_has_others() -> None:
    link = to_address(Experiment(LENET, beside=(without_layer(LENET, "relu1"),)).changed(node="n6"))
    page = press(opened(**link), "Swap")
    assert "node" not in query(page)
    assert not page.warning


@pytest.mark.parametrize(
    ("way", "label", "option", "wanted"),
    [
        (
            "Another activation",
            "Every layer of the kind",
            "Tanh for ReLU",
            with_activation(LENET, "ReLU", "Tanh"),
        ),
        ("A layer left out", "Layer that B lacks", "relu2", without_layer(LENET, "relu2")),
        ("Another target", "Target of B", "class_7", replace(LENET, target="class_7")),
    ],
)
def test_b_is_made_of_a(way: str, label: str, option: str, wanted: Setting) -> None:
    page = choose(opened(model="lenet"), "B is the same run, but with", way)
    page = press(choose(page, label, option), "Run B beside A")
    assert pair(page) == (LENET, wanted)


def test_one_weight_is_changed_in_b_alone() -> None:
    page = choose(opened(), "B is the same run, but with", "One weight or pixel")
    page = choose(page, "Tensor", "conv2.weight")
    ran(page.number_input(key="beside_index_conv2.weight_3").set_value(2).run())
    ran(labelled(page.number_input, "Number there in B").set_value(0.5).run())
    page = press(page, "Run B beside A")
    assert pair(page) == (DEFAULT, with_cell(DEFAULT, "conv2.weight", 2, 0.5))
    assert told(page)["edits"] == {}
    assert "Different: weights (1 of 17). The same: layers, input, loss" in said(page)


def test_a_network_with_skips_offers_to_leave_one_out_and_another_does_not() -> None:
    offered = labelled(opened(model="residual").selectbox, "B is the same run, but with").options
    assert "A skip left out" in offered
    offered = labelled(opened(model="lenet").selectbox, "B is the same run, but with").options
    assert "A skip left out" not in offered
    assert "The changes by hand left out" not in offered


def test_of_a_run_b_that_is_refused_the_reason_is_said_and_a_is_shown() -> None:
    b = without_layer(LENET, "flatten")
    page = opened(**to_address(Experiment(LENET, beside=(b,))))
    (error,) = page.main.error
    sentence = error.value.replace("\\", "")
    assert sentence.startswith("B cannot run: fc1: in_features is 108, but")
    assert sentence.endswith("Put Flatten before it. A alone is shown.")
    assert told(page)["runs"]
    assert told(page)["beside"] is None
    assert query(press(page, "Close B")) == {"v": "2", "model": "lenet"}


def test_b_follows_what_is_chosen_for_both() -> None:
    page = opened(model="lenet", **{"2.seed": "7"})
    ran(labelled(page.toggle, "Training mode").set_value(False).run())
    a, b = pair(page)
    assert (a.training, b.training, b.seed) == (False, False, 7)


def test_of_more_than_two_runs_the_first_two_are_compared() -> None:
    page = opened(model="lenet", **{"2.seed": "7", "3.seed": "8"})
    assert pair(page)[1] == replace(LENET, seed=7)
    assert any("This link holds 3 runs." in each.value for each in page.sidebar.caption)


def test_while_a_map_is_hidden_no_other_run_gives_it_away() -> None:
    page = opened(model="lenet", hidden="conv2.downstream", **{"2.seed": "7"})
    assert told(page)["beside"] is None
    assert "Close B" not in [each.label for each in page.button]
    assert any("while a map is hidden" in each.value for each in page.sidebar.caption)
