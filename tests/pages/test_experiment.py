"""What decides the picture round-trips through a URL, and every broken part is said in words."""

from __future__ import annotations

import base64
import re
import tracemalloc
import zlib
from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.edits import Edits
from models.fields import Fields
from models.inputs import INPUTS
from models.losses import LOSSES
from models.presets import PRESETS
from models.spec import INPUT, MAX_LAYERS, MAX_TEXT, LayerSpec, ModelSpec
from models.targets import TARGETS
from models.uploaded import to_text
from pages.parts.execute import Refused, execute
from pages.parts.experiment import (
    DEFAULT,
    LOOKING,
    MAX_INDEX,
    MAX_SEED,
    PARAMETERS,
    READERS,
    UPLOAD,
    Experiment,
    from_url,
    of_preset,
    suited,
    with_network,
)
from pages.parts.packing import MAX_PACKED, pack, unpack
from tests.models.networks import networks

PICTURE = to_text(np.arange(27, dtype=np.uint8).reshape(3, 3, 3), (1, 1, 3, 3))
CELLS = st.dictionaries(st.integers(0, 99), st.floats(-1e6, 1e6, width=32), max_size=5)
EDITS = st.tuples(CELLS, CELLS).map(
    lambda each: Edits().with_cells("input", each[0]).with_cells("fc.bias", each[1])
)
INDICES = st.integers(0, MAX_INDEX)

EXPERIMENTS = st.builds(
    Experiment,
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
    node=st.integers(0, 999_999).map("n{}".format),
    part=INDICES,
    sample=INDICES,
    channel=st.none() | INDICES,
    show=st.sampled_from(["gradient", "values", "parameters"]),
    saved=st.booleans(),
    attributes=st.booleans(),
    tint=st.booleans(),
    collapsed=st.booleans(),
    editing=st.booleans(),
    hand=st.sampled_from(["", "input", "conv1.weight"]),
    plane=st.lists(INDICES, max_size=3).map(tuple),
    compare=st.booleans(),
).map(suited)

OTHER = Experiment(
    model="unet",
    spec=ModelSpec(name="Own", layers=(LayerSpec(name="only", kind="ReLU", inputs=(INPUT,)),)),
    input_shape=(3, 2, 1),
    input="ramp",
    picture=PICTURE,
    edits=Edits().with_cell("input", 3, 0.1).with_cell("target", 0, -1),
    loss="l1",
    target="ones",
    seed=7,
    device="cuda:1",
    input_gradient=True,
    training=False,
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
    editing=True,
    hand="conv1.weight",
    plane=(1, 0),
    compare=True,
)
"""Differs from the default in every field."""

NAMES = [field.name for field in fields(Experiment)]


@settings(deadline=None)
@given(EXPERIMENTS)
def test_every_experiment_comes_back_from_its_own_url(experiment: Experiment) -> None:
    query = urlencode(experiment.to_url())
    assert from_url(dict(parse_qsl(query))) == (experiment, ())


@pytest.mark.parametrize("name", NAMES)
def test_each_field_alone_comes_back_from_the_url(name: str) -> None:
    assert getattr(OTHER, name) != getattr(DEFAULT, name)
    field = {name: getattr(OTHER, name)}
    changed = of_preset("unet") if name == "model" else replace(DEFAULT, **field)
    assert set(changed.to_url()) == {"v", PARAMETERS.get(name, name)}
    assert from_url(changed.to_url()) == (changed, ())


def test_a_link_can_say_every_field_and_nothing_else() -> None:
    assert {"model", *READERS} == {PARAMETERS.get(name, name) for name in NAMES}
    assert {*LOOKING} < set(NAMES)


@pytest.mark.parametrize("model", PRESETS)
def test_a_preset_as_it_begins_needs_no_more_in_its_url_than_its_name(model: str) -> None:
    expected = {} if model == "test" else {"v": "1", "model": model}
    assert of_preset(model).to_url() == expected
    assert from_url(expected) == (of_preset(model), ())


