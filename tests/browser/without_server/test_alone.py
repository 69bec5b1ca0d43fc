"""One file without a server: it is the workbench, with the numbers of the run to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect
from torch import nn

from experiment import source
from experiment.asking.answers import Answers
from experiment.running.runs import Runs
from experiment.setting import Setting, of_preset
from experiment.take_away.offline import offline_page
from experiment.view import View
from flow.record import Capture
from models.own import Given, Own
from tests.browser.driving.alone import alone, read_array, rested
from tests.browser.driving.screen import PHONE

Make = Callable[..., Path]
LINK = "http://127.0.0.1:8501/?v=2"
RUNS = Runs()
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOSTILE = "</script><!--<img src=x onerror=alert(1)>"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return ``make(setting, view)``: the file of a run."""

    def made(setting: Setting, view: View | None = None) -> Path:
        file = tmp_path / "page.html"
        live = Answers(RUNS, setting)
        file.write_text(offline_page(live, view or View(), LINK, "en", "run"), encoding="utf-8")
        return file

    return made


def capture(setting: Setting) -> Capture:
    return RUNS.outcome(setting).capture


def there(array: NDArray[Any] | None) -> NDArray[Any]:
    assert array is not None
    return array


def same(found: NDArray[np.float32], array: NDArray[Any]) -> bool:
    """Whether the cells on screen are these, bit for bit."""
    return found.tobytes() == np.ascontiguousarray(array, np.float32).tobytes()


def choose(page: Page, layer: str) -> None:
    page.locator(f".backlight-strip button[data-layer='{layer}']").click()
    expect(page.locator("h3.head").last).to_have_text(layer)
    rested(page)


def point(page: Page, key: str, moves: int) -> str:
    """Walk to a cell with the keys and return the sum that is written, with its verdict."""
    page.locator(f".card[data-map='{key}'] .scroller").focus()
    page.keyboard.press("Control+Home")
    for _ in range(moves):
        page.keyboard.press("ArrowRight")
    return page.locator(".sum").inner_text()


TEST = of_preset("test")
LOOKS = pytest.mark.parametrize(
    "looks", [{}, {"viewport": PHONE, "color_scheme": "dark"}], ids=["desktop", "dark phone"]
)


@LOOKS
def test_choices_show_the_captured_cells(
    make: Make, browser: Browser, looks: dict[str, Any]
) -> None:
    run = capture(TEST)
    with alone(browser, make(TEST), **looks) as page:
        node = run.node("n9")
        assert same(read_array(page, "upstream"), there(node.upstream[0])[0])
        page.get_by_role("radio", name="sample 1").check(force=True)
        rested(page)
        assert same(read_array(page, "upstream"), there(node.upstream[0])[1])
        choose(page, "conv2")
        expect(page.locator("g.node[aria-pressed=true]")).to_have_attribute("id", "node-n6")
        assert same(read_array(page, "downstream"), there(run.node("n6").downstream[0])[1])
        if looks:  # on a phone the graph is folded
            page.locator(".graph-card .fold").click()
        page.locator("#node-n1").press("Enter")
        expect(page.locator("h3.head").last).to_have_text("fc")
        expect(page.locator(".backlight-strip [aria-pressed=true]")).to_have_attribute(
            "data-layer", "fc"
        )
        rested(page)
        assert same(
            read_array(page, "gradient:fc.weight"), there(run.layer("fc").parameters[0].gradient)
        )
        assert page.evaluate(WIDE) <= 0


@LOOKS
def test_values_come_with_their_sums(make: Make, browser: Browser, looks: dict[str, Any]) -> None:
    run = capture(TEST)
    layer = run.layer("conv2")
    weight, bias = (record.value for record in layer.parameters)
    with alone(browser, make(TEST), **looks) as page:
        choose(page, "conv2")
        page.get_by_role("radio", name="sample 1").check(force=True)
        page.get_by_role("radio", name="values").check(force=True)
        rested(page)
        assert same(read_array(page, "output0"), there(layer.outputs[0])[1])
        point(page, "output0", 1)
        readout = page.locator(".card[data-map='output0'] .readout")
        expect(readout).to_have_attribute("data-index", "1,0,0,1")
        window = there(layer.inputs[0])[1, 0, 0:3, 1:4].astype(np.float64)
        total = float((window * weight[0, 0]).sum() + bias[0])
        assert float(readout.get_attribute("data-value") or "nan") == pytest.approx(total, rel=1e-5)
        written = page.locator(".sum").text_content() or ""  # on a phone a part is only heard
        assert f"recorded {total:.4f} too".replace("-", "\u2212") in written


