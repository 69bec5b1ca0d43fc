"""An address has room for up to four runs side by side; one run alone is written as ever."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiment.beside.made import with_activation, without_layer
from experiment.setting import DEFAULT, Setting, of_preset, with_network
from experiment.view import View
from experiment.written.address import Experiment, from_address, to_address
from experiment.written.file import from_json, to_json
from tests.experiment.written.test_address import SETTINGS


@settings(deadline=None)
@given(SETTINGS, st.lists(SETTINGS, max_size=3).map(tuple))
def test_up_to_four_runs_come_back_from_one_address(
    first: Setting, beside: tuple[Setting, ...]
) -> None:
    experiment = Experiment(first, View(node="n3"), beside)
    query = urlencode(to_address(experiment))
    assert from_address(dict(parse_qsl(query))) == (experiment, ())


def test_a_further_run_says_only_what_differs_from_the_first() -> None:
    first = replace(of_preset("lenet"), seed=3)
    four = Experiment(first, beside=(replace(first, training=False), of_preset("mlp"), first))
    assert to_address(four) == {
        "v": "2",
        "model": "lenet",
        "seed": "3",
        "2.training": "0",
        "3.model": "mlp",
        "4.seed": "3",
    }


def test_a_further_run_that_lacks_what_the_first_has_begins_from_its_preset() -> None:
    first = replace(DEFAULT, input_shape=(4, 1, 2, 2), seed=3)
    two = Experiment(first, beside=(replace(first, input_shape=None),))
    assert to_address(two) == {
        "v": "2",
        "input_shape": "4x1x2x2",
        "seed": "3",
        "2.model": "test",
        "2.seed": "3",
    }
    assert from_address(to_address(two)) == (two, ())


@settings(deadline=None)
@given(SETTINGS, st.lists(SETTINGS, max_size=3).map(tuple))
def test_runs_side_by_side_come_back_from_a_file(
    first: Setting, beside: tuple[Setting, ...]
) -> None:
    found, problems = from_json(to_json(Experiment(first, beside=beside)), Experiment())
    assert problems == ()
    assert normal(found) == normal(Experiment(first, beside=beside))


def normal(experiment: Experiment) -> list[Setting]:
    """The runs, each with its preset's own network and shape where they are the preset's."""
    runs = (experiment.setting, *experiment.beside)
    return [with_network(run, run.network, run.shape) for run in runs]


def test_a_run_that_names_no_model_has_the_first_ones() -> None:
    experiment, problems = from_address({"v": "2", "model": "lenet", "2.seed": "5"})
    assert problems == ()
    assert experiment.beside == (replace(of_preset("lenet"), seed=5),)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (
            "2.seed",
            "x",
            "2.seed: it must be a whole number from 0 to 4294967295; `x` came. "
            "The default is used: 0.",
        ),
        (
            "2.input",
            "upload",
            "2.input: upload needs a picture, and the link has none that can be read. "
            "The default is used: arange.",
        ),
        ("2.net", "x", "2.net: it is cut off or was changed on its way. The default is used."),
        ("2.node", "n3", "`2.node`: the link has a part that means nothing here."),
        ("5.seed", "3", "`5.seed`: the link has a part that means nothing here."),
        ("2.", "3", "`2.`: the link has a part that means nothing here."),
        ("2.2.seed", "3", "`2.2.seed`: the link has a part that means nothing here."),
    ],
)
def test_what_cannot_be_read_of_a_further_run_is_said_with_its_number(
    name: str, text: str, problem: str
) -> None:
    experiment, problems = from_address({"v": "2", name: text})
    assert problems == (problem,)
    assert experiment.setting == DEFAULT


def test_a_further_run_of_a_preset_that_does_not_exist_is_the_default_one() -> None:
    experiment, (problem,) = from_address({"v": "2", "model": "lenet", "2.model": "nothing"})
    assert problem.startswith("2.model: there is no preset `nothing`.")
    assert experiment.beside == (DEFAULT,)


def test_a_further_run_follows_the_first_in_what_both_have_in_common() -> None:
    first = of_preset("lenet")
    two = Experiment(first, beside=(replace(first, seed=5), of_preset("mlp")))
    trained = two.changed(training=False, node="n3")
    assert trained.beside[0] == replace(first, seed=5, training=False)
    reseeded = two.changed(seed=9)
    assert reseeded.setting.seed == 9
    assert reseeded.beside[0].seed == 5
    assert two.changed(node="n3").beside == two.beside


def test_a_further_run_with_its_own_network_keeps_it_when_the_first_gets_another() -> None:
    first = of_preset("lenet")
    own = with_activation(first, "ReLU", "Tanh")
    edited = without_layer(first, "relu1")
    followed = Experiment(first, beside=(own, replace(first, seed=5))).running(edited)
    assert [each.spec for each in followed.beside] == [own.spec, edited.spec]
