"""What a visitor waits for in Chromium: the first load and a click, over an empty Streamlit app."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from benchmarks.measure import percentile, ratio
from benchmarks.table import number, table, times
from scripts.chromium import chromium
from scripts.served import ROOT, Server, served

HERE = Path(__file__).parent
LOADS = 5
CLICKS = 40
FIRST = 8
"""Runs of which each is clicked once."""
SETTLE = 1500
"""Milliseconds after which a page surely shows what it will show, for learning what to expect."""


MORE_NODES = """(before) => [...document.querySelectorAll("*")].some((element) =>
  element.shadowRoot?.querySelectorAll(".backlight-graph g.node").length > before)"""


@dataclass(frozen=True)
class Site:
    """A page: what to click in turn, and what shows the answer."""

    name: str
    buttons: tuple[str, ...]
    answer: str


EMPTY = Site("empty app", ("Again",), "[data-testid=stText]")
PLAYGROUND = Site(
    "playground",
    ("ViewBackward0", "UpsampleNearest2DBackward0"),
    "[data-map=upstream] .title, [data-map=upstream] .subtitle, "
    "[data-map=downstream] .title, [data-map=downstream] .subtitle",
)


@dataclass
class Traffic:
    """Bytes that came and went: HTTP as it was encoded, payloads of the websocket."""

    received: int = 0
    sent: int = 0


@dataclass
class Visit:
    """One site in one fresh browser context."""

    site: Site
    page: Page
    traffic: Traffic
    load: float
    expected: dict[int, str] = field(default_factory=dict)

    def click(self, turn: int, expected: str | None) -> float:
        """Click; milliseconds until the answer is drawn, and is the expected one if one is."""
        self.page.bring_to_front()
        button = self.page.get_by_role("button", name=self.site.buttons[turn % self.period]).first
        self.page.evaluate("([s, e]) => startWatch(s, e)", [self.site.answer, expected])
        button.click()
        return float(self.page.evaluate("() => watched"))

    @property
    def period(self) -> int:
        """How many different buttons there are."""
        return len(self.site.buttons)

    def learn(self) -> None:
        """Click each button once and read what it leads to."""
        for turn, name in enumerate(self.site.buttons):
            self.page.get_by_role("button", name=name).first.click()
            self.page.wait_for_timeout(SETTLE)
            self.expected[turn] = self.page.evaluate("s => shown(s)", self.site.answer)

    def expect(self, turn: int) -> str:
        """What the answer will say: the next run's number, or what was learnt."""
        if self.site is EMPTY:
            return f"Run {turn + 2}"  # 1 was the click that learnt
        return self.expected[turn % self.period]


