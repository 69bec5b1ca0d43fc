"""Claims about what the forward pass keeps for the backward pass."""

from __future__ import annotations

from lessons.blocks import Place
from lessons.claims.card import ERROR, Card
from viz.language import english

INPLACE = Card(
    key="inplace",
    label=english("In place"),
    lines=(
        "x = torch.tensor([1., 2.], requires_grad=True)",
        "y = x ** 2",
        "y.add_(1)",
        "y.sum().backward()",
        "x.grad",
    ),
    changed=1,
    others=("y = x.relu()", "y = x.exp()"),
    options={"error": ERROR, "square": "tensor([2., 4.])", "moved": "tensor([3., 5.])"},
    expected=("tensor([2., 4.])", "RuntimeError", "RuntimeError"),
    preset="residual",
    seen=(Place("autograd", {"v": "2", "step": "in_place"}),),
)

TWICE = Card(
    key="twice",
    label=english("Backward twice"),
    lines=(
        "x = torch.tensor([1., 2.], requires_grad=True)",
        "y = x + 1",
        "y.sum().backward()",
        "y.sum().backward()",
        "x.grad",
    ),
    changed=1,
    others=("y = x ** 2", "y = 3 * x"),
    options={"error": ERROR, "once": "tensor([1., 1.])", "added": "tensor([2., 2.])"},
    expected=("tensor([2., 2.])", "RuntimeError", "RuntimeError"),
    preset="test",
    seen=(Place("autograd", {"v": "2", "step": "freed"}),),
)

DATA = Card(
    key="data",
    label=english(".data"),
    lines=(
        "x = torch.tensor([0., 1.], requires_grad=True)",
        "y = x.exp()",
        "y.data.add_(10)",
        "y.sum().backward()",
        "x.grad",
    ),
    changed=2,
    others=("y.detach().add_(10)", "y = y + 10"),
    options={
        "right": "tensor([1.0000, 2.7183])",
        "wrong": "tensor([11.0000, 12.7183])",
        "error": ERROR,
    },
    expected=("tensor([11.0000, 12.7183])", "RuntimeError", "tensor([1.0000, 2.7183])"),
    preset="residual",
    seen=(Place("autograd", {"v": "2", "step": "in_place"}),),
)

HIDDEN = Card(
    key="hidden",
    label=english("Hidden state"),
    lines=(
        "w = torch.tensor(2., requires_grad=True)",
        "h = torch.tensor(1.)",
        "for _ in range(2):  # two batches",
        "    h = w * h",
        "    h.backward()",
        "w.grad",
    ),
    changed=3,
    others=("    h = w * h.detach()",),
    options={"both": "tensor(5.)", "each": "tensor(3.)", "error": ERROR},
    expected=("RuntimeError", "tensor(3.)"),
    preset="lstm",
    seen=(Place("autograd", {"v": "2", "step": "freed"}),),
)
