"""The editor of the network in the words of its page, by keys alone where keys can do it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.driving.screen import Screen


class Editor:
    """The editor on one screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.page = screen.page
        self.card = self.page.locator(".editor")
        self.picture = self.card.locator(".picture")
        self.message = self.card.locator(".notice:not([hidden])")
        self.boxes = self.picture.locator("g.node")
        self.layer = self.card.get_by_role("combobox", name="Layer", exact=True)
        self.kind = self.card.get_by_role("combobox", name="Kind of layer")
        expect(self.boxes.first).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.card.locator("button").filter(has_text=name)

    def press(self, name: str) -> None:
        """Press a button with Enter."""
        self.button(name).focus()
        self.page.keyboard.press("Enter")
        self.answered()

    def answered(self) -> None:
        """Wait until the server has said all that it knows of the draft, and the page is idle."""
        expect(self.card).to_have_attribute("data-state", "answered")
        self.screen.idle()

    def fine(self) -> None:
        """Wait until nothing is objected to, and all that the same run draws below is there."""
        self.answered()
        expect(self.message).to_have_count(0)

    def add(self, kind: str) -> None:
        """Add a kind of layer after the chosen layer."""
        before = self.boxes.count()
        self.kind.select_option(kind)
        self.press("Add after")
        expect(self.boxes).to_have_count(before + 1)

    def field(self, name: str) -> Locator:
        words = self.page.locator("span", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.card.locator("label.field", has=words).locator("input, select")

    def set(self, field: str, value: str | int) -> None:
        """Type into a field and enter it."""
        self.field(field).focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(str(value))
        self.page.keyboard.press("Enter")
        expect(self.field(field)).to_have_value(str(value))
        self.answered()

    def box(self, name: str) -> Locator:
        """The box of a layer, which begins its spoken name."""
        return self.picture.locator(f"g.node[aria-label^='{name}']").first

    def choose(self, name: str) -> None:
        """Choose a layer in the picture with Enter, and wait for its form."""
        self.box(name).focus()
        self.page.keyboard.press("Enter")
        expect(self.box(name)).to_have_attribute("aria-pressed", "true")
        expect(self.layer.locator("option:checked")).to_have_text(name)
        self.screen.idle()

    def start_from(self, title: str) -> None:
        self.card.get_by_role("combobox", name="Start from").select_option(label=title)
        self.answered()

    def names(self) -> list[str]:
        """The layers, in order."""
        return self.layer.locator("option").all_inner_texts()[1:]