def test_the_setting_forgets_what_is_looked_at_and_keeps_what_is_run() -> None:
    run = (
        *("model", "spec", "input_shape", "input", "loss", "target", "seed", "device"),
        *("input_gradient", "training", "picture", "edits"),
    )
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


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*NAMES, "v", "net", "what"]), st.text(max_size=80)))
def test_no_link_at_all_breaks_the_reader(parameters: dict[str, str]) -> None:
    experiment, problems = from_url(parameters)
    assert from_url(experiment.to_url()) == (experiment, ())
    assert all(problem.endswith(".") for problem in problems)
    assert len(problems) <= len(parameters)


# Networks


@given(networks())
def test_every_network_comes_back_from_its_packed_text(spec: ModelSpec) -> None:
    packed = pack(spec)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", packed)
    assert unpack(packed) == spec


@pytest.mark.parametrize("key", PRESETS)
def test_a_presets_network_is_short(key: str) -> None:
    assert len(pack(PRESETS[key].spec)) < 600


def test_the_largest_network_fits_into_a_link() -> None:
    layer = {"kind": "ConvTranspose2d", "fields": {"in_channels": 4096, "out_channels": 4095}}
    names = [f"a_rather_long_name_of_a_layer_{n}" for n in range(MAX_LAYERS)]
    layers = tuple(LayerSpec.model_validate({"name": name, **layer}) for name in names)
    spec = ModelSpec(layers=layers)
    assert len(pack(spec)) < MAX_PACKED
    assert unpack(pack(spec)) == spec


