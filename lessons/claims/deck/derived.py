"""Claims about what is derived: of a vector, of a layer, at a kink, where it is flat, once more."""

from __future__ import annotations

from lessons.blocks import Place
from lessons.claims.card import ERROR, Card
from viz.language import english

VECTOR = Card(
    key="vector",
    label=english("Vector"),
    lines=(
        "A = torch.tensor([[1., 2.], [3., 4.]])",
        "x = torch.ones(2, requires_grad=True)",
        "y = A @ x",
        "y.backward()",
        "x.grad",
    ),
    changed=3,
    others=("y.backward(torch.ones(2))", "y.backward(torch.tensor([1., 0.]))"),
    options={
        "matrix": "tensor([[1., 2.],\n        [3., 4.]])",
        "sum": "tensor([4., 6.])",
        "error": ERROR,
    },
    expected=("RuntimeError", "tensor([4., 6.])", "tensor([1., 2.])"),
    preset="triple",
    seen=(Place("autograd", {"v": "2", "step": "vector"}),),
)

HOOK = Card(
    key="hook",
    label=english("Module hook"),
    lines=(
        "layer = nn.PReLU(init=0.5)  # one weight: the slope below 0",
        "seen = []",
        "layer.register_full_backward_hook(",
        "    lambda module, grad_input, grad_output: seen.extend(grad_input))",
        "x = torch.tensor([-2., 3.], requires_grad=True)",
        "layer(x).sum().backward()",
        "seen",
    ),
    changed=6,
    others=("layer.weight.grad", "x.grad"),
    options={
        "weight": "[tensor([-2.])]",
        "input": "[tensor([0.5000, 1.0000])]",
        "both": "[tensor([0.5000, 1.0000]), tensor([-2.])]",
    },
    expected=("[tensor([0.5000, 1.0000])]", "tensor([-2.])", "tensor([0.5000, 1.0000])"),
    preset="kernel",
    seen=(Place("hooks", {"v": "2", "step": "signature"}),),
)

WATCHED = Card(
    key="watched",
    label=english("Watching hook"),
    lines=(
        "layer = nn.PReLU(init=0.5)",
        "layer.register_full_backward_hook(lambda *_: None)  # only looks on",
        "x = torch.tensor([-2., 3.], requires_grad=True)",
        "y = layer(x)",
        "y.relu_().sum().backward()",
        "x.grad",
    ),
    changed=4,
    others=("y.relu().sum().backward()",),
    options={
        "same": "tensor([0., 1.])",
        "skipped": "tensor([0.5000, 1.0000])",
        "error": ERROR,
    },
    expected=("RuntimeError", "tensor([0., 1.])"),
    preset="mlp",
    seen=(Place("hooks", {"v": "2", "step": "gotchas"}),),
)

KINK = Card(
    key="kink",
    label=english("Kink"),
    lines=(
        "x = torch.tensor(0., requires_grad=True)",
        "y = torch.maximum(x, torch.tensor(0.))",
        "y.backward()",
        "x.grad",
    ),
    changed=1,
    others=("y = x.relu()", "y = x.clamp_min(0)", "y = torch.where(x > 0, x, 0)"),
    options={"zero": "tensor(0.)", "half": "tensor(0.5000)", "one": "tensor(1.)"},
    expected=("tensor(0.5000)", "tensor(0.)", "tensor(1.)", "tensor(0.)"),
    preset="routing",
    seen=(Place("nearest_upsampling", {"v": "2", "step": "router"}),),
)

WHERE = Card(
    key="where",
    label=english("where, NaN"),
    lines=(
        "x = torch.tensor([0., 4.], requires_grad=True)",
        "y = torch.where(x > 0, x.sqrt(), 0)",
        "y.sum().backward()",
        "x.grad",
    ),
    changed=1,
    others=("y = torch.where(x > 0, torch.where(x > 0, x, 1).sqrt(), 0)",),
    options={
        "zero": "tensor([0.0000, 0.2500])",
        "nan": "tensor([   nan, 0.2500])",
        "infinite": "tensor([   inf, 0.2500])",
    },
    expected=("tensor([   nan, 0.2500])", "tensor([0.0000, 0.2500])"),
    preset="test",
)

SECOND = Card(
    key="second",
    label=english("Gradient in a loss"),
    lines=(
        "x = torch.tensor(2., requires_grad=True)",
        "y = x ** 3",
        "(g,) = torch.autograd.grad(y, x)",
        "loss = x + g ** 2  # g is 3 x ** 2",
        "loss.backward()",
        "x.grad",
    ),
    changed=2,
    others=("(g,) = torch.autograd.grad(y, x, create_graph=True)",),
    options={"whole": "tensor(289.)", "first": "tensor(1.)", "error": ERROR},
    expected=("tensor(1.)", "tensor(289.)"),
    preset="test",
)

FLAT = Card(
    key="flat",
    label=english("Sum of softmax"),
    lines=(
        "x = torch.tensor([[1.], [2.], [4.]], requires_grad=True)",
        "y = x.softmax(0)",
        "y.sum().backward()",
        "x.grad.abs().max() < 1e-5",
    ),
    changed=1,
    others=("y = nn.BatchNorm1d(1)(x)", "y = x.log_softmax(0)[0]"),
    options={"learns": "tensor(False)", "flat": "tensor(True)", "error": ERROR},
    expected=("tensor(True)", "tensor(True)", "tensor(False)"),
    preset="attention",
    seen=(Place("dilation", {"v": "2", "step": "bias"}),),
)
