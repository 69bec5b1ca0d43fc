"""A network as a frozen value: layers by name, each saying which layers it reads.

It can be hashed, compared, pickled and written as JSON. Whatever was accepted here can be built,
except that shapes are known only with an input: ``models.budget`` tells.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from torch import nn

from flow.said import joined, said
from models.fields import Fields, Value, shown
from models.kinds.arguments import MAX_JOINED
from models.kinds.kind import LayerKind
from models.layers import LAYERS

INPUT = "input"
"""What layers call the model's own input."""
MAX_LAYERS = 256
MAX_NAME = 40
MAX_TEXT = 200_000
"""Characters of a model written as JSON; the largest allowed model needs about half."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
TAKEN = frozenset(dir(nn.Module())) | {INPUT, "self", "torch", "nn"}
"""Names a layer cannot have: attributes of every module, and words its source code needs."""


class SpecError(ValueError):
    """A text that is no model; the message names the layer and the field."""


def check_name(name: str, what: str, taken: frozenset[str]) -> str:
    """Return the name when it can stand in source code; ValueError says what must hold."""
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise ValueError(
            said(
                "{what} must be a letter, then letters, digits or underscores, at most {max_name} "
                "in all. It is {name}.",
                what=what,
                max_name=MAX_NAME,
                name=shown(name),
            )
        )
    if keyword.iskeyword(name) or name in taken:
        raise ValueError(
            said(
                "{what} {name} is taken by Python or torch. Choose another.",
                what=what,
                name=shown(name),
            )
        )
    return name


class LayerSpec(BaseModel):
    """One layer: its name, its kind, the layers it reads and its settings.

    ``fields`` holds every field of the kind; those left out get their defaults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    kind: str
    inputs: tuple[str, ...] = (INPUT,)
    fields: Fields = Fields()
    frozen: bool = False
    """Whether its parameters take no gradient. JSON carries it only where it is true."""

    @property
    def layer_kind(self) -> LayerKind:
        """The catalogue's entry for this kind."""
        return LAYERS[self.kind]

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        return check_name(name, said("a layer's name"), TAKEN)

    @field_validator("kind")
    @classmethod
    def _kind_is_known(cls, kind: str, info: ValidationInfo) -> str:
        if kind not in LAYERS:
            raise ValueError(
                said(
                    "{layer}: there is no layer kind {kind}. Choose one of {kinds}.",
                    layer=_layer(info),
                    kind=shown(kind),
                    kinds=", ".join(LAYERS),
                )
            )
        return kind

    @field_validator("inputs")
    @classmethod
    def _inputs_are_enough(cls, inputs: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        kind = LAYERS.get(info.data.get("kind", ""))
        fewest, most = kind.inputs if kind else (0, MAX_JOINED)
        if not fewest <= len(inputs) <= most:
            wanted = (
                str(fewest)
                if fewest == most
                else said("{fewest} to {most}", fewest=fewest, most=most)
            )
            raise ValueError(
                said(
                    "{layer}: it reads {wanted} inputs, but {count} came.",
                    layer=_layer(info),
                    wanted=wanted,
                    count=len(inputs),
                )
            )
        return inputs

    @field_validator("fields", mode="plain")
    @classmethod
    def _fields_are_complete(cls, given: object, info: ValidationInfo) -> Fields:
        kind = LAYERS.get(info.data.get("kind", ""))
        if kind is None:
            return Fields()
        if not isinstance(given, dict | Fields):
            raise ValueError(said("{layer}: fields must map names to values.", layer=_layer(info)))
        return _complete(kind, given, _layer(info))

    @model_validator(mode="before")
    @classmethod
    def _defaults_are_checked_too(cls, data: Any) -> Any:
        if isinstance(data, dict) and "fields" not in data:
            return {**data, "fields": {}}
        return data

    @model_serializer(mode="wrap")
    def _frozen_only_when_true(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        if not self.frozen:
            written.pop("frozen", None)
        return written

    @field_serializer("fields")
    def _only_what_differs(self, fields: Fields) -> dict[str, Value]:
        """A link carries only what is not the default."""
        defaults = {field.name: field.default for field in self.layer_kind.fields}
        return {name: value for name, value in fields.items() if value != defaults[name]}


def _layer(info: ValidationInfo) -> str:
    return str(info.data.get("name", said("a layer")))


def _complete(kind: LayerKind, given: dict[Any, Any] | Fields, layer: str) -> Fields:
    """Return all fields of the kind, in its order, each checked alone and then together."""
    unknown = [name for name in given if kind.field(str(name)) is None]
    if unknown:
        known = ", ".join(field.name for field in kind.fields) or said("none at all")
        raise ValueError(
            said(
                "{layer}: there is no field {unknown}. It has {known}.",
                layer=layer,
                unknown=shown(unknown[0]),
                known=known,
            )
        )
    try:
        fields = Fields(
            {
                field.name: field.accept(given.get(field.name, field.default))
                for field in kind.fields
            }
        )
    except ValueError as error:
        raise ValueError(said("{layer}: {error}", layer=layer, error=error)) from None
    problem = kind.verify(fields)
    if problem:
        raise ValueError(said("{layer}: {problem}", layer=layer, problem=problem))
    return fields


class ModelSpec(BaseModel):
    """A network: its layers in the order in which they run; the last one is the output.

    A layer reads the model's input or layers above it, so there are no cycles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "Model"
    """Class name in source code."""
    layers: tuple[LayerSpec, ...]
    drawn: tuple[str, ...] = ()
    """Layers whose weights are drawn first, in this order; the others follow as they stand.

    A class may make its layers in another order than it calls them. JSON carries it only then.
    """
    renamed: bool = False
    """Whether a layer with weights has another name in the class that was pasted, such as ``a.b``.

    JSON carries it only where it is true.
    """

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        return check_name(name, said("a model's name"), frozenset(dir(builtins)) | {"torch", "nn"})

    @field_validator("layers", mode="before")
    @classmethod
    def _layers_are_bounded(cls, layers: Any) -> Any:
        if isinstance(layers, list | tuple) and not 1 <= len(layers) <= MAX_LAYERS:
            raise ValueError(
                said(
                    "a model has 1 to {max_layers} layers, but {count} came.",
                    max_layers=MAX_LAYERS,
                    count=len(layers),
                )
            )
        return layers

    @model_validator(mode="after")
    def _layers_fit_together(self) -> ModelSpec:
        earlier: dict[str, LayerSpec] = {}
        for layer in self.layers:
            if layer.name in earlier:
                raise ValueError(
                    said("{name}: two layers have this name. Rename one.", name=layer.name)
                )
            for name in layer.inputs:
                if name != INPUT and name not in earlier:
                    raise ValueError(
                        said(
                            "{name}: it reads {read}, which is no layer above it. "
                            "Choose {input} or a layer above.",
                            name=layer.name,
                            read=shown(name),
                            input=INPUT,
                        )
                    )
            if layer.layer_kind.takes_indices:
                _check_pool(layer, earlier.get(layer.inputs[1]))
            earlier[layer.name] = layer
        unknown = [name for name in self.drawn if name not in earlier]
        if unknown or len(set(self.drawn)) < len(self.drawn):
            raise ValueError(said("drawn must name layers of the model, each once."))
        return self

    @model_serializer(mode="wrap")
    def _only_what_is_given(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        for name in ("drawn", "renamed"):
            if not getattr(self, name):
                written.pop(name, None)
        return written

    def layer(self, name: str) -> LayerSpec:
        """Return the layer of that name; KeyError when there is none."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)


def _check_pool(layer: LayerSpec, pool: LayerSpec | None) -> None:
    if pool is None or pool.kind != "MaxPool2d":
        raise ValueError(
            said("{name}: its second input must be the MaxPool2d that it undoes.", name=layer.name)
        )
    if not pool.fields["return_indices"]:
        raise ValueError(
            said(
                "{name}: it needs the indices of {pool}. Turn return_indices on there.",
                name=layer.name,
                pool=pool.name,
            )
        )


def read_spec(text: str) -> ModelSpec:
    """Return the model that ``model_dump_json`` wrote; SpecError says what is wrong with it."""
    if len(text) > MAX_TEXT:
        raise SpecError(
            said(
                "a model's text has at most {max_text} characters, but {count} came.",
                max_text=MAX_TEXT,
                count=len(text),
            )
        )
    try:
        return ModelSpec.model_validate_json(text)
    except ValidationError as error:
        raise SpecError(readable(error)) from None


def spec_of(
    name: str, layers: tuple[LayerSpec, ...], drawn: tuple[str, ...] = (), *, renamed: bool = False
) -> ModelSpec:
    """Return the model of these layers; SpecError says why they do not fit together."""
    try:
        return ModelSpec(name=name, layers=layers, drawn=drawn, renamed=renamed)
    except ValidationError as error:
        raise SpecError(readable(error)) from None


def readable(error: ValidationError) -> str:
    """Return what is wrong, a sentence a line, without pydantic's decoration."""
    return joined(sentences(error), "\n")


def sentences(error: ValidationError) -> list[str]:
    """Return what is wrong, each thing once."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in problem["loc"])
        own = problem["type"] == "value_error"
        text = (
            str(problem["ctx"]["error"])
            if own
            else said("{place}: {error}.", place=place or said("the text"), error=_wrong(problem))
        )
        lines.append(text)
    return list(dict.fromkeys(lines))


WRONG = {
    "missing": said("this field is missing"),
    "extra_forbidden": said("there is no such field"),
    "string_type": said("this must be a text"),
    "int_type": said("this must be a whole number"),
    "int_parsing": said("this must be a whole number"),
    "int_from_float": said("this must be a whole number"),
    "bool_type": said("this must be true or false"),
    "bool_parsing": said("this must be true or false"),
    "tuple_type": said("this must be a list"),
    "list_type": said("this must be a list"),
    "dict_type": said("this must be an object in braces"),
    "mapping_type": said("this must be an object in braces"),
    "model_type": said("this must be an object in braces"),
    "model_attributes_type": said("this must be an object in braces"),
}
"""What pydantic calls it -> what must hold. What is not here it says itself."""


def _wrong(problem: Mapping[str, Any]) -> str:
    """Return in our words what pydantic found, or in its own, marked as its."""
    if problem["type"] == "json_invalid":
        return said("this is no JSON ({reason})", reason=problem["ctx"]["error"])
    return WRONG.get(problem["type"]) or said('pydantic says: "{message}"', message=problem["msg"])
