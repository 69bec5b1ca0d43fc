"""A link that is handed out, on a page that came without HTTPS, as in a classroom."""

from __future__ import annotations

from playwright.sync_api import Playwright, expect

from scripts.chromium import chromium
from tests.viz.front_page import front_page
from viz.language import english
from viz.share import Offer, share_data

PAGE = '<!doctype html><html lang="en"><div id="host"></div><input id="after"></html>'
MOUNT = """async (data) => {
  const words = await (await fetch("/code/words/en.json")).json();
  const { ShareView } = await import("/code/share/share.js");
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  const view = new ShareView(root.appendChild(document.createElement("div")), words.share);
  view.update(data);
}"""
LINKS = ("http://backlight.test/?v=2&seed=1", "http://backlight.test/?v=2&seed=2")
REFUSE = "document.execCommand = () => false"


def test_copying_works_without_a_clipboard_and_says_so_only_when_it_did(
    playwright: Playwright,
) -> None:
    browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    offers = [Offer(f"offer {n}", "", link) for n, link in enumerate(LINKS)]
    with front_page(browser, PAGE) as page:
        page.evaluate(MOUNT, share_data(offers, english))
        assert page.evaluate("navigator.clipboard === undefined")
        said, after = page.get_by_role("status"), page.locator("#after")
        page.get_by_role("radio", name="offer 1").check()
        page.get_by_role("button", name="Copy the link").click()
        expect(said).to_have_text("Copied")
        after.press("Control+v")
        expect(after).to_have_value(LINKS[1])
        page.evaluate(REFUSE)
        page.get_by_role("radio", name="offer 0").check()
        expect(said).to_have_text("")
        page.get_by_role("button", name="Copy the link").click()
        expect(said).to_contain_text("Not copied: it is selected now")
        page.keyboard.press("Control+c")
        after.fill("")
        after.press("Control+v")
        expect(after).to_have_value(LINKS[0])
    browser.close()
