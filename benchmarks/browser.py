"""What a visitor meets in Chromium: loads, choices, new weights, and how much a page moves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.measure import percentile, ratio
from benchmarks.table import number, table, times
from benchmarks.visit import Visit, visit
from scripts.chromium import chromium
from scripts.served import ROOT, Server, served

HERE = Path(__file__).parent
LOADS = 5
SHIFTS = 3
CHOICES = 40
SEEDS = 12
NODES = 10
"""At most so many nodes of a network are chosen in turn."""
SECOND = 1000
"""Milliseconds from one choice to the next: all that one brings along is done by then."""
FLOOR, OURS = "empty app", "Backlight"
PRESETS = {"Test": "test", "LeNet": "lenet", "U-Net": "unet"}
PAGES = {
    "playground": "playground",
    "gallery": "gallery",
    "start page": "",
    "lesson on convolution": "convolution_backward",
    "lesson on upsampling": "nearest_upsampling",
}
"""Where the pages are."""
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
NODE = ".backlight-graph g.node"
BOX = ".backlight-strip button"
MORE_NODES = """(before) => [...document.querySelectorAll("*")].some((element) =>
  element.shadowRoot?.querySelectorAll(".backlight-graph g.node").length > before)"""


@dataclass
class Answers:
    """What followed presses of one button after the other."""

    took: list[float] = field(default_factory=list)
    """Milliseconds of each until the answer was on the screen."""
    messages: list[int] = field(default_factory=list)
    """Messages over the websocket until then."""
    sizes: list[int] = field(default_factory=list)
    """Bytes both ways until a second later."""


def report() -> str:
    """Measure everything; two tables."""
    with (
        served(HERE / "empty.py") as empty,
        served() as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        rows = [
            *_loads(browser, empty, app),
            *_presses(browser, empty, app),
            _graph(browser),
        ]
        shifts = _shifts(browser, empty, app)
        browser.close()
    return "\n\n".join(
        (
            "## In the browser",
            f"Chromium on the same machine. {LOADS} first loads with an empty cache, until maps, "
            f"graph and strip are there. {CHOICES} choices of a node in the strip, from the press "
            "until both its maps are painted; bytes until a second later, by when sums and proof "
            f"have come too, before the websocket compresses them. {SEEDS} presses of New weights, "
            "until the maps of the new run are painted. The empty app answers a press with a "
            "number.",
            table(["what", FLOOR, OURS, "ratio"], rows),
            f"How far a page moves by itself while it loads, the median of {SHIFTS} first loads "
            "(browsers call at most 0.1 good).",
            table(["page", "layout shift"], shifts),
        )
    )


def _row(what: str, floor: float, ours: float, unit: str) -> list[str]:
    return [what, number(floor, unit), number(ours, unit), times(ratio(ours, floor))]


def _empty_ready(page: Page) -> None:
    page.get_by_role("button", name="Again").wait_for()
    page.get_by_test_id("stText").wait_for()


def _playground_ready(page: Page) -> None:
    page.wait_for_function("() => stopwatch.paints() > 0")
    for part in (NODE, BOX, "[data-map=upstream]", "[data-map=downstream]"):
        page.locator(part).first.wait_for()


def _at_rest(page: Page) -> None:
    page.locator(AT_REST).wait_for()


def _loads(browser: Browser, empty: Server, app: Server) -> Iterator[list[str]]:
    """Rows of the first load: time and bytes, the two taking turns."""
    sites = {
        FLOOR: (empty.url, _empty_ready),
        OURS: (f"{app.url}/playground", _playground_ready),
    }
    took: dict[str, list[float]] = {name: [] for name in sites}
    sizes: dict[str, list[float]] = {name: [] for name in sites}
    for _ in range(LOADS):
        for name, (address, ready) in sites.items():
            with visit(browser, address, ready) as seen:
                took[name].append(seen.load)
                sizes[name].append(seen.traffic.received / 1e6)
    yield _row("first load, time", median(took[FLOOR]), median(took[OURS]), " ms")
    yield _row("first load, bytes", median(sizes[FLOOR]), median(sizes[OURS]), " MB")


def _presses(browser: Browser, empty: Server, app: Server) -> Iterator[list[str]]:
    """Rows of choices, and of new weights, over a rerun of the empty app; all taking turns."""
    floor, ours = Answers(), {name: Answers() for name in PRESETS}
    with ExitStack() as stack:
        idle = stack.enter_context(visit(browser, empty.url, _empty_ready))
        visits = {
            name: stack.enter_context(
                visit(browser, f"{app.url}/playground?v=2&model={model}", _playground_ready)
            )
            for name, model in PRESETS.items()
        }
        nodes = {name: _nodes(seen.page) for name, seen in visits.items()}
        for turn in range(CHOICES):
            _again(idle, turn + 1, floor)
            for name, seen in visits.items():
                _choose(seen, nodes[name][turn % len(nodes[name])], ours[name])
        renewed = Answers()
        for seed in range(1, SEEDS + 1):
            _renew(visits["Test"], seed, renewed)
    at, late = median(floor.took), percentile(floor.took, 0.95)
    for name, found in ours.items():
        yield _row(f"node chosen, {name}: median", at, median(found.took), " ms")
        yield _row(f"node chosen, {name}: 95 %", late, percentile(found.took, 0.95), " ms")
    before = sum(sum(found.messages) for found in ours.values())
    yield ["websocket messages before the maps, all choices", "", str(before), ""]
    least = mean(floor.sizes[:NODES]) / 1e3
    for name, found in ours.items():  # chosen once more, a node brings less
        size = mean(found.sizes[:NODES]) / 1e3
        yield _row(f"node chosen, {name}: bytes both ways", least, size, " kB")
    yield _row("new weights, Test: median", at, median(renewed.took), " ms")


def _nodes(page: Page) -> list[str]:
    """Return the nodes of the strip, or some, taken evenly."""
    boxes = page.locator(f"{BOX}[data-node^=n]")
    found: list[str] = boxes.evaluate_all("(all) => all.map(({ dataset }) => dataset.node)")
    count = min(NODES, len(found))
    return [found[at * len(found) // count] for at in range(count)]


def _again(seen: Visit, count: int, answers: Answers) -> None:
    """Press the empty app's button, for the count-th time."""
    button = seen.page.get_by_role("button", name="Again")
    _press(seen, answers, button, "untilSays", "[data-testid=stText]", f"Run {count}")


