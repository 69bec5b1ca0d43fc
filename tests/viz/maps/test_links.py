"""What the browser is sent of a link is the relation itself, cut to what is on screen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from flow.asking.rounding import Precision, of_shown
from flow.record import Explanation, Reach
from flow.sparse import CoefficientTable, ForwardTable
from tests.viz.maps.relations import Array, Related, added, convolution, noise, sparse, upsampling
from tests.viz.maps.test_maps import specifications, unpack, values
from viz import theme
from viz.maps.packed_sums import MAX_LINK_BYTES, NOWHERE
from viz.maps.rows import Map, pack
from viz.maps.sums import CONSTANT, UNTAPPED, Answer, Link, Rule, Side, Taps, Undrawn


def sent(block: bytes) -> list[dict[str, Any]]:
    """Return every link of a block, with its blobs read."""
    header, _ = unpack(block)
    return [read(block, link) for link in header["links"]]


def read(block: bytes, link: dict[str, Any]) -> dict[str, Any]:
    def value(part: Any) -> Any:
        return blob(block, part) if isinstance(part, dict) and "offset" in part else part

    return {name: value(part) for name, part in link.items()}


def blob(block: bytes, place: dict[str, Any]) -> Array:
    _, start = unpack(block)
    kind = np.dtype(place["type"]).newbyteorder("<")
    at = start + place["offset"]
    assert at % 8 == 0
    return np.frombuffer(block, kind, place["count"], at)


def dense(block: bytes, link: dict[str, Any], shape: tuple[int, int]) -> Array:
    """Rebuild the matrix between two whole arrays from what was sent."""
    maps = specifications(block)
    above, below = maps[link["to"]], maps[link["from"]]
    matrix = np.zeros(shape, np.float64)
    for row, cell in enumerate(link["cells"]):
        for at in range(link["offsets"][row], link["offsets"][row + 1]):
            slot = int(link["places"][at])
            on_screen = slot < above["count"]
            place = above["start"] + slot if on_screen else link["hidden"][slot - above["count"]]
            matrix[below["start"] + cell, place] += link["coefficients"][at]
    return matrix


# What is sent


def test_the_matrix_comes_back_exactly() -> None:
    related, kernel = convolution(size=5, channels=2)
    block = pack(
        [related.row(), [Map("kernel", "K", "", kernel, role="parameter")]], links=[related.link]
    )
    (link,) = sent(block)
    np.testing.assert_array_equal(dense(block, link, related.matrix.shape), related.matrix)
    assert link["coefficients"].dtype == np.float32
    assert (link["from"], link["to"], link["tap"]) == ("downstream", "upstream", "kernel")
    assert not link["large"]


def test_every_coefficient_keeps_its_name_and_its_kernel_entry() -> None:
    related, kernel = convolution(size=4, channels=2)
    block = pack(
        [related.row(), [Map("kernel", "K", "", kernel, role="parameter")]], links=[related.link]
    )
    (link,) = sent(block)
    for coefficient, name, tap in zip(
        link["coefficients"], link["name_of"], link["taps"], strict=True
    ):
        index = tuple(json.loads(link["names"][name].removeprefix("conv2.weight")))
        assert kernel[index] == coefficient
        assert np.ravel_multi_index(index, kernel.shape) == tap
    assert sorted(set(link["names"])) == sorted(link["names"])


def test_only_the_shown_sample_is_sent() -> None:
    related = upsampling(samples=3)
    block = pack([related.row(sample=1)], links=[related.link])
    (link,) = sent(block)
    expected = np.zeros_like(related.matrix)
    expected[4:8] = related.matrix[4:8]
    np.testing.assert_array_equal(dense(block, link, related.matrix.shape), expected)
    assert link["cells"].tolist() == [0, 1, 2, 3]
    assert len(link["hidden"]) == 0


def test_a_sum_over_channels_that_are_not_shown_stays_whole() -> None:
    related, kernel = convolution(size=3, channels=3)
    rows = [related.row(channel=1), [Map("kernel", "K", "", kernel, role="parameter", channel=2)]]
    block = pack(rows, links=[related.link])
    (link,) = sent(block)
    expected = np.zeros_like(related.matrix)
    expected[9:18] = related.matrix[9:18]
    np.testing.assert_array_equal(dense(block, link, related.matrix.shape), expected)
    np.testing.assert_array_equal(
        link["hidden_values"], related.upstream.reshape(-1)[link["hidden"]]
    )
    assert sorted(link["hidden"]) == [*range(9), *range(18, 27)]
    shown = link["taps"][link["taps"] != NOWHERE]
    above = np.array([n.startswith("conv2.weight[2,") for n in link["names"]])[link["name_of"]]
    assert len(shown) == above.sum() > 0
    assert shown.max() < 27


def test_names_that_no_shown_cell_needs_stay_behind() -> None:
    matrix = np.diag(np.arange(1, 5)).astype(np.float32)
    link = sparse(matrix, "b", "a", names=("n0", "n1", "n2", "n3"), name_of=np.arange(4))
    rows = [[Map("a", "A", "", noise(2, 1, 2)), Map("b", "B", "", noise(2, 1, 2), sample=1)]]
    (found,) = sent(pack(rows, links=[link]))
    assert found["names"] == ["n2", "n3"]
    assert found["name_of"].tolist() == [0, 1]
    assert found["coefficients"].tolist() == [3, 4]


def test_cells_in_any_order_arrive_in_order() -> None:
    link = Link(
        "b",
        "a",
        cells=np.array([2, 0]),
        offsets=np.array([0, 1, 3]),
        places=np.array([1, 2, 0]),
        coefficients=np.array([5.0, 6.0, 7.0]),
    )
    (found,) = sent(
        pack([[Map("a", "A", "", noise(3)), Map("b", "B", "", noise(3))]], links=[link])
    )
    assert found["cells"].tolist() == [0, 2]
    assert found["offsets"].tolist() == [0, 2, 3]
    assert found["places"].tolist() == [2, 0, 1]
    assert found["coefficients"].tolist() == [6, 7, 5]
    assert found["coefficients"].dtype == np.float64


def test_a_constant_term_has_no_cell() -> None:
    link = Link(
        "b",
        "a",
        cells=np.array([0]),
        offsets=np.array([0, 2]),
        places=np.array([1, CONSTANT]),
        coefficients=np.array([2, 0.5], np.float32),
    )
    (found,) = sent(
        pack([[Map("a", "A", "", noise(2)), Map("b", "B", "", noise(2))]], links=[link])
    )
    assert found["places"].tolist() == [1, NOWHERE]
    assert len(found["hidden"]) == 0


@pytest.mark.parametrize(
    ("summed", "explained", "known", "unit"),
    [
        (np.float32, np.float32, 0.0, 2.0**-24),
        (np.float64, np.float64, 0.0, 2.0**-53),
        (np.float64, np.float32, 0.0, 2.0**-24),
        (np.float16, np.float32, 0.0, 2.0**-11),
        (np.float16, np.float16, 2.0**-24, 2.0**-11),
        (np.float32, np.float32, 2.0**-8, 2.0**-8),
    ],
)
def test_the_tolerance_follows_the_coarsest_precision(
    summed: Any, explained: Any, known: float, unit: float
) -> None:
    link = sparse(np.eye(2, dtype=explained), "b", "a", unit=known, slack=0.25)
    rows = [[Map("a", "A", "", np.ones(2, summed)), Map("b", "B", "", np.ones(2, explained))]]
    (found,) = sent(pack(rows, links=[link]))
    precision = Precision(unit, 0.0)
    assert found["rounding"] * np.sqrt(5 + 4) == of_shown(5, 1.0, precision)
    assert found["slack"] == 0.25


def test_a_link_knows_the_rounding_of_its_table() -> None:
    table = replace(TWO_OUTPUTS, unit=2.0**-8, slack=0.5)
    links = Link.of_outputs(table, "downstream", [Side("upstream"), Side("upstream1", 1)])
    assert [(link.unit, link.slack) for link in links] == [(2.0**-8, 0.5)] * 2
    rounded = replace(explanation(), unit=2.0**-8, slack=0.5)
    (link,) = Answer.of_sum(rounded, "downstream", [Side("upstream")], (1, 1, 2, 2)).links
    assert (link.unit, link.slack) == (2.0**-8, 0.5)


# What is too large


def full(cells: int, terms: int) -> Related:
    """Return a fully connected relation."""
    matrix = noise(cells, terms) + np.float32(1)
    upstream = noise(terms, seed=3)
    link = sparse(matrix, "downstream", "upstream")
    return Related(upstream, added(matrix, upstream), matrix, link)


def test_a_link_that_takes_too_many_bytes_is_left_to_the_server() -> None:
    most = MAX_LINK_BYTES // 8 // 64
    for terms, large in ((most - 4, False), (most + 1, True)):
        related = full(64, terms)
        empty = pack([related.row()])
        block = pack([related.row()], links=[related.link])
        (link,) = sent(block)
        assert link["large"] is large
        assert ("coefficients" in link) is not large
        assert len(block) - len(empty) < MAX_LINK_BYTES + 2000
        assert link["words"] == {}


def test_a_picked_channel_makes_a_large_link_fit() -> None:
    related, kernel = convolution(size=16, channels=8)
    rows = [related.row(), [Map("kernel", "K", "", kernel, role="parameter")]]
    assert sent(pack(rows, links=[related.link]))[0]["large"]
    rows = [related.row(channel=3), [Map("kernel", "K", "", kernel, role="parameter")]]
    assert not sent(pack(rows, links=[related.link]))[0]["large"]


def test_the_parts_of_one_sum_are_sent_together_or_not_at_all() -> None:
    related = full(64, 4000)
    small = sparse(np.eye(64, dtype=np.float32), "downstream", "other")
    rows = [[*related.row(), Map("other", "O", "", noise(64))]]
    assert [link["large"] for link in sent(pack(rows, links=[small, related.link]))] == [True] * 2
    apart = replace(small, from_map="other", to_map="downstream")
    found = sent(pack(rows, links=[related.link, apart]))
    assert [(link["from"], link["large"]) for link in found] == [
        ("downstream", True),
        ("other", False),
    ]


# What the engine's records become


TWO_OUTPUTS = CoefficientTable(
    node="n2",
    input=0,
    sample=None,
    shape=(7,),
    shapes=((4,), (2,)),
    cells=np.array([3, 5, 6], np.int32),
    offsets=np.array([0, 2, 2, 5], np.int32),
    sides=np.array([0, 1, 0, 0, 1], np.int32),
    places=np.array([1, 0, 2, 3, 1], np.int32),
    coefficients=np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
    names=("a", "b"),
    name_of=np.array([0, 1, 0, 1, 0], np.int32),
    note="",
)


def test_a_table_becomes_one_link_an_output() -> None:
    first = Link.from_table(TWO_OUTPUTS, "downstream", "upstream")
    second = Link.from_table(TWO_OUTPUTS, "downstream", "upstream1", output=1)
    assert first.offsets.tolist() == [0, 1, 1, 3]
    assert first.coefficients.tolist() == [1, 3, 4]
    assert first.places.tolist() == [1, 2, 3]
    assert [first.names[at] for at in first.name_of] == ["a", "a", "b"]
    assert second.offsets.tolist() == [0, 1, 1, 2]
    assert second.coefficients.tolist() == [2, 5]
    assert first.cells.tolist() == second.cells.tolist() == [3, 5, 6]


def test_an_output_without_a_map_is_sent_with_its_cells_and_its_name() -> None:
    beyond = np.array([0.5, -0.25], np.float32)
    sides = [Side("upstream"), Side("upstream1", 1, Undrawn("Upstream 1", beyond))]
    links = Link.of_outputs(TWO_OUTPUTS, "downstream", sides)
    maps = [Map("upstream", "U", "", noise(4)), Map("downstream", "D", "", noise(7))]
    drawn, undrawn = sent(pack([maps], links=links))
    assert drawn["undrawn"] is None
    assert undrawn["undrawn"] == {"title": "Upstream 1", "shape": [2]}
    assert undrawn["coefficients"].tolist() == [2, 5]
    assert undrawn["hidden"].tolist() == [0, 1]
    assert undrawn["hidden_values"].tolist() == [0.5, -0.25]
    assert undrawn["places"].tolist() == [0, 1]


FORWARD = ForwardTable(
    layer="add",
    shape=(3,),
    kind="sum",
    function="",
    cells=np.array([0, 2], np.int32),
    offsets=np.array([0, 3, 5], np.int32),
    sides=np.array([0, 1, 1, 0, 1], np.uint8),
    places=np.array([0, 0, CONSTANT, 2, 2], np.int32),
    coefficients=np.array([1.0, 2.0, 0.5, 3.0, 4.0]),
    names=(),
    name_of=np.zeros(0, np.int32),
    note="",
)


@pytest.mark.parametrize(
    ("kind", "function", "adds"),
    [("sum", "", True), ("function", "tanh", True), ("other", "", False)],
)
def test_a_forward_table_becomes_one_link_an_input(kind: Any, function: str, adds: bool) -> None:
    table = replace(FORWARD, kind=kind, function=function)
    first, second = Link.of_forward(table, "output0", ["input0", "input1"])
    assert (first.to_map, second.to_map) == ("input0", "input1")
    assert first.offsets.tolist() == [0, 1, 2]
    assert first.coefficients.tolist() == [1, 3]
    assert second.offsets.tolist() == [0, 2, 3]
    assert second.places.tolist() == [0, CONSTANT, 2]
    for link in (first, second):
        assert (link.adds, link.function) == (adds, function)


def test_a_table_without_rows_becomes_a_link_that_asks() -> None:
    rule = Rule(("copied",))
    empty = replace(TWO_OUTPUTS, note="Too many cells.")
    link = Link.from_table(empty, "downstream", "upstream", rule=rule)
    assert link.large
    assert link.rule == rule
    assert sent(pack([upsampling().row()], links=[link]))[0]["large"]


def test_a_name_with_an_index_taps_the_kernel() -> None:
    link = Link(
        "b",
        "a",
        cells=np.array([0]),
        offsets=np.array([0, 4]),
        places=np.arange(4),
        coefficients=np.ones(4),
        names=("w[1,2]", "1 (copy)", "w[5,5]", "w[1]"),
        name_of=np.arange(4),
    )
    tapped = link.tapping("w", (2, 3)).taps
    assert tapped is not None
    assert tapped.map == "w"
    assert tapped.places.tolist() == [5, UNTAPPED, UNTAPPED, UNTAPPED]


def explanation() -> Explanation:
    return Explanation(
        node="n3",
        input=0,
        cell=(0, 0, 1, 0),
        coefficients=np.array([2.0, 3.0], np.float32),
        names=("k[1]", "k[0]"),
        outputs=np.array([0, 0]),
        places=np.array([4, 7]),
        upstreams=np.array([1.0, 1.0], np.float32),
        shapes=((1, 1, 4, 4),),
        total=5.0,
        autograd=5.0,
        method="double backward",
        note="A sentence.",
    )


def test_an_explanation_becomes_an_answer() -> None:
    related = upsampling()
    answer = Answer.of_sum(explanation(), "downstream", [Side("upstream")], (1, 1, 2, 2))
    block = pack([related.row()], links=[Link.asked("downstream", "upstream")], answer=answer)
    header, _ = unpack(block)
    assert header["answer"]["map"] == "downstream"
    assert header["answer"]["index"] == [0, 0, 1, 0]
    assert header["answer"]["note"] == "A sentence."
    link = read(block, header["answer"]["links"][0])
    assert link["cells"].tolist() == [2]
    assert link["places"].tolist() == [4, 7]
    assert [link["names"][at] for at in link["name_of"]] == ["k[1]", "k[0]"]


def test_a_reach_becomes_an_answer() -> None:
    fed = np.array([[0, 0.5], [0.25, 0]], np.float32)
    reach = Reach("n3", 0, (1, 2), 0.125, (None, fed))
    answer = Answer.of_reach(reach, "downstream", "upstream", (4, 4), part=1)
    (link,) = answer.links
    assert (answer.map, answer.index) == ("upstream", (1, 2))
    assert link.cells.tolist() == [1, 2]
    assert link.coefficients.tolist() == [0.5, 0.25]
    assert link.places.tolist() == [6, 6]


# What is refused


def plain(**change: Any) -> Link:
    fields: dict[str, Any] = {
        "from_map": "downstream",
        "to_map": "upstream",
        "cells": np.array([0, 1]),
        "offsets": np.array([0, 1, 2]),
        "places": np.array([0, 1]),
        "coefficients": np.ones(2),
    }
    return Link(**{**fields, **change})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"places": np.array([0])}, "2 coefficients need as many places, 1 came"),
        ({"offsets": np.array([0, 2])}, "2 cells need one more offset, 2 came"),
        ({"offsets": np.array([0, 2, 1])}, "offsets must rise from 0 to the 2 coefficients"),
        ({"offsets": np.array([0, 1, 1])}, "offsets must rise from 0 to the 2 coefficients"),
        ({"cells": np.array([1, 1])}, "a cell is explained twice"),
        ({"names": ("a",)}, "2 coefficients need as many names, 0 came"),
        ({"names": ("a",), "name_of": np.array([0, 1])}, "name_of must point into the 1 names"),
        ({"taps": Taps("k", np.array([0]))}, "2 coefficients need as many taps, 1 came"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"link downstream -> upstream: {sentence}"):
        plain(**change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"to_map": "input"}, "no map of this block with cells has the key 'input'"),
        ({"places": np.array([0, 16])}, "upstream has cells 0 to 15, there is no 16"),
        ({"cells": np.array([-1, 0])}, "downstream has cells 0 to 3, there is no -1"),
        (
            {"taps": Taps("upstream", np.array([99, 0]))},
            "upstream has cells 0 to 15, there is no 99",
        ),
    ],
)
def test_a_link_that_does_not_fit_its_maps_is_refused(
    change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        pack([upsampling().row()], links=[plain(**change)])


@pytest.mark.parametrize("index", [(0, 0, 2, 0), (0, 0), (0, 0, 0, -1)])
def test_an_answer_about_no_cell_is_refused(index: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="is no cell of this block"):
        pack([upsampling().row()], answer=Answer("downstream", index, ()))


# What stands between the maps


def test_the_rule_of_a_link_stands_between_the_maps_unless_another_text_does() -> None:
    related = upsampling()
    links = [related.link, *(replace(related.link, rule=Rule((text,))) for text in ("this", "no"))]

    def between(**given: Any) -> object:
        return unpack(pack([related.row()], links=links, **given))[0]["between"]

    assert between() == ["this"]
    assert between(between=["mine"]) == ["mine"]
    assert between(between=()) == []


def test_some_words_of_a_sum_may_be_its_own() -> None:
    related = upsampling()
    link = replace(related.link, words={"recorded": "순전파 {value}"})
    (found,) = sent(pack([related.row()], links=[link]))
    assert found["words"] == {"recorded": "순전파 {value}"}


def test_the_outline_stands_out_from_every_colour() -> None:
    def contrast(one: str | tuple[int, int, int], other: tuple[int, int, int]) -> float:
        first = theme.rgb(one) if isinstance(one, str) else one
        pair = sorted((theme.luminance(first), theme.luminance(other)))
        return (pair[1] + 0.05) / (pair[0] + 0.05)

    tables = np.concatenate([theme.colour_table(dark)[:, :3] for dark in (False, True)])
    colours = [(int(r), int(g), int(b)) for r, g, b in tables] + [theme.rgb(theme.NON_FINITE)]
    for colour in colours:
        assert max(contrast(theme.LINKED, colour), contrast(theme.LINKED_EDGE, colour)) >= 3
    assert contrast(theme.LINKED, theme.rgb(theme.LINKED_EDGE)) >= 3
    header, _ = unpack(pack([upsampling().row()]))
    assert header["theme"]["linked"] == [theme.LINKED, theme.LINKED_EDGE]


def test_values_are_not_touched_by_links() -> None:
    related = upsampling()
    block = pack([related.row()], links=[related.link])
    found = specifications(block)
    np.testing.assert_array_equal(
        values(block, found["downstream"]["values"]), related.downstream.ravel()
    )
