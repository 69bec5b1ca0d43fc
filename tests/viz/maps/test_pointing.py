"""Pointing at a cell in a real browser: outlines, the sum and its numbers, pins, keys, touch."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright
from torch import nn

import flow
from scripts.chromium import chromium
from tests.viz.front_page import front_page
from tests.viz.maps.relations import Array, Related, added, convolution, noise, sparse, upsampling
from viz import theme
from viz.maps.rows import Map, pack
from viz.maps.sums import CONSTANT, SUM_WORDS, Answer, Link, Side

TIMES = "\u00d7"
MINUS = "\u2212"
WIDE, NARROW = 1100, 390
PAGE = """<!doctype html><html><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/code/maps/maps.css"><style>
:root { --st-text-color: black; --st-background-color: white; --st-border-color: gray;
  --st-primary-color: blue; --st-green-text-color: green; --st-red-text-color: red; }
body { margin: 0; }</style>
<body><div id="host"></div><p id="below">below</p></body></html>"""
MOUNT = """async (encoded) => {
  const { default: mount } = await import("/code/maps/mount.js");
  window.sent ??= [];
  const data = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)).buffer;
  const parentElement = document.querySelector("#host");
  const setTriggerValue = (name, { since, ...said }) => window.sent.push([name, said]);
  const words = await (await fetch("/code/words/en.json")).json();
  mount({ data, parentElement, setTriggerValue }, words);
}"""
# Show the maps of a block while its links are awaited; window.arrive() shows them with the links.
AWAIT = """async (encoded) => {
  const { readPacket } = await import("/code/packet.js");
  const { Maps } = await import("/code/maps/maps.js");
  const packet = readPacket(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)));
  const words = await (await fetch("/code/words/en.json")).json();
  window.sent = [];
  const onCell = (cell) => window.sent.push(cell);
  window.maps ??= new Maps(document.querySelector("#host"), words, { onCell, resting: 0 });
  window.maps.show({ ...packet, links: [], awaited: true });
  window.arrive = () => window.maps.show(packet);
}"""
THREE_FRAMES = """() => new Promise((after) => requestAnimationFrame(
  () => requestAnimationFrame(() => requestAnimationFrame(after))))"""
COUNT_PAINTED = """() => { window.painted = 0;
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...all) {
    window.painted += 1; return draw.apply(this, all); }; }"""
CENTRE = """([key, k, rows, columns]) => {
  const scroller = document.querySelector(`[data-map="${key}"] .scroller`);
  const { cell, across, label, stepX, stepY } = scroller.dataset;
  const tile = Math.floor(k / (rows * columns));
  const box = scroller.getBoundingClientRect();
  const row = Math.floor(k / columns) % rows;
  return [
    box.x + (tile % across) * stepX + ((k % columns) + 0.5) * cell,
    box.y + Math.floor(tile / across) * stepY + Number(label) + (row + 0.5) * cell,
  ];
}"""
# Which cells have something drawn inside them, near their rim, on the canvas of outlines.
DRAWN = """([key, count, rows, columns]) => {
  const card = document.querySelector(`[data-map="${key}"]`);
  const { cell, across, label, stepX, stepY } = card.querySelector(".scroller").dataset;
  const canvas = card.querySelector(".outlines");
  const context = canvas.getContext("2d");
  const found = [];
  for (let k = 0; k < count; k += 1) {
    const tile = Math.floor(k / (rows * columns));
    const row = Math.floor(k / columns) % rows;
    const x = (tile % across) * stepX + (k % columns) * cell + cell / 2;
    const y = Math.floor(tile / across) * stepY + Number(label) + row * cell + 3;
    if (context.getImageData(x, y, 1, 1).data[3]) found.push(k);
  }
  return found;
}"""


@dataclass(frozen=True)
class Shown:
    """A page with the component on it."""

    page: Page

    def centre(self, key: str, k: int, side: int) -> tuple[float, float]:
        x, y = self.page.evaluate(CENTRE, [key, k, side, side])
        return x, y

    def point(self, key: str, k: int, side: int) -> None:
        self.page.mouse.move(*self.centre(key, k, side))

    def click(self, key: str, k: int, side: int) -> None:
        self.page.mouse.click(*self.centre(key, k, side))

    @property
    def line(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate(
            "() => ({ ...document.querySelector('.sum').dataset })"
        )
        return found

    @property
    def text(self) -> str:
        return " ".join(self.page.locator(".sum").inner_text().split())

    @property
    def whole(self) -> str:
        """The line with what is not seen of it."""
        return " ".join((self.page.locator(".sum").text_content() or "").split())

    def linked(self, key: str) -> list[int]:
        text = self.page.locator(f'[data-map="{key}"] .scroller').get_attribute("data-linked")
        return sorted(int(cell) for cell in (text or "").split(",") if cell)

    def drawn(self, key: str, count: int, side: int) -> list[int]:
        found: list[int] = self.page.evaluate(DRAWN, [key, count, side, side])
        return found

    @property
    def sent(self) -> list[Any]:
        found: list[Any] = self.page.evaluate("window.sent")
        return found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
    )
    yield running
    running.close()


@contextmanager
def opened(browser: Browser, width: int) -> Iterator[Page]:
    """Open a page that can load the maps; a narrow one has touch."""
    narrow = width < 600
    size = {"width": width, "height": 2000}
    with front_page(browser, PAGE, viewport=size, has_touch=narrow, is_mobile=narrow) as tab:
        yield tab


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that shows the maps side by side."""
    with opened(browser, WIDE) as tab:
        yield tab


