"""Tensors inside nested values: find them, replace them, keep how a call was made."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from torch import Tensor

Path = tuple[int | str, ...]
"""Where a tensor stands: positions, keys and field names, from the outside in."""


def tensors_in(structure: Any) -> Iterator[Tensor]:
    """Yield the tensors of nested tuples, lists, mappings, dataclasses, in order.

    An object that offers ``to_tuple()`` holds what that returns.
    """
    if isinstance(structure, Tensor):
        yield structure
    else:
        for _, tensor in paths_in(structure):
            yield tensor


def paths_in(structure: Any, path: Path = (), inside: tuple[int, ...] = ()) -> Iterator[Any]:
    """Yield every tensor with its path; a value that holds itself is entered once."""
    if isinstance(structure, Tensor):
        yield path, structure
    elif id(structure) not in inside:
        for key, member in _members(structure):
            yield from paths_in(member, (*path, key), (*inside, id(structure)))


def _members(structure: Any) -> Iterable[tuple[int | str, Any]]:
    """Return what a container holds, by position, key or name; nothing for other values."""
    if isinstance(structure, tuple | list):
        names = getattr(structure, "_fields", None)
        return enumerate(structure) if names is None else zip(names, structure, strict=True)
    if isinstance(structure, Mapping):
        return structure.items()
    if isinstance(structure, type):
        return ()
    if is_dataclass(structure):
        return [(one.name, getattr(structure, one.name, None)) for one in fields(structure)]
    if callable(getattr(structure, "to_tuple", None)):
        return enumerate(structure.to_tuple())
    return ()


def rebuilt(structure: Any, leaf: Callable[[Any], Any], inside: tuple[int, ...] = ()) -> Any:
    """Return the same nested value with ``leaf(value)`` in place of all that is no container.

    Lists and dicts are always new, so that nobody writes into those of the caller; other
    containers are new where something in them changed. A value that holds itself keeps itself.
    """
    again = _again(structure)
    if again is None:
        return leaf(structure)
    if id(structure) in inside:
        return structure
    within = (*inside, id(structure))
    old = dict(_members(structure))
    new = {key: rebuilt(member, leaf, within) for key, member in old.items()}
    if not isinstance(structure, list | dict) and all(new[key] is old[key] for key in old):
        return structure
    return again(structure, new)


def _again(structure: Any) -> Callable[[Any, dict[Any, Any]], Any] | None:
    """Return what makes a container of this kind anew; None for what is no such container."""
    if isinstance(structure, tuple):
        return _tuple_again
    if isinstance(structure, list):
        return _items_again
    if isinstance(structure, Mapping):
        return _items_again if hasattr(structure, "__setitem__") else lambda _, new: new
    if is_dataclass(structure) and not isinstance(structure, type):
        return _fields_again
    return None


def _tuple_again(structure: Any, new: dict[Any, Any]) -> Any:
    if hasattr(structure, "_fields"):
        return type(structure)(*new.values())
    return type(structure)(new.values())


def _items_again(structure: Any, new: dict[Any, Any]) -> Any:
    twin = copy.copy(structure)
    for key, member in new.items():
        twin[key] = member
    return twin


def _fields_again(structure: Any, new: dict[Any, Any]) -> Any:
    twin = copy.copy(structure)
    for name, member in new.items():
        object.__setattr__(twin, name, member)
    return twin


class Slot:
    """Stands for a tensor: the place of that tensor among those of a call."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place


@dataclass(frozen=True, eq=False)
class Given:
    """How a call was made: its arguments with a ``Slot`` in place of every tensor.

    The slots count the distinct tensors in the order in which a ``LayerRecord`` lists its
    inputs. Lists and dicts are copies; other values are those that were given.
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def filled(self, tensors: Sequence[Tensor]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments to call with, with these tensors in the slots."""

        def leaf(value: Any) -> Any:
            return tensors[value.place] if type(value) is Slot else value

        args, kwargs = rebuilt((self.args, dict(self.kwargs)), leaf)
        return args, kwargs


PLAIN = (Tensor, type(None), bool, int, float, str)
"""Types of most arguments; none of them holds another value."""
ONE_TENSOR = Given((Slot(0),), {})
"""How most layers are called."""


def given(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Given:
    """Note how a call was made, without holding its tensors."""
    if not kwargs and len(args) == 1 and isinstance(args[0], Tensor):
        return ONE_TENSOR
    slots: dict[int, Slot] = {}
    if all(isinstance(value, PLAIN) for value in (*args, *kwargs.values())):
        for value in (*args, *kwargs.values()):
            if isinstance(value, Tensor):
                slots.setdefault(id(value), Slot(len(slots)))
        return Given(
            tuple([slots.get(id(value), value) for value in args]),
            {name: slots.get(id(value), value) for name, value in kwargs.items()},
        )
    for tensor in tensors_in((args, kwargs)):
        slots.setdefault(id(tensor), Slot(len(slots)))

    def leaf(value: Any) -> Any:
        return slots.get(id(value), value) if isinstance(value, Tensor) else value

    return Given(*rebuilt((args, dict(kwargs)), leaf))
