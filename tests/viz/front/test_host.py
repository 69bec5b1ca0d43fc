"""The adapter to Streamlit in a real browser: when a view is made, updated and removed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, Route, expect

from scripts.chromium import chromium
from viz.front_code import FOLDER, MEDIA_TYPES, code_address, mount_code, words_file

SITE = "http://backlight.test/"
CODE = """
import { hosting } from "./host.js";
import { mounting } from "./mounting.js";
const probe = mounting("probe", (root, data, words) => {
  window.said = words;
  log(`make ${data}`);
  const update = (data, say) => {
    log(`update ${data}, ${getComputedStyle(root).color}`);
    root.textContent = data;
    root.onclick = () => say("said", data);
    root.tabIndex = 0;
  };
  return { update, remove: () => log("remove") };
});
export const mount = hosting({ probe });
"""
WORDS = "words/en-US.json"
SHEET = ".probe { color: rgb(1, 2, 3); }"
STYLED = "rgb(1, 2, 3)"
SHEET_IS_THERE = "document.getElementById('host').shadowRoot.querySelector('link')?.sheet"
WORDS_ARE_THERE = """performance.getEntriesByType("resource")
  .some(({ name, responseEnd }) => name.includes("words/") && responseEnd)"""
PAGE = """<!doctype html><div id="host"></div>"""
# What Streamlit does with a script: a module of a blob, called in a shadow root.
START = """() => {
  window.logged = [];
  window.log = (line) => logged.push(line);
  const host = document.getElementById("host");
  const parentElement = host.attachShadow({ mode: "open" });
  const setTriggerValue = (name, value) => log(`trigger ${name} ${value}`);
  const setStateValue = (name, value) => log(`state ${name} ${value}`);
  const calls = [];
  const modules = new Map();
  const moduleOf = (script) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    modules.set(script, modules.get(script) ?? import(address));
    return modules.get(script);
  };
  window.call = async (script, data) => {
    const { default: mount } = await moduleOf(script);
    calls.push(mount({ data, parentElement, setTriggerValue, setStateValue }));
  };
  window.come = () => Promise.all(calls);
  window.leave = (at) => calls[at].then((cleanUp) => cleanUp?.());
  window.attach = (there) => (there ? document.body.append(host) : host.remove());
}"""


@dataclass
class Site:
    """A page that may load the front end's modules, and three files of which each can be held."""

    page: Page
    probe: dict[str, str] = field(
        default_factory=lambda: {
            "page.js": CODE,
            "probe.css": SHEET,
            WORDS: words_file("en").decode(),
        }
    )
    held: dict[str, Route | None] = field(default_factory=dict)

    def answer(self, route: Route) -> None:
        name = re.sub(r"^code/\w+/", "", route.request.url.removeprefix(SITE))
        if name == "":
            route.fulfill(body=PAGE, content_type="text/html")
        elif (FOLDER / name).is_file():
            kind = MEDIA_TYPES[PurePosixPath(name).suffix]
            route.fulfill(path=FOLDER / name, content_type=kind)
        elif name in self.held:
            self.held[name] = route
        else:
            self.send(name, route)

    def send(self, name: str, route: Route) -> None:
        text = self.probe.get(name)
        kind = MEDIA_TYPES[PurePosixPath(name).suffix]
        route.fulfill(body=text or "", content_type=kind, status=200 if text else 404)

    def call(self, data: Any, script: str = "") -> None:
        self.page.evaluate(
            "([script, data]) => call(script, data)",
            [script or mount_code("probe", "probe.css"), data],
        )

    def come(self) -> None:
        """Wait until every call has come to its end."""
        self.page.evaluate("async () => { await come() }")

    def leave(self, at: int) -> None:
        """Call the clean-up of a call, when it has come to its end."""
        self.page.evaluate("(at) => leave(at)", at)

    def attach(self, there: bool) -> None:
        self.page.evaluate("(there) => attach(there)", there)

    def release(self, name: str) -> None:
        """Wait until a held file is asked for, and send it."""
        while self.held[name] is None:
            self.page.wait_for_timeout(1)
        route = self.held.pop(name)
        assert route is not None
        self.send(name, route)

    @property
    def logged(self) -> list[str]:
        found: list[str] = self.page.evaluate("logged")
        return found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
    yield running
    running.close()


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    found = Site(page)
    page.route(f"{SITE}**", found.answer)
    page.goto(SITE)
    page.evaluate(START)
    yield found
    page.close()
    assert errors == []