@pytest.fixture(params=[WIDE, NARROW])
def either(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that shows the maps side by side, and one that stacks them."""
    with opened(browser, request.param) as tab:
        yield tab


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with opened(browser, NARROW) as tab:
        yield tab


def show(page: Page, block: bytes) -> Shown:
    page.evaluate(MOUNT, base64.b64encode(block).decode())
    page.locator(".sum").wait_for(state="attached")
    return Shown(page)


def decimal(value: float) -> str:
    """A number on maps whose largest is below 0.1."""
    return f"{value:.5f}".replace("-", MINUS)


def exact(text: str) -> np.float32:
    return np.float32(float(text))


# The sum


def test_pointing_at_a_cell_writes_the_sum_and_lights_its_cells(either: Page) -> None:
    related = upsampling()
    shown = show(either, pack([related.row()], links=[related.link]))
    for k in range(4):
        shown.point("downstream", k, 2)
        cells = np.flatnonzero(related.matrix[k]).tolist()
        assert shown.linked("upstream") == cells
        assert shown.drawn("upstream", 16, 4) == cells
        assert shown.drawn("downstream", 4, 2) == [k]
        line = shown.line
        assert (line["kind"], line["map"]) == ("sum", "downstream")
        assert line["cell"] == ",".join(map(str, np.unravel_index(k, (1, 1, 2, 2))))
        assert exact(line["total"]) == exact(line["autograd"]) == related.downstream.reshape(-1)[k]
        assert (line["terms"], line["shown"], line["agrees"]) == ("4", "4", "true")
        assert line["difference"] == "0"
        assert shown.whole.count(f"1 (copy) {TIMES} ") == 4
        assert "(copy)" not in shown.text, "a factor of 1 that all terms have is not seen"
        assert shown.text.endswith(" too")


def test_the_kernel_entries_behind_a_sum_light_up_and_are_named(page: Page) -> None:
    related, kernel = convolution(size=4)
    weights = Map("kernel", "K", "", kernel, role="parameter", group="weights")
    other = Map("bias", "B", "", kernel[0, 0, 0], role="parameter", group="weights")
    shown = show(page, pack([related.row(), [weights, other]], links=[related.link]))
    taps = related.link.taps
    assert taps is not None
    for k in (0, 6, 15):
        shown.point("downstream", k, 4)
        terms = slice(related.link.offsets[k], related.link.offsets[k + 1])
        assert shown.linked("upstream") == sorted(related.link.places[terms].tolist())
        assert shown.linked("kernel") == sorted(taps.places[terms].tolist())
        assert shown.drawn("kernel", 9, 3) == sorted(taps.places[terms].tolist())
        assert shown.linked("bias") == []
        assert exact(shown.line["total"]) == related.downstream.reshape(-1)[k]
        for tap in taps.places[terms]:
            _, _, row, column = np.unravel_index(tap, kernel.shape)
            assert f"conv2.weight[0,0,{row},{column}] {TIMES} " in shown.whole


def test_of_a_long_sum_the_largest_terms_come_first_and_the_rest_is_added_up(page: Page) -> None:
    matrix, upstream = noise(1, 144) + np.float32(0.5), noise(144, seed=5)
    related = Related(
        upstream, added(matrix, upstream), matrix, sparse(matrix, "downstream", "upstream")
    )
    shown = show(page, pack([related.row()], links=[related.link]))
    shown.point("downstream", 0, 1)
    assert (shown.line["terms"], shown.line["shown"]) == ("144", "10")
    assert exact(shown.line["total"]) == related.downstream[0]
    order = np.argsort(-np.abs(matrix[0] * upstream), kind="stable")
    written = page.locator(".sum > .terms .term")
    cells = [int(written.nth(at).get_attribute("data-from") or -1) for at in range(10)]
    assert cells == order[:10].tolist()
    assert "… and 134 more adding up to " in shown.text
    rest = float(shown.text.split("adding up to ")[1].split()[0].replace(MINUS, "-"))
    kept = np.sort(order[10:])
    assert rest == pytest.approx(float((matrix[0] * upstream)[kept].sum()), rel=0.01)


def test_a_sum_that_is_not_autograds_value_says_so(page: Page) -> None:
    related = upsampling()
    wrong = related.downstream.copy()
    wrong[0, 0, 0, 1] += np.float32(0.25)
    shown = show(page, pack([replace(related, downstream=wrong).row()], links=[related.link]))
    shown.point("downstream", 1, 2)
    assert shown.line["agrees"] == "false"
    assert float(shown.line["difference"]) == pytest.approx(0.25, abs=1e-6)
    assert "✗ they differ by 0.25" in shown.text
    shown.point("downstream", 0, 2)
    assert shown.line["agrees"] == "true"


def test_a_long_sum_may_be_off_by_more_than_a_short_one(page: Page) -> None:
    """16 u sqrt(n + 4) is 1.2e-4 of 16,384 terms, and 2.1e-6 of one."""
    count = 128 * 128
    matrix = np.ones((4, count), np.float32)
    matrix[2:, 1:] = 0
    exact = np.array([count, count, 1, 1])
    recorded = (exact * (1 + np.array([5e-5, 5e-4, 5e-6, 1e-6]))).astype(np.float32)
    rows = [
        [
            Map("downstream", "Down", "", recorded.reshape(1, 1, 2, 2)),
            Map("upstream", "Up", "", np.ones((1, 1, 128, 128), np.float32)),
        ]
    ]
    shown = show(page, pack(rows, links=[sparse(matrix, "downstream", "upstream")]))
    for cell, agrees in enumerate(("true", "false", "false", "true")):
        shown.point("downstream", cell, 2)
        assert shown.line["agrees"] == agrees


@pytest.mark.parametrize(
    ("rounding", "agrees"),
    [
        ({}, "false"),
        ({"unit": 2.0**-8}, "true"),
        ({"unit": 2.0**-17}, "false"),
        ({"slack": 0.02}, "true"),
        ({"slack": 0.005}, "false"),
    ],
)
def test_what_the_engine_knows_of_its_rounding_is_allowed(
    page: Page, rounding: dict[str, float], agrees: str
) -> None:
    recorded = np.array([1.01], np.float32)
    rows = [[Map("downstream", "D", "", recorded), Map("upstream", "U", "", np.ones(1, "f4"))]]
    link = sparse(np.ones((1, 1), np.float32), "downstream", "upstream", **rounding)
    shown = show(page, pack(rows, links=[link]))
    shown.point("downstream", 0, 1)
    assert shown.line["agrees"] == agrees


def test_double_precision_is_added_in_double_precision(page: Page) -> None:
    matrix, upstream = noise(1, 9).astype(np.float64), noise(9, seed=5).astype(np.float64)
    related = Related(
        upstream, added(matrix, upstream), matrix, sparse(matrix, "downstream", "upstream")
    )
    shown = show(page, pack([related.row()], links=[related.link]))
    shown.point("downstream", 0, 1)
    assert float(shown.line["total"]) == related.downstream[0]


def test_channels_that_are_not_shown_are_summed_too(page: Page) -> None:
    related, kernel = convolution(size=4, channels=3)
    rows = [related.row(channel=1), [Map("kernel", "K", "", kernel, role="parameter")]]
    shown = show(page, pack(rows, links=[related.link]))
    shown.point("downstream", 5, 4)
    assert exact(shown.line["total"]) == related.downstream[0, 1, 1, 1]
    assert (shown.line["terms"], shown.line["cell"]) == ("27", "0,1,1,1")
    assert shown.linked("upstream") == [16 + k for k in (0, 1, 2, 4, 5, 6, 8, 9, 10)]


def test_forward_values_and_several_inputs_and_a_bias_are_one_sum(page: Page) -> None:
    first, second = noise(2), noise(2, seed=1)
    bias = np.float32(0.5)
    output = np.array([first[0] + second[0] + bias, first[1] + second[1] + bias])
    words = {"explained": "out", "recorded": "forward {value}"}
    one = sparse(np.eye(2, dtype=np.float32), "output", "input0", words=words)
    two = Link(
        "output",
        "input1",
        cells=np.arange(2),
        offsets=np.array([0, 2, 4]),
        places=np.array([0, CONSTANT, 1, CONSTANT]),
        coefficients=np.array([1, bias, 1, bias], np.float32),
        names=("1", "conv.bias[0]"),
        name_of=np.array([0, 1, 0, 1]),
        words=words,
    )
    maps = {"input0": first, "input1": second, "output": output}
    rows = [[Map(key, key, "", array) for key, array in maps.items()]]
    shown = show(page, pack(rows, links=[one, two]))
    page.mouse.move(*page.evaluate(CENTRE, ["output", 1, 1, 2]))
    assert (shown.linked("input0"), shown.linked("input1")) == ([1], [1])
    assert exact(shown.line["total"]) == output[1]
    assert shown.line["terms"] == "3"
    assert "0.5 conv.bias[0]" in shown.text
    assert "forward " in shown.text
    assert "autograd" not in shown.text


def own_cells(results: Array, **more: Any) -> Link:
    """Return a link of every output cell to the input cell at the same place."""
    count = results.size
    return Link(
        "output0",
        "input0",
        cells=np.arange(count),
        offsets=np.arange(count + 1),
        places=np.arange(count),
        coefficients=results.reshape(-1),
        **more,
    )


def test_a_function_of_one_cell_is_written_as_such(page: Page) -> None:
    values = noise(4)
    results = np.tanh(values)
    words = {
        "explained": "out",
        "total": "computed alone {value}",
        "recorded": "recorded {value}",
    }
    link = own_cells(results, function="tanh", words=words)
    rows = [[Map("input0", "In", "", values), Map("output0", "Out", "", results)]]
    shown = show(page, pack(rows, links=[link]))
    page.mouse.move(*page.evaluate(CENTRE, ["output0", 2, 1, 4]))
    assert shown.linked("input0") == [2]
    assert exact(shown.line["total"]) == exact(shown.line["autograd"]) == results[2]
    assert shown.line["agrees"] == "true"
    assert f"= tanh({decimal(values[2])}) recorded {decimal(results[2])} too" in shown.text
    assert TIMES not in shown.text
    page.mouse.move(*page.evaluate(CENTRE, ["input0", 1, 1, 4]))
    assert shown.linked("output0") == [1]
    assert f"out[1] gets tanh({decimal(values[1])})" in shown.text


def test_a_function_whose_result_is_not_what_was_recorded_is_found_out(page: Page) -> None:
    values = noise(4)
    link = own_cells(np.tanh(values), function="tanh")
    rows = [[Map("input0", "In", "", values), Map("output0", "Out", "", values * 2)]]
    shown = show(page, pack(rows, links=[link]))
    page.mouse.move(*page.evaluate(CENTRE, ["output0", 2, 1, 4]))
    assert shown.line["agrees"] == "false"
    assert "✗" in shown.text


def test_what_is_no_sum_lights_its_cells_and_claims_no_total(page: Page) -> None:
    slopes, values = noise(3, 5), noise(5, seed=4)
    output = np.exp(values[:3])
    link = sparse(slopes, "output0", "input0", adds=False, words={"explained": "out"})
    rows = [[Map("input0", "In", "", values), Map("output0", "Out", "", output)]]
    shown = show(page, pack(rows, links=[link]))
    page.mouse.move(*page.evaluate(CENTRE, ["output0", 1, 1, 3]))
    assert shown.linked("input0") == list(range(5))
    assert shown.line["kind"] == "mixed"
    assert "total" not in shown.line
    assert "depends on 5 cells, but is not a sum of them: In [" in shown.text
    assert "✓" not in shown.text
    assert "✗" not in shown.text
    order = np.argsort(-np.abs(slopes[1]))
    first = f"In [{order[0]}] with slope {theme.format_number(float(slopes[1, order[0]]))}; "
    assert first in shown.text
    page.mouse.move(*page.evaluate(CENTRE, ["input0", 4, 1, 5]))
    assert shown.linked("output0") == [0, 1, 2]
    assert "out[0] with slope " in shown.text
    assert "gets" not in shown.text


def test_a_cell_without_terms_says_that_nothing_feeds_it(page: Page) -> None:
    matrix = np.array([[0, 0], [1, 0]], np.float32)
    upstream = noise(2)
    related = Related(
        upstream, added(matrix, upstream), matrix, sparse(matrix, "downstream", "upstream")
    )
    shown = show(page, pack([related.row()], links=[related.link]))
    page.mouse.move(*page.evaluate(CENTRE, ["downstream", 0, 1, 2]))
    assert SUM_WORDS["nothing"] in shown.text
    assert (shown.line["terms"], shown.line["agrees"]) == ("0", "true")
    page.mouse.move(*page.evaluate(CENTRE, ["upstream", 1, 1, 2]))
    assert "feeds no cell here" in shown.text


def test_a_cell_says_what_is_special_about_its_sum_and_its_neighbour_does_not(page: Page) -> None:
    x = torch.tensor([[-1.0, 2.0], [3.0, 0.0]], requires_grad=True)
    vector = torch.tensor([[5.0, 6.0], [0.0, 8.0]])
    with flow.run(nn.ReLU(), x, upstream=vector) as run:
        node = run.capture.nodes[0]
        links = Link.of_outputs(run.table(node.id), "downstream", [Side("upstream")])
        maps = [
            Map("upstream", "Upstream", "", node.upstream[0]),
            Map("downstream", "Downstream", "", node.downstream[0]),
        ]
    shown = show(page, pack([maps], links=links))
    dead = "x is not positive in this cell, so ReLU hands nothing on: its gradient is 0."
    unfed = "Every upstream cell that feeds this cell is 0, so its gradient is 0."
    for k, said in enumerate([dead, "", unfed, dead]):
        shown.point("downstream", k, 2)
        assert (shown.line["terms"], shown.line["agrees"]) == ("0" if said == dead else "1", "true")
        assert [each.strip() for each in page.locator(".sum .note").all_inner_texts()] == (
            [said] if said else []
        )
        for other in {dead, unfed} - {said}:
            assert other not in shown.text
        terms = page.locator(".sum > .terms")
        assert terms.evaluate("box => box.scrollHeight <= box.clientHeight")


def test_a_bilinear_cells_sum_is_autograds_with_the_weights_as_fractions(page: Page) -> None:
    x = torch.arange(4.0).view(1, 1, 2, 2).requires_grad_()
    vector = torch.from_numpy(noise(1, 1, 4, 4))
    module = nn.Upsample(scale_factor=2, mode="bilinear")
    (expected,) = torch.autograd.grad(module(x), x, vector)
    with flow.run(module, x, upstream=vector) as run:
        node = run.capture.nodes[0]
        table = run.table(node.id)
        maps = [
            Map("upstream", "Upstream", "", node.upstream[0]),
            Map("downstream", "Downstream", "", node.downstream[0]),
        ]
    shown = show(page, pack([maps], links=[Link.from_table(table, "downstream", "upstream")]))
    for k in range(4):
        shown.point("downstream", k, 2)
        assert (shown.line["terms"], shown.line["agrees"]) == ("9", "true")
        assert float(shown.line["total"]) == pytest.approx(float(expected.view(-1)[k]), rel=1e-5)
        for weight, times in (("9/16", 1), ("3/16", 2), ("1/16", 1), ("1 (", 1), ("1/4", 2)):
            assert shown.text.count(f" {weight}") >= times
        row, column = divmod(k, 2)
        near = [4 * y + x for y in range(row, row + 3) for x in range(column, column + 3)]
        assert shown.linked("upstream") == near


# The reach


@pytest.mark.parametrize("channels", [1, 2])
def test_pointing_at_an_upstream_cell_lights_what_it_feeds(either: Page, channels: int) -> None:
    related, kernel = convolution(size=4, channels=channels)
    rows = [related.row(), [Map("kernel", "K", "", kernel, role="parameter")]]
    shown = show(either, pack(rows, links=[related.link]))
    for k in range(related.upstream.size):
        shown.point("upstream", k, 4)
        fed = np.flatnonzero(related.matrix[:, k]).tolist()
        assert shown.linked("downstream") == fed
        assert shown.linked("kernel") == shown.linked("upstream") == []
        assert shown.line["kind"] == "reach"
        assert shown.line["cells"] == str(len(fed))
        assert f"feeds {len(fed)} cells:" in shown.text


def test_the_reach_names_each_cell_and_its_coefficient(page: Page) -> None:
    related = upsampling()
    average = replace(
        related.link,
        coefficients=related.link.coefficients / np.float32(4),
        names=("1/4 (average)",),
    )
    shown = show(page, pack([related.row()], links=[average]))
    shown.point("upstream", 7, 4)
    assert f"feeds 1 cell: ∂L/∂input[0,0,0,1] gets 1/4 (average) {TIMES} " in shown.text


# Pins, keys, touch, speech


def test_a_pinned_sum_stays_until_it_is_freed(either: Page) -> None:
    related = upsampling()
    shown = show(either, pack([related.row()], links=[related.link]))
    shown.click("downstream", 1, 2)
    pinned = shown.line
    assert (pinned["pinned"], pinned["cell"]) == ("true", "0,0,0,1")
    shown.point("downstream", 2, 2)
    shown.point("upstream", 15, 4)
    assert shown.line == pinned
    assert shown.linked("upstream") == [2, 3, 6, 7]
    assert either.locator('[data-map="upstream"] .readout').get_attribute("data-index") == "0,0,3,3"
    either.keyboard.press("Escape")
    either.mouse.move(0, 1500)
    assert shown.line == {"kind": "idle"}
    assert shown.linked("upstream") == []
    assert shown.drawn("upstream", 16, 4) == shown.drawn("downstream", 4, 2) == []
    assert shown.sent == []  # the browser knew it all


def test_a_second_click_frees_a_pinned_cell(page: Page) -> None:
    related = upsampling()
    shown = show(page, pack([related.row()], links=[related.link]))
    shown.click("downstream", 1, 2)
    shown.click("downstream", 1, 2)
    page.mouse.move(0, 1500)
    assert shown.line == {"kind": "idle"}


def test_arrow_keys_drive_the_same_outlines_and_tab_reaches_every_map(either: Page) -> None:
    related = upsampling()
    shown = show(either, pack([related.row()], links=[related.link]))
    either.keyboard.press("Tab")
    either.keyboard.press("ArrowRight")
    assert (shown.line["kind"], shown.line["map"]) == ("reach", "upstream")
    either.keyboard.press("Tab")
    either.keyboard.press("ArrowRight")
    either.keyboard.press("ArrowRight")
    either.keyboard.press("ArrowDown")
    assert (shown.line["kind"], shown.line["cell"]) == ("sum", "0,0,1,1")
    assert shown.linked("upstream") == [10, 11, 14, 15]
    either.keyboard.press("Enter")
    either.keyboard.press("ArrowUp")
    assert (shown.line["pinned"], shown.line["cell"]) == ("true", "0,0,1,1")
    either.keyboard.press("Escape")
    either.keyboard.press("ArrowLeft")
    assert shown.line["cell"] == "0,0,0,0"


def test_a_tap_pins_and_a_second_tap_frees(phone: Page) -> None:
    related = upsampling()
    shown = show(phone, pack([related.row()], links=[related.link]))
    phone.touchscreen.tap(*shown.centre("downstream", 3, 2))
    assert (shown.line["pinned"], shown.line["cell"]) == ("true", "0,0,1,1")
    assert shown.linked("upstream") == [10, 11, 14, 15]
    phone.touchscreen.tap(*shown.centre("downstream", 3, 2))
    assert shown.line == {"kind": "idle"}


def test_a_pinned_sum_stays_in_sight_and_does_not_cover_its_cell(phone: Page) -> None:
    phone.set_viewport_size({"width": NARROW, "height": 600})
    related, kernel = convolution(size=4)
    rows = [related.row(), [Map("kernel", "K", "", kernel, role="parameter")]]
    shown = show(phone, pack(rows, links=[related.link]))
    for key, k in (("upstream", 13), ("downstream", 1)):
        _, y = shown.centre(key, k, 4)
        phone.evaluate("by => { document.scrollingElement.scrollTop += by; }", y - 580)
        phone.touchscreen.tap(*shown.centre(key, k, 4))
        assert (shown.line["map"], shown.line["pinned"]) == (key, "true")
        box = phone.locator(".sum").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 600
        assert shown.centre(key, k, 4)[1] < box["y"]
        phone.keyboard.press("Escape")


def test_a_screen_reader_hears_the_sum_once_one_rests(page: Page) -> None:
    related = upsampling()
    shown = show(page, pack([related.row()], links=[related.link]))
    spoken = page.locator('[aria-live="polite"]')
    assert spoken.count() == 1
    shown.point("downstream", 0, 2)
    shown.point("downstream", 1, 2)
    page.wait_for_function(
        "document.querySelector('.spoken').textContent.startsWith('Downstream [0,0,0,1]')"
    )
    said = spoken.text_content() or ""
    assert said.startswith("Downstream [0,0,0,1]. ")
    assert said.endswith(" too")
    assert said.count("1 (copy)") == 4


# What does not move, and what is not repainted


def test_nothing_moves_and_no_map_is_repainted_while_one_points(either: Page) -> None:
    related, kernel = convolution(size=4, channels=2)
    rows = [related.row(), [Map("kernel", "K", "", kernel, role="parameter")]]
    shown = show(either, pack(rows, links=[related.link]))
    either.evaluate(COUNT_PAINTED)
    below = either.locator("#below").bounding_box()
    for key in ("downstream", "upstream"):
        for k in range(32):
            shown.point(key, k, 4)
            assert either.locator("#below").bounding_box() == below
            box = either.locator(".sum > .verdict").evaluate(
                "e => [e.scrollHeight, e.clientHeight]"
            )
            assert box[0] <= box[1]
    assert either.evaluate("window.painted") == 0


# Links that come after their maps


def wait(page: Page, block: bytes) -> Shown:
    page.evaluate(AWAIT, base64.b64encode(block).decode())
    return Shown(page)


def test_links_that_arrive_late_find_their_room_and_what_is_pinned(either: Page) -> None:
    related = upsampling()
    shown = wait(either, pack([related.row()], links=[related.link]))
    below = either.locator("#below").bounding_box()
    assert shown.text == ""
    either.locator('[data-map="downstream"] .scroller').focus()
    shown.click("downstream", 1, 2)
    shown.point("upstream", 5, 4)
    assert shown.linked("upstream") == []
    either.evaluate(COUNT_PAINTED)
    either.evaluate("window.arrive()")
    assert either.evaluate("window.painted") == 0
    assert (shown.line["kind"], shown.line["cell"]) == ("sum", "0,0,0,1")
    assert exact(shown.line["total"]) == related.downstream[0, 0, 0, 1]
    assert shown.linked("upstream") == [2, 3, 6, 7]
    assert shown.drawn("upstream", 16, 4) == [2, 3, 5, 6, 7]
    readout = either.locator('[data-map="upstream"] .readout')
    assert readout.get_attribute("data-index") == "0,0,1,1"
    assert (
        either.evaluate("document.activeElement.closest('[data-map]').dataset.map") == "downstream"
    )
    assert shown.sent == []
    if either.viewport_size == {"width": WIDE, "height": 2000}:
        assert either.locator("#below").bounding_box() == below


def test_a_cell_pinned_before_a_link_that_is_too_large_came_is_asked_then(page: Page) -> None:
    related = upsampling()
    shown = wait(page, pack([related.row()], links=[asked()]))
    shown.click("downstream", 2, 2)
    assert shown.sent == []
    page.evaluate("window.arrive()")
    assert (shown.line["kind"], shown.sent) == (
        "large",
        [{"map": "downstream", "index": [0, 0, 1, 0]}],
    )
    page.evaluate("window.arrive()")
    assert len(shown.sent) == 1


def test_other_values_are_painted_and_the_same_are_not(page: Page) -> None:
    related = upsampling()
    page.evaluate(COUNT_PAINTED)
    wait(page, pack([related.row()], links=[related.link]))
    page.evaluate(THREE_FRAMES)  # in which nothing is repainted
    assert page.evaluate("window.painted") == 2  # one tile a map
    pixel = (
        "() => [...document.querySelector('.cells').getContext('2d').getImageData(5, 5, 1, 1).data]"
    )
    before = page.evaluate(pixel)
    page.evaluate("window.arrive()")
    assert page.evaluate("window.painted") == 2
    opposite = replace(related, upstream=-related.upstream)
    wait(page, pack([opposite.row()], links=[related.link]))
    assert page.evaluate("window.painted") == 4
    assert page.evaluate(pixel) != before


def test_another_width_or_another_theme_paints_again(page: Page) -> None:
    related = upsampling()
    wait(page, pack([related.row()], links=[related.link]))
    page.evaluate(COUNT_PAINTED)
    page.set_viewport_size({"width": 420, "height": 2000})
    page.wait_for_function("window.painted >= 1")
    painted = page.evaluate("window.painted")
    page.evaluate("document.documentElement.style.setProperty('--st-background-color', 'black')")
    page.wait_for_function("painted => window.painted >= painted + 2", arg=painted)


def test_the_picture_of_all_maps_is_whole(page: Page) -> None:
    related = upsampling()
    wait(page, pack([related.row()], links=[related.link]))
    with page.expect_download() as download:
        page.evaluate("window.maps.save('maps.png')")
    assert download.value.suggested_filename == "maps.png"
    picture = Image.open(download.value.path()).convert("RGB")
    bound = np.abs(np.concatenate([related.upstream.ravel(), related.downstream.ravel()])).max()
    table = theme.colour_table(dark=False)
    seen = {tuple(colour) for colour in np.asarray(picture).reshape(-1, 3).tolist()}
    for value in related.upstream.ravel():
        row = table[theme.LUT_HALF + round(theme.LUT_HALF * float(value) / float(bound))]
        assert tuple(row[:3].tolist()) in seen


def test_maps_that_are_removed_leave_nothing(page: Page) -> None:
    related = upsampling()
    wait(page, pack([related.row()], links=[related.link]))
    page.evaluate("window.maps.remove()")
    assert page.locator("#host *").count() == 0
    page.set_viewport_size({"width": 420, "height": 2000})


# What the server is asked


def asked() -> Link:
    return Link.asked("downstream", "upstream", words={"large": "Click a cell."})


def answered(related: Related, k: int, note: str = "") -> bytes:
    link = related.link
    terms = slice(link.offsets[k], link.offsets[k + 1])
    alone = replace(
        link,
        cells=link.cells[k : k + 1],
        offsets=np.array([0, terms.stop - terms.start]),
        places=link.places[terms],
        coefficients=link.coefficients[terms],
        name_of=link.name_of[terms],
    )
    index = tuple(int(axis) for axis in np.unravel_index(k, related.downstream.shape))
    answer = Answer("downstream", index, (alone,), note)
    return pack([related.row()], links=[asked()], answer=answer)


def test_a_link_that_is_too_large_asks_and_shows_the_answer(either: Page) -> None:
    related = upsampling()
    shown = show(either, pack([related.row()], links=[asked()]))
    for key, k, side in (("downstream", 1, 2), ("upstream", 5, 4)):
        shown.point(key, k, side)
        assert (shown.line["kind"], shown.text) == ("large", "Click a cell.")
    shown.click("downstream", 2, 2)
    assert SUM_WORDS["asking"] in shown.text
    assert shown.sent[-1] == ["said", {"value": [0, 0, 1, 0]}]
    show(either, answered(related, 2, "A sentence."))
    assert (shown.line["kind"], shown.line["cell"]) == ("sum", "0,0,1,0")
    assert exact(shown.line["total"]) == related.downstream[0, 0, 1, 0]
    assert shown.linked("upstream") == [8, 9, 12, 13]
    assert "A sentence." in shown.text


def test_a_question_has_room_for_its_answer(page: Page) -> None:
    related = upsampling()
    shown = show(page, pack([related.row()], links=[asked()]))
    below = page.locator("#below").bounding_box()
    shown.click("downstream", 2, 2)
    assert page.locator("#below").bounding_box() == below
    box = page.locator(".sum > .terms").evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert box[0] <= box[1]


def test_a_late_answer_does_not_take_the_visitor_back(page: Page) -> None:
    related = upsampling()
    shown = show(page, pack([related.row()], links=[asked()]))
    shown.click("downstream", 2, 2)
    shown.click("downstream", 1, 2)
    show(page, answered(related, 2))
    assert (shown.line["kind"], shown.line["cell"]) == ("large", "0,0,0,1")


def test_an_answer_that_comes_first_is_shown_pinned(page: Page) -> None:
    related = upsampling()
    shown = show(page, answered(related, 3))
    assert (shown.line["kind"], shown.line["cell"]) == ("sum", "0,0,1,1")
    assert shown.line["pinned"] == "true"


def test_an_answer_without_a_sum_says_why(page: Page) -> None:
    related = upsampling()
    refusal = Answer("downstream", (0, 0, 1, 0), (), "Too many runs.")
    shown = show(page, pack([related.row()], links=[asked()], answer=refusal))
    assert (shown.line["kind"], shown.line["cell"]) == ("note", "0,0,1,0")
    assert "Too many runs." in shown.text
    assert "total" not in shown.text


def test_only_what_the_browser_does_not_know_is_asked(page: Page) -> None:
    related = upsampling()
    shown = show(page, pack([related.row()], links=[asked()]))
    page.locator('[data-map="downstream"] .scroller').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert shown.sent == [["said", {"value": [0, 0, 0, 0]}]]
    show(page, answered(related, 0))
    page.keyboard.press("Escape")
    assert len(shown.sent) == 1


def test_the_hint_tells_what_helps(page: Page) -> None:
    related = upsampling()
    assert show(page, pack([related.row()], links=[related.link])).text == SUM_WORDS["hint"]
    assert show(page, pack([related.row()], links=[asked()])).text == "Click a cell."


def test_without_links_there_is_no_line(page: Page) -> None:
    related = upsampling()
    shown = show(page, pack([related.row()]))
    assert not page.locator(".sum").is_visible()
    shown.point("downstream", 1, 2)
    shown.click("downstream", 1, 2)
    assert page.locator('[data-map="downstream"] .readout').get_attribute("data-index") == "0,0,0,1"
    assert shown.linked("upstream") == []


def test_a_sentence_between_the_maps_is_text(page: Page) -> None:
    related = upsampling()
    show(page, pack([related.row()], links=[related.link], between=["Copied <b>4</b> times."]))
    assert page.locator(".between p").all_inner_texts() == ["Copied <b>4</b> times."]
