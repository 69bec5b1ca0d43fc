"""Python's own functions and methods on plain values, bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from flow.said import said
from models.source.arithmetic import MAX_ITEMS, ValueProblem, bounded, truth, written
from models.source.values import (
    SCALARS,
    Class,
    Container,
    Data,
    Instance,
    Layer,
    Length,
    Library,
    Unknown,
    Value,
    described,
    is_number,
    known,
)

Values = Sequence[Value]
Items = Callable[[Value], list[Value]]
TYPES: dict[str, tuple[type, ...]] = {
    "builtins.int": (int,),
    "builtins.float": (float,),
    "builtins.str": (str,),
    "builtins.bool": (bool,),
    "builtins.list": (list,),
    "builtins.tuple": (tuple,),
    "builtins.dict": (dict,),
    "torch.nn.Module": (Layer, Container, Instance),
    "torch.Tensor": (Data,),
}
MATHEMATICS: dict[str, Callable[..., Value]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "log": math.log,
    "log2": math.log2,
    "prod": math.prod,
    "sqrt": math.sqrt,
}
NUMBERS: dict[str, Callable[..., Value]] = {
    "abs": abs,
    "bool": lambda value=False: truth(value),
    "float": float,
    "int": int,
    "max": max,
    "min": min,
    "round": round,
    "sum": sum,
}


def number(name: str, values: Values, items: Items) -> Value:
    """Return what a function of numbers gives: int("3"), max(1, 2), max([1, 2])."""
    values = [known(value) for value in values]
    if any(isinstance(value, Unknown) for value in values):
        return Unknown()
    if name == "bool":
        return truth(values[0]) if values else False
    parts = [items(value) if isinstance(value, list | tuple | range) else value for value in values]
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    if not all(isinstance(one, bool | int | float | str) for one in flat):
        raise ValueProblem(said("{name} is supported for numbers that the text gives.", name=name))
    function = NUMBERS.get(name) or MATHEMATICS[name]
    try:
        return bounded(function(*parts))
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueProblem(
            said("{name} cannot be computed: {error}.", name=name, error=error)
        ) from None


def sequence(name: str, values: Values, items: Items) -> Value:
    """Return what range, len, list, tuple, enumerate, zip, reversed, sorted, any and all give."""
    values = [known(value) for value in values]
    if name == "range":
        return _range(values)
    if not values:
        return {"list": [], "tuple": (), "zip": []}.get(name, [])
    first = values[0]
    if name == "len":
        return _length(first)
    if name == "zip":
        return list(zip(*(items(value) for value in values), strict=False))
    parts = items(first)
    if name == "enumerate":
        start = values[1] if len(values) > 1 else 0
        if not isinstance(start, int):
            raise ValueProblem(said("enumerate starts with a whole number."))
        return list(enumerate(parts, start))
    if name in ("any", "all"):
        return (any if name == "any" else all)(truth(part) for part in parts)
    return _ordered(name, parts)


def _ordered(name: str, parts: list[Value]) -> Value:
    if name == "sorted":
        if not (all(is_number(part) for part in parts) or all(type(p) is str for p in parts)):
            raise ValueProblem(said("sorted is supported for numbers, and for texts."))
        return sorted(parts)
    if name == "reversed":
        return parts[::-1]
    return tuple(parts) if name == "tuple" else parts


def _range(values: Values) -> range:
    if not 1 <= len(values) <= 3 or not all(type(value) is int for value in values):
        raise ValueProblem(said("range needs whole numbers that the text gives."))
    if len(values) == 3 and values[2] == 0:
        raise ValueProblem(said("range cannot take steps of 0."))
    return range(*(bounded(value) for value in values))


def _length(value: Value) -> Value:
    if isinstance(value, Container):
        return len(value.children)
    if isinstance(value, Data):
        return Length(value.layer, 0)
    if isinstance(value, list | tuple | dict | str | range):
        return len(value)
    raise ValueProblem(said("{value} has no length here.", value=described(value)))


def is_instance(value: Value, kinds: Value) -> bool:
    """Return what isinstance gives; ValueProblem when the class is not known here."""
    if isinstance(kinds, tuple):
        return any(is_instance(value, kind) for kind in kinds)
    if isinstance(kinds, Class):
        return isinstance(value, Instance) and kinds in value.definition.lineage()
    if isinstance(kinds, Library) and kinds.path in TYPES:
        return isinstance(value, TYPES[kinds.path])
    if isinstance(kinds, Library) and kinds.path.startswith("torch.nn."):
        return isinstance(value, Layer | Container) and value.kind == kinds.name
    raise ValueProblem(
        said(
            "isinstance with {kinds} is not supported. Write only the branch that is meant.",
            kinds=described(kinds),
        )
    )


def type_of(value: Value) -> Value:
    """Return what ``type(value)`` gives for a plain value or an object."""
    if isinstance(value, Instance):
        return value.definition
    if isinstance(value, Layer | Container):
        return Library(f"torch.nn.{value.kind}")
    name = f"builtins.{type(value).__name__}"
    if name in TYPES:
        return Library(name)
    raise ValueProblem(
        said(
            "the type of {value} is not supported. Write its class by name.", value=described(value)
        )
    )


def dictionary(values: Values, named: Mapping[str, Value]) -> dict[Value, Value]:
    """Return what dict(...) or OrderedDict(...) makes."""
    made: dict[Value, Value] = {}
    pairs = values[0] if values else []
    if isinstance(pairs, dict):
        made.update(pairs)
    elif isinstance(pairs, list | tuple):
        for pair in pairs:
            if not (isinstance(pair, list | tuple) and len(pair) == 2):
                raise ValueProblem(said("a dictionary is made from pairs of a key and a value."))
            if not isinstance(pair[0], SCALARS):
                raise ValueProblem(said("{pair} cannot be a key here.", pair=described(pair[0])))
            made[pair[0]] = pair[1]
    else:
        raise ValueProblem(said("{pairs} makes no dictionary.", pairs=described(pairs)))
    return dict(bounded({**made, **named}))


def list_method(owner: list[Value], name: str, values: Values, items: Items) -> Value:
    """Run a method that changes or reads a list."""
    one = len(values) == 1
    if name == "append" and one:
        owner.append(values[0])
    elif name == "extend" and one:
        owner.extend(items(values[0]))
    elif name == "insert" and len(values) == 2 and isinstance(values[0], int):
        owner.insert(values[0], values[1])
    elif name == "pop" and len(values) <= 1 and owner:
        index = values[0] if values else -1
        if isinstance(index, int) and -len(owner) <= index < len(owner):
            return owner.pop(index)
        raise ValueProblem(said("pop needs a place in the list."))
    elif name == "reverse" and not values:
        owner.reverse()
    elif name == "copy" and not values:
        return list(owner)
    else:
        raise ValueProblem(
            said("{name} of a list is not supported here. Write its entries out.", name=name[:40])
        )
    if len(owner) > MAX_ITEMS:
        raise ValueProblem(
            said(
                "this list is too long. At most {max_items:,} entries are read.",
                max_items=MAX_ITEMS,
            )
        )
    return None


def dictionary_method(owner: dict[Value, Value], name: str, values: Values) -> Value:
    """Run a method that reads or changes a dictionary."""
    views = {"items": owner.items, "keys": owner.keys, "values": owner.values}
    if name in views and not values:
        return list(views[name]())
    if name == "get" and 1 <= len(values) <= 2 and isinstance(values[0], SCALARS):
        return owner.get(values[0], values[1] if len(values) > 1 else None)
    if name == "update" and len(values) == 1:
        owner.update(dictionary(values, {}))
        bounded(owner)
        return None
    raise ValueProblem(
        said("{name} of a dictionary is not supported here. Write its entries out.", name=name[:40])
    )


def text_method(owner: str, name: str, values: Values) -> Value:
    """Run a method that reads a text; format fills in {} only."""
    if name in ("lower", "upper") and not values:
        return owner.lower() if name == "lower" else owner.upper()
    if name in ("startswith", "endswith") and len(values) == 1 and isinstance(values[0], str):
        test = owner.startswith if name == "startswith" else owner.endswith
        return test(values[0])
    if name == "format" and owner.count("{}") == len(values) == owner.count("{"):
        parts = owner.split("{}")
        words = [*(written(value) for value in values), ""]
        return bounded("".join(a + b for a, b in zip(parts, words, strict=True)))
    raise ValueProblem(
        said("{name} of a text is not supported here. Write the text out.", name=name[:40])
    )
