"""What a text does around its model: the tensor that it feeds, and the loss that it takes."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.losses import LOSSES
from models.source.lines.tensors import Written, assigned_tensor, written_tensor
from models.source.program import BUILTINS
from models.source.syntax import dotted

CRITERIA = {kind.name: key for key, kind in LOSSES.items() if kind.name.endswith("Loss")}
"""``MSELoss`` -> its name among LOSSES."""
FUNCTIONS = {
    kind.compare.__name__: key for key, kind in LOSSES.items() if hasattr(F, kind.compare.__name__)
}
"""``mse_loss`` -> its name among LOSSES."""
REDUCTIONS = ("mean", "sum")
LIKE = {"ones_like": "ones", "randn_like": "random", "zeros_like": "zeros"}
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom)
OF_THE_OUTPUT = ()
"""Shape of a target that takes the output's."""


@dataclass(frozen=True)
class Outside:
    """What was found outside of all definitions."""

    input: Written | None = None
    """What the model is called on; None where the text does not write it out."""
    loss: str = ""
    """Name in LOSSES; empty where the text takes none that is known."""
    target: Written | None = None
    fed_lines: frozenset[int] = frozenset()
    """First lines of the statements that say what is fed."""
    loss_lines: frozenset[int] = frozenset()
    """Those of the statements that say what the loss is."""


NOTHING_GIVEN = Outside()


class _Follower:
    """Goes through the statements from the first to the last."""

    def __init__(self) -> None:
        self.tensors: dict[str, Written] = {}
        self._criteria: dict[str, str] = {}
        self._reduced: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self.input: tuple[Written, set[int]] | None = None
        self.loss: tuple[str, Written | None, set[int]] | None = None

    def take(self, statement: ast.stmt) -> None:
        """Look at one more statement."""
        name, value = assigned(statement)
        made = assigned_tensor(name, value, self.tensors)
        if name:
            self._places[name] = statement.lineno
        if made is not None:
            self.tensors[name] = made
        elif name and value is not None:
            self._criteria[name] = _criterion(value)
            self._reduced[name] = _reduction(value)
        for asked in asking(statement) & self.tensors.keys():
            self.tensors[asked] = replace(self.tensors[asked], needs_gradient=True)
        for call in (node for node in ast.walk(statement) if isinstance(node, ast.Call)):
            line = {statement.lineno} if isinstance(statement, ast.Assign | ast.Expr) else set()
            self._take_call(call, line)

    def _take_call(self, call: ast.Call, line: set[int]) -> None:
        loss = self._loss_called(call.func)
        if loss and len(call.args) == 2 and not call.keywords:
            lines = line | self._lines(call.func, call.args[1])
            self.loss = loss, self._tensor(call.args[1]), lines
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "backward":
            self._take_backward(call, call.func.value, line)
        elif call.args and _is_model(call.func) and self.input is None:
            fed = self._tensor(call.args[0])
            if fed is not None:
                self.input = fed, line | self._lines(call.args[0])

    def _take_backward(self, call: ast.Call, owner: ast.expr, line: set[int]) -> None:
        reduced = self._reduced.get(owner.id, "") if isinstance(owner, ast.Name) else ""
        reduced = reduced or _reduction(owner)
        if reduced and not call.args:
            self.loss = reduced, None, line | self._lines(owner)
        elif call.args and (vector := self._tensor(call.args[0])) is not None:
            self.loss = "given", vector, line | self._lines(call.args[0])
        elif self.loss is not None:
            self.loss = (*self.loss[:2], self.loss[2] | line)

    def _loss_called(self, function: ast.expr) -> str:
        if isinstance(function, ast.Name):
            return self._criteria.get(function.id, "")
        if isinstance(function, ast.Call):
            return _criterion(function)
        return FUNCTIONS.get(dotted(function).rpartition(".")[2], "")

    def _tensor(self, node: ast.expr) -> Written | None:
        if isinstance(node, ast.Call) and dotted(node.func).removeprefix("torch.") in LIKE:
            return Written(OF_THE_OUTPUT, LIKE[dotted(node.func).removeprefix("torch.")])
        return written_tensor(node, self.tensors)

    def _lines(self, *nodes: ast.expr) -> set[int]:
        """Return the lines in which the names of some expressions got their values."""
        names = {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)}
        return {self._places[name] for name in names if name in self._places}


def outside(tree: ast.Module) -> Outside:
    """Return what is fed and which loss is taken: the first input, and the last loss."""
    follower = _Follower()
    for statement in tree.body:
        if not isinstance(statement, DEFINITIONS):
            follower.take(statement)
    fed, fed_lines = follower.input or (None, set())
    loss, target, lines = follower.loss or ("", None, set())
    return Outside(fed, loss, target, frozenset(fed_lines), frozenset(lines))


def assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """Return the name that a statement gives a value, and the value; nothing for any other."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return "", None
    return target.id if isinstance(target, ast.Name) else "", statement.value


def asking(statement: ast.stmt) -> set[str]:
    """Return the names x of ``x.requires_grad_()`` and ``x.requires_grad = True``."""
    return {
        node.value.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute)
        and node.attr in ("requires_grad", "requires_grad_")
        and isinstance(node.value, ast.Name)
    }


def _criterion(node: ast.expr) -> str:
    """Return the loss that ``nn.MSELoss()`` makes; empty for anything else."""
    if not isinstance(node, ast.Call) or node.args or node.keywords:
        return ""
    return CRITERIA.get(dotted(node.func).rpartition(".")[2], "")


def _reduction(node: ast.expr) -> str:
    """Return "sum" for ``y.sum()``; empty for anything else."""
    if not isinstance(node, ast.Call) or node.args or node.keywords:
        return ""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return method if method in REDUCTIONS else ""


def _is_model(function: ast.expr) -> bool:
    """Whether it may be a model or a layer that is called."""
    if isinstance(function, ast.Name):
        return function.id not in BUILTINS
    return isinstance(function, ast.Call)
