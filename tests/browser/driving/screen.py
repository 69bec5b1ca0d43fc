"""What a visitor sees and does, in the words of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as TookTooLong

from pages.parts.addresses import PLAYGROUND
from tests.browser.driving.contexts import Contexts
from tests.browser.driving.late import Line

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

SOON = 2_000
"""Milliseconds after which what has not been pressed is looked for once more."""
MOST_PRESSES = 30
MOST_FRAMES = 1000
"""Layouts of the page that are waited for; on a slow machine they take longer."""
# What has changed size says so in one frame, and is drawn in the next.
NEXT_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done())))"""

# Walk over the cells of a map with its own keys and read each one; all of them, or the first few.
READ_CELLS = """(card, most) => {
  const scroller = card.querySelector(".scroller");
  const readout = card.querySelector(".readout");
  const key = (name, ctrlKey) =>
    scroller.dispatchEvent(new KeyboardEvent("keydown", { key: name, ctrlKey, bubbles: true }));
  const found = {};
  key("Escape");
  key("Home", true);
  let left = most ?? Infinity;
  for (let row = ""; left && row !== readout.dataset.index; key("ArrowDown")) {
    row = readout.dataset.index;
    for (let cell = ""; left && cell !== readout.dataset.index; key("ArrowRight")) {
      cell = readout.dataset.index;
      found[cell] = readout.dataset.value;
      left = most ? most - Object.keys(found).length : left;
    }
    key("Home");
  }
  scroller.dispatchEvent(new FocusEvent("blur"));
  return found;
}"""

CENTRE = """(scroller, [row, column, tile]) => {
  const { cell, across, label, stepX, stepY } = scroller.dataset;
  const box = scroller.getBoundingClientRect();
  return [
    box.x + (tile % across) * stepX + (column + 0.5) * cell - scroller.scrollLeft,
    box.y + Math.floor(tile / across) * stepY + Number(label) + (row + 0.5) * cell
      - scroller.scrollTop,
  ];
}"""
READ_TERMS = """(box) => [...box.querySelectorAll(".terms .term")].map((term) => ({
  coefficient: term.querySelector(".coefficient").textContent,
  name: (term.querySelector(".name")?.textContent ?? "").trim(),
  from: term.dataset.from ?? "",
  text: term.textContent,
}))"""


class Visitor:
    """One browser context, watched for errors."""

    def __init__(
        self, contexts: Contexts, url: str, patience: int, options: dict[str, Any]
    ) -> None:
        self.url = url
        self.contexts = contexts
        self.options = {"viewport": DESKTOP, **options}
        self.context = contexts.lend(self.options)
        self.context.set_default_timeout(patience)
        self.complaints: list[str] = []
        self.watches: dict[Any, Callable[[Any], None]] = {
            "console": self._listen,
            "weberror": lambda error: self.complaints.append(str(error.error)),
            "request": self._watch,
        }
        for event, watch in self.watches.items():
            self.context.on(event, watch)

    def _listen(self, message: ConsoleMessage) -> None:
        # Who asks for what nobody waits for yet is told when others are served first.
        given_way = "of.prefetch=1" in message.location["url"] and "503" in message.text
        if message.type == "error" and not given_way:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("blob", "data") and address.hostname != "127.0.0.1":
            self.complaints.append(f"a request left this machine: {request.url}")

    def open(self, query: str = "", late: bool = False) -> Screen:
        """Open the app in a new tab and wait until it is drawn; a late one can hear late."""
        page = self.new_page()
        screen = Screen(page, self, Line(page) if late else None)
        screen.go(query)
        return screen

    def new_page(self) -> Page:
        """Open another tab."""
        return self.contexts.new_page(self.context, self.options)

    def leave(self) -> None:
        """Close everything; raises AssertionError when something was wrong on the way."""
        try:
            for page in self.context.pages:
                assert "Traceback" not in page.locator("body").inner_text()
                assert "Something went wrong" not in page.locator("body").inner_text()
        finally:
            for event, watch in self.watches.items():
                self.context.remove_listener(event, watch)
            self.contexts.give_back(self.context, self.url)
        assert self.complaints == [], self.complaints


def comes_to(page: Page, read: Callable[[], object], wanted: object) -> None:
    """Wait until what is read is this; the page is laid out anew between."""
    for _frame in range(MOST_FRAMES):
        page.evaluate(NEXT_FRAMES)
        if read() == wanted:
            return
    assert read() == wanted


