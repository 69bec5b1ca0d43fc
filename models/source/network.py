"""Collecting the layers that ``forward`` calls, under names that a spec allows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from flow.said import said
from models.build import LayerError
from models.fields import Fields
from models.fields import Value as FieldValue
from models.shapes import Shape
from models.source.sizes import LAST, Sizes
from models.source.syntax import SourceError, at
from models.source.values import Container, Instance, Layer, Value
from models.spec import MAX_LAYERS, MAX_NAME, TAKEN, LayerSpec, ModelSpec, check_name, readable

DIMENSIONS = re.compile(r"[123]d$")


class Network:
    """The layers in the order in which forward calls them."""

    def __init__(self, shape: Shape | None = None) -> None:
        self.sizes_wanted = False
        """Whether a size was asked for that only an input's shape can tell."""
        self._sizes = Sizes(shape) if shape else None
        self.layers: dict[str, LayerSpec] = {}
        self.made: list[Layer] = []
        """Layers in the order in which their constructors ran: so their weights are drawn."""
        self._names: dict[int, str] = {}
        self._renamed = False
        self._reserved: set[str] = set()
        self._kept: set[str] = set()
        self._places: dict[str, ast.AST] = {}
        self._overwritten: set[str] = set()

    def name_modules(self, root: Value) -> None:
        """Give every module that is reached through attributes a name: its path."""
        for path, module in _paths(root, "", set()):
            if id(module) not in self._names:
                single = isinstance(module, Layer)
                name = self._free(layer_name(path)) if single else path
                self._names[id(module)] = name
                self._renamed |= single and module.stateful and name != path

    def name_of(self, module: Value) -> str:
        """Return the name of a module; empty when no attribute leads to it."""
        return self._names.get(id(module), "")

    def call(
        self, layer: Layer, inputs: tuple[str, ...], node: ast.AST, **at_call: FieldValue
    ) -> str:
        """Add a call of a module and return its name. One without weights may be called again."""
        path = self.name_of(layer)
        if layer.stateful and not path:
            raise at(
                node,
                said(
                    "this {kind} is no part of the model, so its weights would never be "
                    "learned. Keep it as self.name, or its list in nn.ModuleList.",
                    kind=layer.kind,
                ),
            )
        if layer.stateful and layer.calls:
            raise at(
                node,
                said(
                    "{path} is called twice, so two places would share its weights; that is not "
                    "supported. Make a second layer and call that one.",
                    path=path,
                ),
            )
        layer.calls += 1
        again = "_" if path and layer.calls > 1 else ""
        name = path if path and not again else self._free(path or stem(layer.kind), again)
        self._kept.add(name)
        fields = {**layer.fields, **at_call}
        return self._add(name, layer.kind, inputs, fields, node, frozen=layer.frozen)

    def function(
        self,
        kind: str,
        inputs: tuple[str, ...],
        fields: Mapping[str, FieldValue],
        wanted: str,
        node: ast.AST,
    ) -> str:
        """Add a layer that has no module, under the wanted name where that is free."""
        name = self._free(layer_name(wanted))
        if kind.startswith("Dropout"):
            self._kept.add(name)
        return self._add(name, kind, inputs, fields, node)

    def overwrite(self, name: str, node: ast.AST) -> None:
        """Note that the memory of a layer's output is written to: nobody may read it any more."""
        while name in self.layers:
            kind = self.layers[name].layer_kind
            if kind.saves_output:
                raise at(
                    node,
                    said(
                        "this would overwrite what {name} needs for its gradient. "
                        "Write x = x + y instead of x += y.",
                        name=name,
                    ),
                )
            self._overwritten.add(name)
            if not kind.passes_through:
                return
            name = self.layers[name].inputs[0]
        self._overwritten.add(name)

    def _add(
        self,
        name: str,
        kind: str,
        inputs: tuple[str, ...],
        fields: Mapping[str, FieldValue],
        node: ast.AST,
        *,
        frozen: bool = False,
    ) -> str:
        if len(self.layers) >= MAX_LAYERS:
            raise at(
                node,
                said(
                    "the model has more than {max_layers} layers. Paste a smaller one.",
                    max_layers=MAX_LAYERS,
                ),
            )
        changed = self._overwritten.intersection(inputs)
        if changed:
            raise at(
                node,
                said(
                    "the value of {name} that is read here was changed in place before. "
                    "Write x = x + y instead of x += y.",
                    name=changed.pop(),
                ),
            )
        try:
            layer = LayerSpec(
                name=name, kind=kind, inputs=inputs, fields=Fields(fields), frozen=frozen
            )
        except ValidationError as error:
            raise at(node, readable(error)) from None
        self.layers[name] = layer
        self._places[name] = node
        return name

    def lines(self) -> dict[str, int]:
        """Return the line in which each layer is called."""
        return {name: getattr(node, "lineno", 1) for name, node in self._places.items()}

    def shape_of(self, name: str) -> Shape | None:
        """Return the shape of a layer's output; None where no input shape is given.

        SourceError names the first layer that cannot work on its input.
        """
        if self._sizes is None:
            self.sizes_wanted = True
            return None
        try:
            return self._sizes.of(name, self.layers)
        except LayerError as error:
            raise at(self._places[error.layer], str(error)) from None

    def is_free(self, name: str) -> bool:
        """Whether a layer can have this name."""
        return name not in self._reserved and _is_allowed(name)

    def _free(self, wanted: str, joined: str = "") -> str:
        """Return the name, with a number behind it when it is in use."""
        name, number = wanted, 1
        while name in self._reserved:
            number += 1
            end = f"{joined}{number}"
            name = wanted[: MAX_NAME - len(end)] + end
        self._reserved.add(name)
        return name

    def kind_of(self, name: str) -> str:
        """Return the kind of a layer; empty for the input."""
        return self.layers[name].kind if name in self.layers else ""

    def batch_of(self, name: str) -> str:
        """Return the first value in the chain before this one that has the same batch."""
        while name in self.layers and _keeps_batch(self.layers[name]):
            name = self.layers[name].inputs[0]
        return name

    def spec(self, model: str, returned: str, place: ast.AST) -> ModelSpec:
        """Return the model whose output is that of the layer ``returned``."""
        output = returned.removesuffix(LAST)
        if output not in self.layers:
            raise at(place, said("forward returns its own input. Return what a layer gives."))
        names = list(self.layers)
        kept = names[: names.index(output) + 1]
        self._check_others(names[len(kept) :])
        read = {returned, *(name for one in kept for name in self.layers[one].inputs)}
        layers = tuple(self._settled(self.layers[name], read) for name in kept)
        try:
            return ModelSpec(name=model, layers=layers, drawn=self._drawn(), renamed=self._renamed)
        except ValidationError as error:
            raise at(place, readable(error)) from None

    def _check_others(self, late: list[str]) -> None:
        """Raise SourceError for a layer that is no part of the model but changes what it draws."""
        for name in late:
            if name in self._kept:
                raise at(
                    self._places[name],
                    said("what {name} gives is never used. Remove the call.", name=name),
                )
        for layer in self.made:
            if layer.stateful and not layer.calls:
                name = self.name_of(layer) or said("this {kind}", kind=layer.kind)
                raise SourceError(
                    layer.line, said("{name} is made but never called. Remove it.", name=name)
                )

    def _settled(self, layer: LayerSpec, read: set[str]) -> LayerSpec:
        """Return the layer with the last step's mark turned into a field."""
        fields: dict[str, FieldValue] = dict(layer.fields)
        if layer.name + LAST in read:
            if layer.name in read:
                raise at(
                    self._places[layer.name],
                    said(
                        "both all outputs of {name} and its last one are read. Use one.",
                        name=layer.name,
                    ),
                )
            fields["outputs"] = "last"
        inputs = tuple(name.removesuffix(LAST) for name in layer.inputs)
        return layer.model_copy(update={"inputs": inputs, "fields": Fields(fields)})

    def _drawn(self) -> tuple[str, ...]:
        """Return the layers whose weights are drawn before their turn; often none."""
        made = [self.name_of(layer) for layer in self.made if layer.stateful]
        called = [name for name in self.layers if name in made]
        first = 0
        while made[first:] != [name for name in called if name not in made[:first]]:
            first += 1
        return tuple(made[:first])


