"""Methods that read or change which modules a module holds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from flow.said import said
from models.source.arithmetic import MAX_ITEMS, ValueProblem
from models.source.values import Container, Instance, Layer, Value, described, is_module

OWN_WEIGHTS = frozenset({"apply", "modules", "named_modules", "named_parameters", "parameters"})
Items = Callable[[Value], list[Value]]


def container_method(owner: Value, name: str, values: Sequence[Value], items: Items) -> Value:
    """Run a method of a module that is no class's own."""
    if name in ("add_module", "register_module") and len(values) == 2:
        return add_child(owner, values[0], values[1])
    if name == "requires_grad_" and len(values) <= 1:
        return _freeze(owner, frozen=bool(values) and values[0] is False)
    if name == "children" and not values and isinstance(owner, Container | Instance):
        return list(owner.children.values())
    if name in OWN_WEIGHTS:
        raise ValueProblem(
            said(
                "weights of one's own are not supported: every layer begins with the weights that "
                "torch gives it. Remove this; to freeze a layer, write "
                "self.conv.requires_grad_(False)."
            )
        )
    if isinstance(owner, Container):
        if owner.kind == "ModuleDict":
            return _dictionary_method(owner, name, values, items)
        return _list_method(owner, name, values, items)
    raise ValueProblem(_missing(owner, name))


def _missing(owner: Value, name: str) -> str:
    """Return that a module has no such attribute, and which like it there are."""
    if not isinstance(owner, Instance):
        return said("{owner} has no {name!r} here.", owner=described(owner), name=name[:40])
    near = difflib.get_close_matches(name, owner.attributes, n=3, cutoff=0.4)
    there = near or list(owner.attributes)[:6]
    known = said(" It has {names}.", names=", ".join(part[:40] for part in there)) if there else ""
    return said(
        "{name} has no {name2!r} here.{known}",
        name=owner.definition.name[:40],
        name2=name[:40],
        known=known,
    )


def _freeze(owner: Value, *, frozen: bool) -> Value:
    """Say for every layer below a module whether its parameters take a gradient."""
    if isinstance(owner, Layer):
        owner.frozen = frozen
    for child in getattr(owner, "children", {}).values():
        _freeze(child, frozen=frozen)
    return owner


def add_child(owner: Value, name: Value, child: Value) -> None:
    """Give a module a child, or replace the one of that name."""
    if not isinstance(name, str) or not name or "." in name or name.startswith("__"):
        raise ValueProblem(said("{name} cannot be the name of a layer.", name=described(name)))
    if not (is_module(child) or child is None):
        raise ValueProblem(
            said("only layers can be added here, but {child} came.", child=described(child))
        )
    if isinstance(owner, Instance):
        if not owner.ready:
            raise ValueProblem(said("call super().__init__() before the first layer is made."))
        owner.attributes[name] = child
    elif isinstance(owner, Container):
        _bounded(owner, 1)
        owner.children[name] = child
    else:
        raise ValueProblem(said("{owner} holds no layers.", owner=described(owner)))


def set_child(owner: Container, index: Value, child: Value) -> None:
    """``modules[index] = child``."""
    names = list(owner.children)
    if isinstance(index, int) and -len(names) <= index < len(names):
        index = names[index]
    if isinstance(index, int):
        raise ValueProblem(said("there is no such place in this list of layers. Use append."))
    add_child(owner, index, child)


def _bounded(owner: Container, more: int) -> None:
    if len(owner.children) + more > MAX_ITEMS:
        raise ValueProblem(said("at most {max_items:,} layers are read.", max_items=MAX_ITEMS))


def _list_method(owner: Container, name: str, values: Sequence[Value], items: Items) -> Value:
    if len(values) == 1 and name == "append":
        add_child(owner, str(len(owner.children)), values[0])
    elif len(values) == 1 and name == "extend":
        for child in items(values[0]):
            add_child(owner, str(len(owner.children)), child)
    elif len(values) == 2 and name == "insert" and isinstance(values[0], int):
        children = list(owner.children.values())
        children.insert(values[0], values[1])
        owner.children.clear()
        for child in children:
            add_child(owner, str(len(owner.children)), child)
    else:
        raise ValueProblem(
            said(
                "{name} of nn.{kind} is not supported here. Use append.",
                name=name[:40],
                kind=owner.kind,
            )
        )
    return owner if owner.kind == "Sequential" else None


def _dictionary_method(owner: Container, name: str, values: Sequence[Value], items: Items) -> Value:
    views = {"items": owner.children.items, "keys": owner.children.keys}
    if name in views and not values:
        return list(views[name]())
    if name == "values" and not values:
        return list(owner.children.values())
    if name == "update" and len(values) == 1 and isinstance(values[0], dict):
        for key in items(values[0]):
            add_child(owner, key, values[0][key])
        return None
    raise ValueProblem(
        said(
            "{name} of nn.ModuleDict is not supported here. Write its entries out.", name=name[:40]
        )
    )
