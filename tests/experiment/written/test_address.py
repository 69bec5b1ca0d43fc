"""What decides the picture round-trips through a URL, and every broken part is said in words."""

from __future__ import annotations

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiment.feeding import UPLOAD
from experiment.packing import pack
from experiment.running.runs import Refused
from experiment.setting import DEFAULT, MAX_SEED, Setting, suited, with_network
from experiment.training.training import Training
from experiment.view import View
from experiment.written.address import (
    Experiment,
    base_query,
    begun,
    exercise,
    from_address,
    run_query,
    to_address,
    training_query,
)
from models.cell_edits import Edits
from models.inputs import INPUTS
from models.inputs.uploaded import to_text
from models.losses import LOSSES
from models.presets import PRESETS
from models.sgd import MAX_RATE, MAX_STEPS, Sgd
from models.spec import INPUT, LayerSpec, ModelSpec
from models.targets import TARGETS
from models.training.data import DATA
from models.training.optimizers import OPTIMIZERS
from tests.experiment.runs import execute
from tests.experiment.test_setting import TABLE
from tests.models.networks import networks
from viz.answering.parameter import parameters
from viz.answering.questions import MAX_INDEX

PICTURE = to_text(np.arange(27, dtype=np.uint8).reshape(3, 3, 3), (1, 1, 3, 3))
CELLS = st.dictionaries(st.integers(0, 99), st.floats(-1e6, 1e6, width=32), max_size=5)
EDITS = st.tuples(CELLS, CELLS).map(
    lambda each: Edits().with_cells("input", each[0]).with_cells("fc.bias", each[1])
)
INDICES = st.integers(0, MAX_INDEX)

SETTINGS = st.builds(
    Setting,
    model=st.sampled_from(list(PRESETS)),
    spec=st.none() | networks(),
    input_shape=st.none() | st.lists(st.integers(1, 20), min_size=1, max_size=5).map(tuple),
    input=st.sampled_from([*INPUTS, UPLOAD]),
    picture=st.just(PICTURE),
    edits=EDITS,
    loss=st.sampled_from(list(LOSSES)),
    target=st.sampled_from([*TARGETS, "cell_0", "cell_1_0", "cell_3_0_12_999"]),
    seed=st.integers(0, MAX_SEED),
    device=st.sampled_from(["cpu", "mps", "cuda:0", "cuda:12"]),
    input_gradient=st.booleans(),
    training=st.booleans(),
    sgd=st.builds(
        Sgd,
        st.floats(0, MAX_RATE, exclude_min=True, allow_subnormal=False),
        st.integers(0, MAX_STEPS),
    ),
).map(suited)
VIEWS = st.builds(
    View,
    node=st.integers(0, 999_999).map("n{}".format),
    part=INDICES,
    sample=INDICES,
    channel=st.none() | st.just("all") | INDICES,
    show=st.sampled_from(["gradient", "values", "parameters"]),
    scale=st.sampled_from(["shared", "own", "log"]),
    saved=st.booleans(),
    attributes=st.booleans(),
    tint=st.booleans(),
    collapsed=st.booleans(),
    editing=st.booleans(),
    hand=st.sampled_from(["", "input", "conv1.weight"]),
    plane=st.lists(INDICES, max_size=3).map(tuple),
    compare=st.booleans(),
    pins=st.sampled_from(["", "n5", "n5g1s2c3,n3v,n12pcall,n0s1"]),
    hidden=st.sampled_from(["", "conv2.downstream", "conv1.output,fc#2.upstream"]),
)
HUNDREDTHS = st.integers(0, 99).map(lambda each: each / 100)
TRAININGS = st.builds(
    Training,
    train=st.booleans(),
    train_data=st.sampled_from(["own", *DATA]),
    train_with=st.sampled_from(list(OPTIMIZERS)),
    train_rate=st.floats(0, MAX_RATE, exclude_min=True, allow_subnormal=False),
    train_momentum=HUNDREDTHS,
    train_batch=st.integers(1, 256),
    train_steps=st.integers(1, 500),
    train_clip=HUNDREDTHS,
    train_run=st.integers(0, 500),
    train_at=st.none() | st.integers(0, 500),
    train_layer=st.sampled_from(["", "conv1", "block.0.norm"]),
)
EXPERIMENTS = st.builds(Experiment, SETTINGS, VIEWS, training=TRAININGS)

