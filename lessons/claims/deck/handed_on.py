"""Claims about whom a gradient is handed on to, and what stops it."""

from __future__ import annotations

from lessons.blocks import Place
from lessons.claims.card import ERROR, Card
from viz.language import english

EVAL = Card(
    key="eval",
    label=english("eval()"),
    lines=(
        "model = nn.Sequential(nn.PReLU(init=0.5), nn.Dropout(0.5))",
        "model.eval()",
        "y = model(torch.tensor([-2., 3.]))",
        "y.sum().backward()",
        "model[0].weight.grad",
    ),
    changed=2,
    others=("with torch.no_grad(): y = model(torch.tensor([-2., 3.]))",),
    options={"none": "None", "recorded": "tensor([-2.])", "error": ERROR},
    expected=("tensor([-2.])", "RuntimeError"),
    preset="mlp",
    seen=(Place("autograd", {"v": "2", "step": "cut"}),),
)

BEFORE = Card(
    key="before",
    label=english("Before a frozen layer"),
    lines=(
        "first, last = nn.PReLU(init=0.5), nn.PReLU(init=0.1)",
        "last.requires_grad_(False)  # frozen",
        "y = last(first(torch.tensor([-2.])))",
        "y.backward()",
        "first.weight.grad",
    ),
    changed=2,
    others=("y = last(first(torch.tensor([-2.])).detach())",),
    options={"none": "None", "skipped": "tensor([-2.])", "passed": "tensor([-0.2000])"},
    expected=("tensor([-0.2000])", "RuntimeError"),
    preset="mlp",
    seen=(Place("autograd", {"v": "2", "step": "cut"}),),
)

TIE = Card(
    key="tie",
    label=english("Tie"),
    lines=(
        "x = torch.tensor([2., 2., 1.], requires_grad=True)",
        "y = x.max()",
        "y.backward()",
        "x.grad",
    ),
    changed=1,
    others=("y = x.amax()", "y = x.max(0).values", "y = F.max_pool1d(x[None], 3)"),
    options={
        "first": "tensor([1., 0., 0.])",
        "shared": "tensor([0.5000, 0.5000, 0.0000])",
        "both": "tensor([1., 1., 0.])",
    },
    expected=(
        "tensor([0.5000, 0.5000, 0.0000])",
        "tensor([0.5000, 0.5000, 0.0000])",
        "tensor([1., 0., 0.])",
        "tensor([1., 0., 0.])",
    ),
    preset="routing",
    seen=(Place("nearest_upsampling", {"v": "2", "step": "router"}),),
)
