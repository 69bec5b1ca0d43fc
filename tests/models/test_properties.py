"""Random networks either run as they were costed and explain themselves, or name a layer.

`make test` tries some; `make fuzz` tries many (FUZZ=... says how many).
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import flow
from flow.errors import NoGradientError
from flow.ops import OPS
from models.budget import estimate
from models.build import LayerError, build, tensor_of
from models.fields import Field
from models.inputs.tokens import vocabulary
from models.layers import LAYERS
from models.receptive import receptive
from models.spec import INPUT, LayerSpec, ModelSpec, read_spec

EXAMPLES = int(os.environ.get("FUZZ", "0"))
MAX_LAYERS = 6
SMALL = 4
"""Largest number drawn for most settings, so that most layers fit small maps."""
LARGEST = 20_000
"""Cells up to which a network is really run."""

Shape = tuple[int, ...]

many = settings(
    max_examples=EXAMPLES or 25,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

COMES_IN = {
    **dict.fromkeys(("in_channels", "num_features", "num_channels"), 1),
    **dict.fromkeys(("in_features", "normalized_shape", "input_size", "embed_dim", "d_model"), -1),
}
"""Settings that must be what comes in, and the dimension where that stands."""

shapes = st.one_of(
    st.tuples(st.integers(1, 2), st.integers(1, 4), st.integers(1, 7), st.integers(1, 7)),
    st.tuples(st.integers(1, 2), st.integers(1, 4), st.integers(1, 8)),
    st.tuples(st.integers(1, 3), st.integers(1, 8)),
)

sentences = st.tuples(st.integers(1, 3), st.integers(1, 6))
"""Shapes of token ids: how many rows, and of how many tokens."""


def numbers(field: Field) -> st.SearchStrategy[Any]:
    low, high = int(field.low), int(field.high)
    usual = st.integers(max(low, -2), min(max(low, 0) + SMALL, high))
    return st.one_of(usual, usual, usual, st.sampled_from([low, high]))


def values(field: Field) -> st.SearchStrategy[Any]:
    """Draw values that a field takes, most of them small."""
    if field.kind == "bool":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    if field.kind == "float":
        return st.sampled_from([field.default, field.default, field.low, field.high, 1.0, 0.3])
    found = [numbers(field)]
    if field.kind == "pair":
        found.append(st.tuples(numbers(field), numbers(field)))
    if field.kind == "sizes":
        found.append(st.lists(numbers(field), min_size=1, max_size=3))
    if field.choices:
        found.append(st.sampled_from(field.choices))
    return st.one_of(found)


def drawn_layer(draw: st.DrawFn, name: str, known: dict[str, Shape]) -> dict[str, Any]:
    """Draw a layer that reads known values; what must be what comes in mostly is."""
    kind = draw(st.sampled_from(list(LAYERS)))
    fewest, most = LAYERS[kind].inputs
    names = st.sampled_from(list(known))
    last = list(known)[-1]
    reads = [last, *draw(st.lists(names, min_size=fewest - 1, max_size=min(most, 3) - 1))]
    fields = {}
    for field in LAYERS[kind].fields:
        given_shape, where = known[reads[0]], COMES_IN.get(field.name)
        if where is not None and len(given_shape) > 1 and draw(st.integers(0, 9)):
            fields[field.name] = given_shape[where]
        elif field.required or draw(st.booleans()):
            fields[field.name] = draw(values(field))
    frozen = draw(st.integers(0, 9)) == 0
    return {"name": name, "kind": kind, "inputs": reads, "fields": fields, "frozen": frozen}


@st.composite
def networks(draw: st.DrawFn) -> tuple[ModelSpec, Shape, list[str]]:
    """Draw a network that fits its input, with why other layers were refused on the way."""
    if draw(st.integers(0, 3)):
        shape: Shape = draw(shapes)
        size = shape[-1]
        square = {"in_features": size, "out_features": size}
        first: dict[str, Any] = {"name": "first", "kind": "Linear", "fields": square}
        known = {INPUT: shape, "first": shape}
    else:
        shape = draw(sentences)
        size = draw(st.integers(1, 8))
        table = {"num_embeddings": draw(st.integers(1, 9)), "embedding_dim": size}
        first = {"name": "first", "kind": "Embedding", "fields": table}
        known = {"first": (*shape, size)}
    layers, refused = [first], []
    for step in range(draw(st.integers(1, MAX_LAYERS))):
        wanted = drawn_layer(draw, f"layer{step}", known)
        try:
            spec = ModelSpec.model_validate({"layers": [*layers, wanted]})
            cost = estimate(spec, shape)
        except (ValidationError, LayerError) as error:
            refused.append(f"layer{step}|{error}")
            continue
        if cost.refusal:
            refused.append(f"layer{step}|{cost.refusal}")
            continue
        layers.append(wanted)
        known[f"layer{step}"] = cost.output_shape
    return ModelSpec.model_validate({"layers": layers}), shape, refused


@many
@given(networks())
def test_a_random_network_runs_as_it_was_costed_or_names_a_layer(
    drawn: tuple[ModelSpec, Shape, list[str]],
) -> None:
    spec, shape, refused = drawn
    for reason in refused:
        name, _, message = reason.partition("|")
        assert f"{name}: " in message or "layer" in message.partition(":")[0], message
    assert read_spec(spec.model_dump_json()) == spec
    cost = estimate(spec, shape)
    assert set(receptive(spec, shape, cost.shapes)) == set(cost.shapes)
    if sum(int(np.prod(one)) for one in cost.shapes.values()) > LARGEST:
        return
    words, generator = vocabulary(spec), torch.Generator().manual_seed(0)
    if any(layer.kind == "Embedding" for layer in spec.layers[words is not None :]):
        return  # what a layer makes is no row of a table
    x = words.ids(shape, 0) if words else torch.randn(shape, generator=generator)
    with flow.Seeded(0):
        output = tensor_of(build(spec, 0)(x))
    assert tuple(output.shape) == cost.output_shape
    try:
        run = flow.run(build(spec, 0), x, upstream=torch.ones_like(output), seed=0)
    except NoGradientError:
        return
    with run:
        assert {
            each.name: run.capture.layer(each.name).output_shapes[0] for each in spec.layers
        } == cost.shapes
        assert {node.name for node in run.capture.nodes} <= set(OPS)
        explain(run)


def explain(run: flow.Run) -> None:
    """Explain the middle cell of the first nodes."""
    for node in run.capture.nodes[:4]:
        for which, gradient in enumerate(node.downstream):
            if gradient is not None and gradient.size:
                cell = tuple(int(size) // 2 for size in gradient.shape)
                explanation = run.explain(node.id, cell, input=which)
                same = explanation.autograd == gradient[cell]
                assert same or np.isnan(gradient[cell])
                assert "do not add up" not in explanation.note


@many
@given(st.sampled_from(list(LAYERS)), st.data())
def test_any_value_of_a_field_is_taken_or_named(kind: str, data: st.DataObject) -> None:
    """Nonsense of any type gives a sentence with the layer's name, never another error."""
    anything = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.lists(st.integers() | st.text(max_size=3), max_size=6),
        st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    )
    names = [field.name for field in LAYERS[kind].fields] + ["nonsense"]
    fields = data.draw(st.dictionaries(st.sampled_from(names), anything, max_size=4))
    reads = ("input",) * LAYERS[kind].inputs[0]
    spot = {"name": "spot", "kind": kind, "inputs": reads, "fields": fields}
    layer, problem = accepted(spot)
    if layer is None:
        assert "spot: " in problem
    else:
        assert hash(layer) == hash(LayerSpec.model_validate_json(layer.model_dump_json()))


def accepted(spot: object) -> tuple[LayerSpec | None, str]:
    """Return the layer, or why there is none; any other error is a fault."""
    try:
        return LayerSpec.model_validate(spot), ""
    except ValidationError as error:
        return None, str(error)
