"""Token ids: which networks take them, which they are, and what else is refused."""

from __future__ import annotations

import pytest
import torch

from models.build import build
from models.fields import Value
from models.inputs import INPUTS, TOKENS
from models.inputs.shape import InputError
from models.inputs.tokens import Vocabulary, vocabulary
from models.layers import LAYERS
from models.presets import PRESETS
from models.presets.preset import layer, linear
from models.spec import INPUT, LayerSpec, ModelSpec

WORDS = Vocabulary("table", 5)


def table(name: str, reads: str, rows: int = 5) -> LayerSpec:
    return layer(name, "Embedding", reads, num_embeddings=rows, embedding_dim=2)


def network(*layers: LayerSpec) -> ModelSpec:
    return ModelSpec(layers=layers)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (network(table("table", INPUT)), WORDS),
        (network(layer("flat", "Flatten", INPUT), table("table", "flat")), WORDS),
        (
            network(table("large", INPUT, 9), table("table", INPUT), linear("a", "table", (2, 1))),
            WORDS,
        ),
        (network(linear("fc", INPUT, (2, 2))), None),
        (network(linear("fc", INPUT, (2, 2)), table("table", "fc")), None),
        (network(table("table", INPUT), linear("fc", INPUT, (2, 2))), None),
        (network(layer("same", "Identity", INPUT)), None),
    ],
    ids=["first", "moved", "two tables", "none", "calculated", "read twice", "moved only"],
)
def test_a_network_takes_ids_where_every_way_from_the_input_leads_into_a_table(
    spec: ModelSpec, expected: Vocabulary | None
) -> None:
    assert vocabulary(spec) == expected


@pytest.mark.parametrize("kind", [name for name, kind in LAYERS.items() if kind.passes_tokens])
def test_what_moves_ids_keeps_them_whole(kind: str) -> None:
    fields: dict[str, dict[str, Value]] = {
        "Unflatten": {"dim": 1, "unflattened_size": (2, 2)},
        "View": {"shape": 4},
        "Transpose": {"dim0": 0, "dim1": 1},
    }
    spec = network(layer("moved", kind, INPUT, **fields.get(kind, {})))
    ids = torch.arange(8).view(2, 4)
    moved = build(spec, 0)(ids)
    assert moved.dtype == torch.int64
    assert set(moved.flatten().tolist()) <= set(range(8))


def test_ids_are_whole_lie_in_the_table_and_follow_the_seed_alone() -> None:
    before = torch.get_rng_state()
    ids = INPUTS[TOKENS].make((40, 5), 3, WORDS)
    assert torch.equal(torch.get_rng_state(), before)
    assert ids.dtype == torch.int64
    assert set(ids.flatten().tolist()) == {0, 1, 2, 3, 4}
    expected = torch.randint(5, (40, 5), generator=torch.Generator().manual_seed(3))
    assert torch.equal(ids, expected)
    assert not torch.equal(ids, INPUTS[TOKENS].make((40, 5), 4, WORDS))


@pytest.mark.parametrize("kind", [name for name in INPUTS if name != TOKENS])
def test_every_other_input_is_refused_where_ids_are_looked_up(kind: str) -> None:
    label = INPUTS[kind].label
    with pytest.raises(InputError) as caught:
        INPUTS[kind].make((1, 8, 8), 0, WORDS)
    assert str(caught.value) == (
        "input: every cell must be a whole number from 0 to 4, a row of table, "
        f"but {label} came. Choose Token ids."
    )


def test_ids_are_refused_where_nothing_looks_them_up() -> None:
    with pytest.raises(InputError, match="this network does not begin with Embedding"):
        INPUTS[TOKENS].make((1, 4))


@pytest.mark.parametrize("value", [-1.0, 5.0, 1.5, 1e6])
def test_a_cell_that_is_no_row_is_named(value: float) -> None:
    assert WORDS.problem({2: value}) == (
        "input: a token id must be a whole number from 0 to 4, a row of table. "
        f"Cell 2 is {value:g}."
    )


def test_every_row_is_an_id() -> None:
    assert WORDS.problem({place: float(place) for place in range(5)}) == ""


def test_the_preset_reads_one_row_twice_and_leaves_one_out() -> None:
    preset = PRESETS["words"]
    ids = preset.values().flatten().tolist()
    counts = [ids.count(row) for row in range(5)]
    assert max(counts) == 2
    assert min(counts) == 0
    model = build(preset.spec, 0)
    model(preset.values())[0, 1].backward()
    rows = model.get_parameter("embedding.weight").grad
    assert rows is not None
    weight = model.get_parameter("fc.weight").detach()
    for row, count in zip(rows, counts, strict=True):
        torch.testing.assert_close(row, count * weight[1] / len(ids))
