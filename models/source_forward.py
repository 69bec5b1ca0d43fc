"""Reading ``forward``: which layers a class calls, and what each of them reads."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pydantic import ValidationError

from models.fields import Fields, Value, shown
from models.source_constructor import Made
from models.source_syntax import SourceError, dotted, is_text, literal, self_attribute
from models.spec import INPUT, TAKEN, LayerSpec, check_name, readable


@dataclass(frozen=True)
class Indices:
    """The second value that a pool returns."""

    pool: str


class ForwardReader:
    """Follows the values through ``forward``, adding a layer for each call in it."""

    def __init__(self, made: dict[str, Made], argument: str) -> None:
        self.layers: list[LayerSpec] = []
        self._made = made
        self._variables: dict[str, str | Indices] = {argument: INPUT}

    def read(self, body: list[ast.stmt]) -> str:
        """Return the name of the layer whose output is returned."""
        for statement in body:
            if is_text(statement):
                continue
            if isinstance(statement, ast.Return) and statement.value is not None:
                if statement is not body[-1]:
                    raise SourceError(statement.lineno, "forward must end with its return.")
                return self._value(statement.value)
            self._read_statement(statement)
        raise SourceError(body[-1].lineno, "forward must end with return and a value.")

    def _read_statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Tuple):
                return self._read_pair(target, statement.value)
            name = dotted(target)
            if isinstance(target, ast.Name) or self._is_tap(self_attribute(target)):
                fresh = "" if name in self._variables else name
                self._variables[name] = self._value(statement.value, wanted=fresh)
                return None
        if isinstance(statement, ast.Expr) and self._read_setattr(statement.value):
            return None
        raise SourceError(
            statement.lineno, "in forward only lines like x = self.conv1(x) and return are read."
        )

    def _is_tap(self, attribute: str) -> bool:
        """Whether assigning to this attribute of self only keeps a value to look at."""
        return bool(attribute) and attribute not in self._made

    def _read_setattr(self, node: ast.expr) -> bool:
        """``setattr(self, "name", value)`` keeps a value to look at."""
        if not (isinstance(node, ast.Call) and dotted(node.func) == "setattr"):
            return False
        if len(node.args) != 3 or node.keywords or dotted(node.args[0]) != "self":
            return False
        name = literal(node.args[1])
        if not isinstance(name, str) or not self._is_tap(name):
            return False
        self._variables[f"self.{name}"] = self._value(node.args[2])
        return True

    def _read_pair(self, target: ast.Tuple, node: ast.expr) -> None:
        """``x, indices = self.pool(x)``."""
        names = [dotted(part) for part in target.elts]
        pool = self._called_layer(node)
        if len(names) != 2 or not all(names) or not self._returns_indices(pool):
            raise SourceError(
                target.lineno, "two names on the left need a MaxPool2d with return_indices=True."
            )
        assert isinstance(node, ast.Call)  # noqa: S101 - a called layer is a call
        self._call_layer(pool, node)
        self._variables[names[0]], self._variables[names[1]] = pool, Indices(pool)

    def _called_layer(self, node: ast.expr) -> str:
        name = self_attribute(node.func) if isinstance(node, ast.Call) else ""
        return name if name in self._made else ""

    def _returns_indices(self, layer: str) -> bool:
        return layer in self._made and bool(self._made[layer].fields.get("return_indices", False))

    def _value(self, node: ast.expr, wanted: str = "") -> str:
        """Return the layer (or the input) whose output the expression is."""
        value = self._any_value(node, wanted)
        if isinstance(value, Indices):
            raise SourceError(node.lineno, f"the indices of {value.pool} are no data.")
        return value

    def _any_value(self, node: ast.expr, wanted: str = "") -> str | Indices:
        name = dotted(node)
        if name in self._variables:
            return self._variables[name]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._add(node, wanted)
        layer = self._called_layer(node)
        if isinstance(node, ast.Call):
            if not layer:
                return self._function(node, wanted)
            if self._returns_indices(layer):
                raise SourceError(
                    node.lineno, f"{layer} returns two values: write x, indices = self.{layer}(x)."
                )
            return self._call_layer(layer, node)
        unknown = f"{shown(name)} has no value here" if name else "this expression is not supported"
        raise SourceError(
            node.lineno, f"{unknown}. Use the layers of __init__, +, torch.cat and flatten."
        )

    def _add(self, node: ast.BinOp, wanted: str) -> str:
        """``a + b + c`` is one layer that adds from left to right."""
        parts: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            parts.append(left.right)
            left = left.left
        inputs = tuple(self._value(part) for part in (left, *reversed(parts)))
        return self._unnamed("Add", inputs, {}, wanted, node.lineno)

    def _function(self, node: ast.Call, wanted: str) -> str:
        """``torch.cat([a, b], dim=1)``, ``torch.flatten(x, 1)`` or ``x.flatten(1)``."""
        function, arguments = dotted(node.func), list(node.args)
        options = {keyword.arg: literal(keyword.value) for keyword in node.keywords}
        if function == "torch.cat" and arguments and isinstance(arguments[0], ast.List | ast.Tuple):
            dim = self._option(node, arguments[1:], options, "dim", 0)
            inputs = tuple(self._value(part) for part in arguments[0].elts)
            return self._unnamed("Concat", inputs, {"dim": dim}, wanted, node.lineno)
        if function == "torch.flatten" and arguments:
            data = arguments.pop(0)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "flatten":
            data = node.func.value
        else:
            raise SourceError(
                node.lineno,
                f"{shown(function or 'this call')} is not supported in forward. "
                "Use the layers of __init__, +, torch.cat and flatten.",
            )
        start = self._option(node, arguments, options, "start_dim", 0)
        inputs = (self._value(data),)
        return self._unnamed("Flatten", inputs, {"start_dim": start}, wanted, node.lineno)

    def _option(
        self,
        node: ast.Call,
        positional: list[ast.expr],
        named: dict[str | None, object],
        name: str,
        default: int,
    ) -> int:
        """Return the one whole number that a function takes besides its data."""
        values = [literal(argument) for argument in positional] + list(named.values())
        if len(values) > 1 or set(named) - {name}:
            raise SourceError(node.lineno, f"only {name} is supported here.")
        value = values[0] if values else default
        if not isinstance(value, int) or isinstance(value, bool):
            raise SourceError(node.lineno, f"{name} must be a whole number.")
        return value

    def _call_layer(self, name: str, node: ast.Call) -> str:
        made = self._made[name]
        if made.kind == "MaxUnpool2d":
            return self._call_unpool(name, made, node)
        if len(node.args) != 1 or node.keywords:
            raise SourceError(node.lineno, f"{name} takes one value, as in self.{name}(x).")
        return self._append(name, made, (self._value(node.args[0]),), node.lineno)

    def _call_unpool(self, name: str, made: Made, node: ast.Call) -> str:
        """``self.unpool(x, indices, output_size=...)``."""
        sizes = [keyword.value for keyword in node.keywords if keyword.arg == "output_size"]
        sizes += node.args[2:]
        if len(node.args) < 2 or len(node.args) + len(node.keywords) != 2 + len(sizes[:1]):
            raise SourceError(node.lineno, f"write self.{name}(x, indices, output_size=y.shape).")
        indices = self._any_value(node.args[1])
        if not isinstance(indices, Indices):
            raise SourceError(node.lineno, f"{name}: its second value must be a pool's indices.")
        data = self._value(node.args[0])
        size = self._output_size(indices, sizes[0]) if sizes else {"restore": False}
        complete = Made(made.kind, Fields({**made.fields, **size}), made.line)
        return self._append(name, complete, (data, indices.pool), node.lineno)

    def _output_size(self, indices: Indices, node: ast.expr) -> dict[str, Value]:
        pool = next(layer for layer in self.layers if layer.name == indices.pool)
        if isinstance(node, ast.Attribute) and node.attr == "shape":
            if self._value(node.value) == pool.inputs[0]:
                return {"restore": True}
        elif isinstance(node, ast.Tuple):
            size = literal(node)
            if isinstance(size, tuple) and len(size) == 2:
                return {"restore": False, "height": size[0], "width": size[1]}
        raise SourceError(
            node.lineno,
            f"output_size must be the shape of what {pool.name} read, or (height, width).",
        )

    def _unnamed(
        self, kind: str, inputs: tuple[str, ...], fields: dict[str, Value], wanted: str, line: int
    ) -> str:
        """Add a layer that has no module; it takes the name of a new variable, or of its kind."""
        used = {layer.name for layer in self.layers} | set(self._made)
        name, number = wanted, 1
        if not wanted or wanted in used or not _can_be_a_name(wanted):
            name = kind.lower()
            while name in used:
                number += 1
                name = f"{kind.lower()}{number}"
        return self._append(name, Made(kind, Fields(fields), line), inputs, line)

    def _append(self, name: str, made: Made, inputs: tuple[str, ...], line: int) -> str:
        if any(layer.name == name for layer in self.layers):
            raise SourceError(line, f"{name} is called twice. Make a layer for each call.")
        try:
            layer = LayerSpec(name=name, kind=made.kind, inputs=inputs, fields=made.fields)
        except ValidationError as error:
            raise SourceError(line, readable(error)) from None
        self.layers.append(layer)
        return name


def _can_be_a_name(name: str) -> bool:
    try:
        check_name(name, "a layer's name", TAKEN)
    except ValueError:
        return False
    return True