START = Experiment()
OTHER = Experiment(
    Setting(
        model="unet",
        spec=ModelSpec(name="Own", layers=(LayerSpec(name="only", kind="ReLU", inputs=(INPUT,)),)),
        input_shape=(3, 2, 1),
        input="ramp",
        picture=PICTURE,
        edits=Edits().with_cells("input", {3: 0.1}).with_cells("target", {0: -1}),
        loss="l1",
        target="ones",
        seed=7,
        device="cuda:1",
        input_gradient=True,
        training=False,
        sgd=Sgd(0.3, 2),
    ),
    View(
        node="n4",
        part=2,
        sample=3,
        channel=5,
        show="values",
        scale="log",
        saved=True,
        attributes=True,
        tint=True,
        collapsed=True,
        step=4,
        editing=True,
        hand="conv1.weight",
        plane=(1, 0),
        compare=True,
        pins="n5,n3v",
        hidden="conv2.downstream,n3.upstream",
    ),
    training=Training(
        train=True,
        train_data="digits",
        train_with="adam",
        train_rate=0.01,
        train_momentum=0.5,
        train_batch=32,
        train_steps=20,
        train_clip=1.5,
        train_run=10,
        train_at=3,
        train_layer="conv1",
    ),
)
"""Differs from the default in every field of setting and view."""

RUN = [field.name for field in fields(Setting)]
NAMES = [*RUN, *(field.name for field in fields(View)), *(f.name for f in fields(Training))]
CALLED = {"spec": "net"}
"""What a field is called in the address, where that is not its name."""


@settings(deadline=None)
@given(EXPERIMENTS)
def test_every_experiment_comes_back_from_its_own_url(experiment: Experiment) -> None:
    query = urlencode(to_address(experiment))
    assert from_address(dict(parse_qsl(query))) == (experiment, ())


@pytest.mark.parametrize("name", NAMES)
def test_each_field_alone_comes_back_from_the_url(name: str) -> None:
    assert OTHER.value(name) != START.value(name)
    field = {name: OTHER.value(name)}
    changed = begun("unet") if name == "model" else START.changed(**field)
    assert set(to_address(changed)) == {"v", CALLED.get(name, name)}
    assert from_address(to_address(changed)) == (changed, ())


def test_a_link_can_say_every_field_and_nothing_else() -> None:
    assert len(NAMES) == len({*NAMES})
    read = [*parameters(Setting), *parameters(View), *parameters(Training)]
    assert read == [CALLED.get(name, name) for name in NAMES]


@pytest.mark.parametrize("model", PRESETS)
def test_a_preset_as_it_begins_needs_no_more_in_its_url_than_its_name(model: str) -> None:
    expected = {} if model == "test" else {"v": "2", "model": model}
    assert to_address(begun(model)) == expected
    assert from_address(expected) == (begun(model), ())


