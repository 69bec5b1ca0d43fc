"""Cells that light up without a sum, tables below the maps and fractions, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.viz.maps.relations import sparse
from tests.viz.maps.test_lights import INPUTS, MATRIX, OUTPUTS, maps, rows_and_columns
from tests.viz.maps.test_pointing import CENTRE, NARROW, TIMES, Shown, browser, opened, page, show
from viz.maps.rows import pack
from viz.maps.table import Entry, Table

__all__ = ["browser", "page"]
SIZES = {"x": (1, INPUTS), "matrix": (OUTPUTS, INPUTS), "y": (1, OUTPUTS)}
"""Rows and columns of every map."""


def table(values: Sequence[str] = ("10", "12.5", "17.5", "20")) -> Table:
    """A row for every output: its own cell, its row of the matrix, and a word of no cell."""
    rows = [
        [Entry(f"y{i}"), Entry(value, "y", [i]), Entry("row", "matrix", [2 * i, 2 * i + 1])]
        for i, value in enumerate(values)
    ]
    return Table("outputs", ["output", "value", "<b>weights</b>"], rows, "Every output")


def block(made: Table | None = None, **more: bool) -> bytes:
    link = sparse(MATRIX, "y", "x", **more)
    return pack([maps(**more)], links=[link], lights=rows_and_columns(), tables=[made or table()])


def centre(shown: Shown, key: str, k: int) -> tuple[float, float]:
    x, y = shown.page.evaluate(CENTRE, [key, k, *SIZES[key]])
    return x, y


def entry(shown: Shown, text: str, at: int = 0) -> Locator:
    return shown.page.get_by_role("button", name=text, exact=True).nth(at)


def lit(shown: Shown) -> dict[str, list[int]]:
    found = {key: shown.linked(key) for key in SIZES}
    return {key: cells for key, cells in found.items() if cells}


def marked(shown: Shown) -> list[str]:
    return shown.page.locator(".entry.linked").all_inner_texts()


# Lights


def test_pointing_at_an_entry_of_the_matrix_lights_its_input_and_its_output(page: Page) -> None:
    shown = show(page, block())
    for k in range(MATRIX.size):
        page.mouse.move(*centre(shown, "matrix", k))
        assert lit(shown) == {"y": [k // INPUTS], "x": [k % INPUTS]}
        assert shown.line["kind"] == "idle"


def test_an_output_lights_its_row_beside_its_sum_and_an_input_its_column(page: Page) -> None:
    shown = show(page, block())
    page.mouse.move(*centre(shown, "y", 1))
    assert lit(shown) == {"x": [0, 1], "matrix": [2, 3]}
    assert (shown.line["kind"], shown.line["total"]) == ("sum", "12.5")
    page.mouse.move(*centre(shown, "x", 1))
    assert lit(shown) == {"y": [1, 2, 3], "matrix": [1, 3, 5, 7]}


def test_a_pinned_entry_of_the_matrix_stays_lit_until_it_is_freed(page: Page) -> None:
    shown = show(page, block())
    page.mouse.click(*centre(shown, "matrix", 5))
    page.mouse.move(0, 0)
    assert lit(shown) == {"y": [2], "x": [1]}
    page.keyboard.press("Escape")
    assert lit(shown) == {}


def test_a_screen_reader_hears_what_lights_up_without_a_sum(page: Page) -> None:
    shown = show(page, block())
    page.mouse.move(*centre(shown, "matrix", 2))
    expect(page.locator(".spoken")).to_have_text(
        "Matrix [1,0] = 0.75. Output [0,0,1]. Input [0,0,0]"
    )


# Tables


def test_a_table_is_a_table_whose_heads_say_what_they_are_of(page: Page) -> None:
    show(page, block())
    expect(page.get_by_role("table", name="Every output")).to_be_visible()
    heads = page.get_by_role("columnheader")
    assert heads.all_inner_texts() == ["output", "value", "<b>weights</b>"], "words are text"
    assert page.get_by_role("rowheader").all_inner_texts() == ["y0", "y1", "y2", "y3"]
    aligned = "all => all.map((each) => getComputedStyle(each).textAlign)"
    assert page.locator("tbody tr:first-child > *").evaluate_all(aligned) == [
        "start",
        "end",
        "start",
    ]


def test_pointing_at_an_entry_lights_its_cells_and_itself(page: Page) -> None:
    shown = show(page, block())
    entry(shown, "row", 2).hover()
    assert (lit(shown), marked(shown)) == ({"matrix": [4, 5]}, ["row"])
    entry(shown, "12.5").hover()
    assert (lit(shown), marked(shown)) == ({"y": [1]}, ["12.5"])
    page.mouse.move(0, 0)
    assert (lit(shown), marked(shown)) == ({}, [])


def test_pointing_at_a_cell_marks_the_entries_that_stand_for_it(page: Page) -> None:
    shown = show(page, block())
    page.mouse.move(*centre(shown, "y", 2))
    assert marked(shown) == ["17.5"]
    page.mouse.move(*centre(shown, "matrix", 7))
    assert marked(shown) == ["row"]
    page.mouse.move(*centre(shown, "x", 0))
    assert marked(shown) == []


def test_one_tab_reaches_a_table_and_the_arrows_lead_through_it(page: Page) -> None:
    shown = show(page, block())
    page.locator('[data-map="y"] .scroller').focus()
    page.keyboard.press("Tab")
    expect(entry(shown, "10")).to_be_focused()
    assert lit(shown) == {"y": [0]}
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(entry(shown, "row", 1)).to_be_focused()
    assert lit(shown) == {"matrix": [2, 3]}
    page.keyboard.press("ArrowRight")
    expect(entry(shown, "row", 1)).to_be_focused()
    page.keyboard.press("Escape")
    assert lit(shown) == {}
    page.keyboard.press("Shift+Tab")
    expect(page.locator('[data-map="y"] .scroller')).to_be_focused()
    page.keyboard.press("Tab")
    expect(entry(shown, "row", 1)).to_be_focused()


def test_other_numbers_keep_the_focus_in_its_place(page: Page) -> None:
    shown = show(page, block())
    entry(shown, "12.5").focus()
    show(page, block(table(("10", "13", "17", "20"))))
    expect(entry(shown, "13")).to_be_focused()
    assert lit(shown) == {"y": [1]}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with opened(browser, NARROW) as tab:
        yield tab


def test_a_tap_lights_an_entry_a_second_one_frees_it_and_so_does_a_map(phone: Page) -> None:
    shown = show(phone, block())
    for cells in ([1], []):
        entry(shown, "12.5").tap()
        assert shown.linked("y") == cells
    entry(shown, "12.5").tap()
    phone.touchscreen.tap(*centre(shown, "matrix", 6))
    assert lit(shown) == {"y": [3], "x": [0]}


def test_on_a_phone_a_wide_table_scrolls_in_its_frame_and_its_entries_are_large(
    phone: Page,
) -> None:
    wide = table(tuple(f"{value}.{'25' * 18}" for value in range(4)))
    show(phone, block(wide))
    frame = phone.locator(".tables > .frame")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW
    boxes = [each.bounding_box() for each in phone.locator(".entry").all()]
    assert min(min(box["width"], box["height"]) for box in boxes if box) >= 44


# Fractions


def test_a_sum_of_maps_with_fractions_is_written_in_fractions_and_exact(page: Page) -> None:
    shown = show(page, block(fractions=True))
    page.mouse.move(*centre(shown, "y", 1))
    assert shown.whole.startswith(f"25/2 = 3/4 {TIMES} 10 + 1/4 {TIMES} 20")
    assert shown.line["sign"] == "="
    page.mouse.move(*centre(shown, "x", 1))
    assert f"gets 1/4 {TIMES} 20;" in shown.text


def test_a_sum_without_fractions_is_written_in_decimals(page: Page) -> None:
    shown = show(page, block())
    page.mouse.move(*centre(shown, "y", 1))
    assert shown.whole.startswith(f"12.5 = 0.75 {TIMES} 10.0 + 0.25 {TIMES} 20.0")