def _choose(seen: Visit, node: str, answers: Answers) -> None:
    """Choose a node in the strip; RuntimeError where the maps of another one are painted."""
    box = seen.page.locator(f"{BOX}[data-node={node}]")
    said = _press(seen, answers, box, "untilPainted")
    answers.messages.append(said["messages"])
    if said["node"] != node:
        raise RuntimeError(f"The maps of {said['node']} were painted, {node} was chosen.")


def _renew(seen: Visit, seed: int, answers: Answers) -> None:
    """Ask for new weights; RuntimeError where the painted maps are not those of that seed."""
    button = seen.page.get_by_role("button", name="New weights")
    said = _press(seen, answers, button, "untilPainted")
    if parse_qs(said["query"].removeprefix("?")).get("seed") != [str(seed)]:
        raise RuntimeError(f"Maps of {said['query']} were painted, seed {seed} was asked for.")


def _press(
    seen: Visit, answers: Answers, button: Locator, until: str, *arguments: object
) -> dict[str, Any]:
    """Press a button and note what followed; return what the stopwatch says."""
    before = seen.traffic.both
    said = seen.pressed(button, until, *arguments)
    seen.page.wait_for_timeout(SECOND)
    answers.took.append(said["took"])
    answers.sizes.append(seen.traffic.both - before)
    return said


def _graph(browser: Browser) -> list[str]:
    """Row of a large graph: open a deep network by layer, then ask for all its nodes."""
    options = ("--", "--model", f"{HERE / 'networks.py'}:deep", "--input", "1,4")
    with (
        served(ROOT / "app.py", *options) as server,
        visit(browser, f"{server.url}/playground", _playground_ready) as seen,
    ):
        page, nodes = seen.page, seen.page.locator(NODE)
        before = nodes.count()
        page.get_by_role("button", name="Show", exact=True).click()
        begin = time.perf_counter()
        page.get_by_role("switch", name="Collapse by layer").click()
        page.wait_for_function(MORE_NODES, arg=before)
        took = (time.perf_counter() - begin) * 1e3
        return [f"graph of {nodes.count():,} nodes", "", number(took, " ms"), ""]


def _shifts(browser: Browser, empty: Server, app: Server) -> list[list[str]]:
    """Rows of what moves while a page loads."""
    addresses = {FLOOR: empty.url, **{name: f"{app.url}/{path}" for name, path in PAGES.items()}}
    shifts: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(SHIFTS):
        for name, address in addresses.items():
            with visit(browser, address, _at_rest) as seen:
                shifts[name].append(seen.shift)
    return [[name, number(median(found))] for name, found in shifts.items()]


if __name__ == "__main__":
    print(report())