def test_the_setting_keeps_what_is_run_and_nothing_of_what_is_looked_at() -> None:
    run = (
        *("model", "spec", "input_shape", "input", "loss", "target", "seed", "device"),
        *("input_gradient", "training", "picture", "edits", "sgd"),
    )
    assert {*run} == {*RUN}
    for name in NAMES:
        field = {name: OTHER.value(name)}
        other = START.changed(**field).setting
        assert (other != DEFAULT) == (other.key != DEFAULT.key) == (name in run)


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
        f"input: it must be one of {', '.join(INPUTS)}, upload; `cat` came. "
        "The default is used: arange.",
    ),
    (
        "input",
        "upload",
        "input: upload needs a picture, and the link has none that can be read. "
        "The default is used: arange.",
    ),
    (
        "picture",
        "A<b>",
        "picture: the picture cannot be read; the link may be cut off. The default is used.",
    ),
    (
        "edits",
        "A<b>",
        "edits: the changed cells cannot be read; the link may be cut off. The default is used.",
    ),
    (
        "hand",
        "<b>",
        "hand: it must be a tensor's name such as input or conv1.weight; `<b>` came. "
        "The default is used.",
    ),
    (
        "plane",
        "1,0",
        "plane: it must be indices such as 1x0; `1,0` came. The default is used.",
    ),
    (
        "pins",
        "n1,n2,n3,n4,n5",
        "pins: it must be up to four pinned nodes such as n5,n3vs1c2; `n1,n2,n3,n4,n5` came. "
        "The default is used.",
    ),
    (
        "pins",
        "n5<b>",
        "pins: it must be up to four pinned nodes such as n5,n3vs1c2; `n5<b>` came. "
        "The default is used.",
    ),
    (
        "loss",
        "MSE",
        f"loss: it must be one of {', '.join(LOSSES)}; `MSE` came. The default is used: mse.",
    ),
    (
        "target",
        "nines",
        "target: it must be one of zeros, ones, xor, class_0 to class_999, class_by_sample, "
        "own_label, first_cell, middle_cell, last_cell, counting, large_small, random, "
        "checkerboard, ramp, impulse, or a cell such as cell_1_0; `nines` came. "
        "The default is used: zeros.",
    ),
    (
        "model",
        "nope",
        f"model: there is no preset `nope`. There are {', '.join(PRESETS)}. test is shown.",
    ),
    ("colour", "red", "`colour`: the link has a part that means nothing here."),
    (
        "net",
        "x!",
        "net: it is cut off or was changed on its way. The default is used.",
    ),
    (
        "input_shape",
        "2x",
        "input_shape: it must be sizes such as 2x1x8x8; `2x` came. The default is used.",
    ),
    (
        "input_shape",
        "9999x9999",
        "input_shape: an input has at most 4,000,000 cells. 9999x9999 has more; use a smaller "
        "batch or a smaller map. The default is used.",
    ),
    (
        "v",
        "7",
        "v: this link was written by another version (`7`; this one reads 1, 2). "
        "What is understood of it is shown.",
    ),
]


@pytest.mark.parametrize(("name", "text", "sentence"), BROKEN)
def test_a_broken_value_names_the_field_what_must_hold_and_what_came(
    name: str, text: str, sentence: str
) -> None:
    assert from_address({name: text}) == (START, (sentence,))


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_broken_value_leaves_the_rest_of_the_link_in_force(version: str) -> None:
    said = {"v": version, "model": "mlp", "seed": "abc", "node": "n3"}
    experiment, problems = from_address(said)
    assert experiment == begun("mlp").changed(node="n3")
    assert problems == (SEED.format("`abc`"),)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*NAMES, "v", "net", "what"]), st.text(max_size=80)))
def test_no_link_at_all_breaks_the_reader(said: dict[str, str]) -> None:
    experiment, problems = from_address(said)
    assert from_address(to_address(experiment)) == (experiment, ())
    assert all(problem.endswith(".") for problem in problems)
    assert len(problems) <= len(said)


def test_a_network_of_a_link_is_refused_before_it_is_made() -> None:
    fields = {"in_features": 10**6, "out_features": 10**6}
    layer = LayerSpec.model_validate({"name": "wide", "kind": "Linear", "fields": fields})
    experiment, problems = from_address({"net": pack(ModelSpec(layers=(layer,)))})
    assert not problems
    with pytest.raises(Refused, match=r"wide: the model needs 3\.6 TiB for parameters"):
        execute(experiment.setting)


