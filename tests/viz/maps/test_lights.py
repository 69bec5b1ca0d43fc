"""What lights up without a sum, what a table stands for, and what is written as a fraction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.viz.maps.relations import sparse
from tests.viz.maps.test_links import blob
from tests.viz.maps.test_maps import specifications, unpack
from viz.maps.lights import Lights
from viz.maps.rows import Map, pack
from viz.maps.table import Entry, Table

MATRIX = np.array([[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]], np.float32)
OUTPUTS, INPUTS = MATRIX.shape


def maps(**more: Any) -> list[Map]:
    """A matrix with its input and its output."""
    given = np.array([10, 20], np.float32)
    return [
        Map("x", "Input", "", given.reshape(1, 1, INPUTS), **more),
        Map("matrix", "Matrix", "", MATRIX, role="parameter", group="matrix", **more),
        Map("y", "Output", "", (MATRIX @ given).reshape(1, 1, OUTPUTS), **more),
    ]


def rows_and_columns() -> list[Lights]:
    """Entry (i, j) of the matrix with output i, and with input j."""
    entries = np.arange(MATRIX.size)
    return [
        Lights("matrix", "y", entries, entries // INPUTS),
        Lights("matrix", "x", entries, entries % INPUTS),
    ]


def pairs(block: bytes) -> list[tuple[str, str, list[int], list[int]]]:
    header, _ = unpack(block)
    return [
        (
            each["from"],
            each["to"],
            blob(block, each["cells"]).tolist(),
            blob(block, each["places"]).tolist(),
        )
        for each in header["lights"]
    ]


def table(*entries: Entry, key: str = "t") -> Table:
    return Table(key, [""] * len(entries), [entries], title="Title")


# Lights


def test_every_entry_of_a_matrix_comes_with_its_output_and_its_input() -> None:
    assert pairs(pack([maps()], lights=rows_and_columns())) == [
        ("matrix", "y", [0, 1, 2, 3, 4, 5, 6, 7], [0, 0, 1, 1, 2, 2, 3, 3]),
        ("matrix", "x", [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 0, 1, 0, 1, 0, 1]),
    ]


def test_of_pairs_only_those_are_sent_of_which_both_cells_are_on_screen() -> None:
    samples = np.zeros((2, 1, 2, 2), np.float32)
    one = Map("one", "One", "", samples, sample=1)
    other = Map("other", "Other", "", np.zeros(4, np.float32))
    lights = Lights("one", "other", np.array([0, 4, 7]), np.array([1, 2, 3]))
    assert pairs(pack([[one, other]], lights=[lights])) == [("one", "other", [0, 3], [2, 3])]


def test_lights_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"lights x -> y: 2 cells need as many places, 1 came\."):
        Lights("x", "y", np.arange(2), np.arange(1))


@pytest.mark.parametrize(
    ("lights", "why"),
    [
        (("x", "z", [0], [0]), "no map of this block with cells has the key 'z'"),
        (("x", "y", [2], [0]), "x has cells 0 to 1, there is no 2"),
        (("x", "y", [0], [-1]), "y has cells 0 to 3, there is no -1"),
    ],
)
def test_lights_that_do_not_fit_their_maps_are_refused(
    lights: tuple[str, str, list[int], list[int]], why: str
) -> None:
    one, other, cells, places = lights
    asked = Lights(one, other, np.array(cells), np.array(places))
    with pytest.raises(ValueError, match=why):
        pack([maps()], lights=[asked])


# Tables


def test_a_table_comes_with_its_words_and_the_cells_it_stands_for() -> None:
    made = Table("t", ["cell", "value"], [[Entry("y₁"), Entry("12.5", "y", [1, 2])]], "Outputs")
    header, _ = unpack(pack([maps()], tables=[made]))
    assert header["tables"] == [
        {
            "key": "t",
            "title": "Outputs",
            "heads": ["cell", "value"],
            "rows": [
                [
                    {"text": "y₁", "map": "", "cells": []},
                    {"text": "12.5", "map": "y", "cells": [1, 2]},
                ]
            ],
        }
    ]


def test_cells_of_a_table_count_from_the_first_on_screen() -> None:
    samples = Map("s", "S", "", np.zeros((2, 1, 2, 2), np.float32), sample=1)
    header, _ = unpack(pack([[samples]], tables=[table(Entry("a", "s", [0, 5, 7]))]))
    assert header["tables"][0]["rows"][0][0]["cells"] == [1, 3]


def test_a_table_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="table t: 2 columns need as many entries in every row, 1"):
        Table("t", ["a", "b"], [[Entry("1")]])
    with pytest.raises(ValueError, match="table t: no map of this block with cells has the key"):
        pack([maps()], tables=[table(Entry("1", "z"))])
    with pytest.raises(ValueError, match="table t: y has cells 0 to 3, there is no 4"):
        pack([maps()], tables=[table(Entry("1", "y", [4]))])
    with pytest.raises(ValueError, match="every table of a block needs its own key"):
        pack([maps()], tables=[table(), table()])


# Fractions


@pytest.mark.parametrize("fractions", [False, True])
def test_a_map_and_a_link_say_whether_they_are_written_as_fractions(fractions: bool) -> None:
    link = sparse(MATRIX, "y", "x", fractions=fractions)
    block = pack([maps(fractions=fractions)], links=[link])
    header, _ = unpack(block)
    assert {each["fractions"] for each in specifications(block).values()} == {fractions}
    assert [each["fractions"] for each in header["links"]] == [fractions]


@pytest.mark.parametrize("written", [False, True])
def test_a_map_says_whether_its_cells_hold_their_numbers(written: bool) -> None:
    block = pack([maps(written=written)])
    assert {each["written"] for each in specifications(block).values()} == {written}


def test_a_block_without_them_has_none() -> None:
    header, _ = unpack(pack([maps()]))
    assert (header["lights"], header["tables"]) == ([], [])
