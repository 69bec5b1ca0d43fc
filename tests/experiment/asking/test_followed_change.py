"""What a change by hand did to every box is what two runs in plain PyTorch differ by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.asking.questions import answer
from experiment.setting import of_preset
from models.cell_edits import Edits
from models.sgd import Sgd
from tests.browser.plain import Plain, gradient, run
from tests.experiment.runs import RUNS
from tests.viz.reading import Array, read
from viz.answering.questions import parse
from viz.difference import difference

TEST = of_preset("test")
LAYERS = ("conv1", "upsample", "conv2", "flatten", "fc")
CHANGES = {
    "a pixel": ("input", 0, 3.0),
    "a pixel of the second sample": ("input", 6, -1.0),
    "a weight": ("conv2.weight", 4, 1.25),
    "the target": ("target", 1, 2.0),
    "nothing": ("input", 0, 1.0),
}


def strip(edits: Edits, **parts: str) -> Any:
    asked = parse("scene", {"changes": "1", **parts})
    return read(answer(RUNS, replace(TEST, edits=edits), asked)[0])["strip"]


def ran(change: tuple[str, int, float] | None) -> dict[str, tuple[Tensor, Tensor]]:
    """Return value and gradient of every layer, in plain PyTorch."""
    model = Plain.of_seed(0)
    tensors = {"input": torch.arange(1.0, 9.0).view(2, 1, 2, 2), "target": torch.zeros(2, 1)}
    tensors |= dict(model.named_parameters())
    if change is not None:
        name, place, value = change
        with torch.no_grad():
            tensors[name].view(-1)[place] = value
    run(model, tensors["input"], lambda output: F.mse_loss(output, tensors["target"]))
    return {name: (model.kept[name].detach(), gradient(model.kept[name])) for name in LAYERS}


def pictured(sent: Any, sample: int, at: int) -> tuple[Array, float]:
    """Return the cells of one picture of a sample and the number beside it."""
    pictures = sent["pictures"][sample]
    sizes = pictures["looks"].reshape(-1, 3)[:, 0]
    start = int(sizes[:at].sum())
    return pictures["cells"][start : start + sizes[at]], pictures["largest"][at]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_box_shows_what_plain_torch_differs_by(change: tuple[str, int, float]) -> None:
    name, place, value = change
    sent = strip(Edits().with_cells(name, {place: value}))
    before, now = ran(None), ran(change)
    boxes = [box["name"] for box in sent["boxes"]]
    reach = sent["reach"].reshape(-1, 2, 2).tolist()
    for layer in LAYERS:
        for lane in (0, 1):
            changed = now[layer][lane] - before[layer][lane]
            at = boxes.index(layer)
            assert reach[at][lane] == [int((changed != 0).sum()), changed.numel()]
            for sample in (0, 1):
                cells, largest = pictured(sent, sample, 2 * at + lane)
                flat = changed[sample].flatten()
                assert largest == float(flat[flat.abs().argmax()])
                assert ((cells != 0) == (flat != 0).numpy()).all()
                assert (np.sign(cells) == torch.sign(flat).numpy()).all()


def test_a_change_that_is_none_reaches_nothing_and_a_target_no_value() -> None:
    none = strip(Edits().with_cells("input", {0: 1.0}))["reach"].reshape(-1, 2, 2)
    assert not none[:, :, 0].any()
    target = strip(Edits().with_cells("target", {0: 1.0}))
    reach = target["reach"].reshape(-1, 2, 2)
    assert [bool(count) for count in reach[:, 0, 0]] == [False] * (len(reach) - 1) + [True]
    assert target["boxes"][-1]["kind"] == "loss"


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        (Edits().with_cells("input", {3: 3}), "Changing input[0, 0, 1, 1] from 4 to 3"),
        (Edits().with_cells("conv2.bias", {0: 2}), "Changing conv2.bias[0] from {bias} to 2"),
        (Edits().with_cells("input", {0: 3, 1: 1}), "Changing 2 cells of input"),
        (
            Edits().with_cells("input", {0: 3}).with_cells("target", {0: 1, 1: 1}),
            "Changing 3 cells of 2 tensors",
        ),
    ],
)
def test_the_sentence_begins_with_what_was_changed(edits: Edits, sentence: str) -> None:
    bias = f"{Plain.of_seed(0).conv2.bias.item():.3g}".replace("-", "−")  # type: ignore[union-attr]
    assert strip(edits)["changing"] == sentence.replace("{bias}", bias)


def test_after_a_step_of_sgd_the_sentence_still_tells_what_was_there_before_any() -> None:
    setting = replace(TEST, edits=Edits().with_cells("fc.bias", {0: 2.0}), sgd=Sgd(0.1, 1))
    sent = read(answer(RUNS, setting, parse("scene", {"changes": "1"}))[0])["strip"]
    bias = f"{Plain.of_seed(0).fc.bias.item():.3g}"
    assert sent["changing"] == f"Changing fc.bias[0] from {bias} to 2"


def test_the_boxes_stay_as_they_are_where_nothing_is_changed_or_asked_for() -> None:
    edits = Edits().with_cells("input", {0: 3.0})
    plain = read(answer(RUNS, replace(TEST, edits=edits), parse("scene", {}))[0])["strip"]
    assert (plain["changing"], plain["reach"]) == (None, None)
    unedited = strip(Edits())
    assert (unedited["changing"], unedited["reach"]) == (None, None)


def test_the_pictures_of_a_further_sample_show_what_changed_too() -> None:
    edits = Edits().with_cells("input", {6: -1.0})
    asked = parse("thumbnails", {"sample": "1", "changes": "1"})
    alone = read(answer(RUNS, replace(TEST, edits=edits), asked)[0])
    sent = strip(edits)["pictures"][1]
    for part in ("cells", "looks", "largest"):
        assert np.array_equal(alone[part], sent[part], equal_nan=True)


def test_a_difference_is_zero_where_the_same_number_stands_and_nowhere_else() -> None:
    odd = np.array([np.nan, np.inf, 1.0, -0.0, 1e-45, np.inf, np.nan], np.float32)
    before = np.array([np.nan, np.inf, 1.0, 0.0, 0.0, 1.0, 2.0], np.float32)
    found = difference(odd, before)
    assert found is not None
    assert found.dtype == np.float32
    assert found[:5].tolist() == [0, 0, 0, 0, np.float32(1e-45)]
    assert found[5] == np.inf
    assert np.isnan(found[6])
    whole = difference(np.array([2, 0], np.uint8), np.array([3, 0], np.uint8))
    assert whole is not None
    assert whole.tolist() == [-1, 0]
    assert difference(odd, None) is None
    assert difference(odd, before[:2]) is None
    assert difference(odd, before.astype(np.float64)) is None
