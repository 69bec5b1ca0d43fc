"""What a model may be: names, fields, inputs, and the JSON that carries them."""

from __future__ import annotations

import inspect
import pickle

import pytest
from pydantic import ValidationError

from models.fields import Fields
from models.kinds.arguments import MAX_FEATURES, MAX_KERNEL
from models.layers import LAYERS
from models.presets import PRESETS
from models.spec import MAX_LAYERS, MAX_TEXT, LayerSpec, ModelSpec, SpecError, read_spec, readable


def layer(name: str, kind: str, *inputs: str, **fields: object) -> LayerSpec:
    return LayerSpec.model_validate(
        {"name": name, "kind": kind, "inputs": inputs or ("input",), "fields": fields}
    )


def problem_of(name: str, kind: str, *inputs: str, **fields: object) -> str:
    with pytest.raises(ValidationError) as caught:
        layer(name, kind, *inputs, **fields)
    return readable(caught.value)


def problem_of_model(*layers: LayerSpec, name: str = "Model") -> str:
    with pytest.raises(ValidationError) as caught:
        ModelSpec(name=name, layers=layers)
    return readable(caught.value)


@pytest.mark.parametrize("key", PRESETS)
def test_json_gives_back_an_equal_spec_with_an_equal_hash(key: str) -> None:
    spec = PRESETS[key].spec
    again = read_spec(spec.model_dump_json())
    assert again == spec
    assert hash(again) == hash(spec)
    assert pickle.loads(pickle.dumps(spec)) == spec  # noqa: S301 - our own bytes


def test_json_carries_only_fields_that_differ_from_their_defaults() -> None:
    spec = layer("conv", "Conv2d", in_channels=1, out_channels=2, kernel_size=3, stride=2)
    assert spec.model_dump()["fields"] == {"out_channels": 2, "stride": 2}
    assert spec.fields["padding"] == 0


def test_a_different_field_makes_a_different_spec() -> None:
    one, two = layer("r", "ReLU", inplace=True), layer("r", "ReLU")
    assert one != two
    assert len({one, two, layer("r", "ReLU", inplace=False)}) == 2


def test_a_spec_cannot_be_changed() -> None:
    spec = layer("conv", "Conv2d")
    with pytest.raises(ValidationError, match="frozen"):
        spec.name = "other"
    with pytest.raises(TypeError):
        spec.fields["stride"] = 2  # type: ignore[index]