def test_ids_with_their_changes_come_back_from_a_link() -> None:
    wanted = begun("words").changed(seed=3, edits=Edits().with_cells("input", {1: 2}))
    assert from_address(to_address(wanted)) == (wanted, ())
    own = Experiment(with_network(wanted.setting, TABLE, (2, 3)))
    assert own.setting.input == "tokens"
    assert from_address(to_address(own)) == (own, ())


@pytest.mark.parametrize(
    ("said", "used", "problem"),
    [
        (
            {"model": "words", "input": "photo"},
            "tokens",
            "input: every cell must be a whole number from 0 to 4, a row of embedding, "
            "but Photo came. Choose Token ids. The default is used: tokens.",
        ),
        (
            {"model": "test", "input": "tokens"},
            "arange",
            "input: Token ids are looked up in a table, but this network does not begin with "
            "Embedding. Choose another input. The default is used: arange.",
        ),
    ],
)
def test_a_link_that_feeds_what_the_network_cannot_take_is_said(
    said: dict[str, str], used: str, problem: str
) -> None:
    experiment, problems = from_address(said)
    assert experiment.setting.input == used
    assert [each.replace("\\", "") for each in problems] == [problem]


def test_what_is_handed_out_is_the_same_run_from_its_beginning() -> None:
    found = Experiment().changed(
        seed=3,
        sgd=Sgd(0.3, 2),
        node="n5",
        step=4,
        tint=True,
        editing=True,
        hand="fc.bias",
        pins="n3",
    )
    blank = Experiment().changed(seed=3, sgd=Sgd(0.3, 2), node="n5", tint=True)
    assert exercise(found) == blank == exercise(blank)


def test_another_run_begins_its_training_anew_and_another_look_does_not() -> None:
    trained = START.changed(train=True, train_steps=20, train_run=20, train_at=3)
    assert trained.changed(node="n4").training == trained.training
    assert trained.running(trained.setting).training == trained.training
    other = trained.changed(seed=1).training
    assert (other.train, other.train_steps, other.train_run, other.train_at) == (True, 20, 0, None)


def test_a_link_says_a_training_in_any_order() -> None:
    experiment, _ = from_address({"train_run": "20", "v": "2", "seed": "3"})
    assert (experiment.setting.seed, experiment.training.train_run) == (3, 20)


def test_what_runs_is_asked_for_without_what_is_trained() -> None:
    trained = START.changed(seed=3).changed(train=True, train_run=20)
    assert run_query(trained) == base_query(trained) == "v=2&seed=3"
    assert training_query(trained) == "train=1&train_run=20"
    assert training_query(START) == ""


def test_what_has_no_part_in_a_training_does_not_tell_its_plan_apart() -> None:
    plain = Training(train_steps=20)
    assert (
        replace(plain, train_batch=32, train_momentum=0.5, train_run=3, train_at=1).plan
        == plain.plan
    )
    digits = replace(plain, train_data="digits")
    assert replace(digits, train_batch=32).plan != digits.plan
    momentum = replace(plain, train_with="momentum")
    assert replace(momentum, train_momentum=0.5).plan != momentum.plan
    assert replace(plain, train_run=400).wanted == 20


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("train_steps", "501", "it must be a whole number from 1 to 500; `501` came."),
        ("train_batch", "0", "it must be a whole number from 1 to 256; `0` came."),
        ("train_with", "rmsprop", "it must be one of sgd, momentum, adam; `rmsprop` came."),
        ("train_rate", "0", "it must be a learning rate above 0 and at most 1000; `0` came."),
        ("train_data", "mnist", "it must be one of own, digits, two_moons, spirals; `mnist` came."),
        (
            "train_clip",
            "-1",
            "it must be a number from 0 to 1000, with at most two decimals; `-1` came.",
        ),
    ],
)
def test_a_training_that_cannot_be_read_is_said(name: str, text: str, said: str) -> None:
    experiment, (problem,) = from_address({"v": "2", name: text})
    assert problem.startswith(f"{name}: {said}")
    assert experiment.training == Training()
