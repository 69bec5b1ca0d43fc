"""What attributes stand for, and what a function's arguments are bound to."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping, Sequence

from flow.said import said
from models.source import functions
from models.source.arithmetic import ValueProblem
from models.source.expressions import Expressions
from models.source.site import Site
from models.source.syntax import at
from models.source.values import (
    Bound,
    Class,
    Container,
    Data,
    Function,
    Instance,
    Layer,
    Library,
    Method,
    Scope,
    Super,
    Training,
    Value,
)

Values = Sequence[Value]
Named = Mapping[str, Value]


class Attributes(Expressions):
    """Looks attributes up as Python does: the object, then its class, then what that is from."""

    def __init__(self, tree: ast.Module, shape: tuple[int, ...] | None = None) -> None:
        super().__init__(tree, shape)
        self.prefixes = [""]
        """Names of the modules whose forwards are open, innermost last."""

    @abstractmethod
    def set_attribute(self, owner: Value, name: str, value: Value) -> None:
        """Give an attribute a value."""

    def site(self, node: ast.AST, wanted: str) -> Site:
        """Return where a layer without a module is to be added."""
        return Site(self.network, node, self.prefixes[-1], wanted)

    def attribute(self, owner: Value, name: str) -> Value:
        """Return an attribute; ValueProblem when there is none."""
        if name.startswith("__") and name != "__init__":
            raise ValueProblem(said("names that begin with two underscores are not read."))
        if isinstance(owner, Library):
            return Library(f"{owner.path}.{name}")
        if isinstance(owner, Instance):
            return self._of_instance(owner, name)
        if isinstance(owner, Super):
            return self._of_super(owner, name)
        if isinstance(owner, Class):
            return self._of_class(owner, name)
        if isinstance(owner, Data) and name == "shape":
            return functions.FUNCTIONS["size"](self.site(ast.Pass(), ""), [owner], {})
        if isinstance(owner, Data) and name == "ndim":
            return functions.FUNCTIONS["dim"](self.site(ast.Pass(), ""), [owner], {})
        if isinstance(owner, Container) and name in owner.children:
            return owner.children[name]
        if isinstance(owner, Layer) and name in owner.fields and not name.startswith("_"):
            return owner.fields[name]
        return Method(owner, name)

    def _of_instance(self, instance: Instance, name: str) -> Value:
        if name in instance.attributes:
            return instance.attributes[name]
        found = self.find(instance.definition, name)
        if isinstance(found, Function):
            return Bound(found, instance)
        if found is not None:
            return found[0]
        return Training() if name == "training" else Method(instance, name)

    def _of_super(self, above: Super, name: str) -> Value:
        base = above.owner.base
        found = self.find(base, name) if isinstance(base, Class) else None
        return Bound(found, above.instance) if isinstance(found, Function) else Method(above, name)

    def _of_class(self, owner: Class, name: str) -> Value:
        found = self.find(owner, name)
        if found is None:
            raise ValueProblem(
                said("{name} has no {name2!r} here.", name=owner.name, name2=name[:40])
            )
        return found if isinstance(found, Function) else found[0]

    def find(self, owner: Class, name: str) -> Function | tuple[Value] | None:
        """Return a method, or the value of a class attribute as a tuple of one; else None."""
        for one in owner.lineage():
            for statement in reversed(one.node.body):
                if isinstance(statement, ast.FunctionDef) and statement.name == name:
                    return Function(statement, one.scope, one)
                if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
                    first = getattr(statement, "targets", [getattr(statement, "target", None)])
                    if any(isinstance(part, ast.Name) and part.id == name for part in first):
                        return (self.evaluate(statement.value, one.scope or Scope()),)
        return None

    def read_attribute(self, values: Values, _named: Named) -> Value:
        """``getattr(owner, name, default)``."""
        if len(values) == 3 and not self.has_attribute(values[:2]):
            return values[2]
        owner, name = exactly(2, values[:2])
        if not isinstance(name, str):
            raise ValueProblem(said("the name of an attribute must be a text."))
        return self.attribute(owner, name)

    def has_attribute(self, values: Values) -> bool:
        """``hasattr(owner, name)``."""
        owner, name = exactly(2, values)
        if not isinstance(owner, Instance) or not isinstance(name, str) or name.startswith("__"):
            raise ValueProblem(said("attributes are looked up only on self, by a text."))
        return name in owner.attributes or self.find(owner.definition, name) is not None

    def write_attribute(self, values: Values, _named: Named) -> None:
        """``setattr(owner, name, value)``."""
        owner, name, value = exactly(3, values)
        if not isinstance(name, str):
            raise ValueProblem(said("the name of an attribute must be a text."))
        self.set_attribute(owner, name, value)

    def bind(self, node: ast.FunctionDef, values: list[Value], named: Named, scope: Scope) -> None:
        """Give a function's arguments their values."""
        takes = node.args
        names = [argument.arg for argument in (*takes.posonlyargs, *takes.args)]
        only_named = [argument.arg for argument in takes.kwonlyargs]
        bound: dict[str, Value] = dict(zip(names, values, strict=False))
        extra = {name: value for name, value in named.items() if name not in (*names, *only_named)}
        twice = [name for name in named if name in bound]
        if (len(values) > len(names) and not takes.vararg) or (extra and not takes.kwarg) or twice:
            wrong = next(iter([*twice, *extra]), "")
            raise ValueProblem(
                said(
                    "{name} does not take these arguments. {wrong}", name=node.name, wrong=wrong
                ).rstrip()
            )
        bound.update({name: value for name, value in named.items() if name not in extra})
        if takes.vararg:
            bound[takes.vararg.arg] = tuple(values[len(names) :])
        if takes.kwarg:
            bound[takes.kwarg.arg] = extra
        defaults = dict(zip(names[::-1], takes.defaults[::-1], strict=False))
        written = zip(only_named, takes.kw_defaults, strict=True)
        defaults.update({name: default for name, default in written if default is not None})
        for name in (*names, *only_named):
            if name not in bound:
                bound[name] = self._default(node, name, defaults, scope)
        scope.names.update(bound)

    def _default(
        self, node: ast.FunctionDef, name: str, defaults: Mapping[str, ast.expr], scope: Scope
    ) -> Value:
        if name in defaults:
            return self.evaluate(defaults[name], scope.outer or Scope())
        raise at(
            node,
            said(
                "{name} needs a value for its argument {argument}. "
                "Write a default, as in {argument}=3, or give the value.",
                name=node.name,
                argument=name,
            ),
        )


def exactly(count: int, values: Values) -> Values:
    """Return the values; ValueProblem when there are more or fewer of them."""
    if len(values) != count:
        raise ValueProblem(
            said("this takes {count} values, but {came} came.", count=count, came=len(values))
        )
    return values
