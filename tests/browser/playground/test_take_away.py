"""Everything a visitor can take along, read back and compared with what the page shows."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import torch
from PIL import Image
from playwright.sync_api import Browser, Download, Page, expect

from experiment.running.runs import Runs
from experiment.setting import of_preset
from experiment.written.address import from_address
from pages.parts.addresses import PLAYGROUND
from tests.browser.conftest import Visit
from tests.browser.driving.alone import alone, read_cells
from tests.browser.driving.screen import PHONE, Screen
from viz.arrays import captured

VIEW = "?v=2&model=lenet&seed=3&node=n14&channel=all"
LARGEST_PAGE = 1_000_000
"""Bytes."""


def menu(screen: Screen) -> Page:
    screen.button("Take away").click()
    expect(screen.button("Script .py")).to_be_visible()
    screen.idle()
    return screen.page


def take(screen: Screen, label: str, folder: Path) -> Path:
    """Press a button of the open menu and keep the file that comes."""
    with screen.page.expect_download() as coming:
        screen.button(label).click()
    return kept(coming.value, folder)


def picture_of(screen: Screen, what: str, folder: Path) -> Path:
    """Let the browser save a picture of what it shows."""
    with screen.page.expect_download() as coming:
        screen.pick("Save a picture", what)
    return kept(coming.value, folder)


def kept(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    before, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        torch.set_num_threads(before)
        torch.set_rng_state(state)


def run_text(*texts: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "taken"}
    with one_thread():
        for text in texts:
            exec(compile(text, "taken.py", "exec"), space)  # noqa: S102 - what the app wrote
    return space


def test_the_script_and_the_notebook_give_the_numbers_on_the_screen(
    visit: Visit, tmp_path: Path
) -> None:
    screen = visit(VIEW)
    weight, upstream = screen.array("gradient:conv2.weight"), screen.array("upstream")
    menu(screen)
    script = take(screen, "Script .py", tmp_path)
    notebook = take(screen, "Notebook .ipynb", tmp_path)
    assert script.name == "backlight-LeNet.py"
    book = json.loads(notebook.read_text())
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    for space in (run_text(script.read_text()), run_text(*cells)):
        gradient = space["model"].get_parameter("conv2.weight").grad
        assert np.array_equal(gradient.numpy(), weight)
        assert np.array_equal(space["upstream"]["conv2"].numpy(), upstream)
    (address,) = re.findall("^# Seen at (.*)$", script.read_text(), re.MULTILINE)
    assert dict(parse_qsl(urlsplit(address).query)) == screen.query()


def test_of_two_runs_each_has_its_script_and_it_is_said_which_one_a_file_holds(
    visit: Visit, tmp_path: Path
) -> None:
    screen = visit()
    screen.page.goto(f"{screen.visitor.url}/{PLAYGROUND}?v=2&model=lenet&2.seed=3")
    expect(screen.page.locator(".beside")).to_have_attribute("data-state", "shown")
    screen.button("Take away").click()
    expect(
        screen.page.get_by_text("where nothing else is said, a file holds run A")
    ).to_be_visible()
    scripts = [take(screen, label, tmp_path) for label in ("Script .py", "Script of B .py")]
    assert [script.name for script in scripts] == ["backlight-LeNet.py", "backlight-LeNet-B.py"]
    for script, seed in zip(scripts, (0, 3), strict=True):
        text = script.read_text()
        (address,) = re.findall("^# Seen at (.*)$", text, re.MULTILINE)
        there, _ = from_address(dict(parse_qsl(urlsplit(address).query)))
        alone = replace(of_preset("lenet"), seed=seed)
        assert (there.setting, there.beside) == (alone, ())
        with one_thread():
            recorded = Runs().outcome(alone).capture.parameters
        (known,) = (each.gradient for each in recorded if each.name == "conv2.weight")
        found = run_text(text)["model"].get_parameter("conv2.weight").grad.numpy()
        assert known is not None
        assert np.array_equal(found, known)


def test_all_tensors_and_the_shown_maps_come_bit_for_bit(visit: Visit, tmp_path: Path) -> None:
    screen = visit(VIEW)
    seen = {"conv2.upstream": "upstream", "conv2.downstream": "downstream"}
    seen["conv2.weight.grad"] = "gradient:conv2.weight"
    shown = {name: screen.array(key) for name, key in seen.items()}
    menu(screen)
    with one_thread():
        said = dict(pair.split("=") for pair in VIEW[1:].split("&"))
        capture = Runs().outcome(from_address(said)[0].setting).capture
    with np.load(take(screen, "All tensors .npz", tmp_path)) as arrays:
        for name, array in shown.items():
            assert np.array_equal(arrays[name], array), name
        expected = captured(capture)
        assert set(arrays.files) == set(expected)
        for name, array in expected.items():
            assert arrays[name].tobytes() == array.tobytes(), name
    found: dict[str, list[np.float32]] = {}
    with take(screen, "Maps .csv", tmp_path).open(newline="") as file:
        for line in csv.DictReader(file):
            found.setdefault(line["tensor"], []).append(np.float32(line["value"]))
    assert set(found) == {*seen, "conv2.bias.grad", "conv2.input"}
    for name, array in shown.items():
        assert np.array_equal(np.array(found[name]), array.reshape(-1)), name


def test_pictures_are_painted_by_the_browser(visit: Visit, tmp_path: Path) -> None:
    screen = visit()
    screen.box("conv2").click()
    screen.shows("conv2", "n6", "conv2")
    screen.box("upsample").click()
    screen.shows("upsample", "n9", "upsample")
    svg = picture_of(screen, "Graph .svg", tmp_path)
    assert svg.name == "backlight-Test-graph.svg"
    assert svg.read_text().count('class="node') == screen.nodes.count()
    with Image.open(picture_of(screen, "Graph .png", tmp_path)) as graph:
        colours = {colour for _, colour in graph.convert("RGB").getcolors(1 << 24) or []}
    assert {(173, 216, 230), (211, 211, 211), (255, 255, 255)} <= colours  # leaves, nodes, paper
    downloads: list[Download] = []
    screen.page.on("download", lambda download: downloads.append(download))
    with Image.open(picture_of(screen, "Maps .png", tmp_path)) as maps:
        picture = maps.convert("RGB")
    assert picture.width > 600
    # The largest gradient of the shown sample is positive: the last colour of the scale.
    assert (178, 24, 43) in {colour for _, colour in picture.getcolors(1 << 24) or []}
    screen.idle()
    assert [each.suggested_filename for each in downloads] == ["backlight-Test-upsample.png"]


def test_the_page_is_one_file_that_shows_what_the_app_shows(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    screen = visit(VIEW)
    menu(screen)
    file = take(screen, "Web page .html", tmp_path)
    assert file.name == "backlight-LeNet.html"
    assert file.stat().st_size < LARGEST_PAGE
    screen.page.keyboard.press("Escape")
    keys = ("downstream", "gradient:conv2.bias")
    wanted = {key: read_cells(screen.page, key) for key in keys}
    with alone(browser, file) as page:
        expect(page.locator("h3.head").last).to_have_text("conv2")
        link = urlsplit(page.get_by_role("link").get_attribute("href") or "")
        assert link.netloc == urlsplit(screen.page.url).netloc
        assert dict(parse_qsl(link.query)) == screen.query()
        found = {key: read_cells(page, key) for key in keys}
    assert found == wanted


def test_an_experiment_comes_back_from_its_file_and_from_its_text(
    visit: Visit, tmp_path: Path
) -> None:
    screen = visit(VIEW)
    cells = screen.cells("downstream")
    menu(screen)
    file = take(screen, "Experiment .json", tmp_path)
    other = visit()
    menu(other)
    other.page.get_by_text("Bring an experiment back").click()
    with other.page.expect_file_chooser() as chooser:
        other.button("Upload").click()
    chooser.value.set_files(file)
    expect(other.seed).to_have_value("3")
    other.shows("conv2", "n14", "conv2")
    assert other.cells("downstream") == cells
    third = visit()
    menu(third)
    third.page.get_by_text("Bring an experiment back").click()
    box = third.page.get_by_role("textbox", name="or its text")
    box.fill('{"network": 3}')
    box.press("Control+Enter")
    third.button("Load this text").click()
    expect(third.alert).to_contain_text("network")
    box.fill(file.read_text())
    box.press("Control+Enter")
    third.button("Load this text").click()
    expect(third.seed).to_have_value("3")
    third.shows("conv2", "n14", "conv2")


def test_the_menu_fits_a_phone(visit: Visit) -> None:
    screen = visit(viewport=PHONE)
    page = menu(screen)
    body = page.get_by_test_id("stPopoverBody")
    box = body.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    for label in ("Script .py", "Maps .csv", "All tensors .npz"):
        button = screen.button(label)
        button.scroll_into_view_if_needed()
        inside = button.bounding_box()
        assert inside is not None
        assert inside["x"] + inside["width"] <= PHONE["width"]


def test_a_training_is_taken_away_as_the_loop_that_gives_its_losses(
    visit: Visit, tmp_path: Path
) -> None:
    screen = visit("?v=2&model=lenet&train=1&train_data=digits&train_steps=5&train_run=5")
    said = screen.page.locator(".timeline .said")
    expect(said).to_contain_text("Step 4: loss")
    menu(screen)
    file = take(screen, "Training .py", tmp_path)
    assert file.name == "backlight-LeNet-training.py"
    loss = run_text(file.read_text())["loss"].item()
    expect(said).to_contain_text(f"Step 4: loss {loss:.3g}")
    for untrained in ("?v=2&model=lenet", "?v=2&model=triple&train=1"):
        other = visit(untrained)
        menu(other)
        expect(other.button("Training .py")).to_have_count(0)
