"""Every box of the graph says in plain words what it is, what arrives and where it goes on."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import Edge
from tests.viz.captures import picture, small_capture
from viz.graphs.autograd import DrawOptions, draw

pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes:DeprecationWarning"  # torchviz's own import
)


class Small(nn.Module):
    """A convolution, an operation of the model itself, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 2)
        self.fc = nn.Linear(4, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.fc(torch.relu(self.conv(x)).flatten(1))
        return y


def squares(output: Tensor) -> Tensor:
    return output.square().mean()


def helps(saved: bool = False, asked: bool = False, vector: bool = False) -> dict[str, str]:
    """Return what is said of the boxes of a run of ``Small``, by their names."""
    x = torch.arange(9.0).reshape(1, 1, 3, 3).requires_grad_(asked)
    given = torch.ones(1, 1) if vector else None
    with flow.run(Small(), x, None if vector else squares, given) as run:
        drawing = draw(run.picture(saved=saved), run.capture)
    return {box.name: box.help for box in drawing.boxes}


def test_a_layers_backward_says_what_arrives_from_where_and_where_it_goes_on() -> None:
    assert helps()["ConvolutionBackward0"] == (
        "The backward of conv2d, called in layer conv. The gradient of the output of conv"
        " arrives here, from ReluBackward0. It hands gradients on to conv.weight and conv.bias."
    )
    asked = helps(asked=True)["ConvolutionBackward0"]
    assert asked.endswith("It hands gradients on to the input, conv.weight and conv.bias.")


def test_an_operation_of_the_model_itself_belongs_to_no_layer() -> None:
    assert helps()["ReluBackward0"] == (
        "The backward of relu, called by the model itself."
        " A gradient arrives here from ViewBackward0. It hands gradients on to conv."
    )


def test_the_backward_begins_at_the_loss_or_with_a_given_vector() -> None:
    assert helps()["MeanBackward0"] == (
        "The backward of mean, part of the loss. The backward pass begins here, with ∂L/∂L = 1."
        " It hands gradients on to PowBackward0."
    )
    assert helps()["output ()"].startswith("The loss, a single number: () is its shape.")
    given = helps(vector=True)
    assert "The backward pass begins here, with the given vector." in given["MmBackward0"]
    assert given["output (1, 1)"] == "The output of the model. The backward pass begins here."


def test_parameters_are_leaves_and_say_where_their_gradient_is_kept() -> None:
    said = helps()
    assert said["AccumulateGrad conv.bias"] == (
        "Stores what arrives here in conv.bias.grad. The way of this gradient ends here."
    )
    assert said["conv.bias"] == (
        "The parameter conv.bias, (1). No operation made it: it is a leaf."
    )


def test_a_leaf_that_a_backward_saved_is_still_its_own() -> None:
    plain, said = helps(), helps(saved=True)
    assert said["conv.weight"] == plain["conv.weight"]
    kept = [words for name, words in said.items() if name.startswith("saved tensor")]
    assert set(kept) == {"A tensor kept in the forward pass, because this backward needs it."}


def test_a_layer_in_one_box_says_how_many_nodes_it_holds() -> None:
    drawing = draw(picture(small_capture().edges), small_capture(), DrawOptions(collapsed=True))
    assert {box.name: box.help for box in drawing.boxes}["fc2"] == (
        "Everything that fc2 ran, in one box: 2 nodes of the full graph."
    )


def test_the_legend_names_every_colour_and_the_way_of_the_gradients() -> None:
    edges = [*small_capture().edges, Edge("n1", "s0", "saved"), Edge("b0", "o0", "view")]
    legend = draw(picture(edges), small_capture()).legend
    assert [(key.fill, key.says) for key in legend.keys] == [
        ("lightgrey", "operation (grad_fn)"),
        ("lightblue", "leaf: parameter or input"),
        ("#caff70", "loss"),
        ("#a2cd5a", "base of a view"),
        ("orange", "saved tensor"),
    ]
    assert legend.arrows == "Gradients flow upward, against the arrows."
    collapsed = draw(picture(edges), small_capture(), DrawOptions(collapsed=True)).legend
    assert [key.says for key in collapsed.keys] == ["layer", "input", "loss"]


def test_of_a_tinted_graph_the_legend_names_the_colours_that_are_left() -> None:
    edges = small_capture().edges
    legend = draw(picture(edges), small_capture(), DrawOptions(tint=True)).legend
    assert [key.says for key in legend.keys] == [
        "gradients end here",
        "loss",
    ]
    assert "of what passes through" in legend.fill
    both = DrawOptions(tint=True, collapsed=True)
    assert draw(picture(edges), small_capture(), both).legend.keys == ()
