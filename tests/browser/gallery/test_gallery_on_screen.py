"""The gallery as a visitor meets it: pictures, and cards that open their network."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from models.presets import PRESETS
from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE


def test_a_card_opens_its_network_here_or_in_a_new_tab(visit: Visit) -> None:
    screen = visit()
    screen.page.get_by_role("link", name="All with pictures").click()
    pictures = screen.page.locator("[class*=st-key-gallery_preset_] .pictured img.maps")
    expect(pictures).to_have_count(len(PRESETS))
    loaded = "all => all.every((each) => each.complete && each.naturalWidth > 0)"
    assert pictures.evaluate_all(loaded)
    screen.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    wider = "() => document.documentElement.scrollWidth - innerWidth"
    assert screen.page.evaluate(wider) <= 0
    card = screen.page.get_by_role("link", name=PRESETS["unet"].title)
    address = urlsplit(card.evaluate("(link) => link.href"))
    assert (address.path, address.query) == ("/playground", "v=2&model=unet")
    card.click()
    expect(screen.box("unpool1")).to_be_visible()
    screen.drawn()
    assert screen.query()["model"] == "unet"
