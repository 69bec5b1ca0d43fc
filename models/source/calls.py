"""Calling: functions and classes of the text, layers, and what Python and torch bring along."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

from flow.said import said
from models.source import builtin, functions, instead
from models.source.arithmetic import ValueProblem, written
from models.source.attributes import Attributes, exactly
from models.source.children import container_method
from models.source.layer_calls import call_layer, is_nailed
from models.source.modules import make
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
    Shape,
    Super,
    Unknown,
    Value,
    described,
    is_module,
)

MAX_CALLS = 25
"""Calls inside calls; networks of blocks of blocks have about six."""
MAX_MADE = 600
"""Layers that constructors may make."""
SUPER = "super()"
"""Under this name a method knows its object and its class."""
Values = Sequence[Value]
Named = Mapping[str, Value]


class Calls(Attributes):
    """Evaluates calls. ``forward`` is run like any function, on names of layers' outputs."""

    def __init__(self, tree: ast.Module, shape: tuple[int, ...] | None = None) -> None:
        super().__init__(tree, shape)
        self.running = False
        """Whether forward is read, after the constructors were."""
        self._depth = 0
        self._own: dict[str, Callable[[Values, Named], Value]] = {
            "getattr": self.read_attribute,
            "hasattr": lambda values, _: self.has_attribute(values),
            "isinstance": lambda values, _: builtin.is_instance(*exactly(2, values)),
            "print": lambda _values, _named: None,
            "setattr": self.write_attribute,
            "str": lambda values, _: written(*exactly(1, values)),
            "type": lambda values, _: builtin.type_of(*exactly(1, values)),
            "dict": builtin.dictionary,
        }

    @abstractmethod
    def run(self, body: list[ast.stmt], scope: Scope) -> Value:
        """Return what a function with this body returns."""

    def call(self, node: ast.Call, scope: Scope, wanted: str) -> Value:
        """Return what a call gives."""
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self._super(scope)
        function = self.evaluate(node.func, scope)
        if function == Library("builtins.print"):
            return self._ignore_print(node)
        nailed = isinstance(function, Library) and is_nailed(node)
        values = self.each(node.args[:1] if nailed else node.args, scope)
        if nailed:
            return functions.nail(self.site(node, wanted), values[0], node)
        named: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                named.update(value)
            else:
                raise at(keyword.value, said("** needs a dictionary of names here."))
        with self.placed(node):
            return self.apply(function, values, named, self.site(node, wanted))

    def _ignore_print(self, node: ast.Call) -> None:
        """Read over a print, unless leaving it out would leave out a layer's call."""
        for part in ast.walk(node):
            called = isinstance(part, ast.Call) and ast.unparse(part.func).startswith("self.")
            if called or isinstance(part, ast.NamedExpr):
                raise at(part, said("print is not read. Take this out of it."))

    def apply(self, function: Value, values: Values, named: Named, site: Site) -> Value:
        """Return what calling a value with these arguments gives."""
        if isinstance(function, Library):
            return self._library(function, values, named, site)
        if isinstance(function, Method):
            return self._method(function, values, named, site)
        if isinstance(function, Function):
            return self.call_function(function, None, values, named)
        if isinstance(function, Bound):
            return self.call_function(function.function, function.instance, values, named)
        if isinstance(function, Class):
            return self.instantiate(function, values, named)
        if is_module(function):
            return self.call_module(function, values, named, site)
        raise ValueProblem(said("{function} cannot be called.", function=described(function)))

    def call_module(self, module: Value, values: Values, named: Named, site: Site) -> Value:
        """Return what a module gives for these values."""
        if isinstance(module, Layer):
            return call_layer(self.network, module, values, named, site.node)
        if isinstance(module, Instance):
            forward = self.find(module.definition, "forward")
            if isinstance(forward, Function):
                self.prefixes.append(_as_prefix(self.network.name_of(module)))
                result = self.call_function(forward, module, values, named)
                self.prefixes.pop()
                return result
            if module.definition.root != "Sequential":
                raise ValueProblem(said("{name} has no forward.", name=module.definition.name))
        elif not (isinstance(module, Container) and module.kind == "Sequential"):
            raise ValueProblem(
                said(
                    "{module} cannot be called. Call its layers in a loop.",
                    module=described(module),
                )
            )
        if len(values) != 1 or named:
            raise ValueProblem(said("nn.Sequential takes one value."))
        value = values[0]
        for child in list(module.children.values()):
            value = self.apply(child, [value], {}, site)
        return value

    def instantiate(self, made: Class, values: Values, named: Named) -> Instance:
        """Return a new object of a class of the text."""
        if made.root not in ("Module", "Sequential"):
            raise ValueProblem(said("{name} must be a subclass of nn.Module.", name=made.name))
        for one in made.lineage():
            _check_class(one)
        instance = Instance(made)
        constructor = self.find(made, "__init__")
        if isinstance(constructor, Function):
            self.call_function(constructor, instance, values, named)
        else:
            _initialise(instance, made.root, values, named)
        if not instance.ready:
            raise at(
                made.node,
                said("{name}: __init__ must begin with super().__init__().", name=made.name),
            )
        return instance

    def call_function(
        self, function: Function, instance: Instance | None, values: Values, named: Named
    ) -> Value:
        """Return what a function of the text returns."""
        node = function.node
        if node.decorator_list:
            raise at(node.decorator_list[0], instead.of_decorator(node.decorator_list[0]))
        if self._depth >= MAX_CALLS:
            raise ValueProblem(
                said("functions call each other too deeply here. Does this ever end?")
            )
        given = list(values) if instance is None else [instance, *values]
        scope = Scope({}, function.scope)
        if instance is not None and function.owner is not None:
            scope.names[SUPER] = Super(instance, function.owner)
        self.bind(node, given, named, scope)
        self._depth += 1
        result = self.run(node.body, scope)
        self._depth -= 1
        return result

    def _super(self, scope: Scope) -> Value:
        found: Scope | None = scope
        while found is not None:
            if SUPER in found.names:
                return found.names[SUPER]
            found = found.outer
        raise ValueProblem(said("super() stands for something only inside of a method."))

    def _library(self, function: Library, values: Values, named: Named, site: Site) -> Value:
        """Return what a function or class of Python or torch gives."""
        space, name = function.path.rpartition(".")[0], function.name
        if space == "builtins":
            return self._builtin(name, values, named)
        if space == "math" and name in builtin.MATHEMATICS and not named:
            return builtin.number(name, values, self.items)
        if function.path == "torch.Size" and len(values) == 1 and not named:
            return tuple(self.items(values[0]))
        if function.path == "collections.OrderedDict":
            return builtin.dictionary(values, named)
        if function.path == "torch.nn.Module.__init__" and len(values) == 1:
            return _initialise(values[0], "Module", [], named)
        if space == "torch.nn" and name[:1].isupper():
            return self._make(name, values, named, site.wanted)
        if functions.is_known(function.path) and values:
            return functions.FUNCTIONS[name](site, values, named)
        raise ValueProblem(functions.not_known(function.path))

    def _make(self, name: str, values: Values, named: Named, label: str) -> Value:
        made = make(name, values, named, self.line, label)
        if isinstance(made, Layer):
            if self.running and made.stateful:
                raise ValueProblem(
                    said(
                        "nn.{name} has weights, which forward would make anew in every call. "
                        "Make it in __init__.",
                        name=name,
                    )
                )
            self.network.made.append(made)
            if len(self.network.made) > MAX_MADE:
                raise ValueProblem(
                    said(
                        "more than {max_made} layers are made. Paste a smaller model.",
                        max_made=MAX_MADE,
                    )
                )
        return made

    def _builtin(self, name: str, values: Values, named: Named) -> Value:
        if name in self._own:
            return self._own[name](values, named)
        if set(named) - ({"start"} if name == "enumerate" else set()):
            raise ValueProblem(said("{name} is read without named arguments here.", name=name))
        if name == "sum" and values and not isinstance(values[0], range):
            parts = self.items(values[0])
            if any(isinstance(part, Data) for part in parts):
                raise ValueProblem(
                    said("sum begins with 0 + x. Write x + y for outputs of layers.")
                )
        if name in builtin.NUMBERS:
            return builtin.number(name, values, self.items)
        return builtin.sequence(name, [*values, *named.values()], self.items)

    def _method(self, method: Method, values: Values, named: Named, site: Site) -> Value:
        """Return what a method of a value gives that is no object of the text."""
        owner, name = method.owner, method.name
        if isinstance(owner, Super):
            return self._super_method(owner, name, values, named, site)
        if is_module(owner) and name == "forward":
            return self.call_module(owner, values, named, site)
        if isinstance(owner, Data):
            if functions.is_known(f"torch.Tensor.{name}"):
                return functions.FUNCTIONS[name](site, [owner, *values], named)
            raise ValueProblem(functions.not_known(name))
        if named:
            raise ValueProblem(said("{name} is read without named arguments here.", name=name[:40]))
        if is_module(owner):
            return container_method(owner, name, values, self.items)
        return self._plain_method(owner, name, values)

    def _plain_method(self, owner: Value, name: str, values: Values) -> Value:
        if isinstance(owner, list):
            return builtin.list_method(owner, name, values, self.items)
        if isinstance(owner, dict):
            return builtin.dictionary_method(owner, name, values)
        if isinstance(owner, str):
            return builtin.text_method(owner, name, values)
        if isinstance(owner, Shape | Unknown) and name == "numel":
            return Unknown()
        raise ValueProblem(
            said("{owner} has no {name!r} here.", owner=described(owner), name=name[:40])
        )

    def _super_method(
        self, above: Super, name: str, values: Values, named: Named, site: Site
    ) -> Value:
        if name == "__init__":
            return _initialise(above.instance, above.owner.root, values, named)
        if name == "forward" and above.owner.root == "Sequential":
            chain = Container("Sequential", above.instance.children)
            return self.call_module(chain, values, named, site)
        return container_method(above.instance, name, values, self.items)


def _initialise(instance: Value, root: str, values: Values, named: Named) -> None:
    """Do what the constructor of nn.Module or nn.Sequential does."""
    if not isinstance(instance, Instance) or named or (values and root != "Sequential"):
        raise ValueProblem(said("super().__init__() of nn.Module takes no arguments."))
    instance.ready = True
    parts = make("Sequential", values, {}, 1).children if values else {}
    instance.attributes.update(parts)


def _as_prefix(path: str) -> str:
    return path.replace(".", "_")


def _check_class(made: Class) -> None:
    """Raise SourceError for a class that changes what a class is."""
    if made.node.decorator_list:
        decorator = made.node.decorator_list[0]
        raise at(decorator, instead.of_decorator(decorator))
    for statement in made.node.body:
        name = getattr(statement, "name", "")
        if name.startswith("__") and name not in ("__init__", "__repr__", "__str__"):
            raise at(
                statement, said("{name} is not supported in a class. Remove it.", name=name[:40])
            )