def test_the_sum_of_a_gradient_is_ticked_and_its_proof_stands_above(
    make: Make, browser: Browser
) -> None:
    node = capture(TEST).node("n9")
    with alone(browser, make(TEST)) as page:
        written = point(page, "downstream", 1)
        block = there(node.upstream[0])[0, 0, :2, 2:4].astype(np.float64).sum()
        assert f"{block:.4f}".replace("-", "\u2212") in written
        assert " too" in written
        page.locator(".proof > summary").click()
        chips = page.locator(".proof [role=listitem]")
        count = len(Answers(RUNS, TEST).proof("n9").checks) + 1  # and what conv1 received
        expect(chips).to_have_count(count)
        expect(page.locator(".proof .passed")).to_have_count(count)
        expect(page.locator(".formula math")).to_be_visible()


def test_the_backward_pass_is_walked_step_by_step(make: Make, browser: Browser) -> None:
    run = capture(TEST)
    with alone(browser, make(TEST)) as page:
        for name in ("Play the backward pass", "Pause"):
            page.get_by_role("button", name=name).click()
        for step, node in enumerate(run.nodes):
            expect(page.locator(".backlight-step .place")).to_have_text(
                f"Step {step + 1} of {len(run.nodes)}"
            )
            expect(page.locator("g.node[aria-pressed=true]")).to_have_attribute(
                "id", f"node-n{step}"
            )
            rested(page)
            arrived = there(node.upstream[0])
            if arrived.ndim:
                shown = arrived if node.is_leaf or arrived.ndim < 3 else arrived[0]
                assert same(read_array(page, "upstream"), shown), step
            if step < len(run.nodes) - 1:
                page.get_by_role("button", name="Next step").click()


def test_nothing_is_offered_that_needs_a_server(make: Make, browser: Browser) -> None:
    with alone(browser, make(TEST, View(node="n6", hand="input", show="parameters"))) as page:
        expect(page.locator(".hand button")).to_have_count(0)
        expect(page.get_by_role("button", name="Change")).to_have_count(0)
        expect(page.get_by_role("button", name="Show", exact=True)).to_have_count(0)
        expect(page.get_by_role("link")).to_have_attribute("href", LINK)
        for name in ("Maps .png", "Graph .svg", "Graph .png"):
            with page.expect_download() as coming:
                page.get_by_role("combobox", name="Save a picture").select_option(label=name)
            assert coming.value.suggested_filename.startswith("run-")


def test_what_the_file_of_a_large_run_lacks_is_said_and_nothing_wrong_is_shown(
    make: Make, browser: Browser
) -> None:
    large = replace(of_preset("unet"), input_shape=(1, 1, 256, 256), input="random")
    node = capture(large).node("n9")
    with alone(browser, make(large, View(node="n9", channel=2))) as page:
        assert same(
            read_array(page, "downstream", 200), there(node.downstream[0])[0, 2].ravel()[:200]
        )
        page.locator(".backlight-strip button[data-layer='relu5']").click()
        expect(page.locator(".absent")).to_contain_text("holds one node: n9 MaxUnpool2DBackward0")
        expect(page.locator("h3.head").last).to_have_text("n4")
        for part in (".maps", ".proof", ".controls", ".formula"):
            expect(page.locator(part)).to_be_hidden()
        choose(page, "unpool1")
        expect(page.locator(".maps")).to_be_visible()
        expect(page.locator(".card[data-map='upstream'] .missing")).to_contain_text(
            "not in the file"
        )


def test_hostile_names_are_shown_as_text(
    make: Make, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = nn.Sequential()
    network.add_module(HOSTILE, nn.Linear(2, 2))
    own = Own(HOSTILE, (Given((1, 2)),), maker=lambda: network)
    monkeypatch.setattr(source, "configured", lambda: own)
    with alone(browser, make(of_preset(source.OWN))) as page:
        expect(page.locator("h1")).to_have_text(f"Backlight · {own.title}")
        expect(page.locator("h3.head").last).to_have_text(HOSTILE)
        expect(page.locator("img")).to_have_count(0)
