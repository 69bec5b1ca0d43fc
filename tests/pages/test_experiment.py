"""What decides the picture round-trips through a URL, and every broken part is said in words."""

from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inputs import INPUTS
from models.losses import LOSSES, TARGETS
from models.presets import PRESETS
from pages.parts.experiment import (
    DEFAULT,
    LOOKING,
    MAX_INDEX,
    MAX_SEED,
    READERS,
    Experiment,
    from_url,
    of_preset,
)

INDICES = st.integers(0, MAX_INDEX)

EXPERIMENTS = st.builds(
    Experiment,
    model=st.sampled_from(list(PRESETS)),
    input=st.sampled_from(list(INPUTS)),
    loss=st.sampled_from(list(LOSSES)),
    target=st.sampled_from(list(TARGETS)),
    seed=st.integers(0, MAX_SEED),
    device=st.sampled_from(["cpu", "mps", "cuda:0", "cuda:12"]),
    input_gradient=st.booleans(),
    node=st.integers(0, 999_999).map("n{}".format),
    part=INDICES,
    sample=INDICES,
    channel=st.none() | INDICES,
    show=st.sampled_from(["gradient", "values", "parameters"]),
    saved=st.booleans(),
    attributes=st.booleans(),
    tint=st.booleans(),
    collapsed=st.booleans(),
)

OTHER = Experiment(
    model="unet",
    input="ramp",
    loss="l1",
    target="ones",
    seed=7,
    device="cuda:1",
    input_gradient=True,
    node="n4",
    part=2,
    sample=3,
    channel=5,
    show="values",
    saved=True,
    attributes=True,
    tint=True,
    collapsed=True,
    step=4,
)
"""Differs from the default in every field."""

NAMES = [field.name for field in fields(Experiment)]


@given(EXPERIMENTS)
def test_every_experiment_comes_back_from_its_own_url(experiment: Experiment) -> None:
    query = urlencode(experiment.to_url())
    assert from_url(dict(parse_qsl(query))) == (experiment, ())


@pytest.mark.parametrize("name", NAMES)
def test_each_field_alone_comes_back_from_the_url(name: str) -> None:
    assert getattr(OTHER, name) != getattr(DEFAULT, name)
    field = {name: getattr(OTHER, name)}
    changed = of_preset("unet") if name == "model" else replace(DEFAULT, **field)
    assert set(changed.to_url()) == {"v", name}
    assert from_url(changed.to_url()) == (changed, ())


def test_a_link_can_say_every_field_and_nothing_else() -> None:
    assert {"model", *READERS} == set(NAMES)
    assert {*LOOKING} < set(NAMES)


@pytest.mark.parametrize("model", PRESETS)
def test_a_preset_as_it_begins_needs_no_more_in_its_url_than_its_name(model: str) -> None:
    expected = {} if model == "test" else {"v": "1", "model": model}
    assert of_preset(model).to_url() == expected
    assert from_url(expected) == (of_preset(model), ())


def test_the_setting_forgets_what_is_looked_at_and_keeps_what_is_run() -> None:
    run = ("model", "input", "loss", "target", "seed", "device", "input_gradient")
    assert {*run} | {*LOOKING} == set(NAMES)
    for name in NAMES:
        kept = OTHER if name in run else DEFAULT
        assert getattr(OTHER.setting, name) == getattr(kept, name)


SEED = "seed: it must be a whole number from 0 to 4294967295; {} came. The default is used: 0."
INDEX = "{0}: it must be a whole number from 0 to 1000000; {1} came. The default is used{2}."

BROKEN = [
    ("seed", "abc", SEED.format("`abc`")),
    ("seed", "-1", SEED.format("`-1`")),
    ("seed", "1.5", SEED.format("`1.5`")),
    ("seed", "", SEED.format("` `")),
    ("seed", "4294967296", SEED.format("`4294967296`")),
    ("seed", "99999999999", SEED.format("`99999999999`")),
    ("seed", "٣", SEED.format("`٣`")),
    ("seed", "7" * 10_000, SEED.format(f"`{'7' * 60}…`")),
    ("seed", "[x](http://e.example)", SEED.format("`[x](http://e.example)`")),
    ("seed", "`` ` ``", SEED.format("``` `` ` `` ```")),
    ("seed", "1\n# Big", SEED.format("`1 # Big`")),
    ("node", "x", "node: it must be a node's id such as n5; `x` came. The default is used."),
    ("node", "n٣", "node: it must be a node's id such as n5; `n٣` came. The default is used."),
    (
        "node",
        "n1234567",
        "node: it must be a node's id such as n5; `n1234567` came. The default is used.",
    ),
    ("part", "-1", INDEX.format("part", "`-1`", "")),
    ("sample", "1000001", INDEX.format("sample", "`1000001`", ": 0")),
    (
        "channel",
        "none",
        "channel: it must be 'all' or a whole number from 0 to 1000000; `none` came. "
        "The default is used.",
    ),
    (
        "device",
        "tpu",
        "device: it must be cpu, mps or a CUDA device such as cuda:0; `tpu` came. "
        "The default is used: cpu.",
    ),
    (
        "show",
        "all",
        "show: it must be one of gradient, values, parameters; `all` came. "
        "The default is used: gradient.",
    ),
    ("saved", "yes", "saved: it must be 0 or 1; `yes` came. The default is used: 0."),
    (
        "input",
        "cat",
        f"input: it must be one of {', '.join(INPUTS)}; `cat` came. The default is used: arange.",
    ),
    (
        "loss",
        "MSE",
        f"loss: it must be one of {', '.join(LOSSES)}; `MSE` came. The default is used: mse.",
    ),
    (
        "target",
        "nines",
        f"target: it must be one of {', '.join(TARGETS)}; `nines` came. "
        "The default is used: zeros.",
    ),
    (
        "model",
        "nope",
        f"model: there is no preset `nope`. There are {', '.join(PRESETS)}. test is shown.",
    ),
    ("colour", "red", "`colour`: the link has a part that means nothing here."),
    (
        "v",
        "7",
        "v: this link was written by another version (`7`; this one reads 1). "
        "What is understood of it is shown.",
    ),
]


@pytest.mark.parametrize(("name", "text", "sentence"), BROKEN)
def test_a_broken_value_names_the_field_what_must_hold_and_what_came(
    name: str, text: str, sentence: str
) -> None:
    assert from_url({name: text}) == (DEFAULT, (sentence,))


def test_a_broken_value_leaves_the_rest_of_the_link_in_force() -> None:
    experiment, problems = from_url({"v": "1", "model": "mlp", "seed": "abc", "node": "n3"})
    assert experiment == replace(of_preset("mlp"), node="n3")
    assert problems == (SEED.format("`abc`"),)


@given(st.dictionaries(st.sampled_from([*NAMES, "v", "what"]), st.text(max_size=80)))
def test_no_link_at_all_breaks_the_reader(parameters: dict[str, str]) -> None:
    experiment, problems = from_url(parameters)
    assert from_url(experiment.to_url()) == (experiment, ())
    assert all(problem.endswith(".") for problem in problems)
    assert len(problems) <= len(parameters)
