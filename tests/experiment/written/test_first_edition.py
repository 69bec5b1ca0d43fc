"""A link of the first edition means what it meant, whatever presets and defaults are by now."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from experiment import setting
from experiment.packing import pack, unpack
from experiment.setting import DEFAULT, of_preset
from experiment.view import View
from experiment.written import first_edition
from experiment.written.address import Experiment, begun, from_address, to_address
from experiment.written.file import from_json, to_json
from models import spec as specs
from models.layers import LAYERS
from models.presets import PRESETS
from models.spec import LayerSpec, ModelSpec

OTHER = PRESETS["mlp"].spec
KINDS_OF_THEN = 46
"""Kinds of layers with fields that the first edition had."""


OTHERS_BY_NOW = frozenset(
    {
        *("triple", "routing", "unpool_nearest", "unpool_nails", "unpool_max", "linear"),
        *("bilinear", "transposed", "kernel", "dilation", "dilated_blocks"),
    }
)
"""Presets that are other networks now, or read their numbers directly."""


@pytest.mark.parametrize("model", sorted(set(first_edition.PRESETS) - OTHERS_BY_NOW))
def test_while_a_preset_is_as_it_was_its_old_link_is_its_new_one(model: str) -> None:
    assert from_address({"v": "1", "model": model}) == (begun(model), ())


@pytest.mark.parametrize("model", sorted(OTHERS_BY_NOW))
def test_an_old_link_to_a_preset_that_is_another_one_by_now_shows_the_old_one(model: str) -> None:
    then, problems = from_address({"v": "1", "model": model})
    kept = first_edition.PRESETS[model]
    assert problems == ()
    assert then.setting.network != PRESETS[model].spec
    assert pack(then.setting.network) == kept["net"]
    assert (then.setting.loss, then.setting.input_gradient) == (kept["loss"], False)
    assert from_address(to_address(then)) == (then, ())
    assert list(then.setting.source.look_at) == kept["look_at"]


def test_only_new_links_are_written() -> None:
    experiment, problems = from_address({"v": "1", "seed": "3"})
    assert (experiment, problems) == (Experiment(replace(DEFAULT, seed=3)), ())
    assert to_address(experiment) == {"v": "2", "seed": "3"}


def changed(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """Let the first preset be another one by now."""
    today = MappingProxyType({**PRESETS, "test": replace(PRESETS["test"], **fields)})
    for module in (setting, first_edition, source_module()):
        name = "TODAY" if module is first_edition else "PRESETS"
        monkeypatch.setattr(module, name, today)


def source_module() -> Any:
    from experiment import source

    return source


def test_a_preset_that_is_another_one_by_now_runs_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    was = PRESETS["test"]
    changed(monkeypatch, spec=OTHER, input_shape=(1, 64), input="random", loss="l1", target="ones")
    then, problems = from_address({"v": "1", "seed": "4"})
    assert problems == ()
    assert then.setting.network == was.spec
    assert then.setting.shape == was.input_shape
    chosen = (then.setting.input, then.setting.loss, then.setting.target, then.setting.seed)
    assert chosen == (was.input, was.loss, was.target, 4)
    now, _problems = from_address({"v": "2", "seed": "4"})
    assert now.setting.network == OTHER
    assert (now.setting.input, now.setting.loss, now.setting.target) == ("random", "l1", "ones")
    again, _problems = from_address(to_address(then))
    assert again == then


def test_a_preset_that_is_looked_at_elsewhere_by_now_is_looked_at_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed(monkeypatch, look_at="fc")
    assert from_address({"v": "1"})[0].view.node == first_edition.PRESETS["test"]["node"] == "n9"
    assert from_address({"v": "1", "node": "n2"})[0].view.node == "n2"
    assert from_address({"v": "2"})[0].view.node == ""


def test_a_preset_that_is_gone_runs_as_a_network_of_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = {key: preset for key, preset in PRESETS.items() if key != "lenet"}
    for module in (setting, first_edition, source_module()):
        name = "TODAY" if module is first_edition else "PRESETS"
        monkeypatch.setattr(module, name, left)
    then, problems = from_address({"v": "1", "model": "lenet"})
    assert problems == ()
    assert then.setting.network == PRESETS["lenet"].spec
    assert (then.setting.input, then.setting.loss) == ("digit", "cross_entropy")
    now, (problem,) = from_address({"v": "2", "model": "lenet"})
    assert problem.startswith("model: there is no preset `lenet`.")
    assert now.setting == DEFAULT


# What a packed network leaves out

NETWORK = ModelSpec(layers=(LayerSpec(name="pool", kind="MaxPool2d"),))


@pytest.fixture
def other_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a field of pooling begin with another value by now."""
    kind = LAYERS["MaxPool2d"]
    fields = tuple(
        replace(field, default=3) if field.name == "kernel_size" else field for field in kind.fields
    )
    today = {**LAYERS, "MaxPool2d": replace(kind, fields=fields)}
    monkeypatch.setattr(specs, "LAYERS", today)
    monkeypatch.setattr(first_edition, "LAYERS", today)


def test_a_packed_network_has_the_defaults_of_its_time(request: pytest.FixtureRequest) -> None:
    net, file = pack(NETWORK), to_json(Experiment(replace(DEFAULT, spec=NETWORK)))
    request.getfixturevalue("other_default")
    assert unpack(net).layers[0].fields["kernel_size"] == 3
    then, problems = from_address({"v": "1", "net": net})
    assert problems == ()
    assert then.setting.network.layers[0].fields["kernel_size"] == 2
    old = json.dumps({**json.loads(file), "backlight": "1"})
    for text, expected in ((old, 2), (file, 3)):
        found, problems = from_json(text, Experiment())
        assert problems == ()
        assert found.setting.network.layers[0].fields["kernel_size"] == expected


@pytest.mark.usefixtures("other_default")
def test_a_preset_of_then_has_the_defaults_of_its_time_too() -> None:
    pools = [each for each in first_edition.begun("lenet").network.layers if "Pool" in each.kind]
    assert [pool.fields["kernel_size"] for pool in pools] == [2, 2]


@pytest.mark.usefixtures("other_default")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        "{}",
        "3",
        "null",
        '{"layers": 3}',
        '{"layers": [3]}',
        '{"layers": [{"kind": ["MaxPool2d"]}]}',
        '{"layers": [{"kind": "MaxPool2d", "fields": 3}]}',
    ],
)
def test_what_is_no_network_is_left_as_it_came(text: str) -> None:
    assert first_edition.completed(text) == text


def test_the_kept_defaults_are_those_of_every_kind_of_then() -> None:
    """Kinds that came later are in no link of then."""
    assert len(first_edition.KINDS) == KINDS_OF_THEN
    assert first_edition.KINDS.keys() <= {kind for kind, known in LAYERS.items() if known.fields}
    for kind, then in first_edition.KINDS.items():
        now = {field.name: field.default for field in LAYERS[kind].fields}
        assert then.keys() <= now.keys()


def test_what_was_looked_at_is_kept_too() -> None:
    assert first_edition.view("test") == View()
    assert of_preset("test") == first_edition.begun("test")