@contextmanager
def visit(browser: Browser, server: Server, site: Site, query: str = "") -> Iterator[Visit]:
    """Load a site with an empty cache and wait until its answer and its buttons are there."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    traffic = Traffic()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")

    def finished(event: dict[str, float]) -> None:
        traffic.received += int(event["encodedDataLength"])

    def connected(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: _add(traffic, received=len(frame)))
        socket.on("framesent", lambda frame: _add(traffic, sent=len(frame)))

    devtools.on("Network.loadingFinished", finished)
    page.on("websocket", connected)
    begin = time.perf_counter()
    page.goto(f"{server.url}/{query}")
    page.locator(site.answer).first.wait_for()
    page.get_by_role("button", name=site.buttons[0]).first.wait_for()
    load = (time.perf_counter() - begin) * 1e3
    page.wait_for_timeout(SETTLE)
    page.evaluate((HERE / "stopwatch.js").read_text())
    try:
        yield Visit(site, page, traffic, load)
    finally:
        context.close()


def _add(traffic: Traffic, received: int = 0, sent: int = 0) -> None:
    traffic.received += received
    traffic.sent += sent


def report() -> str:
    """Measure loads, then clicks in turns; a table with ratios."""
    with (
        served(HERE / "empty.py") as empty,
        served() as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        sites = ((EMPTY, empty), (PLAYGROUND, app))
        loads = _loads(browser, sites)
        clicks, click_bytes = _clicks(browser, sites)
        first = [_first_click(browser, app, seed) for seed in range(1, FIRST + 1)]
        graph = _graph(browser)
        browser.close()
    floor, ours = EMPTY.name, PLAYGROUND.name
    middle = {name: median(samples) for name, samples in clicks.items()}
    load_time = {name: median(took for took, _ in samples) for name, samples in loads.items()}
    load_bytes = {name: median(size for _, size in samples) for name, samples in loads.items()}
    tail = {name: percentile(samples, 0.95) for name, samples in clicks.items()}
    rows = [
        _row("first load, time", load_time[floor], load_time[ours], " ms"),
        _row("first load, bytes", load_bytes[floor] / 1e6, load_bytes[ours] / 1e6, " MB"),
        _row("click to answer on screen, median", middle[floor], middle[ours], " ms"),
        _row("click to answer on screen, 95 %", tail[floor], tail[ours], " ms"),
        _row("click, bytes both ways", click_bytes[floor] / 1e3, click_bytes[ours] / 1e3, " kB"),
        ["first click in a new run, median", "", number(median(first), " ms"), ""],
        [f"graph of {graph.nodes:,} nodes, ready to click", "", number(graph.took, " ms"), ""],
    ]
    return "\n\n".join(
        (
            "## In the browser",
            f"Chromium on the same machine, {LOADS} first loads with an empty cache, "
            f"{CLICKS} clicks. The answer to a click on a node of the graph is both heatmaps; "
            "the empty app answers with a number. Bytes of a click are counted before the "
            "websocket compresses them; a component that is drawn brings its code each time.",
            table(["what", floor, ours, "ratio"], rows),
        )
    )


def _row(what: str, floor: float, ours: float, unit: str) -> list[str]:
    return [what, number(floor, unit), number(ours, unit), times(ratio(ours, floor))]


Sites = tuple[tuple[Site, Server], ...]


def _loads(browser: Browser, sites: Sites) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds and bytes of each first load, sites taking turns."""
    loads: dict[str, list[tuple[float, float]]] = {site.name: [] for site, _ in sites}
    for _ in range(LOADS):
        for site, server in sites:
            with visit(browser, server, site) as seen:
                loads[site.name].append((seen.load, seen.traffic.received))
    return loads


def _clicks(browser: Browser, sites: Sites) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Milliseconds of each click and mean bytes of one, sites taking turns."""
    (floor, floor_server), (ours, our_server) = sites
    with visit(browser, floor_server, floor) as first, visit(browser, our_server, ours) as second:
        visits = (first, second)
        for seen in visits:
            seen.learn()
        before = [seen.traffic.received + seen.traffic.sent for seen in visits]
        taken: dict[str, list[float]] = {seen.site.name: [] for seen in visits}
        for turn in range(CLICKS):
            for seen in visits:
                taken[seen.site.name].append(seen.click(turn, seen.expect(turn)))
        sizes = {
            seen.site.name: (seen.traffic.received + seen.traffic.sent - size) / CLICKS
            for seen, size in zip(visits, before, strict=True)
        }
    return taken, sizes


def _first_click(browser: Browser, server: Server, seed: int) -> float:
    """Milliseconds of a click in a run of which nothing was asked yet."""
    with visit(browser, server, PLAYGROUND, f"?v=1&seed={seed}") as seen:
        return seen.click(0, None)


@dataclass(frozen=True)
class Drawn:
    """A graph in the browser: its boxes, and milliseconds from asking for it to the last one."""

    nodes: int
    took: float


def _graph(browser: Browser) -> Drawn:
    """Open a deep network by layer, then ask for the graph of all its nodes."""
    options = ("--", "--model", f"{HERE / 'networks.py'}:deep", "--input", "1,4")
    with served(ROOT / "app.py", *options) as server:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.url)
        nodes = page.locator(".backlight-graph g.node")
        nodes.first.wait_for()
        page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_timeout(SETTLE)
        before = nodes.count()
        begin = time.perf_counter()
        page.get_by_role("switch", name="Collapse by layer").click(force=True)
        page.wait_for_function(MORE_NODES, arg=before)
        took = (time.perf_counter() - begin) * 1e3
        found = nodes.count()
        page.close()
    return Drawn(found, took)


if __name__ == "__main__":
    print(report())
