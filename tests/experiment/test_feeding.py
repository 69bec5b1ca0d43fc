"""What was changed by hand is what runs: against plain PyTorch with the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from experiment.feeding import UPLOAD, check_ids, fed_ids, feed, misfits
from experiment.running.runs import Refused
from experiment.setting import DEFAULT, Setting, of_preset
from experiment.take_away.script import script
from models.cell_edits import EditError, Edits
from models.inputs.pictures import fit
from models.inputs.uploaded import to_text
from tests.browser.plain import Plain, gradient, run
from tests.experiment.runs import execute
from tests.models.source.test_source_written import run_text

EDITS = (
    Edits()
    .with_cells("input", {0: -2.5, 7: 0.1})
    .with_cells("target", {1: 3.25})
    .with_cells("conv2.weight", {4: 1.5})
    .with_cells("fc.bias", {0: -0.7})
)


def by_hand(model: Plain, values: torch.Tensor, target: torch.Tensor) -> None:
    """The same changes in plain PyTorch."""
    with torch.no_grad():
        values[0, 0, 0, 0] = -2.5
        values[1, 0, 1, 1] = 0.1
        target[1, 0] = 3.25
        model.conv2.weight[0, 0, 1, 1] = 1.5
        model.fc.bias[0] = -0.7


def test_every_gradient_after_a_change_by_hand_is_pytorchs() -> None:
    model, values, target = (
        Plain.of_seed(3),
        torch.arange(1.0, 9.0).view(2, 1, 2, 2),
        torch.zeros(2, 1),
    )
    by_hand(model, values, target)
    loss = run(model, values, lambda output: F.mse_loss(output, target))
    capture = execute(replace(DEFAULT, seed=3, edits=EDITS)).capture
    assert capture.loss == loss.item()
    for name in ("conv1", "upsample", "conv2", "fc"):
        upstream = capture.layer(name).upstream
        assert upstream is not None
        assert upstream.tobytes() == gradient(model.kept[name]).numpy().tobytes()
    recorded = {p.name: p for layer in capture.layers for p in layer.parameters}
    for name, parameter in model.named_parameters():
        assert recorded[name].value.tobytes() == parameter.detach().numpy().tobytes()
        found = recorded[name].gradient
        assert found is not None
        assert found.tobytes() == gradient(parameter).numpy().tobytes()


def test_a_run_with_changes_leaves_the_next_one_without_them_alone() -> None:
    plain = execute(DEFAULT).capture.loss
    assert execute(replace(DEFAULT, edits=EDITS)).capture.loss != plain
    assert execute(replace(DEFAULT, edits=Edits())).capture.loss == plain
    one, other = feed(DEFAULT, (2, 1)), feed(DEFAULT, (2, 1))
    assert one.module is not other.module
    assert one.values.data_ptr() != other.values.data_ptr()


def test_a_picture_of_the_visitors_is_the_input() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    setting = replace(DEFAULT, input=UPLOAD, picture=to_text(pixels, (2, 1, 2, 2)))
    assert feed(setting, (2, 1)).values.equal(fit(pixels, (2, 1, 2, 2)))
    edited = replace(setting, edits=Edits().with_cells("input", {2: 9}))
    values = feed(edited, (2, 1)).values
    assert values[0, 0, 1, 0] == 9
    assert values.flatten()[3:].equal(fit(pixels, (2, 1, 2, 2)).flatten()[3:])


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        (replace(DEFAULT, edits=Edits().with_cells("conv9.weight", {0: 1})), ["conv9.weight"]),
        (replace(DEFAULT, edits=Edits().with_cells("fc.bias", {1: 1})), ["fc.bias"]),
        (replace(DEFAULT, edits=Edits().with_cells("input", {8: 1})), ["input"]),
        (replace(DEFAULT, loss="sum", edits=Edits().with_cells("target", {0: 1})), ["target"]),
        (replace(DEFAULT, edits=EDITS), []),
    ],
)
def test_changes_that_fit_nothing_are_named_and_left_out(
    setting: Setting, names: list[str]
) -> None:
    outcome = execute(setting)
    found = misfits(setting, outcome.output_shape, outcome.capture)
    assert [misfit.name for misfit in found] == names
    assert all(misfit.sentence.startswith(misfit.name) for misfit in found)
    rest = replace(setting, edits=setting.edits.without(*names))
    assert execute(rest).capture.loss == outcome.capture.loss


def digits_of(first: str, **changes: Any) -> Setting:
    """LeNet on three digits."""
    begun = replace(of_preset("lenet"), input=first, input_shape=(3, 1, 16, 16))
    return replace(begun, loss="cross_entropy", target="own_label", **changes)


@pytest.mark.parametrize(("first", "shown"), [("digit", [3, 4, 5]), ("any_digit", [9, 0, 1])])
def test_a_digit_is_compared_with_what_it_shows(first: str, shown: list[int]) -> None:
    setting = digits_of(first, seed=9)
    assert feed(setting, (3, 10)).loss.target.tolist() == shown
    fed = feed(setting, (3, 10))
    expected = F.cross_entropy(fed.module(fed.values), torch.tensor(shown))
    assert execute(setting).capture.loss == expected.item()


def test_no_other_input_shows_a_label() -> None:
    with pytest.raises(Refused, match="with 10 classes has no target own_label"):
        execute(replace(digits_of("digit"), input="random"))


def test_the_class_of_one_sample_is_set_by_hand() -> None:
    setting = digits_of("digit", edits=Edits().with_cells("target", {1: 9}))
    fed = feed(setting, (3, 10))
    assert fed.loss.target.dtype == torch.int64
    assert fed.loss.target.tolist() == [3, 9, 5]
    expected = F.cross_entropy(fed.module(fed.values), torch.tensor([3, 9, 5]))
    assert execute(setting).capture.loss == expected.item()


@pytest.mark.parametrize("value", [10.0, -1.0, 2.5])
def test_what_is_no_class_is_left_out_and_said(value: float) -> None:
    setting = digits_of("digit", edits=Edits().with_cells("target", {1: value}))
    outcome = execute(setting)
    (misfit,) = misfits(setting, (3, 10), outcome.capture)
    assert misfit.sentence == (
        f"target: a class must be a whole number from 0 to 9. Cell 1 is {value:g}."
    )
    assert feed(setting, (3, 10)).loss.target.tolist() == [3, 4, 5]


def test_a_class_beyond_the_last_sample_is_left_out() -> None:
    setting = digits_of("digit", edits=Edits().with_cells("target", {3: 1}))
    outcome = execute(setting)
    assert [each.name for each in misfits(setting, (3, 10), outcome.capture)] == ["target"]


@pytest.mark.parametrize(
    ("loss", "target"),
    [("vector", "random"), ("l1", "random"), ("cell", "cell_2_4"), ("nll", "class_by_sample")],
)
def test_what_is_taken_away_is_fed_the_same_target(loss: str, target: str) -> None:
    edits = Edits() if loss == "cell" else Edits().with_cells("target", {2: 1})
    setting = replace(digits_of("digit"), seed=5, edits=edits, loss=loss, target=target)
    space = run_text(script(setting, ""))
    assert torch.equal(space["target"], feed(setting, (3, 10)).loss.target)
    assert float(space["loss"].detach()) == execute(setting).capture.loss


def test_a_given_upstream_gradient_is_set_by_hand() -> None:
    vector = torch.tensor([[0.5], [-3.0]])
    edits = Edits().with_cells("target", {0: 0.5, 1: -3.0})
    capture = execute(replace(DEFAULT, loss="vector", target="ones", edits=edits)).capture
    upstream = capture.layer("fc").upstream
    assert upstream is not None
    assert upstream.tobytes() == vector.numpy().tobytes()


def test_ids_changed_by_hand_look_up_other_rows_bitwise() -> None:
    begun = of_preset("words")
    changed = replace(begun, edits=Edits().with_cells("input", {0: 2}))
    assert feed(begun, (1, 2)).values.tolist() == [[4, 4, 3, 0, 3]]
    fed = feed(changed, (1, 2))
    assert fed.values.dtype == torch.int64
    assert fed.values.tolist() == [[2, 4, 3, 0, 3]]
    record = execute(changed).capture.layer("embedding").parameters[0]
    fed.module.zero_grad()
    fed.loss(fed.module(fed.values)).backward()  # type: ignore[no-untyped-call]
    assert record.gradient is not None
    expected = gradient(fed.module.get_parameter("embedding.weight"))
    assert record.gradient.tobytes() == expected.numpy().tobytes()


@pytest.mark.parametrize("value", [5.0, -1.0, 2.5])
def test_an_id_that_is_no_row_is_left_out_and_said(value: float) -> None:
    changed = replace(of_preset("words"), edits=Edits().with_cells("input", {3: value}))
    outcome = execute(changed)
    (misfit,) = misfits(changed, outcome.output_shape, outcome.capture)
    assert misfit.name == "input"
    assert misfit.sentence == (
        "input: a token id must be a whole number from 0 to 4, a row of embedding. "
        f"Cell 3 is {value:g}."
    )
    assert feed(changed, (1, 2)).values.tolist() == [[4, 4, 3, 0, 3]]
    assert fed_ids(changed).tolist() == [[4, 4, 3, 0, 3]]


@pytest.mark.parametrize("kind", ["photo", "digit", UPLOAD])
def test_a_table_is_fed_nothing_but_ids(kind: str) -> None:
    picture = to_text(np.zeros((2, 2, 3), np.uint8), (1, 1, 2, 2))
    with pytest.raises(Refused, match=r"a row of embedding, but .* came\. Choose Token ids"):
        execute(replace(of_preset("words"), input=kind, picture=picture))


def test_ids_ask_for_no_gradient() -> None:
    asking = replace(of_preset("words"), input_gradient=True)
    assert not feed(asking, (1, 2)).values.requires_grad
    assert execute(asking).capture.loss == execute(of_preset("words")).capture.loss


def test_a_change_to_what_is_no_row_is_refused() -> None:
    check_ids(of_preset("words"), Edits().with_cells("input", {0: 0, 1: 4}))
    with pytest.raises(EditError, match="Cell 2 is 7"):
        check_ids(of_preset("words"), Edits().with_cells("input", {2: 7}))
    check_ids(DEFAULT, Edits().with_cells("input", {2: 7.5}))
