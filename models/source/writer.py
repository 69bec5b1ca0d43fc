"""A spec as the class that a person would write: executable as it stands, same parameter names."""

from __future__ import annotations

from models.fields import Fields
from models.kinds.kind import LayerKind
from models.source.script import Setting, script
from models.spec import INPUT, LayerSpec, ModelSpec


def to_source(spec: ModelSpec, setting: Setting | None = None) -> str:
    """Return Python source of an ``nn.Module`` that computes what the spec's network computes.

    With a setting, the lines that run it once and print every gradient follow; ValueError when
    the run is over budget.
    """
    written = _Forward(spec, keep=setting is not None)
    run = script(spec, setting) if setting else []
    needs_torch = bool(run) or any("torch." in line for line in written.lines)
    extra = dict.fromkeys(line for line in run if line.startswith(("import ", "from ")))
    return "\n".join(
        [
            *(["import torch"] if needs_torch else []),
            *extra,
            "from torch import nn",
            "",
            "",
            f"class {spec.name}(nn.Module):",
            "    def __init__(self):",
            "        super().__init__()",
            *(f"        {line}" for line in _constructors(spec)),
            "",
            f"    def forward(self, {written.argument}):",
            *(f"        {line}" for line in written.lines),
            "",
            *(line for line in run if line not in extra),
        ]
    )


def has_module(layer: LayerSpec) -> bool:
    """Whether the layer is an attribute of the class; the others are expressions in forward."""
    return not layer.layer_kind.expression


def _constructors(spec: ModelSpec) -> list[str]:
    """Return the lines of __init__, in the order in which weights are drawn."""
    first = [spec.layer(name) for name in spec.drawn]
    lines = []
    for layer in (*first, *(layer for layer in spec.layers if layer.name not in spec.drawn)):
        if has_module(layer):
            lines.append(f"self.{layer.name} = nn.{layer.kind}({_arguments(layer)})")
            lines += [f"self.{layer.name}.requires_grad_(False)"] if layer.frozen else []
    return lines


def _arguments(layer: LayerSpec) -> str:
    """Return the constructor's arguments: leading ones by position, the rest by name."""
    kind: LayerKind = layer.layer_kind
    given = kind.arguments(layer.fields)
    leading = [field.name for field in kind.fields[: kind.positional]]
    return ", ".join(
        repr(value) if name in leading else f"{name}={value!r}" for name, value in given.items()
    )


class _Forward:
    """Writes ``forward``: a value read only by the next layer stays in the running variable.

    With ``keep``, values of layers that are no modules are kept as attributes, to be looked at.
    """

    def __init__(self, spec: ModelSpec, *, keep: bool) -> None:
        self._spec = spec
        self._keep = keep
        self._names = {layer.name for layer in spec.layers}
        self.argument = "x" if "x" not in self._names else INPUT
        self._last_reader = self._find_last_readers()
        self._variables = {INPUT: self.argument}
        self._indices: dict[str, str] = {}
        self.lines: list[str] = []
        for position, layer in enumerate(spec.layers):
            self._write(position, layer)

    def _write(self, position: int, layer: LayerSpec) -> None:
        expression = self._expression(layer)
        pool = bool(layer.fields.get("return_indices", False))
        last = layer is self._spec.layers[-1]
        if last and not pool and has_module(layer):
            self.lines.append(f"return {expression}")
            return
        variable = self._variable_for(position, layer)
        self._variables[layer.name] = variable
        if pool:
            self._indices[layer.name] = self._free_name(f"{layer.name}_indices")
            variable = f"{variable}, {self._indices[layer.name]}"
        self.lines.append(f"{variable} = {expression}")
        if self._keep and not has_module(layer):
            self.lines.append(f"self.{layer.name} = {variable}")
        if last:
            self.lines.append(f"return {self._variables[layer.name]}")

    def _find_last_readers(self) -> dict[str, int]:
        """Return for each value the position of the last layer that mentions it."""
        last: dict[str, int] = {}
        for position, layer in enumerate(self._spec.layers):
            for name in (*layer.inputs, *self._restored_from(layer)):
                last[name] = position
        return last

    def _restored_from(self, layer: LayerSpec) -> tuple[str, ...]:
        """Return the value whose size an unpool gives back, if it does."""
        restores = layer.fields.get("restore", False)
        return (self._spec.layer(layer.inputs[1]).inputs[0],) if restores else ()

    def _variable_for(self, position: int, layer: LayerSpec) -> str:
        """Return the running variable where it is free, else the layer's name."""
        only_next = self._last_reader.get(layer.name, position + 1) <= position + 1
        in_use = any(
            variable == self.argument and self._last_reader.get(name, -1) > position
            for name, variable in self._variables.items()
        )
        return self.argument if has_module(layer) and only_next and not in_use else layer.name

    def _free_name(self, wanted: str) -> str:
        while wanted in self._names or wanted == self.argument:
            wanted += "_"
        return wanted

    def _expression(self, layer: LayerSpec) -> str:
        data = [self._variables[name] for name in layer.inputs]
        if layer.layer_kind.takes_indices:
            size = self._output_size(layer.fields, layer)
            return f"self.{layer.name}({data[0]}, {self._indices[layer.inputs[1]]}{size})"
        return layer.layer_kind.code(layer.fields, layer.name, data)

    def _output_size(self, fields: Fields, layer: LayerSpec) -> str:
        if fields["height"]:
            return f", output_size=({fields['height']}, {fields['width']})"
        return "".join(
            f", output_size={self._variables[name]}.shape" for name in self._restored_from(layer)
        )
