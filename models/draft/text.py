"""A draft as a browser holds it: read from JSON, bounded, and written.

The shape of the input stays the text that was typed. A layer is *fresh* until something of it is
set: it has its kind's defaults, and takes the sizes that come in.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from flow.said import said
from models.draft import INPUT_KEY, SWITCHES, Draft, DraftLayer
from models.fields import MOST_SIZES, Fields
from models.kinds.arguments import MAX_JOINED
from models.layers import LAYERS
from models.shapes import Shape
from models.spec import MAX_LAYERS, sentences

LARGEST_KEY = 10**6
"""Nobody adds as many layers."""
LARGEST_WHOLE = 2**53
"""Whole numbers beyond are no longer exact in a browser."""
LONGEST_TYPED = 200
"""Characters of what is typed; what is too long for a name is told as any other problem."""
MAX_DRAFT = 200_000
"""Characters of a draft; the largest one has about a third."""

Whole = Annotated[int, Field(ge=-LARGEST_WHOLE, le=LARGEST_WHOLE)]
Typed = Annotated[str, Field(max_length=LONGEST_TYPED)]
Key = Annotated[int, Field(ge=INPUT_KEY, le=LARGEST_KEY)]
Several = Annotated[list[Whole], Field(max_length=MOST_SIZES + 1)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class DraftError(ValueError):
    """A text that is no draft; the message says what must hold."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WrittenLayer(_Part):
    """One layer."""

    key: Annotated[int, Field(gt=INPUT_KEY, le=LARGEST_KEY)]
    name: Typed
    kind: Typed
    reads: Annotated[list[Key], Field(max_length=MAX_JOINED)]
    fields: dict[str, bool | Whole | Number | Typed | Several]
    switches: dict[str, bool]
    fresh: bool = False

    @model_validator(mode="after")
    def _has_all_that_its_kind_has(self) -> WrittenLayer:
        if self.kind not in LAYERS:
            raise ValueError(said("{name}: there is no such kind of layer.", name=self.name))
        if set(self.fields) != {field.name for field in LAYERS[self.kind].fields}:
            raise ValueError(said("{name}: its fields must be those of its kind.", name=self.name))
        if set(self.switches) != set(SWITCHES):
            raise ValueError(
                said(
                    "{name}: its switches must be {names}.",
                    name=self.name,
                    names=", ".join(SWITCHES),
                )
            )
        return self

    def layer(self) -> DraftLayer:
        """Return the layer itself."""
        values = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.fields.items()
        }
        reads = tuple(self.reads)
        return DraftLayer(
            self.key, self.name, self.kind, reads, Fields(values), Fields(self.switches)
        )


class WrittenDraft(_Part):
    """A draft, its input's shape as it was typed."""

    name: Typed
    input_shape: Typed
    layers: Annotated[list[WrittenLayer], Field(max_length=MAX_LAYERS)]

    @model_validator(mode="after")
    def _layers_know_each_other(self) -> WrittenDraft:
        keys = [layer.key for layer in self.layers]
        if len(set(keys)) < len(keys):
            raise ValueError(said("two layers have the same key."))
        if any({*layer.reads} - {INPUT_KEY, *keys} for layer in self.layers):
            raise ValueError(said("a layer reads one that is not there."))
        return self

    @property
    def fresh(self) -> tuple[int, ...]:
        """Keys of the layers of which nothing was set yet."""
        return tuple(layer.key for layer in self.layers if layer.fresh)

    def draft(self, shape: Shape) -> Draft:
        """Return the draft itself, on an input of this shape."""
        return Draft(tuple(layer.layer() for layer in self.layers), shape, self.name)


def read_draft(text: str) -> WrittenDraft:
    """Read what a browser sent; DraftError says what is wrong with it."""
    if len(text) > MAX_DRAFT:
        raise DraftError(
            said(
                "a draft has at most {max_draft} characters, but {count} came.",
                max_draft=MAX_DRAFT,
                count=len(text),
            )
        )
    try:
        return WrittenDraft.model_validate_json(text)
    except ValidationError as error:
        raise DraftError(sentences(error)[0]) from None


def written(draft: Draft, shape: str) -> dict[str, Any]:
    """Write a draft for a browser, with its input's shape as it was typed."""
    layers = [
        {
            "key": layer.key,
            "name": layer.name,
            "kind": layer.kind,
            "reads": list(layer.reads),
            "fields": dict(layer.fields),
            "switches": dict(layer.switches),
        }
        for layer in draft.layers
    ]
    return {"name": draft.name, "input_shape": shape, "layers": layers}
