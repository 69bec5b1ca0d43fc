"""What a text defines at its top level. Nothing of it is read before somebody needs it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator

from flow.said import said
from models.source.syntax import SourceError, at, dotted
from models.source.values import Class, Function, Library, Value

PREDEFINED = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "math": "math",
    "OrderedDict": "collections.OrderedDict",
}
"""What a pasted class may use when its imports were left behind."""
BUILTINS = {
    *("abs", "all", "any", "bool", "dict", "enumerate", "float", "getattr", "hasattr", "int"),
    *("isinstance", "len", "list", "max", "min", "object", "print", "range", "reversed", "round"),
    *("setattr", "sorted", "str", "sum", "super", "tuple", "type", "zip"),
}
MODULE_ROOTS = ("Module", "Sequential")
CHANGING = frozenset(
    {
        *("add", "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse"),
        *("setdefault", "sort", "update"),
        *("add_module", "apply", "load_state_dict", "register_buffer", "register_module"),
        *("register_parameter", "requires_grad_"),
    }
)
"""Methods that change what they are called on."""
Definition = ast.FunctionDef | ast.ClassDef | ast.expr | Library


class Program:
    """The names of a text's top level."""

    def __init__(self, tree: ast.Module, evaluate: Callable[[ast.expr], Value]) -> None:
        self._evaluate = evaluate
        self._definitions: dict[str, Definition] = {}
        self._values: dict[str, Value] = {}
        self._open: set[str] = set()
        self._stars: list[str] = []
        for statement in tree.body:
            self._define(statement)
        self._changed = _changed(tree)

    def _define(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names = imported(statement)
            self._stars += [library.path for name, library in names if name == "*"]
            self._definitions.update({name: library for name, library in names if name != "*"})
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self._definitions[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    self._definitions[target.id] = statement.value

    def value(self, name: str, node: ast.AST) -> Value:
        """Return what a name stands for; SourceError when it has no value."""
        if name in self._changed:
            raise at(
                node,
                said(
                    "{name} is changed in line {changed}, outside of any class. "
                    "Write its final value where it is made.",
                    name=name,
                    changed=self._changed[name],
                ),
            )
        if name in self._open:
            raise at(node, said("{name} is made from itself. Write its value.", name=name))
        if name not in self._values:
            self._open.add(name)
            try:
                self._values[name] = self._first_value(name, node)
            finally:
                self._open.discard(name)
        return self._values[name]

    def _first_value(self, name: str, node: ast.AST) -> Value:
        found = self._definitions.get(name)
        if isinstance(found, ast.ClassDef):
            return self._class(found)
        if isinstance(found, ast.FunctionDef):
            return Function(found, None)
        if found is not None:
            return found if isinstance(found, Library) else self._evaluate(found)
        if name in PREDEFINED or name in BUILTINS:
            return Library(PREDEFINED.get(name, f"builtins.{name}"))
        if self._stars:
            return Library(f"{self._stars[-1]}.{name}")
        raise at(node, said("{name!r} has no value here. Define it in the text.", name=name[:40]))

    def _class(self, node: ast.ClassDef) -> Class:
        if len(node.bases) > 1 or node.keywords:
            raise at(
                node,
                said("{name} must be derived from one class, without a metaclass.", name=node.name),
            )
        base: Value = Library("builtins.object")
        if node.bases:
            name = dotted(node.bases[0])
            if not name or "__" in name:
                raise at(node, said("{name} must be a subclass of nn.Module.", name=node.name))
            base = self._evaluate(node.bases[0])
        if not isinstance(base, Class | Library):
            raise at(node, said("{name} must be a subclass of nn.Module.", name=node.name))
        return Class(node, base)

    def classes(self) -> list[Class]:
        """Return the classes that are modules, in the order of the text.

        Classes that cannot be read are left out; SourceError says why when there is no other.
        """
        nodes = [node for node in self._definitions.values() if isinstance(node, ast.ClassDef)]
        found: list[Class] = []
        problems: list[SourceError] = []
        for node in sorted(nodes, key=lambda node: node.lineno):
            try:
                value = self.value(node.name, node)
            except SourceError as error:
                problems.append(error)
                continue
            if value.root in MODULE_ROOTS:
                found.append(value)
        if problems and not found:
            raise problems[0]
        return found

    def calls_of(self, name: str) -> Iterator[ast.Call]:
        """Return the calls of a class or function that stand in top-level assignments."""
        for value in self._definitions.values():
            if isinstance(value, ast.Call) and dotted(value.func) == name:
                yield value

    def makers_of(self, name: str) -> list[Function]:
        """Return the functions that need no argument and return a call of a class."""
        return [
            Function(node, None)
            for node in self._definitions.values()
            if isinstance(node, ast.FunctionDef)
            and name in made_by(node)
            and len(node.args.args) == len(node.args.defaults)
            and not (node.args.posonlyargs or None in node.args.kw_defaults)
        ]

    def assigned(self, library: str) -> list[str]:
        """Return the names that are assigned a call of something of a library, in order."""
        found = []
        for name, value in self._definitions.items():
            if isinstance(value, ast.Call) and dotted(value.func):
                base = dotted(value.func).split(".")[0]
                known = self._definitions.get(base, Library(PREDEFINED.get(base, "")))
                rest = dotted(value.func)[len(base) :]
                if isinstance(known, Library) and known.path + rest == library:
                    found.append(name)
        return found


def made_by(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function calls in what it returns."""
    return {
        node.value.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
    }


def imported(statement: ast.Import | ast.ImportFrom) -> list[tuple[str, Library]]:
    """Return the names that an import binds; nothing is imported."""
    if isinstance(statement, ast.Import):
        return [
            (alias.asname, Library(alias.name))
            if alias.asname
            else (alias.name.split(".")[0], Library(alias.name.split(".")[0]))
            for alias in statement.names
        ]
    module = "." * statement.level + (statement.module or "")
    return [
        ("*", Library(module))
        if alias.name == "*"
        else (alias.asname or alias.name, Library(f"{module}.{alias.name}"))
        for alias in statement.names
    ]


def _changed(tree: ast.Module) -> dict[str, int]:
    """Return the top-level names that are more than once given a value, with a line that does."""
    found: dict[str, int] = {}
    counted: Counter[str] = Counter()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
            continue
        if isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test):
            continue
        plain = isinstance(statement, ast.Assign | ast.AnnAssign)
        for name in _written_names(statement):
            counted[name] += 1
            if not plain or counted[name] > 1:
                found[name] = statement.lineno
        for name in _touched_names(statement):
            found[name] = statement.lineno
    return found


def _written_names(statement: ast.stmt) -> list[str]:
    """Return the names that a statement binds, anywhere inside it."""
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    ]


def _touched_names(statement: ast.stmt) -> list[str]:
    """Return the names of values that a statement may change: x[0] = 1, x.y = 1, x.append(1)."""
    found = []
    for node in ast.walk(statement):
        target = node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func if node.func.attr in CHANGING else node
        elif not isinstance(node, ast.Attribute | ast.Subscript) or isinstance(node.ctx, ast.Load):
            continue
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            found.append(target.id)
    return found