def _paths(value: Value, path: str, seen: set[int]) -> Iterator[tuple[str, Value]]:
    """Return every module below a module with its path, in the order of registration."""
    if isinstance(value, Layer | Container | Instance) and id(value) not in seen:
        seen.add(id(value))
        yield path, value
    if isinstance(value, Container | Instance):
        for name, child in value.children.items():
            if id(child) not in seen:
                yield from _paths(child, f"{path}.{name}" if path else name, seen)


def layer_name(path: str) -> str:
    """Return a name that a spec allows for a path such as ``layer1.0.conv1``."""
    name = re.sub(r"\W", "_", path.replace(".", "_"), flags=re.ASCII).strip("_")
    if not name[:1].isalpha():
        name = f"layer_{name}".rstrip("_")
    name = name[-MAX_NAME:].lstrip("0123456789_") if len(name) > MAX_NAME else name
    return name if _is_allowed(name) else f"{name[: MAX_NAME - 6]}_layer"


def _is_allowed(name: str) -> bool:
    try:
        check_name(name, said("a layer's name"), TAKEN)
    except ValueError:
        return False
    return True


def stem(kind: str) -> str:
    """Return what a layer of this kind is called when nobody named it."""
    return DIMENSIONS.sub("", kind).lower()


def _keeps_batch(layer: LayerSpec) -> bool:
    """Whether the first dimension that goes out is the one that comes in."""
    moved = {"dim", "dim0", "start_dim"} & set(layer.fields)
    return all(layer.fields[name] not in (0, (0,)) for name in moved)
