"""The second of two runs: its network and numbers are those that one would write with torch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from experiment.beside.made import (
    Skip,
    exchangeable,
    removable,
    skips,
    with_activation,
    with_cell,
    with_loss,
    without_layer,
    without_skip,
)
from experiment.running.runs import Refused
from experiment.setting import DEFAULT, Setting, of_preset, with_network
from experiment.written.address import Experiment, from_address, to_address
from flow.record import Array
from models.cell_edits import EditError
from models.source import from_source
from models.spec import SpecError
from tests.experiment.runs import execute


def stack(activation: Callable[[], nn.Module]) -> nn.Sequential:
    """The preset Vanishing as one would write it, from seed 0."""
    parts: list[tuple[str, nn.Module]] = [("first", nn.Linear(64, 16))]
    for step in range(1, 9):
        parts += [(f"fc{step}", nn.Linear(16, 16)), (f"act{step}", activation())]
    return nn.Sequential(OrderedDict([*parts, ("last", nn.Linear(16, 10))]))


def gradients(setting: Setting) -> dict[str, Array]:
    found = execute(setting).capture.parameters
    return {each.name: each.gradient for each in found if each.gradient is not None}


@pytest.mark.parametrize(("kind", "module"), [("ReLU", nn.ReLU), ("Tanh", nn.Tanh)])
def test_every_sigmoid_is_exchanged_and_the_gradients_are_those_of_torch(
    kind: str, module: type[nn.Module]
) -> None:
    a = of_preset("vanishing")
    b = with_activation(a, "Sigmoid", kind)
    with torch.random.fork_rng([]):
        torch.manual_seed(a.seed)
        written = stack(module)
    x = torch.from_numpy(execute(a).capture.inputs[0].copy())
    output = written(x)
    upstream = torch.from_numpy(execute(b).capture.outputs[0].copy())
    assert torch.equal(output, upstream)
    loss = nn.functional.cross_entropy(output, torch.tensor(a.labels))
    loss.backward()
    found = gradients(b)
    for name, parameter in written.named_parameters():
        assert parameter.grad is not None
        np.testing.assert_allclose(found[name], parameter.grad, rtol=1e-4, atol=1e-12)
    stem = kind.lower()
    assert [each.name for each in b.network.layers if each.kind == kind] == [
        f"{stem}{step}" for step in range(1, 9)
    ]


def test_layers_named_otherwise_keep_their_name_and_what_both_can_say_stays() -> None:
    a = of_preset("twins")
    b = with_activation(a, "Tanh", "LeakyReLU")
    assert [x.name for x in b.network.layers] == [x.name for x in a.network.layers]
    assert b.network.layer("plain_tanh1").fields["negative_slope"] == 0.01


def test_an_activation_exchanged_and_back_gives_the_pasted_network_again() -> None:
    text = "from torch import nn\nmodel = nn.Sequential(nn.Linear(4, 3), nn.Tanh())"
    a = with_network(DEFAULT, from_source(text), (2, 4))
    b = with_activation(a, "Tanh", "LeakyReLU")
    assert a.network.renamed
    assert with_activation(b, "LeakyReLU", "Tanh").network == a.network


def test_softmax_is_exchanged_for_its_logarithm_only() -> None:
    a = with_activation(of_preset("lenet"), "ReLU", "Sigmoid")
    assert [*exchangeable(a)] == ["Sigmoid"]
    assert "Softmax" not in exchangeable(a)["Sigmoid"]
    assert "Sigmoid" not in exchangeable(a)["Sigmoid"]


def test_only_layers_that_hand_on_the_shape_they_get_can_be_left_out() -> None:
    a = of_preset("lenet")
    shapes = {each.name: each.output_shape for each in a.source.budget(a).layers}  # type: ignore[union-attr]
    assert removable(a, shapes) == ["relu1", "relu2", "relu3"]
    assert removable(of_preset("triple"), {}) == []


def test_a_layer_is_left_out_and_its_reader_reads_what_it_read() -> None:
    a = of_preset("lenet")
    b = without_layer(a, "relu1")
    assert [each.name for each in b.network.layers if each.name not in ("relu1",)] == [
        each.name for each in a.network.layers if each.name != "relu1"
    ]
    assert b.network.layer("pool1").inputs == ("conv1",)
    assert execute(b).capture.loss != execute(a).capture.loss


def test_a_pool_whose_indices_are_used_cannot_be_left_out() -> None:
    a = of_preset("unpool_max")
    with pytest.raises(SpecError, match="must be the MaxPool2d that it undoes"):
        without_layer(a, next(x.name for x in a.network.layers if x.kind == "MaxPool2d"))


def test_a_skip_is_left_out_with_its_sum() -> None:
    a = of_preset("residual")
    (skip,) = skips(a)
    b = without_skip(a, skip)
    assert skip.layer not in [each.name for each in b.network.layers]
    assert len(b.network.layers) == len(a.network.layers) - 1
    before, after = execute(a).capture, execute(b).capture
    (joined,) = (each for each in before.layers if each.name == skip.layer)
    (main,) = {*a.network.layer(skip.layer).inputs} - {skip.source}
    (reader,) = (each for each in b.network.layers if main in each.inputs)
    assert reader.name in [each.name for each in after.layers]
    assert joined.name not in [each.name for each in after.layers]


def test_layers_that_only_the_skip_reads_are_left_out_with_it() -> None:
    a = of_preset("twins")
    b = without_skip(a, Skip("both", "plain_tanh4"))
    assert not any(each.name.startswith("plain") for each in b.network.layers)
    assert b.network.layers[-1].name == "skip_add4"
    c = without_skip(a, Skip("skip_add1", "start"))
    assert c.network.layer("skip2").inputs == ("skip_tanh1",)
    assert c.network.layer("plain1").inputs == ("start",)


def test_a_target_that_the_other_loss_does_not_take_is_replaced_by_its_first() -> None:
    assert with_loss(of_preset("lenet"), "mse").target == "zeros"
    assert with_loss(DEFAULT, "l1").target == DEFAULT.target


def test_one_cell_is_changed_and_no_other() -> None:
    b = with_cell(DEFAULT, "conv2.weight", 4, 0.5)
    before, after = (
        {each.name: each.value for each in execute(run).capture.parameters} for run in (DEFAULT, b)
    )
    assert after["conv2.weight"].flat[4] == 0.5
    assert sum(int(np.sum(after[name] != before[name])) for name in before) == 1
    with pytest.raises(EditError, match="a cell must be a number"):
        with_cell(DEFAULT, "conv2.weight", 4, float("inf"))


def test_what_does_not_fit_is_refused_as_any_other_run() -> None:
    b = without_layer(of_preset("lenet"), "flatten")
    with pytest.raises(Refused, match="fc1"):
        execute(b)


@pytest.mark.parametrize(
    "made",
    [
        lambda a: with_activation(a, "ReLU", "Sigmoid"),
        lambda a: without_layer(a, "relu2"),
        lambda a: with_loss(a, "mse"),
        lambda a: with_cell(a, "fc2.bias", 3, -1.5),
        lambda a: replace(a, seed=7),
    ],
)
def test_a_link_holds_both(made: Callable[[Setting], Setting]) -> None:
    a = of_preset("lenet")
    both = Experiment(a, beside=(made(a),))
    assert from_address(to_address(both)) == (both, ())
