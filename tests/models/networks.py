"""Random networks for property tests: every kind, any wiring, fields within their bounds."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from models.fields import Field
from models.layers import LAYERS
from models.spec import INPUT, LayerSpec, ModelSpec

MOST = 8
"""Layers of a random network."""


def networks() -> st.SearchStrategy[ModelSpec]:
    """Models that can be written down; whether shapes fit is left open."""
    return st.lists(_layers(), min_size=1, max_size=MOST).map(_model)


def _values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "bool":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    if field.kind == "float":
        return st.floats(field.low, field.high)
    number = st.integers(int(field.low), int(field.high))
    values: st.SearchStrategy[Any] = number
    if field.kind == "pair":
        values = number | st.tuples(number, number)
    elif field.kind == "sizes":
        values = number | st.lists(number, min_size=2, max_size=4).map(tuple)
    return values | st.sampled_from(field.choices) if field.choices else values


@st.composite
def _layers(draw: st.DrawFn) -> dict[str, Any]:
    """A kind, some of its fields, and numbers that choose what it reads."""
    kind = draw(st.sampled_from(list(LAYERS)))
    changed = draw(st.sets(st.sampled_from(LAYERS[kind].fields))) if LAYERS[kind].fields else set()
    fewest, most = LAYERS[kind].inputs
    reads = draw(st.lists(st.integers(0, MOST), min_size=fewest, max_size=most))
    return {
        "kind": kind,
        "reads": reads,
        "fields": {field.name: draw(_values(field)) for field in sorted(changed, key=_name)},
    }


def _name(field: Field) -> str:
    return field.name


def _model(layers: list[dict[str, Any]]) -> ModelSpec:
    """Give the layers names and inputs; what does not go together becomes an identity."""
    made: list[LayerSpec] = []
    for place, layer in enumerate(layers):
        known = [INPUT, *(each.name for each in made)]
        inputs = tuple(known[read % len(known)] for read in layer["reads"])
        given = {"name": f"a{place}", "kind": layer["kind"], "inputs": inputs}
        try:
            made.append(LayerSpec.model_validate({**given, "fields": layer["fields"]}))
            ModelSpec(layers=tuple(made))
        except ValidationError:
            del made[place:]
            made.append(LayerSpec(name=f"a{place}", kind="Identity", inputs=inputs[:1]))
    return ModelSpec(layers=tuple(made))
