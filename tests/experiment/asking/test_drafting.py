"""What is answered about a network that is edited, against networks that torch builds and runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
import torch
from hypothesis import given, settings

from experiment.asking.answers import Answers
from experiment.asking.drafting import draft_answer, kinds_answer
from experiment.asking.questions import answer, draws, of_run, parse
from experiment.setting import Setting, of_preset
from experiment.written.address import from_address
from models.build import build
from models.cell_edits import Edits
from models.draft import draft_of
from models.draft.text import written
from models.layers import FAMILIES, LAYERS
from models.presets import PRESETS
from models.spec import MAX_LAYERS, ModelSpec
from tests.experiment.runs import RUNS, execute
from tests.models.networks import networks
from viz.answering.sent import Unanswerable
from viz.language import english
from viz.peak import TIMES

TEST = of_preset("test")


def told(draft: dict[str, Any] | None = None, setting: Setting = TEST) -> dict[str, Any]:
    """Ask as a browser does."""
    parts = {} if draft is None else {"draft": json.dumps(draft)}
    found: dict[str, Any] = json.loads(answer(RUNS, setting, parse("draft", parts))[0])
    return found


def changed(layer: str, setting: Setting = TEST, **fields: Any) -> dict[str, Any]:
    """The draft of a setting with other fields in one layer."""
    draft: dict[str, Any] = told(setting=setting)["draft"]
    (each,) = (each for each in draft["layers"] if each["name"] == layer)
    each["fields"] |= fields
    return draft


def fresh(kind: str, key: int, reads: list[int]) -> dict[str, Any]:
    """A layer as it has just been added."""
    fields = {field.name: field.default for field in LAYERS[kind].fields}
    own = {"key": key, "name": f"new{key}", "kind": kind, "reads": reads, "fields": fields}
    return {**own, "switches": {"frozen": False}, "fresh": True}


def chained(kind: str, count: int) -> dict[str, Any]:
    """``Test`` with that many new layers, one after another, after conv2."""
    draft: dict[str, Any] = told()["draft"]
    new = [fresh(kind, 10 + each, [9 + each if each else 3]) for each in range(count)]
    draft["layers"][3]["reads"] = [9 + count]
    draft["layers"][3:3] = new
    return draft


def network(found: dict[str, Any]) -> ModelSpec:
    """The network that a draft's run stands for."""
    experiment, problems = from_address(dict(_pairs(found["run"])))
    assert not problems
    return experiment.setting.network


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query)


@pytest.mark.parametrize("model", PRESETS)
def test_shapes_and_parameters_are_those_of_the_modules_that_torch_runs(model: str) -> None:
    preset, found = PRESETS[model], told(setting=of_preset(model))
    module = build(preset.spec, 0)
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in preset.spec.layers:

        def keep(_module: Any, _inputs: Any, output: Any, name: str = layer.name) -> None:
            first = output[0] if isinstance(output, tuple) else output
            shapes[name] = tuple(first.shape)

        module.get_submodule(layer.name).register_forward_hook(keep)
    with torch.no_grad():
        module(preset.values(0))
    for key, layer in enumerate(preset.spec.layers, 1):
        told_of = found["layers"][str(key)]
        if layer.name in shapes:
            assert told_of["shape"] == TIMES.join(map(str, shapes[layer.name]))
        own = module.get_submodule(layer.name).parameters()
        assert told_of["row"][1] == f"{sum(each.numel() for each in own):,}"
    total = sum(each.numel() for each in module.parameters())
    assert found["totals"].startswith(f"{total:,} parameters · ")
    assert found["problem"] is None
    assert [layer["name"] for layer in found["draft"]["layers"]] == [
        layer.name for layer in preset.spec.layers
    ]


@pytest.mark.parametrize("model", PRESETS)
def test_a_preset_that_is_sent_back_is_the_preset(model: str) -> None:
    setting = of_preset(model)
    found = told(setting=setting)
    assert told(found["draft"], setting) == found
    assert from_address(dict(_pairs(found["run"])))[0].setting == setting


def test_a_change_that_works_names_its_run_and_the_nodes_of_its_layers() -> None:
    found = told(changed("conv2", kernel_size=1, stride=2))
    assert network(found).layer("conv2").fields["kernel_size"] == 1
    capture = execute(from_address(dict(_pairs(found["run"])))[0].setting).capture
    owned = {layer.name: list(layer.nodes) for layer in capture.layers}
    for layer in found["draft"]["layers"]:
        assert found["nodes"][str(layer["key"])] == owned[layer["name"]]
    assert found["layers"]["3"]["shape"] == f"2{TIMES}1{TIMES}2{TIMES}2"
    assert "9 parameters" not in found["layers"]["3"]["parameters"]
    assert found["layers"]["3"]["parameters"] == "2 parameters"  # one weight and a bias


