"""What PyTorch tells of a variable: its value, its place in the graph, and what its node holds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
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
    node: str = ""
    """Class of the node; empty where that is the variable's own ``grad_fn``."""


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
    """By its own node, then by those behind it that no variable has as its ``grad_fn``: a change
    in place puts a new node before the old one, and ``1 / x`` makes two."""
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
        own = {tensor.grad_fn for tensor in variables.values()}
        return tuple(self._look(name, tensor, names, own) for name, tensor in variables.items())

    def _look(
        self, name: str, tensor: Tensor, names: Mapping[int, str], own: Container[Any]
    ) -> Variable:
        node = tensor.grad_fn
        further = (self._saved(each, class_of(each)) for each in behind(node, own))
        return Variable(
            name=name,
            value=cells(tensor),
            requires_grad=tensor.requires_grad,
            is_leaf=tensor.is_leaf,
            grad_fn=class_of(node),
            following=tuple(following(node, names)),
            grad=gradient(tensor),
            saved=(*self._saved(node), *chain.from_iterable(further)),
            version=tensor._version,
        )

    def _saved(self, node: Any, told: str = "") -> Iterator[Saved]:
        for attribute in dir(node):
            if attribute.startswith(SAVED):
                found = self._one(node, attribute, told)
                if found is not None:
                    yield found

    def _one(self, node: Any, attribute: str, told: str) -> Saved | None:
        """Return what a node saved under a name; None where that is no tensor."""
        key, name = (node, attribute), attribute.removeprefix(SAVED)
        try:
            value = getattr(node, attribute)
        except RuntimeError as gone:
            fate: Fate = "freed" if str(gone).startswith(FREED) else "changed"
            return Saved(name, self._sizes.get(key, 0), fate, told)
        if not isinstance(value, Tensor):
            return None
        self._sizes[key] = value.numel() * value.element_size()
        return Saved(name, self._sizes[key], "held", told)


def class_of(node: Any) -> str:
    """Return what a node is called; empty where there is none."""
    return "" if node is None else str(node.name()).rpartition("::")[2]


def following(node: Any, names: Mapping[int, str]) -> Iterator[str]:
    """Name what a node hands gradients on to; ``names`` are those of leaves, by ``id()``."""
    for target, _output in () if node is None else node.next_functions:
        leaf = getattr(target, "variable", None)
        behind = f" ({names.get(id(leaf), '?')})" if leaf is not None else ""
        yield f"{class_of(target)}{behind}" if target is not None else "None"


def behind(node: Any, own: Container[Any]) -> Iterator[Any]:
    """Yield the nodes behind one once, up to those of ``own``, which variables tell of."""
    seen: set[Any] = set()
    waiting = [node]
    while waiting:
        after = waiting.pop()
        for target, _output in () if after is None else after.next_functions:
            if target is not None and target not in own and target not in seen:
                seen.add(target)
                yield target
                waiting.append(target)


def gradient(tensor: Tensor) -> Numbers | None:
    """Return ``.grad``, and None where nothing is kept, without PyTorch's warning."""
    kept = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    return None if kept is None else cells(kept)


def cells(tensor: Tensor) -> Numbers:
    """Return the cells of a tensor."""
    return tuple(tensor.detach().reshape(-1).tolist())
