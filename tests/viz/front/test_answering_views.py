"""What a visitor answers, edits and puts together, in a real browser, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from scripts.chromium import chromium
from tests.viz.front_page import front_page
from viz.actions import actions_data
from viz.cells import cells_data
from viz.guess import Question, guess_data

PAGE = '<!doctype html><html lang="en"><div id="host"></div></html>'
MOUNT = """async ({ name, view, data }) => {
  const words = await (await fetch("/code/words/en.json")).json();
  const made = (await import(`/code/${name}/${name}.js`))[view];
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  for (const sheet of ["base", `${name}/${name}`]) {
    const link = root.appendChild(document.createElement("link"));
    [link.rel, link.href] = ["stylesheet", `/code/${sheet}.css`];
    await new Promise((loaded) => link.addEventListener("load", loaded));
  }
  const place = root.appendChild(document.createElement("div"));
  place.className = name;
  const shown = new made(place, data, words[name]);
  window.said = [];
  window.update = (other) => shown.update(other, (_name, { value }) => window.said.push(value));
  window.update(data);
}"""
FOCUSED = "document.querySelector('#host').shadowRoot.activeElement?.ariaLabel"
VIEWS = {"guess": "GuessView", "cells": "CellsView", "actions": "ActionsView"}
STEPS = ("step", "zero", "backward")
TRUTH = np.array([[1.0, 2.0, 0.0]])

Mount = Callable[[str, dict[str, Any]], Page]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def mount(browser: Browser) -> Iterator[Mount]:
    """Return ``mount(name, data)``: a page with one view on these data."""
    with front_page(browser, PAGE) as page:

        def begin(name: str, data: dict[str, Any]) -> Page:
            page.evaluate(MOUNT, {"name": name, "view": VIEWS[name], "data": data})
            return page

        yield begin


def said(page: Page) -> list[Any]:
    everything: list[Any] = page.evaluate("window.said")
    return everything


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def attempt(*typed: str, revealed: bool = False) -> dict[str, Any]:
    return {"numbers": "", "typed": list(typed), "hints": 0, "revealed": revealed}


# An exercise


def choice(*typed: str, marks: tuple[str, ...] = (), revealed: bool = False) -> dict[str, Any]:
    truth = np.array([[2.0]]) if revealed else None
    told = attempt(*typed, revealed=revealed)
    items = ("halved", "<b>copied</b>", "summed")
    return guess_data(
        told, None, Question((1, 1), kind="choice", items=items), marks=marks, revealed=truth
    )


def test_an_option_is_picked_by_its_row_or_by_arrows_and_nothing_is_said_before_a_check(
    mount: Mount,
) -> None:
    page = mount("guess", choice())
    expect(button(page, "Check")).to_be_disabled()
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Enter")
    assert said(page) == [], "nothing was picked"
    page.get_by_text("summed").click()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="<b>copied</b>")).to_be_checked()
    assert said(page) == []
    page.keyboard.press("Enter")
    assert [each["typed"] for each in said(page)] == [["1"]]


def test_the_picked_option_keeps_its_mark_until_another_one_is_picked(mount: Mount) -> None:
    page = mount("guess", choice("1", marks=("wrong",)))
    marked = page.locator("label", has_text="not right")
    expect(marked).to_contain_text("<b>copied</b>")
    expect(page.locator("label", has_text="this is the answer")).to_have_count(0)
    page.get_by_role("radio", name="halved").check()
    expect(marked).to_have_count(0)
    page.evaluate("update", choice("1", marks=("wrong",), revealed=True))
    expect(page.locator("label", has_text="this is the answer")).to_contain_text("summed")


def order(*typed: str, marks: tuple[str, ...] = (), revealed: bool = False) -> dict[str, Any]:
    told, truth = attempt(*typed, revealed=revealed), TRUTH if revealed else None
    return guess_data(
        told, None, Question((1, 3), kind="order", items=STEPS), marks=marks, revealed=truth
    )


def rows(page: Page) -> list[str]:
    return page.locator("li .text").all_inner_texts()


def test_a_row_is_moved_by_its_buttons_and_by_keys_and_keeps_the_focus(mount: Mount) -> None:
    page = mount("guess", order())
    assert rows(page) == list(STEPS)
    button(page, "Move down: step").click()
    assert rows(page) == ["zero", "step", "backward"]
    expect(page.locator(".said")).to_have_text("step: place 2 of 3")
    assert page.evaluate(FOCUSED) == "Move down: step"
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    assert rows(page) == ["zero", "backward", "step"]
    expect(button(page, "Move down: step")).to_be_disabled()
    assert page.evaluate(FOCUSED) == "Move down: step"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == "Move down: backward"
    assert page.locator("li .number").all_inner_texts() == ["1", "2", "3"]
    assert said(page) == []
    button(page, "Check").click()
    assert [each["typed"] for each in said(page)] == [["1", "2", "0"]]


def test_a_place_has_a_mark_and_what_belongs_there_once_it_is_revealed(mount: Mount) -> None:
    marks = ("right", "wrong", "wrong")
    page = mount("guess", order("1", "0", "2", marks=marks))
    bodies = page.locator("li .body")
    assert bodies.all_inner_texts() == [
        "zero\n✓ right",
        "step\n✗ not right",
        "backward\n✗ not right",
    ]
    page.evaluate("update", order("1", "0", "2", marks=marks, revealed=True))
    shown = page.locator("li .belongs").all_inner_texts()
    assert shown == ["", "Belongs here: backward", "Belongs here: step"]
    button(page, "Move up: backward").click()
    assert rows(page) == ["zero", "backward", "step"]
    assert page.locator("li .mark").all_inner_texts() == ["✓ right", "", ""]
    button(page, "Begin anew").click()
    assert rows(page) == list(STEPS)


def test_heads_stand_above_the_columns_and_name_the_cells(mount: Mount) -> None:
    heads = ("batch", "channels")
    page = mount("guess", guess_data(attempt(), None, Question((1, 2), heads=heads)))
    assert page.get_by_role("columnheader").all_inner_texts() == list(heads)
    expect(page.get_by_role("textbox", name="channels, row 1, column 2")).to_be_visible()
    page.evaluate("update", guess_data(attempt(), None, Question((1, 2))))
    expect(page.get_by_role("columnheader")).to_have_count(0)


def test_numbers_to_paint_with_take_no_room_where_there_are_none(mount: Mount) -> None:
    page = mount("guess", guess_data(attempt(), None, Question((1, 2))))
    toolbar = page.locator("[role=toolbar]")
    expect(toolbar).to_be_hidden()
    page.evaluate("update", guess_data(attempt(), None, Question((1, 2)), palette=("1", "2")))
    expect(toolbar).to_be_visible()
    assert toolbar.get_by_role("button").all_inner_texts() == ["1", "2", "Erase"]
    page.evaluate("update", guess_data(attempt(), None, Question((1, 2))))
    expect(toolbar).to_be_hidden()


# Numbers to edit


def numbers(*value: float) -> dict[str, Any]:
    return cells_data(
        value or (1.0, -2.0, 0.5, 0.0),
        None,
        (2, 2),
        title="kernel",
        standard=(1.0, -2.0, 0.5, 0.0),
        palette=(-1.0, 3.0),
        least=-99.0,
        most=99.0,
    )


def test_a_number_is_said_when_its_cell_is_left_and_never_half_typed(mount: Mount) -> None:
    page = mount("cells", numbers())
    cells = page.get_by_role("textbox")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    cells.nth(1).press("Control+a")
    page.keyboard.type("-1,50")
    assert said(page) == []
    page.keyboard.press("ArrowDown")
    assert said(page) == [[1, -1.5, 0.5, 0]]
    expect(cells.nth(1)).to_have_value("-1.5")
    expect(cells.nth(3)).to_be_focused()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    assert said(page)[1:] == [[1, -1.5, 0.5, 7]]


def test_what_is_no_number_stays_to_be_seen_and_the_last_number_counts(mount: Mount) -> None:
    page = mount("cells", numbers())
    cells, problem = page.get_by_role("textbox"), page.get_by_role("status")
    cells.nth(1).fill("100")
    expect(problem).to_have_text("")
    page.keyboard.press("Enter")
    sentence = "Write a number from −99 to 99, with at most 3 decimals. "
    expect(problem).to_have_text(f"{sentence}Until then row 1, column 2 counts as −2.")
    expect(cells.nth(1)).to_be_focused()
    expect(cells.nth(1)).to_have_attribute("aria-invalid", "true")
    cells.nth(0).fill("5")
    cells.nth(2).focus()
    assert said(page) == [[5, -2, 0.5, 0]]
    expect(cells.nth(1)).to_have_value("100")
    cells.nth(1).fill("10")
    expect(problem).to_have_text("")
    cells.nth(0).focus()
    assert said(page)[1:] == [[5, 10, 0.5, 0]]


def test_a_stroke_is_said_once_when_it_ends_and_is_undone_as_one(mount: Mount) -> None:
    page = mount("cells", numbers())
    cells, mouse = page.get_by_role("textbox"), page.mouse
    button(page, "3").click()
    middles = []
    for at in (0, 1, 3):
        box = cells.nth(at).bounding_box()
        assert box
        middles.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    mouse.move(*middles[0])
    mouse.down()
    for middle in middles[1:]:
        mouse.move(*middle, steps=5)
    assert said(page) == []
    mouse.up()
    assert said(page) == [[3, 3, 0.5, 3]]
    cells.nth(2).focus()
    page.keyboard.press("Space")
    assert said(page)[1:] == [[3, 3, 3, 3]]
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert said(page)[2:] == [[3, 3, 0.5, 3], [1, -2, 0.5, 0]]
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.get_by_role("button", name="As it was")).to_have_count(0)


def test_one_goes_back_to_the_numbers_that_stood_there_first(mount: Mount) -> None:
    page = mount("cells", numbers(9.0, 9.0, 9.0, 9.0))
    page.get_by_role("textbox").first.fill("x")
    page.get_by_role("button", name="As it was").click()
    assert said(page) == [[1, -2, 0.5, 0]]
    assert [each.input_value() for each in page.get_by_role("textbox").all()] == [
        "1", "-2", "0.5", "0",
    ]  # fmt: skip
    expect(page.get_by_role("button", name="As it was")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    assert said(page)[1:] == [[9, 9, 9, 9]]


# A list of actions


def actions(*keys: str) -> dict[str, Any]:
    return actions_data(keys, None, {"b": "backward(v)", "s": "step()"}, most=3)


def test_actions_are_added_in_order_until_there_is_no_more_room(mount: Mount) -> None:
    page = mount("actions", actions())
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    step = page.get_by_role("button", name="step()")
    step.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="backward(v)").first.click()
    assert said(page) == [["s"], ["s", "s"], ["s", "s", "b"]]
    expect(page.get_by_role("listitem")).to_contain_text(["1step()", "2step()", "3backward(v)"])
    expect(page.locator(".said")).to_have_text("3: backward(v)")
    expect(page.get_by_role("status")).to_have_text(
        "No more than 3 actions. Remove one to add another."
    )
    expect(page.locator(".add").first).to_be_disabled()
    page.locator(".add").first.click(force=True)
    assert len(said(page)) == 3


def test_an_action_is_removed_where_it_stands_and_the_focus_stays_in_the_list(
    mount: Mount,
) -> None:
    page = mount("actions", actions("s", "b", "s"))
    button(page, "Remove 1: step()").press("Enter")
    assert page.evaluate(FOCUSED) == "Remove 1: backward(v)"
    button(page, "Remove 2: step()").press("Enter")
    assert page.evaluate(FOCUSED) == "Remove 1: backward(v)"
    expect(page.locator(".said")).to_have_text("Removed: step()")
    assert said(page) == [["b", "s"], ["b"]]
    page.keyboard.press("Enter")
    expect(page.locator(".add").first).to_be_focused()


def test_undo_takes_the_last_action_and_all_can_be_cleared(mount: Mount) -> None:
    page = mount("actions", actions("s", "b", "s"))
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Clear all").click()
    assert said(page) == [["s", "b"], []]
    expect(page.get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.locator(".add").first).to_be_focused()
