"""The editor of the network in the words of its page, by keys alone where keys can do it."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen

NUMBERS: tuple[Literal["spinbutton"], Literal["textbox"]] = ("spinbutton", "textbox")
"""One number has steps to click; a field that takes two is text."""


class Editor:
    """The editor on one screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.page = screen.page
        self.card = self.page.locator(".st-key-editor_card")
        self.dag = self.card.locator(".backlight-dag")
        self.message = self.card.locator(".stAlert")
        self.boxes = self.dag.locator("g.node")
        expect(self.boxes.first).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.card.get_by_role("button", name=name)

    def press(self, name: str) -> None:
        """Press a button with Enter."""
        self.button(name).focus()
        self.page.keyboard.press("Enter")
        self.screen.idle()

    def fine(self) -> None:
        """Wait until nothing is objected to, and all that the same run draws below is there."""
        expect(self.message).to_have_count(0)
        self.screen.idle()

    def add(self, kind: str) -> None:
        """Find a kind of layer by its name and add it behind the chosen layer."""
        before = self.boxes.count()
        self.pick(kind)
        expect(self.boxes).to_have_count(before + 1)
        self.screen.idle()

    def pick(self, kind: str) -> None:
        """Find a kind of layer by its name among those that can be added."""
        self.page.get_by_role("combobox", name="Add a layer behind").focus()
        self.page.keyboard.type(kind)
        expect(self.page.get_by_role("option").first).to_contain_text(kind)
        self.page.keyboard.press("Enter")

    def number(self, field: str, value: int) -> None:
        named = [self.card.get_by_role(role, name=field, exact=True) for role in NUMBERS]
        self._type(named[0].or_(named[1]), str(value))

    def rename(self, name: str, field: str = "Name") -> None:
        """Name the chosen layer, or what the field names."""
        typed = self.card.get_by_role("textbox", name=field, exact=True)
        self._type(typed, name)
        expect(typed).to_have_value(name)
        expect(self.message).to_have_count(0)

    def _type(self, field: Locator, value: str) -> None:
        field.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)
        self.page.keyboard.press("Enter")
        self.screen.idle()

    def box(self, name: str) -> Locator:
        """The box of a layer, which begins its spoken name."""
        return self.dag.locator(f"g.node[aria-label^='{name},']")

    def choose(self, name: str, click: bool = False) -> None:
        """Choose a layer in the picture with Enter or a click, and wait for its form."""
        if click:
            self.box(name).click()
        else:
            self.box(name).focus()
            self.page.keyboard.press("Enter")
        expect(self.box(name)).to_have_attribute("aria-pressed", "true")
        expect(self.page.get_by_role("combobox", name="Layer", exact=True)).to_have_value(name)
        self.screen.idle()

    def start_from(self, title: str) -> None:
        self.button("Start from").focus()
        self.page.keyboard.press("Enter")
        item = self.page.get_by_role("menuitem", name=title)
        expect(item).to_be_visible()
        for _ in range(self.page.get_by_role("menuitem").count()):
            if item.evaluate("(each) => each === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(item).to_have_count(0)
        self.screen.idle()
