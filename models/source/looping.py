"""Lines of a script that repeat a pass: steps of SGD before a run, and a whole training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from flow.said import said
from models.inputs.pictures import DIGIT_LARGEST, digit_scale
from models.literals import literal
from models.losses import LOSSES
from models.sgd import Sgd
from models.shapes import Shape
from models.targets import SEEDS
from models.training.data import DATA
from models.training.optimizers import OPTIMIZERS
from models.training.plan import OWN_DATA, Plan

DRAWS = said("what random layers draw")
REPEATED = said("so that every pass draws the same")
EVERY_PASS = said("another order in every pass")


@dataclass(frozen=True)
class Trained:
    """How a run is trained, and with which loss, a name in LOSSES."""

    plan: Plan
    loss: str

    @property
    def is_fed_alike(self) -> bool:
        """Whether every step is fed the run's own input and target."""
        return self.plan.data == OWN_DATA


def sizes(shape: Shape) -> str:
    """Return a shape as arguments, such as ``2, 1, 8, 8``."""
    return ", ".join(map(str, shape))


def backward_lines(loss: str) -> list[str]:
    """Return the lines that compute the loss of ``output``, if there is one, and go backward."""
    kind = LOSSES[loss]
    if kind.given:
        return ["output.backward(target)"]
    if not kind.targets:
        computed = f"output.{kind.name}()"
    elif hasattr(nn, kind.name):
        computed = f"nn.{kind.name}()(output, target)"
    else:
        computed = "(output * target).sum()"
    return [f"loss = {computed}", "loss.backward()"]


def learning_lines(sgd: Sgd, loss: str, seed: int) -> list[str]:
    """Return the lines that take the steps before the run; none where there are none."""
    if not sgd.steps:
        return []
    return [
        "",
        f"optimizer = torch.optim.SGD(model.parameters(), lr={sgd.rate_text})",
        f"for step in range(1, {sgd.steps + 1}):",
        "    optimizer.zero_grad()",
        f"    torch.manual_seed({seed})  # {REPEATED}",
        "    output = model(x)",
        *(f"    {line}" for line in backward_lines(loss)),
        *([] if LOSSES[loss].given else ['    print("loss before step", step, loss.item())']),
        "    optimizer.step()",
        "optimizer.zero_grad()",
    ]


def training_lines(trained: Trained, shape: Shape, seed: int, device: str) -> list[str]:
    """Return the lines that train ``model``: on ``x`` and ``target``, or on a data set.

    ``shape`` is that of the run's input, of which a data set takes all but the batch.
    """
    plan = trained.plan
    own = trained.is_fed_alike
    there = "" if device == "cpu" else f'.to("{device}")'
    fetched = f"    x, target = inputs[chosen]{there}, classes[chosen]{there}"
    number = f"{seed} + step" if seed else "step"
    if seed + plan.steps > SEEDS:
        number = f"({number}) % {SEEDS}"
    reported = '"loss", loss.item(), ' if not LOSSES[trained.loss].given else ""
    steps = f"range({plan.steps})"
    return [
        *([] if own else _data_lines(plan, shape, seed)),
        "",
        f"optimizer = {OPTIMIZERS[plan.optimizer].written(plan)}",
        f"for step in {steps}:" if own else f"for step, chosen in zip({steps}, batches()):",
        *([] if own else [fetched]),
        "    optimizer.zero_grad()",
        f"    torch.manual_seed({number})  # {DRAWS}",
        "    output = model(x)",
        *(f"    {line}" for line in backward_lines(trained.loss)),
        *_norm_lines(plan.clip),
        f'    print("step", step, {reported}"norm", norm.item())',
        "    optimizer.step()",
        "",
    ]


def _norm_lines(clip: float) -> list[str]:
    """Return the lines that find the norm of all gradients, before it is clipped."""
    if clip:
        return [f"    norm = nn.utils.clip_grad_norm_(model.parameters(), {clip!r})"]
    return [
        "    gradients = [each.grad for each in model.parameters() if each.grad is not None]",
        "    norm = nn.utils.get_total_norm(gradients)",
    ]


def _digit_lines(shape: Shape, _seed: int) -> list[str]:
    scale = digit_scale(shape)
    enlarged = f".repeat_interleave({scale}, 1).repeat_interleave({scale}, 2)"
    return [
        "from sklearn.datasets import load_digits",
        "digits = load_digits()",
        f"inputs = torch.tensor(digits.images / {DIGIT_LARGEST:g}).float()",
        *([f"inputs = inputs{enlarged}"] if scale > 1 else []),
        f"inputs = inputs.view(-1, {sizes(shape[1:])})",
        "classes = torch.tensor(digits.target)",
    ]


WRITTEN: dict[str, Callable[[Shape, int], list[str]]] = {"digits": _digit_lines}
"""How data are written; those that are not here are written as numbers."""


def _data_lines(plan: Plan, shape: Shape, seed: int) -> list[str]:
    kind, write = DATA[plan.data], WRITTEN.get(plan.data)
    if write is None:
        samples = kind.pick(shape, seed, range(kind.count))
        lines = [
            f"inputs = {literal(samples.inputs)}",
            f"classes = torch.arange({kind.count}) % {kind.classes}",
        ]
    else:
        lines = write(shape, seed)
    size = min(plan.batch, kind.count)
    return [
        "",
        *lines,
        "",
        "",
        "def batches():",
        f"    generator = torch.Generator().manual_seed({seed})",
        "    while True:",
        f"        order = torch.randperm({kind.count}, generator=generator)  # {EVERY_PASS}",
        f"        for start in range(0, {kind.count - size + 1}, {size}):",
        f"            yield order[start : start + {size}]",
        "",
    ]
