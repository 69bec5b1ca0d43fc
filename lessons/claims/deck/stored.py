"""Claims about ``.grad``: which tensors have one, what is written there, and who reads it."""

from __future__ import annotations

from lessons.blocks import Place
from lessons.claims.card import ERROR, Card
from viz.language import english

INTERMEDIATE = Card(
    key="intermediate",
    label=english("Intermediate"),
    lines=(
        "x = torch.tensor([1., 2.], requires_grad=True)",
        "y = x ** 2",
        "y.sum().backward()",
        "y.grad",
    ),
    changed=1,
    others=("y = x ** 2; y.retain_grad()",),
    options={"ones": "tensor([1., 1.])", "of x": "tensor([2., 4.])", "none": "None"},
    expected=("None", "tensor([1., 1.])"),
    preset="test",
    seen=(Place("autograd", {"v": "2", "step": "kept"}),),
)

ADDED = Card(
    key="added",
    label=english("Next backward"),
    lines=(
        "w = torch.tensor([1., 2.], requires_grad=True)",
        "(3 * w).sum().backward()",
        "(3 * w).sum().backward()",
        "w.grad",
    ),
    changed=2,
    others=("w.grad = None; (3 * w).sum().backward()",),
    options={"replaced": "tensor([3., 3.])", "added": "tensor([6., 6.])", "error": ERROR},
    expected=("tensor([6., 6.])", "tensor([3., 3.])"),
    preset="mlp",
    seen=(Place("autograd", {"v": "2", "step": "zero"}),),
)

FROZEN = Card(
    key="frozen",
    label=english("Frozen"),
    lines=(
        "w = torch.tensor([1.], requires_grad=True)",
        "adam = torch.optim.Adam([w], lr=0.1)",
        "w.sum().backward(); adam.step()  # learns once",
        "w.requires_grad_(False)  # then it is frozen",
        "before = w.clone()",
        "adam.step()",
        "(w - before).detach()",
    ),
    changed=3,
    others=("w.requires_grad_(False); w.grad.zero_()", "w.requires_grad_(False); w.grad = None"),
    options={"still": "tensor([0.])", "moved": "tensor([-0.1000])", "error": ERROR},
    expected=("tensor([-0.1000])", "tensor([-0.0670])", "tensor([0.])"),
    preset="mlp",
    seen=(Place("autograd", {"v": "2", "step": "zero"}),),
)

LEAF = Card(
    key="leaf",
    label=english("Leaf"),
    lines=(
        "w = torch.ones(2, requires_grad=True).double()",
        "loss = (w * w).sum()",
        "loss.backward()",
        "w.grad",
    ),
    changed=0,
    others=(
        "w = torch.ones(2, requires_grad=True).float()",
        "w = torch.ones(2).double().requires_grad_()",
    ),
    options={
        "kept": "tensor([2., 2.], dtype=torch.float64)",
        "none": "None",
        "error": ERROR,
    },
    expected=("None", "tensor([2., 2.])", "tensor([2., 2.], dtype=torch.float64)"),
    preset="test",
    seen=(Place("autograd", {"v": "2", "step": "grad_fn"}),),
)

RETAINED = Card(
    key="retained",
    label=english("Hook, retain_grad"),
    lines=(
        "x = torch.ones(2, requires_grad=True)",
        "y = 2 * x",
        "y.retain_grad(); y.register_hook(lambda grad: 10 * grad)",
        "y.sum().backward()",
        "y.grad",
    ),
    changed=2,
    others=("y.register_hook(lambda grad: 10 * grad); y.retain_grad()",),
    options={"before": "tensor([1., 1.])", "after": "tensor([10., 10.])", "none": "None"},
    expected=("tensor([10., 10.])", "tensor([10., 10.])"),
    preset="test",
    seen=(Place("hooks", {"v": "2", "step": "gotchas", "gotcha": "retain"}),),
)

CUT = Card(
    key="cut",
    label=english("torch.tensor"),
    lines=(
        "w = torch.ones(2, requires_grad=True)",
        "loss = (w * w).sum()",
        "total = torch.tensor(loss)",
        "total.backward()",
        "w.grad",
    ),
    changed=2,
    others=("total = torch.tensor(loss, requires_grad=True)", "total = loss + 0"),
    options={"same": "tensor([2., 2.])", "none": "None", "error": ERROR},
    expected=("RuntimeError", "None", "tensor([2., 2.])"),
    preset="lenet",
    seen=(Place("autograd", {"v": "2", "step": "cut"}),),
)
