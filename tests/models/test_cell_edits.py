"""Cells changed by hand: laid over a tensor, and written into a link and back."""

from __future__ import annotations

import base64
import pickle
import zlib

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cell_edits import LARGEST, MAX_EDITED, MAX_TEXT, EditError, Edits, read_edits
from tests.models.work import at_most_bytes

names = st.sampled_from(["input", "target", "conv1.weight", "layer_1_0.bias"])
cells = st.dictionaries(
    st.integers(0, 2**32 - 1), st.floats(-LARGEST, LARGEST, width=32), min_size=1, max_size=40
)


def letters(plain: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(plain)).decode().rstrip("=")


@settings(deadline=None)
@given(st.dictionaries(names, cells))
def test_text_gives_back_the_same_edits(changed: dict[str, dict[int, float]]) -> None:
    edits = Edits()
    for name, values in changed.items():
        edits = edits.with_cells(name, values)
    text = edits.to_text()
    assert read_edits(text) == edits
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert {name: dict(edits.of(name)) for name in edits.names()} == changed
    assert pickle.loads(pickle.dumps(edits)) == edits  # noqa: S301
    assert hash(read_edits(text)) == hash(edits)


def test_edits_lie_over_a_tensor_and_leave_it_alone() -> None:
    values = torch.arange(6.0).view(2, 3).t()
    before = values.clone()
    changed = Edits().with_cells("input", {1: 9.5}).with_cells("input", {4: 0.1})
    assert changed.apply("input", values).tolist() == [[0, 9.5], [1, 4], [pytest.approx(0.1), 5]]
    assert torch.equal(values, before)
    assert torch.equal(changed.apply("target", values), before)
    assert changed.apply("target", values) is not values


def test_the_later_edit_of_a_cell_counts_and_edits_can_be_discarded() -> None:
    edits = Edits().with_cells("input", {1: 1}).with_cells("input", {1: 2}).with_cells("b", {0: 3})
    assert edits.of("input") == {1: 2.0}
    assert edits.without("input") == Edits().with_cells("b", {0: 3})
    assert not edits.without("input").without("b")
    assert Edits().to_text() == ""
    assert read_edits("") == Edits()


def test_a_cell_outside_its_tensor_is_named() -> None:
    with pytest.raises(EditError, match=r"fc\.bias: cell 4 was changed, but it has only 4 cells"):
        Edits().with_cells("fc.bias", {4: 1}).apply("fc.bias", torch.zeros(4))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.1e6, -1e300])
def test_a_cell_must_be_a_sensible_number(value: float) -> None:
    with pytest.raises(EditError, match="input: a cell must be a number from -1e"):
        Edits().with_cells("input", {0: value})


def test_as_many_cells_as_allowed_fit_into_a_link() -> None:
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(MAX_EDITED, generator=generator).tolist()
    edits = Edits().with_cells("input", dict(enumerate(noise)))
    assert len(edits.to_text()) < MAX_TEXT
    assert read_edits(edits.to_text()) == edits
    with pytest.raises(EditError, match="at most 4096 cells"):
        edits.with_cells("input", {MAX_EDITED: 0})


@pytest.mark.parametrize(
    "text",
    [
        "%%%",
        "AAAA",
        "a",
        letters(b"")[:-3],
        letters(b"\x05\x01\x00input"),
        letters(b"\x05\x01\x00input\x00\x00\x00\x00\x00\x00\xc0\x7f"),
        letters(b"\x05\x01\x00in<ut\x00\x00\x00\x00\x00\x00\x00\x00"),
        letters(b"\x02\x01\x00\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00"),
        letters(b"\x01\x02\x00i" + bytes(15)),
        "A" * (MAX_TEXT + 1),
    ],
)
def test_what_is_no_edit_is_refused_in_words(text: str) -> None:
    with pytest.raises(EditError):
        read_edits(text)


def test_a_bomb_is_refused_before_it_grows() -> None:
    bomb = letters(bytes(10_000_000))
    assert len(bomb) < MAX_TEXT
    with at_most_bytes(1_000_000), pytest.raises(EditError, match="cut off, or too many"):
        read_edits(bomb)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_edits_or_a_sentence(plain: bytes) -> None:
    try:
        edits = read_edits(letters(plain))
    except EditError:
        return
    assert read_edits(edits.to_text()) == edits
