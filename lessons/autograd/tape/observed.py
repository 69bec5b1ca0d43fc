"""What PyTorch tells of a variable: its value, its place in the graph, and what its node holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

SAVED = "_saved_"
"""How the attributes begin in which a node keeps what it needs for its backward."""
FREED = "Trying to backward through the graph a second time"
"""How PyTorch begins to refuse a saved tensor that is gone."""

Numbers = tuple[float, ...]
Fate = Literal["held", "freed", "changed"]


@dataclass(frozen=True)
class Saved:
    """A tensor that a node kept for its backward."""

    name: str
    """Without ``_saved_``."""
    bytes: int
    """What its cells take; the tensor itself may be a variable that others hold, too."""
    fate: Fate
    """``changed`` is one that was changed in place since it was saved."""


@dataclass(frozen=True)
class Variable:
    """One variable, as PyTorch tells of it."""

    name: str
    value: Numbers
    requires_grad: bool
    is_leaf: bool
    grad_fn: str
    """Class of its node; empty where it has none."""
    following: tuple[str, ...]
    """``next_functions`` of that node: class names, with the leaf's own name behind
    AccumulateGrad; ``None`` where no gradient goes."""
    grad: Numbers | None
    """``.grad``, asked for only where PyTorch does not warn of it: elsewhere it is None."""
    saved: tuple[Saved, ...]
    version: int
    """How often its memory was changed in place."""


@dataclass
class Observer:
    """Looks at variables again and again, and remembers how large was what is freed by now."""

    _sizes: dict[tuple[Any, str], int] = field(default_factory=dict)
    """By node and name; a node that is a key stays alive, so no other one is taken for it."""

    def look(self, variables: Mapping[str, Tensor]) -> tuple[Variable, ...]:
        """Look at all variables by their names."""
        names = {id(tensor): name for name, tensor in variables.items()}
        return tuple(self._look(name, tensor, names) for name, tensor in variables.items())

    def _look(self, name: str, tensor: Tensor, names: Mapping[int, str]) -> Variable:
        node = tensor.grad_fn
        return Variable(
            name=name,
            value=cells(tensor),
            requires_grad=tensor.requires_grad,
            is_leaf=tensor.is_leaf,
            grad_fn=class_of(node),
            following=tuple(following(node, names)),
            grad=gradient(tensor),
            saved=tuple(self._saved(node)),
            version=tensor._version,
        )

    def _saved(self, node: Any) -> Iterator[Saved]:
        for attribute in dir(node):
            if attribute.startswith(SAVED):
                found = self._one(node, attribute)
                if found is not None:
                    yield found

    def _one(self, node: Any, attribute: str) -> Saved | None:
        """Return what a node saved under a name; None where that is no tensor."""
        key, name = (node, attribute), attribute.removeprefix(SAVED)
        try:
            value = getattr(node, attribute)
        except RuntimeError as gone:
            fate: Fate = "freed" if str(gone).startswith(FREED) else "changed"
            return Saved(name, self._sizes.get(key, 0), fate)
        if not isinstance(value, Tensor):
            return None
        self._sizes[key] = value.numel() * value.element_size()
        return Saved(name, self._sizes[key], "held")


def class_of(node: Any) -> str:
    """Return what a node is called; empty where there is none."""
    return "" if node is None else str(node.name()).rpartition("::")[2]


def following(node: Any, names: Mapping[int, str]) -> Iterator[str]:
    """Name what a node hands gradients on to; ``names`` are those of leaves, by ``id()``."""
    for target, _output in () if node is None else node.next_functions:
        leaf = getattr(target, "variable", None)
        behind = f" ({names.get(id(leaf), '?')})" if leaf is not None else ""
        yield f"{class_of(target)}{behind}" if target is not None else "None"


def gradient(tensor: Tensor) -> Numbers | None:
    """Return ``.grad``, and None where nothing is kept, without PyTorch's warning."""
    kept = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    return None if kept is None else cells(kept)


def cells(tensor: Tensor) -> Numbers:
    """Return the cells of a tensor."""
    return tuple(tensor.detach().reshape(-1).tolist())
