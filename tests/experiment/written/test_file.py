"""An experiment as JSON: what is written is read back, and nothing else is believed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from experiment.setting import with_network
from experiment.written.address import Experiment, begun
from experiment.written.file import MAX_FILE, FileError, from_json, to_json
from models.cell_edits import Edits
from models.presets import PRESETS
from models.spec import MAX_TEXT

DEFAULT = Experiment()
CHANGED = begun("mlp").changed(seed=7, training=False, node="n3", show="values", tint=True)


@pytest.mark.parametrize("model", PRESETS)
def test_every_preset_comes_back_as_it_went(model: str) -> None:
    experiment = begun(model)
    assert from_json(to_json(experiment), CHANGED) == (experiment, ())


def test_everything_that_a_link_holds_comes_back() -> None:
    setting = with_network(CHANGED.setting, PRESETS["lenet"].spec, (3, 1, 16, 16))
    own = replace(CHANGED, setting=setting)
    assert from_json(to_json(own), DEFAULT) == (own, ())


def test_the_network_is_written_layer_by_layer() -> None:
    written = json.loads(to_json(DEFAULT))
    assert [layer["name"] for layer in written["network"]["layers"]] == [
        layer.name for layer in PRESETS["test"].spec.layers
    ]
    assert written["experiment"]["input_shape"] == "2x1x2x2"


def test_a_change_by_hand_is_what_runs() -> None:
    file = json.loads(to_json(DEFAULT))
    file["experiment"]["seed"] = 9
    file["network"]["layers"][0]["name"] = "first"
    file["network"]["layers"][1]["inputs"] = ["first"]
    experiment, problems = from_json(json.dumps(file), DEFAULT)
    assert problems == ()
    assert experiment.setting.seed == 9
    assert experiment.setting.network.layers[0].name == "first"


def test_a_network_alone_runs_in_place_of_the_one_of_now() -> None:
    spec = PRESETS["unet"].spec
    now = begun("lenet").changed(seed=3, node="n3")
    experiment, _ = from_json(spec.model_dump_json(), now)
    assert experiment.setting == with_network(now.setting, spec, now.setting.shape)
    assert experiment.view == now.view
    assert experiment.setting.seed == 3


def test_what_the_rest_cannot_say_is_told_and_the_default_taken() -> None:
    file = json.loads(to_json(DEFAULT))
    file["experiment"] |= {"seed": "many", "colour": "red"}
    experiment, problems = from_json(json.dumps(file), DEFAULT)
    assert experiment == DEFAULT
    assert [problem.split(":")[0].strip("`") for problem in problems] == ["seed", "colour"]


def test_a_link_inside_the_file_does_not_replace_its_network() -> None:
    file = json.loads(to_json(DEFAULT))
    file["experiment"]["net"] = "eJwDAAAAAAE"
    assert from_json(json.dumps(file), DEFAULT) == (DEFAULT, ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("[1]", "one JSON object"),
        ("{}", "network"),
        ('{"network": 3}', "network"),
        ('{"network": {"name": "N", "layers": []}}', "network"),
        ('{"network": {"name": "N", "layers": [{"name": "a", "kind": "Nope"}]}}', "Nope"),
        (" " * (MAX_FILE + 1), "characters"),
        (json.dumps({"network": {"name": "x" * MAX_TEXT}}), "characters"),
        (json.dumps({**json.loads(to_json(DEFAULT)), "experiment": [1]}), "experiment"),
    ],
)
def test_what_is_no_experiment_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FileError, match=sentence):
        from_json(text, Experiment())


def test_markup_in_a_name_is_escaped_where_it_is_repeated() -> None:
    hostile = {"name": "N", "layers": [{"name": "[a](http://b)", "kind": "ReLU"}]}
    with pytest.raises(FileError) as raised:
        from_json(json.dumps(hostile), DEFAULT)
    assert "[a](" not in str(raised.value)
    assert r"\[a\](" in str(raised.value)


def test_token_ids_with_their_changes_come_back_from_a_file() -> None:
    words = begun("words").changed(edits=Edits().with_cells("input", {0: 2}))
    assert from_json(to_json(words), DEFAULT) == (words, ())
    own = Experiment(with_network(DEFAULT.setting, PRESETS["words"].spec, (2, 4)))
    assert own.setting.input == "tokens"
    assert from_json(to_json(own), DEFAULT) == (own, ())