def test_the_input_has_a_node_where_a_gradient_arrives() -> None:
    setting = replace(TEST, input_gradient=True)
    (leaf,) = told(setting=setting)["nodes"]["0"]
    assert execute(setting).capture.node(leaf).is_leaf
    assert told()["nodes"]["0"] == []


def test_a_problem_names_its_layer_and_each_way_out_is_a_draft_without_it() -> None:
    found = told(changed("conv2", in_channels=3))
    assert found["problem"]["key"] == 3
    assert found["problem"]["sentence"].startswith("conv2: in_channels is 3, but its input")
    assert found["run"] is None
    assert [bool(layer["shape"]) for layer in found["layers"].values()] == [
        True,
        True,
        *[False] * 3,
    ]
    assert found["fixes"][0]["label"] == "Set in_channels=1 in conv2"
    for fix in found["fixes"]:
        assert (told(fix["draft"])["problem"] or {"key": 4})["key"] > 3
    assert told(found["fixes"][0]["draft"]) == told()


def test_the_receptive_field_is_told_in_cells_of_the_input() -> None:
    # Two of two input rows meet a 3x3 kernel on the map that is twice as large.
    layers = told()["layers"]
    assert layers["3"]["row"] == [
        f"2{TIMES}1{TIMES}2{TIMES}2",
        "10",
        f"2{TIMES}2",
        "1/2",
        "128 B",
        "144",
    ]
    whole = "all of the input, which may cut it off"
    assert f"receptive field 2{TIMES}2, {whole}" in layers["3"]["facts"]
    assert f"receptive field 1{TIMES}1" in layers["1"]["facts"]
    assert layers["4"]["row"][2:4] == ["", ""]


def test_over_budget_is_refused_before_it_runs() -> None:
    found = told(changed("fc3", of_preset("mlp"), out_features=10**6), of_preset("mlp"))
    sentence = "fc3: the model needs 64.9 MiB for parameters"
    assert found["problem"]["sentence"].startswith(sentence)
    assert found["problem"]["key"] == 5
    assert (found["run"], found["fixes"]) == (None, [])


def test_what_only_a_run_can_tell_is_said_with_runs_that_work() -> None:
    setting = replace(of_preset("mlp"), target="class_9")
    found = told(changed("fc3", setting, out_features=4), setting)
    assert "has no target class_9" in found["problem"]["sentence"]
    assert found["run"] is None
    labels = [each["label"] for each in found["remedies"]]
    assert labels[0] == "Use Class 0"
    for remedy in found["remedies"]:
        mended = from_address(dict(_pairs(remedy["run"])))[0].setting
        assert mended.network.layer("fc3").fields["out_features"] == 4
        assert execute(mended).capture.loss is not None


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("three", "Shape of the input: it must be sizes such as 2x1x8x8; `three` came."),
        ("", "Shape of the input: it must be sizes such as 2x1x8x8; ` ` came."),
        ("3x2x2x2", "conv1: in_channels is 1"),
        ("0x1x2x2", "0"),
    ],
)
def test_a_shape_stays_as_it_was_typed(shape: str, words: str) -> None:
    found = told(told()["draft"] | {"input_shape": shape})
    assert found["draft"]["input_shape"] == shape
    assert words in found["problem"]["sentence"]
    assert found["run"] is None


def test_another_shape_runs() -> None:
    found = told(told()["draft"] | {"input_shape": "3x1x2x2"})
    assert found["problem"] is None
    assert ("input_shape", "3x1x2x2") in _pairs(found["run"])


def test_a_draft_without_layers_is_told_so() -> None:
    found = told({"name": "Model", "input_shape": "2x1x2x2", "layers": []})
    assert "at least one layer" in found["problem"]["sentence"]
    assert (found["first"], found["run"], found["fixes"]) == (0, None, [])


def test_new_layers_take_the_sizes_that_come_in_one_after_another() -> None:
    draft = told(setting=of_preset("lenet"))["draft"]
    after = next(layer for layer in draft["layers"] if layer["name"] == "conv1")
    draft["layers"][1:1] = [fresh("Conv2d", 50, [after["key"]]), fresh("Conv2d", 51, [50])]
    draft["layers"][3]["reads"] = [51]
    found = told(draft, of_preset("lenet"))
    channels = after["fields"]["out_channels"]
    for layer in found["draft"]["layers"][1:3]:
        fields = layer["fields"]
        assert (fields["in_channels"], fields["out_channels"]) == (channels, channels)
        assert "fresh" not in layer


def test_as_many_new_layers_as_there_may_be_are_answered() -> None:
    found = told(chained("ReLU", MAX_LAYERS - 5))
    assert found["problem"] is None
    assert len(network(found).layers) == MAX_LAYERS