class Screen:
    """The playground in one tab."""

    def __init__(self, page: Page, visitor: Visitor, line: Line | None = None) -> None:
        self.page = page
        self.visitor = visitor
        self._line = line
        self.strip = page.locator(".backlight-strip")
        self.graph = page.locator(".backlight-graph")
        self.nodes = self.graph.locator("g.node")
        self.heading = page.locator("h3.head").last
        self.seed = page.get_by_role("spinbutton", name="Seed")
        self.alert = page.locator(".stAlert")

    @property
    def line(self) -> Line:
        """What holds back the answers of a tab that was opened late."""
        assert self._line is not None
        return self._line

    def go(self, query: str = "") -> None:
        self.page.goto(f"{self.visitor.url}/{PLAYGROUND}{query}")
        self.drawn()

    def drawn(self) -> None:
        """Wait until strip, graph (or the grid in its place) and inspector are there and agree."""
        expect(self.strip.locator("[aria-pressed=true]")).to_have_count(1)
        node, cell = ".bench:not(.by-hand) g.node[aria-pressed=true]", ".paint .cell[tabindex='0']"
        expect(self.page.locator(f"{node}, {cell}")).to_have_count(1)
        expect(self.page.locator("[data-map], .stAlert").first).to_be_visible()
        self.idle()

    def idle(self) -> None:
        """Wait until no script runs, and the workbench has said and shown all there is to say."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        self.page.evaluate(NEXT_FRAMES)  # what the last script sent has reached the workbench then
        workbench = self.page.locator(".workbench")
        expect(workbench).to_have_attribute("data-told", "true")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        rested = "[data-state=explained], [data-state=refused]"
        expect(self.page.locator(f".without-run, .bench:is({rested})").first).to_be_attached()

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def node(self, node: str) -> Locator:
        return self.graph.locator(f"[id='node-{node}']")

    def box(self, layer: str) -> Locator:
        return self.strip.locator(f"button[data-layer='{layer}']")

    def card(self, key: str) -> Locator:
        return self.page.locator(f".card[data-map='{key}']")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def pick(self, label: str, option: str) -> None:
        """Choose an option of a list in the sidebar or the inspector."""
        box = self.page.get_by_role("combobox", name=label)
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=option)
            return
        wanted = self.page.get_by_role("option", name=option, exact=True)

        self.idle()
        for _press in range(MOST_PRESSES):
            # What moves or is drawn anew closes a list; the key opens it, and never closes it.
            if box.get_attribute("aria-expanded") != "true":
                box.press("ArrowDown")
            if not wanted.count():  # a long list draws only what is near
                box.fill(option)
            try:
                wanted.click(timeout=SOON)
            except TookTooLong:
                continue
            return
        raise AssertionError(f"{option!r} cannot be picked in {label!r}")

    def radio(self, name: str) -> Locator:
        """What is picked side by side in the inspector: a tab or a sample."""
        return self.page.get_by_role("radio", name=name)

    def switch(self, label: str) -> None:
        """Flip a switch in the menu above the graph."""
        self.button("Show").click()
        self.page.get_by_role("switch", name=label).press("Space")
        self.page.keyboard.press("Escape")

    def shows(self, title: str, node: str, layer: str) -> None:
        """Check that heading, graph, strip and address all say what is chosen."""
        expect(self.heading).to_have_text(title)
        expect(self.node(node)).to_have_attribute("aria-pressed", "true")
        expect(self.graph.locator("g.node[aria-pressed=true]")).to_have_count(1)
        expect(self.box(layer)).to_have_attribute("aria-pressed", "true")
        expect(self.strip.locator("[aria-pressed=true]")).to_have_count(1)
        self.idle()

    def at_node(self, node: str) -> None:
        """Wait until the address says this node."""
        expect(self.page).to_have_url(re.compile(rf"[?&]node={node}(&|$)"))

    def centre(self, key: str, row: int, column: int, tile: int = 0) -> tuple[float, float]:
        """Return where on the page the middle of one cell of a map is."""
        self.card(key).locator(".scroller").scroll_into_view_if_needed()
        x, y = self.card(key).locator(".scroller").evaluate(CENTRE, [row, column, tile])
        return x, y

    def point(self, key: str, row: int, column: int, tile: int = 0) -> None:
        """Point at one cell of a map with the mouse."""
        self.page.mouse.move(*self.centre(key, row, column, tile))

    @property
    def sum(self) -> dict[str, str]:
        """What stands in the sum line, as data."""
        found: dict[str, str] = self.page.locator(".sum").evaluate("box => ({ ...box.dataset })")
        return found

    def terms(self) -> list[dict[str, str]]:
        """Read the terms of the sum: coefficient, name, and the index of the summed cell."""
        found: list[dict[str, str]] = self.page.locator(".sum").evaluate(READ_TERMS)
        return found

    def linked(self, key: str) -> list[int]:
        """Return the row-major positions of the outlined cells of a map."""
        text = self.card(key).locator(".scroller").get_attribute("data-linked") or ""
        return sorted(int(cell) for cell in text.split(",") if cell)

    def cells(self, key: str) -> dict[tuple[int, ...], str]:
        """Read all cells of a map: index -> value as the page writes it."""
        found: dict[str, str] = self.card(key).evaluate(READ_CELLS)
        return {tuple(map(int, index.split(","))): value for index, value in found.items()}

    def array(self, key: str) -> NDArray[np.float32]:
        """Read a map as the float32 array it was painted from, shape and bits."""
        cells = self.cells(key)
        lowest = np.min([*cells], axis=0)
        shape = np.max([*cells], axis=0) - lowest + 1
        array = np.full(shape, np.nan, dtype=np.float32)
        for index, value in cells.items():
            array[tuple(np.subtract(index, lowest))] = np.float32(value)
        return array
