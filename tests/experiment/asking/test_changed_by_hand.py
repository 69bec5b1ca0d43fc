"""What can be changed by hand, as a browser is sent it: without the changes, which it holds."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from experiment.asking.by_hand import changeable
from experiment.asking.questions import answer
from experiment.setting import Setting, of_preset
from experiment.written.address import from_address
from flow.record import LayerRecord
from models.build import build
from models.cell_edits import LARGEST, MAX_EDITED, Edits
from tests.experiment.runs import RUNS, execute
from tests.viz.test_paint import unpacked
from viz.answering.questions import parse
from viz.answering.sent import Unanswerable

TEST = of_preset("test")


def sheet(setting: Setting, tensor: str = "input", **parts: str) -> Any:
    return unpacked(answer(RUNS, setting, parse("canvas", {"tensor": tensor, **parts}))[0])


def setting_of(**address: str) -> Setting:
    experiment, problems = from_address(address)
    assert not problems
    return experiment.setting


def test_the_canvas_holds_the_cells_before_any_change() -> None:
    edits = Edits().with_cells("input", {0: -3}).with_cells("conv2.weight", {4: 1.5})
    plain = sheet(TEST)
    assert plain["original"].tolist() == [1, 2, 3, 4]
    assert (plain["tool"], plain["whole"], plain["largest"]) == ("brush", False, LARGEST)
    assert plain["most"] == MAX_EDITED
    assert plain["loss"].tolist() == [execute(TEST).capture.loss]
    changed = sheet(setting_of(edits=edits.to_text()))
    assert changed["original"].tolist() == plain["original"].tolist()
    assert changed["loss"].tolist() == plain["loss"].tolist()


def test_another_sample_is_another_plane() -> None:
    second = sheet(TEST, plane="1x0")
    assert second["original"].tolist() == [5, 6, 7, 8]
    assert (second["at"], second["start"]) == ("1x0", 4)
    axes = [(axis["label"], axis["size"], axis["at"], axis["sample"]) for axis in second["axes"]]
    assert axes == [("Sample", 2, 1, True), ("Channel", 1, 0, False)]
    assert not second["problems"]


def test_every_tensor_of_the_run_can_be_chosen() -> None:
    assert [each["label"] for each in sheet(TEST)["tensors"]] == [
        "input · 2\u00d71\u00d72\u00d72",
        "target · 2\u00d71",
        "conv1.weight · 1\u00d71\u00d71\u00d71",
        "conv1.bias · 1",
        "conv2.weight · 1\u00d71\u00d73\u00d73",
        "conv2.bias · 1",
        "fc.weight · 1\u00d74",
        "fc.bias · 1",
    ]


@pytest.mark.parametrize("model", ["lenet", "residual"])
def test_every_parameter_of_a_preset_is_sent_as_the_seed_made_it(model: str) -> None:
    setting = of_preset(model)
    module = build(setting.network, setting.seed, setting.training)
    for name, parameter in module.named_parameters():
        sent = sheet(setting, name)
        flat = parameter.detach().flatten()
        assert torch.equal(torch.tensor(sent["original"]), flat[: sent["count"]])
        assert (sent["key"], sent["problems"]) == (name, [])


def test_the_class_of_each_sample_is_a_whole_number_below_the_classes() -> None:
    begun = {"model": "lenet", "input_shape": "3x1x16x16", "loss": "cross_entropy"}
    sent = sheet(setting_of(**begun, target="class_by_sample"), "target")
    assert (sent["whole"], sent["largest"], sent["tool"]) == (True, 9, "number")
    assert sent["original"].tolist() == [0, 1, 2]
    assert sent["about"] == "The right class of each sample, a whole number counted from 0."


def test_token_ids_are_whole_numbers_within_the_table() -> None:
    sent = sheet(of_preset("words"))
    assert (sent["whole"], sent["largest"], sent["tool"]) == (True, 4, "number")
    assert sent["swatches"] == [0, 1]
    assert sent["original"].tolist() == [4, 4, 3, 0, 3]


@pytest.mark.parametrize(
    ("tensor", "plane", "sentence"),
    [
        (
            "conv9.weight",
            "1",
            "hand: there is no conv9.weight here that could be changed. input is shown.",
        ),
        ("input", "2x0", "plane: input has no map 2x0. The first one is shown."),
        ("input", "1", "plane: input has no map 1. The first one is shown."),
    ],
)
def test_what_is_not_there_is_said_and_replaced(tensor: str, plane: str, sentence: str) -> None:
    sent = sheet(TEST, tensor, plane=plane)
    assert (sent["key"], sent["at"], sent["problems"]) == ("input", "", [sentence])
    assert sent["original"].tolist() == [1, 2, 3, 4]


def test_a_name_that_no_tensor_can_have_is_refused() -> None:
    with pytest.raises(Unanswerable, match="of\\.tensor: it must be a tensor's name"):
        parse("canvas", {"tensor": "<b>"})


def test_each_parameter_stands_once_however_many_layers_share_it() -> None:
    outcome = execute(TEST)
    layers = outcome.capture.layers
    records = [record.name for layer in layers for record in of(layer)]
    assert set(changeable(TEST, outcome)) == {"input", "target", *records}


def of(layer: LayerRecord) -> Any:
    return layer.parameters