def test_a_number_is_accepted_at_its_bounds_and_refused_beyond_them() -> None:
    for bound in (1, MAX_KERNEL):
        assert layer("conv", "Conv2d", kernel_size=bound).fields["kernel_size"] == bound
    for beyond in (0, MAX_KERNEL + 1):
        assert problem_of("conv", "Conv2d", kernel_size=beyond) == (
            "conv: kernel_size must be a whole number or two (height, width) from 1 to 64. "
            f"It is {beyond}."
        )


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("Conv2d", {"kernel_size": 3.0}, "kernel_size must be a whole number or two"),
        ("Conv2d", {"kernel_size": True}, "kernel_size must be a whole number or two"),
        ("Conv2d", {"kernel_size": [3, 65]}, "from 1 to 64. It is (3, 65)."),
        ("Conv2d", {"kernel_size": [3, 3, 3]}, "It is (3, 3, 3)."),
        (
            "Conv2d",
            {"kernel_size": [10**9] * 10**5},
            "It is (1000000000, 1000000000, 1000000000, ...",
        ),
        ("Conv2d", {"padding": "full"}, "from 0 to 64, or same or valid. It is 'full'."),
        (
            "Conv2d",
            {"padding": "same", "stride": 2},
            "padding=same needs stride=1. It is 2; set stride=1.",
        ),
        (
            "Conv2d",
            {"padding": "same", "kernel_size": 2},
            "padding=same needs the same padding on both sides, so an odd kernel or an even "
            "dilation. kernel_size is 2; use an odd one.",
        ),
        (
            "Unflatten",
            {"unflattened_size": 4},
            "unflattened_size must be two sizes or more. It is 4.",
        ),
        ("Linear", {"out_features": -(10**50)}, "It is a much smaller number."),
        ("LayerNorm", {"normalized_shape": []}, "normalized_shape must be one to 4 whole numbers"),
        ("View", {"shape": [-1, -1]}, "shape must be sizes of at least 1, one of them -1 at most."),
        ("View", {"shape": [2, 0]}, "It is (2, 0)."),
        (
            "Slice",
            {"start": 3, "end": 2},
            "end must be larger than start=3, or 0 for all that follows. It is 2.",
        ),
        ("Mean", {"dim": [1, 1]}, "dim must name each dimension once. It is (1, 1)."),
        ("GroupNorm", {"num_groups": 2}, "num_channels must be a multiple of num_groups=2."),
        ("MultiheadAttention", {"num_heads": 3}, "embed_dim must be a multiple of num_heads=3."),
        ("MaxPool2d", {"stride": [0, 1]}, "stride must be 0 (as the window) or at least 1"),
        ("Upsample", {"size": 4, "scale_factor": 3}, "size already says how large."),
        ("Upsample", {"size": [0, 4]}, "size must be 0 (by scale_factor) or at least 1"),
        ("Conv2d", {"kernel_size": "3"}, "It is '3'."),
        ("Conv2d", {"kernel_size": 10**5000}, "It is a much larger number."),
        ("Conv2d", {"bias": 1}, "bias must be true or false. It is 1."),
        ("Conv2d", {"colour": 1}, "there is no field 'colour'. It has in_channels, "),
        ("Linear", {"in_features": MAX_FEATURES + 1}, "from 1 to 1000000. It is 1000001."),
        ("Dropout", {"p": 1.5}, "p must be a number from 0 to 1. It is 1.5."),
        ("Dropout", {"p": float("nan")}, "p must be a number from 0 to 1. It is nan."),
        ("Upsample", {"mode": "cubic"}, "bicubic, area. It is 'cubic'."),
        (
            "Upsample",
            {"align_corners": True},
            "align_corners needs mode=bilinear, linear or bicubic. Turn it off or change mode.",
        ),
        ("Divide", {"divisor": 0}, "must not be 0. Use 1 to leave the value as it is."),
        (
            "ZeroPad2d",
            {"padding": [1, 2]},
            "padding must be one number, or left, right, top and bottom. 2 came.",
        ),
        ("Tanh", {"p": 1}, "there is no field 'p'. It has none at all."),
        (
            "Conv2d",
            {"in_channels": 4, "out_channels": 3, "groups": 2},
            "out_channels must be a multiple of groups=2. It is 3.",
        ),
        (
            "ConvTranspose2d",
            {"output_padding": 1},
            "output_padding must be smaller than stride or dilation. It is 1; use 0 or less.",
        ),
        (
            "MaxPool2d",
            {"kernel_size": 2, "padding": 2},
            "padding must be at most half of kernel_size=2. It is 2; use 1 or less.",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_layer(
    kind: str, fields: dict[str, object], message: str
) -> None:
    problem = problem_of("spot", kind, **fields)
    assert problem.startswith("spot: ")
    assert message in problem


@pytest.mark.parametrize(
    "name",
    [
        *("", "2d", "a b", "a.b", "_conv", "weight\n", "x" * 41, "합성곱"),
        *("class", "input", "self", "forward", "training", "to", "nn", "torch"),
    ],
)
def test_a_name_that_cannot_stand_in_code_is_refused(name: str) -> None:
    assert "a layer's name" in problem_of(name, "ReLU")


def test_the_longest_name_is_accepted() -> None:
    assert layer("x" * 40, "ReLU").name == "x" * 40


def test_an_unknown_kind_lists_the_known_ones() -> None:
    problem = problem_of("spot", "Conv9d")
    assert problem.startswith("spot: there is no layer kind 'Conv9d'. Choose one of Conv2d, ")


def test_the_number_of_inputs_is_checked() -> None:
    assert problem_of("add", "Add", "a") == "add: it reads 2 to 8 inputs, but 1 came."
    assert problem_of("relu", "ReLU", "a", "b") == "relu: it reads 1 inputs, but 2 came."
    assert len(layer("add", "Add", *"abcdefgh").inputs) == 8
    assert problem_of("add", "Add", *"abcdefghi").endswith("but 9 came.")


def test_a_layer_reads_only_what_stands_above_it() -> None:
    above, below = layer("a", "ReLU", "b"), layer("b", "ReLU")
    assert problem_of_model(above, below) == (
        "a: it reads 'b', which is no layer above it. Choose input or a layer above."
    )
    assert "a: it reads 'a'" in problem_of_model(layer("a", "ReLU", "a"))


def test_two_layers_cannot_share_a_name() -> None:
    twice = layer("a", "ReLU")
    assert problem_of_model(twice, twice) == "a: two layers have this name. Rename one."


def test_the_number_of_layers_is_bounded() -> None:
    most = [layer(f"r{index}", "ReLU") for index in range(MAX_LAYERS)]
    assert len(ModelSpec(layers=tuple(most)).layers) == MAX_LAYERS
    assert problem_of_model(*most, layer("more", "ReLU")) == (
        "a model has 1 to 256 layers, but 257 came."
    )
    assert problem_of_model() == "a model has 1 to 256 layers, but 0 came."


def test_an_unpool_needs_a_pool_that_gives_its_indices() -> None:
    mute, speaking = layer("pool", "MaxPool2d"), layer("pool", "MaxPool2d", return_indices=True)
    unpool = layer("unpool", "MaxUnpool2d", "pool", "pool")
    assert problem_of_model(mute, unpool) == (
        "unpool: it needs the indices of pool. Turn return_indices on there."
    )
    assert "must be the MaxPool2d that it undoes" in problem_of_model(layer("pool", "ReLU"), unpool)
    assert len(ModelSpec(layers=(speaking, unpool)).layers) == 2


@pytest.mark.parametrize("name", ["class", "super", "nn", "a b", "1st"])
def test_a_class_name_is_checked(name: str) -> None:
    assert "a model's name" in problem_of_model(layer("a", "ReLU"), name=name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "the text: this is no JSON (EOF"),
        ("{}", "layers: this field is missing."),
        ('{"layers": [], "x": 1}', "x: there is no such field."),
        ('{"layers": [{"name": 3, "kind": "ReLU"}]}', "layers.0.name: this must be a text."),
        ('{"layers": [{"name": "a", "kind": "ReLU", "fields": []}]}', "a: fields must map"),
        ('{"layers": [{"name": "a", "kind": "Conv2d", "fields": {"stride": 0}}]}', "a: stride"),
        (" " * (MAX_TEXT + 1), "at most 200000 characters"),
    ],
)
def test_a_text_that_is_no_model_gives_a_readable_error(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_spec(text)
    assert message in str(caught.value)
    assert "type=" not in str(caught.value)


@pytest.mark.parametrize("kind", LAYERS)
def test_leaving_an_argument_out_means_what_its_default_says(kind: str) -> None:
    """Defaults are the constructor's own; 0 and False stand for its None."""
    parameters = inspect.signature(LAYERS[kind].module).parameters
    for field in LAYERS[kind].fields:
        if field.at_call:
            assert field.name not in parameters
            continue
        default = parameters[field.name].default
        if not field.required:
            assert field.default == default or (default is None and not field.default)


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_has_help_and_accepts_its_own_defaults(kind: str) -> None:
    entry = LAYERS[kind]
    assert entry.help.endswith(".")
    for field in entry.fields:
        assert field.accept(field.default) == field.default
    names = [f"i{index}" for index in range(entry.inputs[0])]
    made = layer("spot", kind, *names)
    assert list(made.fields) == [field.name for field in entry.fields]


def test_fields_are_a_mapping_with_a_hash() -> None:
    assert Fields({"a": 1}) == {"a": 1}
    assert hash(Fields({"a": 1, "b": 2})) == hash(Fields({"b": 2, "a": 1}))
    assert repr(Fields({"a": 1})) == "Fields({'a': 1})"
