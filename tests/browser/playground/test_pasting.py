"""A class that is pasted, run, changed, shared and taken along; a wrong one that stays."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Locator, expect

from pages.controls.paste import EXAMPLE
from scripts.served import Server
from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE, Screen
from tests.models.source.pasted_vision import VISION
from tests.models.source.test_source_written import seed_class

PASTED, _ = VISION["reference constructs"]


def box(screen: Screen) -> Locator:
    """Open the box and return its text area."""
    screen.button("Paste code").click()
    text = screen.page.get_by_role("dialog").locator("textarea")
    expect(text).to_be_visible()
    screen.idle()
    return text


def own_gradients(seed: int) -> dict[str, torch.Tensor]:
    """Run the whole text as its author would: it has an input and a loss of its own."""
    space: dict[str, Any] = {"torch": torch}
    with torch.random.fork_rng(), redirect_stdout(StringIO()):
        torch.manual_seed(seed)
        exec(compile(PASTED, "pasted.py", "exec"), space)  # noqa: S102 - the text above
    return {name: parameter.grad for name, parameter in space["probe"].named_parameters()}


def test_a_pasted_class_shows_its_gradients_and_its_link_does_so_on_a_fresh_server(
    visit: Visit, fresh: Server
) -> None:
    screen = visit("?v=1&model=test&seed=2")
    text = box(screen)
    text.fill(PASTED)
    text.press("Control+Enter")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    expect(screen.box("larger")).to_be_visible()
    expect(screen.page.get_by_text("input Ones, 1x2x3x3; loss Sum.")).to_be_visible()
    beside = screen.button("For a room").bounding_box()
    notice = screen.page.get_by_test_id("stAlertContainer").first.bounding_box()
    assert beside
    assert notice
    assert notice["x"] + notice["width"] <= beside["x"]
    screen.idle()
    screen.box("second").click()
    screen.idle()
    expect(screen.heading).to_have_text("second")
    screen.drawn()
    keys = ("upstream", "downstream", "gradient:second.weight")
    cells = {key: screen.cells(key) for key in keys}
    for index, value in cells["gradient:second.weight"].items():
        expected = float(own_gradients(2)["second.weight"][index])
        assert abs(np.float32(value) - expected) <= 1e-6 * abs(expected)
    screen.button("Share").click()
    offered = screen.page.get_by_label("The link", exact=True).input_value()
    assert len(offered) < 1000
    other = visit("?" + offered.split("?")[1], at=fresh)
    assert {key: other.cells(key) for key in keys} == cells


def test_a_wrong_class_stays_in_the_box_beside_its_line_on_a_phone_too(visit: Visit) -> None:
    screen = visit(viewport=PHONE)
    screen.page.get_by_test_id("stExpandSidebarButton").click()
    wrong = EXAMPLE.replace("self.blocks(self", "self.bloks(self")
    text = box(screen)
    text.fill(wrong)
    screen.page.get_by_role("dialog").get_by_role("button", name="Run").click()
    expect(screen.alert).to_have_text("Line 18: Net has no 'bloks' here. It has blocks.")
    expect(screen.page.locator("pre.excerpt mark")).to_contain_text("18          x = self.bloks")
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert screen.page.evaluate(wide) <= 0
    text.fill(wrong + "# more")
    screen.page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    again = box(screen)
    expect(again).to_have_value(wrong + "# more")
    again.fill(EXAMPLE)
    again.press("Control+Enter")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    screen.drawn()
    expect(screen.box("blocks_1_conv")).to_have_count(1)


def test_the_published_test_class_is_pasted_as_it_is_printed(visit: Visit) -> None:
    printed = seed_class("000", "Test")
    screen = visit("?v=1&model=lenet")
    text = box(screen)
    text.fill(printed)
    text.press("Control+Enter")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    screen.box("upsample").click()
    expect(screen.heading).to_have_text("upsample")
    screen.drawn()
    layers = screen.strip.locator("button.layer .name").all_inner_texts()
    assert layers == ["conv1", "upsample", "conv2", "flatten", "fc"]
    screen.point("downstream", 0, 0)
    assert (screen.sum["agrees"], screen.sum["terms"]) == ("true", "4")


LINES = """\
m = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
x = torch.tensor([[[[6., 10.],
                    [9., 12.]]]])
m(x)
>> tensor([[[[ 6.0000,  7.3333,  8.6667, 10.0000],
          [ 7.0000,  8.2222,  9.4444, 10.6667]]]])
z = torch.arange(1., 4.).view(1, 3)
z * 2
"""


def test_lines_of_notes_are_run_on_their_own_numbers(visit: Visit) -> None:
    screen = visit("?v=2&model=lenet")
    text = box(screen)
    text.fill(LINES)
    text.press("Control+Enter")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    expect(screen.page.get_by_text("input numbers of your own, 1x1x2x2;")).to_be_visible()
    expect(screen.heading).to_have_text("m")
    screen.idle()
    screen.page.get_by_role("radio", name="values", exact=True).check()
    screen.drawn()
    mixed = [6, 7 + 1 / 3, 8 + 2 / 3, 10, 7, 8 + 2 / 9, 9 + 4 / 9, 10 + 2 / 3]
    shown = screen.array("output0").reshape(-1)
    assert np.allclose(shown[:8], mixed, atol=1e-5)
    box(screen)
    screen.pick("Which one is run", "z")
    screen.page.get_by_role("dialog").get_by_role("button", name="Run").click()
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    expect(screen.page.get_by_text("input numbers of your own")).to_have_count(0)
    expect(screen.page.get_by_text("input Counting, 1x3;")).to_be_visible()
