"""The block of bytes holds exactly the chosen cells, on honest scales, in honest words."""

from __future__ import annotations

import json
import re
import struct
from typing import Any

import numpy as np
import pytest

from tests.viz.front_page import FRONT
from viz import theme
from viz.maps.rows import MAX_BYTES, Labels, Map, Row, pack, scales

TYPES = {"float32": "<f4", "float64": "<f8", "uint8": "u1"}


def unpack(block: bytes) -> tuple[dict[str, Any], int]:
    """Read a block as its documentation says: the header, and where the blobs begin."""
    (length,) = struct.unpack_from("<I", block)
    header = json.loads(block[4 : 4 + length].decode("utf-8"))
    start = -(-(4 + length) // 8) * 8
    assert block[4 + length : start] == bytes(start - 4 - length)
    return header, start


def values(block: bytes, place: dict[str, Any]) -> np.ndarray:
    _, start = unpack(block)
    at = start + place["offset"]
    assert at % 8 == 0
    return np.frombuffer(block, TYPES[place["type"]], place["count"], at)


def specifications(block: bytes) -> dict[str, dict[str, Any]]:
    header, _ = unpack(block)
    return {each["key"]: each for row in header["rows"] for each in row}


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def pair(upstream: np.ndarray, downstream: np.ndarray, **choice: Any) -> Row:
    return (
        Map("upstream", "Upstream", "from conv2", upstream, **choice),
        Map("downstream", "Downstream", "to conv1", downstream, **choice),
    )


def test_the_cells_come_back_bit_for_bit() -> None:
    upstream, downstream = noise(2, 3, 4, 4), noise(2, 3, 2, 2).astype(np.float64)
    block = pack([pair(upstream, downstream, sample=1, channel=2)])
    found = specifications(block)
    np.testing.assert_array_equal(
        values(block, found["upstream"]["values"]), upstream[1, 2].ravel()
    )
    np.testing.assert_array_equal(
        values(block, found["downstream"]["values"]), downstream[1, 2].ravel()
    )
    assert found["upstream"]["values"]["type"] == "float32"
    assert found["downstream"]["values"]["type"] == "float64"
    assert found["upstream"]["start"] == upstream[0].size + 2 * 16
    assert found["upstream"]["shape"] == [2, 3, 4, 4]


@pytest.mark.parametrize("kind", [np.float16, np.int64, np.uint8, bool, ">f4"])
def test_other_number_types_keep_their_values(kind: Any) -> None:
    array = np.array([[0, 1], [1, 1]]).astype(kind)
    block = pack([[Map("a", "A", "", array)]])
    sent = values(block, specifications(block)["a"]["values"])
    np.testing.assert_array_equal(sent, [0, 1, 1, 1])


def test_rows_text_and_arrow_keep_their_order() -> None:
    parameter = Map("weight", "conv2.weight", "", noise(1, 1, 3, 3), role="parameter")
    rows = [pair(noise(1, 1, 4, 4), noise(1, 1, 2, 2)), [parameter]]
    header, _ = unpack(pack(rows, between=["copied to 4 places"], arrow=""))
    assert [[each["key"] for each in row] for row in header["rows"]] == [
        ["upstream", "downstream"],
        ["weight"],
    ]
    assert header["between"] == ["copied to 4 places"]
    assert header["arrow"] == ""


def test_maps_of_a_group_share_one_scale_and_others_have_their_own() -> None:
    upstream, downstream = noise(2, 1, 4, 4), 5 * noise(2, 1, 2, 2)
    rows = [pair(upstream, downstream), [Map("x", "x", "", 100 * upstream, group="value")]]
    found = specifications(pack(rows))
    expected = max(np.abs(upstream[0]).max(), np.abs(downstream[0]).max())
    assert found["upstream"]["scale"] == found["downstream"]["scale"] == expected
    assert found["x"]["scale"] == np.abs(100 * upstream[0]).max()
    assert scales(rows) == {"gradient": expected, "value": found["x"]["scale"]}
    ends = found["upstream"]["ends"]
    assert ends == [f"−{ends[2]}", "0", theme.format_number(expected)]


def test_the_scale_covers_the_chosen_cells_and_only_these() -> None:
    array = noise(2, 2, 3, 3)
    array[0, 0] = 1000
    for channel, chosen in ((None, array[1]), (1, array[1, 1])):
        found = specifications(pack([[Map("a", "A", "", array, sample=1, channel=channel)]]))
        assert found["a"]["scale"] == np.abs(chosen).max()


def test_tiny_zero_and_non_finite_gradients_are_said_in_words() -> None:
    odd = np.array([np.nan, np.nan, np.nan, -np.inf, 2.0], dtype=np.float32)
    rows = [
        [
            Map("tiny", "Tiny", "", np.array([1.2e-30, 0], dtype=np.float32)),
            Map("zero", "Zero", "", np.zeros((1, 1, 2, 2), np.float32), group="zero"),
            Map("odd", "Odd", "", odd, group="odd", symbol="x"),
            Map("nan", "NaN", "", np.array([np.nan]), group="nan"),
        ]
    ]
    found = specifications(pack(rows))
    assert found["tiny"]["notes"] == "max |g| 1.2e−30"
    assert found["zero"]["notes"] == "all zero"
    assert found["zero"]["scale"] == 0
    assert found["zero"]["ends"] == ["0"]
    assert found["odd"]["notes"] == "max |x| 2 · 3 NaN · 1 inf"
    assert found["odd"]["non_finite"] == "3 NaN, 1 inf"
    assert found["odd"]["scale"] == 2
    assert found["nan"]["notes"] == "1 NaN"


def test_a_screen_reader_hears_shape_range_and_zeros() -> None:
    array = np.array([[0, -0.5, 0], [0.25, 0, 0]], dtype=np.float32)
    found = specifications(pack([[Map("a", "Upstream", "from fc", array)]]))
    assert found["a"]["summary"] == (
        "Upstream, from fc. Shape 2\u00d73, −0.5 to 0.25, 4 zeros. max |g| 0.5."
    )


def test_a_map_without_cells_has_a_sentence_and_no_values() -> None:
    rows = [
        [
            Map("none", "A", "", None, missing="No gradient flows here."),
            Map("empty", "B", "", np.zeros((0, 3), np.float32)),
        ]
    ]
    found = specifications(pack(rows))
    assert found["none"]["missing"] == "No gradient flows here."
    assert found["none"]["shape"] is None
    assert found["empty"]["missing"] == "Empty: shape 0\u00d73 has no cells."
    assert found["empty"]["shape"] == [0, 3]
    assert "values" not in found["none"]
    assert "values" not in found["empty"]


@pytest.mark.parametrize("shape", [(1, 512, 14, 14), (1, 64, 56, 56)])
def test_large_pairs_fit_entirely(shape: tuple[int, ...]) -> None:
    array = noise(*shape)
    block = pack([pair(array, array), [Map("w", "w", "", noise(64, 64, 3, 3), role="parameter")]])
    found = specifications(block)
    assert found["upstream"]["count"] == found["downstream"]["count"] == array.size
    assert found["w"]["count"] == 64 * 64 * 9
    assert "showing" not in found["upstream"]["notes"]
    assert len(block) < MAX_BYTES


def test_what_does_not_fit_keeps_its_first_channels_and_says_so() -> None:
    large, small = noise(1, 512, 28, 28), noise(1, 2, 4, 4)
    limit = 128 * 28 * 28 * 4 + small.nbytes
    block = pack([pair(large, small)], limit=limit)
    found = specifications(block)
    assert found["upstream"]["notes"].endswith("showing 128 of 512 channels")
    assert found["upstream"]["summary"].endswith("showing 128 of 512 channels.")
    assert found["upstream"]["tiles"] == 128
    np.testing.assert_array_equal(
        values(block, found["upstream"]["values"]), large[0, :128].ravel()
    )
    assert found["downstream"]["count"] == small.size
    assert found["upstream"]["scale"] == np.abs(large).max()
    _, start = unpack(block)
    tables = 2 * theme.colour_table(dark=False).nbytes
    assert len(block) - start <= limit + tables + 4 * 8


def test_the_words_are_the_visitors() -> None:
    korean = Labels(all_zero="모두 0")
    block = pack([[Map("a", "A", "", np.zeros((2, 2)))]], labels=korean)
    assert specifications(block)["a"]["notes"] == "모두 0"


def test_the_browser_gets_the_colours_of_the_theme() -> None:
    block = pack([[Map("a", "A", "", np.ones((2, 2)))]])
    header, _ = unpack(block)
    for name, dark in (("light", False), ("dark", True)):
        sent = values(block, header["theme"][name])
        np.testing.assert_array_equal(sent, theme.colour_table(dark).ravel())
    assert header["theme"]["digits"] == theme.DIGITS


def test_two_maps_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="its own key"):
        pack([[Map("a", "A", "", None), Map("a", "B", "", None)]])


def test_a_channel_that_does_not_exist_is_refused() -> None:
    with pytest.raises(IndexError, match="channel 3 does not exist"):
        pack([[Map("a", "A", "", noise(1, 3, 2, 2), channel=3)]])


def test_the_browser_code_holds_no_colour_loads_nothing_and_writes_no_markup() -> None:
    scripts = "".join(path.read_text("utf-8") for path in (FRONT / "maps").glob("*.js"))
    style = (FRONT / "maps" / "maps.css").read_text("utf-8")
    for forbidden in ("innerHTML", "insertAdjacentHTML", "fetch(", "http", "import(", "eval("):
        assert forbidden not in scripts
    modules = {*re.findall(r'^(?:import|\}) .*"(.+)";$', scripts, re.MULTILINE)}
    assert "../numbers.js" in modules
    assert all((FRONT / "maps" / module).is_file() for module in modules)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", scripts + style)