def packed(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


CUT = "net: it is cut off or was changed on its way. The default is used."
REFUSED = [
    (packed(b"[" * 50_000_000), "net: it holds more than the 200000 characters of the largest"),
    ("a" * (MAX_PACKED + 1), "net: it has at most 100000 characters; 100001 came."),
    (pack(PRESETS["unet"].spec)[:-20], CUT),
    (pack(PRESETS["unet"].spec) + "AAAA", CUT),
    (base64.urlsafe_b64encode(b"no zlib").decode(), CUT),
    (packed(b"\xff\xfe"), CUT),
    (packed(b"{}"), "net: layers\\: Field required."),
    (packed(b'{"layers":[]}'), "net: a model has 1 to 256 layers, but 0 came."),
    (packed(b"[" * 1000), "net: the text\\: Invalid JSON"),
    (
        packed(b'{"layers":[{"name":"a","kind":"os.system"}]}'),
        "net: a\\: there is no layer kind 'os.system'. Choose one of",
    ),
    (
        packed(b'{"layers":[{"name":"[x](http://e.example)","kind":"ReLU"}]}'),
        "net: a layer's name must be a letter, then letters, digits or underscores, at most 40 in "
        "all. It is '\\[x\\](http\\://e.example)'.",
    ),
]


@pytest.mark.parametrize(("net", "sentence"), REFUSED)
def test_a_network_that_cannot_be_read_is_refused_in_words(net: str, sentence: str) -> None:
    experiment, problems = from_url({"net": net, "seed": "3"})
    assert experiment == replace(DEFAULT, seed=3)
    (problem,) = problems
    assert problem.startswith(sentence)
    assert len(problem) < 400


def test_a_bomb_is_never_unpacked_whole() -> None:
    bomb = packed(bytes(50_000_000))
    assert len(bomb) < MAX_PACKED
    tracemalloc.start()
    try:
        from_url({"net": bomb})
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_TEXT
    finally:
        tracemalloc.stop()


@given(st.text(max_size=200) | st.binary(max_size=200).map(packed))
def test_nothing_that_stands_for_a_network_breaks_the_reader(net: str) -> None:
    experiment, problems = from_url({"net": net})
    assert (experiment.spec is None) == bool(problems)


def test_a_network_equal_to_the_presets_is_the_presets() -> None:
    preset = PRESETS["test"]
    other = with_network(DEFAULT, PRESETS["unet"].spec, (1, 1, 8, 8))
    assert (other.network, other.shape) == (PRESETS["unet"].spec, (1, 1, 8, 8))
    assert with_network(other, preset.spec, preset.input_shape) == DEFAULT


def test_a_network_of_a_link_is_refused_before_it_is_made() -> None:
    fields = {"in_features": 10**6, "out_features": 10**6}
    layer = LayerSpec.model_validate({"name": "wide", "kind": "Linear", "fields": fields})
    experiment, problems = from_url({"net": pack(ModelSpec(layers=(layer,)))})
    assert not problems
    with pytest.raises(Refused, match=r"wide: the model needs 3\.6 TiB for parameters"):
        execute(experiment)


def test_training_decides_how_dropout_behaves() -> None:
    layer = LayerSpec.model_validate({"name": "drop", "kind": "Dropout"})
    trained = with_network(replace(DEFAULT, loss="sum"), ModelSpec(layers=(layer,)), (64,))
    for training, kinds in ((True, {0.0, 2.0}), (False, {1.0})):
        setting = replace(trained, training=training, input_gradient=True)
        found = execute(setting).capture.layer("drop").downstream[0]
        assert found is not None
        assert set(found.tolist()) == kinds


def test_equal_networks_share_a_run_and_others_do_not() -> None:
    spec = PRESETS["mlp"].spec
    one = with_network(DEFAULT, spec, (2, 64))
    two = with_network(DEFAULT, unpack(pack(spec)), (2, 64))
    assert execute(one) is execute(two)
    other = spec.model_copy(update={"name": "Other"})
    assert execute(with_network(DEFAULT, other, (2, 64))) is not execute(one)


def test_another_network_keeps_the_edits_of_cells_that_are_still_the_same() -> None:
    preset = PRESETS["test"]
    edits = (
        Edits().with_cell("input", 0, 5).with_cell("conv2.weight", 0, 5).with_cell("fc.bias", 0, 5)
    )
    begun = replace(DEFAULT, edits=edits)
    assert with_network(begun, preset.spec, (9, 1, 2, 2)).edits == edits
    assert set(with_network(begun, preset.spec, (2, 1, 3, 2)).edits.names()) == {
        "conv2.weight",
        "fc.bias",
    }
    layers = [layer.model_dump() for layer in preset.spec.layers]
    layers[2]["fields"] = {**layers[2]["fields"], "kernel_size": 2}
    other = ModelSpec.model_validate({"name": "Own", "layers": layers})
    assert set(with_network(begun, other, (2, 1, 2, 2)).edits.names()) == {"input", "fc.bias"}


TABLE = ModelSpec(
    layers=(LayerSpec(name="table", kind="Embedding", fields=Fields({"num_embeddings": 7})),)
)


def test_ids_with_their_changes_come_back_from_a_link() -> None:
    wanted = replace(of_preset("words"), seed=3, edits=Edits().with_cell("input", 1, 2))
    assert from_url(wanted.to_url()) == (wanted, ())
    own = with_network(wanted, TABLE, (2, 3))
    assert own.input == "tokens"
    assert from_url(own.to_url()) == (own, ())


def test_a_network_that_begins_with_a_table_is_fed_ids_and_another_one_numbers() -> None:
    edited = replace(DEFAULT, edits=Edits().with_cell("input", 1, 0.5).with_cell("target", 0, 1))
    table = with_network(edited, TABLE, (2, 3))
    assert table.input == "tokens"
    assert list(table.edits.names()) == ["target"]
    assert with_network(table, DEFAULT.network, DEFAULT.shape).input == "arange"
    words = of_preset("words")
    assert with_network(words, DEFAULT.network, (1, 1, 2, 2)).input == "random"


@pytest.mark.parametrize(
    ("parameters", "used", "problem"),
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
    parameters: dict[str, str], used: str, problem: str
) -> None:
    experiment, problems = from_url(parameters)
    assert experiment.input == used
    assert [each.replace("\\", "") for each in problems] == [problem]