def test_a_view_is_made_once_and_updated_when_data_change(site: Site) -> None:
    site.call("a")
    site.come()
    site.call("b")
    site.come()
    assert site.logged == ["make a", f"update a, {STYLED}", f"update b, {STYLED}"]
    expect(site.page.locator(".probe")).to_have_text("b")
    site.page.locator(".probe").click()
    assert site.logged[-1:] == ["state said b"]


def test_a_call_that_is_overtaken_while_the_words_load_does_nothing(site: Site) -> None:
    site.held = {WORDS: None}
    for data in "abc":
        site.call(data)
    site.release(WORDS)
    site.come()
    site.leave(0)
    site.leave(1)
    assert site.logged == ["make c", f"update c, {STYLED}"]
    expect(site.page.locator(".probe")).to_have_text("c")


def test_nothing_is_made_before_its_style_sheet_is_there(site: Site) -> None:
    site.held = {"probe.css": None}
    site.call("a")
    site.page.wait_for_function(WORDS_ARE_THERE)
    assert site.logged == []
    site.call("b")
    site.release("probe.css")
    site.come()
    assert site.logged == ["make b", f"update b, {STYLED}"]
    assert site.page.locator("link").count() == 1


def test_a_style_sheet_that_does_not_come_keeps_no_view_back(site: Site) -> None:
    del site.probe["probe.css"]
    site.call("a")
    site.come()
    assert site.logged == ["make a", "update a, rgb(0, 0, 0)"]


def test_words_that_did_not_come_are_fetched_again(site: Site) -> None:
    words = site.probe.pop(WORDS)
    site.call("a")
    with pytest.raises(Error, match="There are no words at"):
        site.come()
    site.probe[WORDS] = words
    site.call("b")
    expect(site.page.locator(".probe")).to_have_count(1)
    assert site.logged == ["make b", f"update b, {STYLED}"]
    assert site.page.evaluate("said") == json.loads(words)


def test_a_component_that_left_while_it_was_loading_leaves_nothing(site: Site) -> None:
    site.held = {WORDS: None}
    site.call("a")
    site.page.wait_for_function(SHEET_IS_THERE)
    site.attach(False)
    site.release(WORDS)
    site.leave(0)
    assert [line.split()[0] for line in site.logged] == ["make", "update", "remove"]


def test_a_clean_up_removes_only_what_has_left_and_a_view_can_come_again(site: Site) -> None:
    for data in "ab":
        site.call(data)
        site.come()
    site.leave(0)
    site.leave(1)
    assert "remove" not in site.logged
    site.attach(False)
    site.leave(1)
    assert site.logged[-1] == "remove"
    site.attach(True)
    site.call("c")
    site.come()
    assert [line.split(",")[0] for line in site.logged[-2:]] == ["make c", "update c"]
    expect(site.page.locator(".probe")).to_have_text("c")


def test_a_view_of_an_older_edition_makes_way(site: Site) -> None:
    site.call("old")
    site.come()
    script = mount_code("probe", "probe.css")
    site.call("new", script.replace(code_address(), "code/newer/"))
    site.come()
    assert site.logged.count("remove") == 1
    expect(site.page.locator(".probe")).to_have_text("new")


def test_no_data_are_no_reason_to_make_a_view(site: Site) -> None:
    site.call(None)
    site.come()
    assert site.logged == []
    site.call("a")
    site.come()
    site.call(None)
    site.come()
    site.attach(False)
    site.leave(2)
    assert site.logged == ["make a", f"update a, {STYLED}", "remove"]


def test_the_script_is_not_taken_for_a_path() -> None:
    assert "\n" in mount_code("a", "a.css").strip()