def test_a_setting_of_which_nothing_can_run_is_mended() -> None:
    setting = replace(TEST, spec=PRESETS["mlp"].spec)
    found = told(setting=setting)
    assert "in_features is 64" in found["problem"]["sentence"]
    (fix,) = (fix for fix in found["fixes"] if fix["label"] == "Put Flatten before fc1")
    assert network(told(fix["draft"], setting)).layer("fc1").fields["in_features"] == 4


def test_the_order_in_which_weights_are_drawn_is_lost_only_with_a_change() -> None:
    spec = PRESETS["test"].spec
    drawn = spec.model_copy(update={"name": "Mine", "drawn": ("fc", "conv1")})
    setting = replace(TEST, spec=drawn)
    found = told(setting=setting)
    assert network(found) == drawn
    assert network(told(changed("conv2", setting, bias=False), setting)).drawn == ()


def test_cells_changed_by_hand_are_no_part_of_it() -> None:
    edits = Edits().with_cells("input", {0: 5.0})
    assert told(setting=replace(TEST, edits=edits)) == told()


def test_what_is_no_draft_is_unanswerable() -> None:
    with pytest.raises(Unanswerable, match="layers"):
        answer(RUNS, TEST, parse("draft", {"draft": '{"name": "M", "input_shape": "2"}'}))


@settings(max_examples=40, deadline=None)
@given(networks())
def test_any_network_has_an_answer(spec: ModelSpec) -> None:
    shape = (2, 1, 4, 4)
    draft = written(draft_of(spec, shape), "2x1x4x4")
    found = draft_answer(Answers(RUNS, TEST), json.dumps(draft), english)
    assert (found["run"] is None) == (found["problem"] is not None)
    assert set(found["layers"]) == {str(layer["key"]) for layer in draft["layers"]}


def test_the_catalogue_has_every_kind_with_every_field_and_its_words() -> None:
    found = json.loads(answer(RUNS, TEST, parse("kinds", {}))[0])
    assert found == json.loads(json.dumps(kinds_answer(english)))
    assert [family["label"] for family in found["families"]] == list(FAMILIES)
    kinds = {kind["name"]: kind for family in found["families"] for kind in family["kinds"]}
    assert list(kinds) == list(LAYERS)
    for name, kind in LAYERS.items():
        told_of = kinds[name]
        assert [field["name"] for field in told_of["fields"]] == [f.name for f in kind.fields]
        for field, sent in zip(kind.fields, told_of["fields"], strict=True):
            assert field.accept(sent["default"]) == field.default
            assert (sent["low"], sent["high"]) == (field.low, field.high)
        assert told_of["takes_indices"] == kind.takes_indices
        assert told_of["inputs"] == list(kind.inputs)
    assert [name for name, kind in kinds.items() if kind["gives_indices"]] == ["MaxPool2d"]
    presets = [from_address(dict(_pairs(each["query"])))[0] for each in found["presets"]]
    assert [each.setting for each in presets] == [of_preset(name) for name in PRESETS]


@pytest.mark.parametrize("model", PRESETS)
def test_what_begins_without_a_layer_runs_on_nothing_that_was_meant_for_another(model: str) -> None:
    """The editor asks about its draft on these parts of an address, whatever was open."""
    said = {"model": model, **kinds_answer(english)["from_nothing"]}
    setting = from_address(said)[0].setting
    layer = {"name": "a", "kind": "Tanh", "inputs": ["input"]}
    spec = ModelSpec.model_validate({"name": "Model", "layers": [layer]})
    found = told(written(draft_of(spec, (1, 2)), "1x2"), setting)
    running = from_address(dict(_pairs(found["run"])))[0].setting
    assert running.network == spec
    assert (running.input, running.loss, running.target, running.input_gradient) == FRESH


FRESH = ("random", "mse", "random", True)


def test_every_word_of_the_editor_can_be_translated() -> None:
    def marked(text: str) -> str:
        return f"#{text}" if text else ""

    found = kinds_answer(marked)
    for family in found["families"]:
        assert family["label"].startswith("#")
        assert all(kind["label"][0] == kind["help"][0] == "#" for kind in family["kinds"])
    answered = draft_answer(Answers(RUNS, TEST), "", marked)
    assert answered["totals"].startswith("#")
    assert answered["layers"]["3"]["parameters"].startswith("#")


def test_both_questions_go_ahead_and_need_no_run_and_no_other_part() -> None:
    for name in ("kinds", "draft"):
        question = parse(name, {"language": "en"})
        assert draws(question)
        assert not of_run(question)
        with pytest.raises(Unanswerable, match=r"of\.node"):
            parse(name, {"node": "n3"})
    assert of_run(parse("scene", {}))
    assert not draws(parse("graph", {}))
