"""Painting, typing and bringing what is fed: what runs is what was set, as plain PyTorch has it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, expect
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.cell_edits import read_edits
from models.inputs.pictures import fit
from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE, Screen
from tests.browser.plain import Plain, gradient, run


class Easel:
    """The grid in which cells are set, on one screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.root = screen.page.locator(".paint")
        self.grid = self.root.get_by_role("grid")
        self.cells = self.root.get_by_role("gridcell")

    def cell(self, place: int) -> Locator:
        return self.grid.locator(f"[data-place='{place}']")

    def centre(self, place: int) -> tuple[float, float]:
        self.cell(place).scroll_into_view_if_needed()
        box = self.cell(place).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def tool(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def drag(self, *places: int) -> None:
        """Draw with the mouse through the middles of these cells."""
        mouse = self.screen.page.mouse
        mouse.move(*self.centre(places[0]))
        mouse.down()
        for place in places[1:]:
            mouse.move(*self.centre(place), steps=3)
        mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.screen.page.keyboard.press(key)

    def values(self) -> list[float]:
        """Read every cell; the grid may just be drawn anew."""
        expect(self.cells.first).to_be_visible()
        return [
            float(text) for text in self.cells.evaluate_all("all => all.map(c => c.dataset.value)")
        ]

    def edits(self) -> dict[int, float]:
        """What the address says was changed in the input."""
        self.screen.idle()
        return dict(read_edits(self.screen.query().get("edits", "")).of("input"))

    def settles(self, changed: dict[int, float]) -> None:
        """Wait until the address holds these changes of the input."""
        text = read_edits("").with_cells("input", changed).to_text()
        pattern = rf"[?&]edits={re.escape(text)}(&|$)" if text else r"^(?!.*edits=)"
        expect(self.screen.page).to_have_url(re.compile(pattern))
        self.screen.idle()


def easel(visit: Visit, query: str, **options: object) -> Easel:
    found = Easel(visit(query, **options))
    expect(found.cells.first).to_be_visible()
    return found


def expected(
    change: Callable[[Plain, Tensor], object], seed: int = 0, batch: Tensor | None = None
) -> tuple[Plain, Tensor]:
    """Run the network after a change of its weights or its input, in plain PyTorch."""
    model = Plain.of_seed(seed)
    values = torch.arange(1.0, 9.0).view(2, 1, 2, 2) if batch is None else batch
    with torch.no_grad():
        change(model, values)
    return model, run(model, values, lambda output: F.mse_loss(output, torch.zeros_like(output)))


def same(shown: NDArray[np.float32], wanted: Tensor) -> None:
    assert shown.tobytes() == np.ascontiguousarray(wanted.detach().numpy()).tobytes()


def test_cells_painted_with_the_mouse_arrive_in_every_gradient(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=input")
    board.root.get_by_role("textbox", name="Brush value").fill("-0.75")
    board.press("Enter")
    board.drag(0, 1, 3)
    board.settles({0: -0.75, 1: -0.75, 3: -0.75})

    def change(_model: Plain, values: Tensor) -> None:
        values[0, 0, 0, 0] = values[0, 0, 0, 1] = values[0, 0, 1, 1] = -0.75

    model, loss = expected(change)
    same(board.screen.array("upstream"), gradient(model.kept["upsample"])[:1])
    same(board.screen.array("downstream"), gradient(model.kept["conv1"])[:1])
    expect(board.screen.page.locator(".effect b").last).to_have_text(f"{loss.item():.4g}")
    expect(board.grid.locator(".edited")).to_have_count(3)


def test_numbers_are_typed_and_taken_back_by_keys_alone(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=input", viewport=PHONE)
    board.cell(0).focus()
    board.press("ArrowRight", "ArrowDown", "-", "2", ".", "5", "Enter")
    board.settles({3: -2.5})
    expect(board.cell(3)).to_be_focused()
    model, _loss = expected(lambda _model, values: values.view(-1)[3].fill_(-2.5))
    same(board.screen.array("upstream"), gradient(model.kept["upsample"])[:1])
    board.cell(3).focus()
    board.press("Home", "Space", "ArrowUp", "Enter", "Control+a", "7", "Enter")
    board.settles({0: 7, 2: 1, 3: -2.5})
    board.press("ArrowDown", "Delete")
    board.settles({0: 7, 3: -2.5})
    board.press("Control+z")
    board.settles({0: 7, 2: 1, 3: -2.5})
    board.press("Control+z", "Control+z", "Control+z", "Control+z", "Control+z")
    board.settles({})
    assert board.values() == [1, 2, 3, 4]
    board.press("Control+y", "Control+y", "Control+Shift+z")
    board.settles({0: 7, 2: 1, 3: -2.5})
    board.press("Control+z")
    board.settles({2: 1, 3: -2.5})
    redo = board.root.get_by_role("button", name="Redo")
    expect(redo).to_be_enabled()
    board.screen.button("Discard changes of input").click()
    board.settles({})
    expect(redo).to_be_disabled()
    board.root.get_by_role("button", name="Undo").click()
    board.settles({2: 1, 3: -2.5})


def test_changes_quicker_than_the_answers_leave_the_grid_and_its_keys(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=input")
    board.grid.evaluate("grid => { grid.dataset.mark = 'the same' }")
    board.cell(0).focus()
    for turn in range(3):
        for digit in "23456":
            board.press(digit, "Enter")
        board.settles({0: 6})
        board.press(*["Control+z"] * 5)
        board.settles({})
        board.press(*["Control+y"] * 5)
        board.settles({0: 6})
        if turn < 2:
            board.press(*["Control+z"] * 5)
            board.settles({})
    expect(board.grid).to_have_attribute("data-mark", "the same")
    expect(board.cell(0)).to_be_focused()


def test_twenty_changes_before_the_first_answer_count_once_each_and_in_order(visit: Visit) -> None:
    board = easel(visit, "?v=2&hand=input", late=True)
    with board.screen.line.held_back():
        board.cell(0).focus()
        for value in range(10, 30):
            board.press("Enter", "Control+a", *str(value), "Enter")
        board.screen.line.answers(1)
        board.press(*["Control+z"] * 20)
        assert board.values() == [1, 2, 3, 4]
        board.press(*["Control+y"] * 15)
    board.settles({0: 24})
    board.press(*["Control+z"] * 15)
    board.settles({})
    board.press(*["Control+y"] * 20)
    board.settles({0: 29})


def test_what_is_painted_while_another_seed_is_on_its_way_is_kept(visit: Visit) -> None:
    board = easel(visit, "?v=2&hand=input", late=True)
    with board.screen.line.held_back():
        board.screen.button("New weights").click()
        board.screen.line.answers(1)
        board.drag(2)
        board.screen.line.answers(2)
    board.settles({2: 1})
    assert board.screen.query()["seed"] == "1"


def test_what_is_no_number_is_said_and_changes_nothing(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=input")
    board.tool("Number")
    field = board.root.get_by_role("textbox", name="Value of [0, 0, 0, 1]")
    for text in ("<b>", "1e7", "--1", "0x10", "Infinity"):
        board.cell(1).click()
        field.fill(text)
        board.press("Enter")
        expect(board.root.get_by_role("alert")).to_contain_text(
            "A cell must be a number from -1000000 to 1000000."
        )
        expect(field).to_have_attribute("aria-invalid", "true")
        board.press("Escape")
        expect(field).to_have_count(0)
    assert board.values() == [1, 2, 3, 4]
    assert board.edits() == {}


def test_a_token_id_is_typed_and_what_is_no_row_of_the_table_is_said(visit: Visit) -> None:
    board = easel(visit, "?v=1&model=words&hand=input")
    for text in ("5", "-1", "1.5"):
        board.cell(0).focus()
        board.press("Enter", "Control+a", *text, "Enter")
        expect(board.root.get_by_role("alert")).to_have_text(
            f"input: a cell must be a whole number from 0 to 4. {text} came."
        )
        board.press("Escape")
    board.cell(0).focus()
    board.press("2", "Enter")
    board.settles({0: 2})
    assert board.values() == [2, 4, 3, 0, 3]


def test_quick_strokes_are_all_kept_and_the_eraser_brings_cells_back(visit: Visit) -> None:
    board = easel(visit, "?v=1&model=lenet&hand=input")
    first = board.values()
    board.root.get_by_role("button", name="Brush value -1").click()
    for row in range(6):
        board.drag(16 * row, 16 * row + 15)
    painted = {16 * row + column: -1.0 for row in range(6) for column in range(16)}
    board.settles(painted)
    board.tool("Eraser")
    board.drag(5, 5 + 5 * 16)
    left = {place: -1.0 for place in painted if place % 16 != 5}
    board.settles(left)
    board.screen.go("?" + board.screen.page.url.split("?")[1])
    assert board.values() == [left.get(place, value) for place, value in enumerate(first)]


def test_a_stroke_that_got_lost_is_sent_again(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=input", late=True)
    with board.screen.line.cut():
        board.drag(2)
    board.screen.page.get_by_text("Training mode").click()
    board.settles({2: 1})


def test_one_weight_is_changed_from_the_inspector_and_the_gradients_follow(visit: Visit) -> None:
    screen = visit("?v=1&node=n6&show=parameters")
    screen.button("Change conv2.weight by hand").click()
    board = Easel(screen)
    board.cell(4).click()
    screen.page.keyboard.type("1.25")
    board.press("Enter")
    expect(board.grid.locator(".edited")).to_have_count(1)
    expect(screen.page).to_have_url(re.compile("edits="))
    screen.idle()
    model, loss = expected(lambda model, _values: model.conv2.weight[0, 0, 1, 1].fill_(1.25))
    same(screen.array("value:conv2.weight"), model.conv2.weight)
    same(screen.array("gradient:conv2.weight"), gradient(model.conv2.weight))
    same(screen.array("gradient:conv2.bias"), gradient(model.conv2.bias))
    expect(screen.page.locator(".effect b").last).to_have_text(f"{loss.item():.4g}")


def test_the_target_is_changed_and_the_change_of_every_map_is_shown(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=target")
    board.cell(1).click()
    board.screen.page.keyboard.type("2")
    board.press("Enter")
    expect(board.grid.locator(".edited")).to_have_count(1)
    model = Plain.of_seed(0)
    target = torch.tensor([[0.0], [2.0]])
    run(model, torch.arange(1.0, 9.0).view(2, 1, 2, 2), lambda out: F.mse_loss(out, target))
    first, _loss = expected(lambda _model, _values: None)
    expect(board.screen.card("change:upstream")).to_be_visible()
    board.screen.page.get_by_role("radio", name="sample 1").check(force=True)
    expect(board.screen.page).to_have_url(re.compile("sample=1"))
    board.screen.idle()
    now, before = (gradient(each.kept["upsample"])[1:] for each in (model, first))
    same(board.screen.array("upstream"), now)
    same(board.screen.array("change:upstream"), now - before)


def test_what_is_chosen_to_be_seen_is_kept_while_a_change_is_on_its_way(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=target", late=True)
    with board.screen.line.held_back():
        board.cell(1).click()
        board.screen.page.keyboard.type("2")
        board.press("Enter")
        board.screen.line.answers(1)
        board.screen.page.get_by_role("radio", name="as it is").check(force=True)
    expect(board.grid.locator(".edited")).to_have_count(1)
    expect(board.screen.page).to_have_url(re.compile("edits="))
    board.screen.idle()
    assert "compare" not in board.screen.query()
    expect(board.screen.strip.locator(".box.reached")).to_have_count(0)
    board.screen.page.get_by_role("radio", name="what changed").check(force=True)
    expect(board.screen.card("change:upstream")).to_be_visible()


def test_the_first_change_is_followed_through_every_box(visit: Visit) -> None:
    board = easel(visit, "?v=2&hand=input")
    strip = board.screen.strip
    assert board.screen.page.get_by_text("what changed").count() == 1
    expect(board.screen.page.get_by_text("what changed")).to_be_hidden()
    board.tool("Number")
    board.cell(0).click()
    board.press("3", "Enter")
    board.settles({0: 3})
    expect(strip.locator(".box.reached")).to_have_count(7)
    model, loss = expected(lambda _model, values: values.view(-1)[0].fill_(3))
    before, first_loss = expected(lambda _model, _values: None)
    for name, box in ((name, board.screen.box(name)) for name in ("conv1", "upsample", "conv2")):
        now, then = model.kept[name], before.kept[name]
        for lane, changed in (
            (".value .number", now - then),
            (".gradient .number", gradient(now) - gradient(then)),
        ):
            flat = changed[0].detach().flatten()
            largest = float(flat[flat.abs().argmax()])
            shown = float(box.locator(lane).inner_text().replace("−", "-"))
            assert abs(shown - largest) <= 0.06 * abs(largest)
    moved = f"{loss.item() - first_loss.item():.2g}".replace("-", "−")
    expect(board.screen.box("(loss)").locator(".value .number")).to_have_text(moved)
    expect(board.screen.box("(loss)").locator(".gradient")).to_contain_text("unchanged")
    expect(strip.locator(".verdict")).to_contain_text(
        "Changing input[0, 0, 0, 0] from 1 to 3 reaches 4 of 32 values after upsample and 16 of 32"
    )
    board.screen.box("fc").click()
    expect(strip.locator(".verdict")).to_contain_text("reaches 1 of 2 values after fc")
    board.screen.page.get_by_role("radio", name="as it is").check(force=True)
    expect(strip.locator(".verdict")).to_contain_text("Nothing vanishes here.")


def test_a_painted_input_opened_cold_looks_the_same(visit: Visit) -> None:
    board = easel(visit, "?v=1&model=lenet&hand=input")
    board.drag(0, 17, 34, 51)
    board.settles({0: 1, 17: 1, 34: 1, 51: 1})
    query = "?" + board.screen.page.url.split("?")[1]
    other = easel(visit, query)
    assert other.values() == board.values()
    expect(other.grid.locator(".edited")).to_have_count(4)
    for key in ("upstream", "downstream"):
        assert other.screen.cells(key) == board.screen.cells(key)


def test_taking_back_on_the_grid_leaves_the_network_alone(visit: Visit) -> None:
    board = easel(visit, "?v=1&model=mlp&hand=input&editing=1")
    board.screen.button("Duplicate").click()
    expect(board.screen.page).to_have_url(re.compile("[?&]net="))
    board.screen.idle()
    net = board.screen.query()["net"]
    board.drag(2)
    board.settles({2: 1})
    board.press("Control+z")
    board.settles({})
    assert board.screen.query()["net"] == net


def photograph() -> tuple[bytes, NDArray[np.uint8]]:
    cells = np.random.default_rng(3).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(cells).save(file, "PNG")
    return file.getvalue(), cells


def test_a_png_is_brought_and_the_link_holds_its_cells(visit: Visit, tmp_path: Path) -> None:
    file, cells = photograph()
    (tmp_path / "<img src=x>.png").write_bytes(file)
    screen = visit()
    screen.page.get_by_role("button", name="Picture, batch").click()
    screen.page.locator("input[type=file]").set_input_files(tmp_path / "<img src=x>.png")
    expect(screen.page).to_have_url(re.compile("input=upload"))
    screen.idle()
    values = fit(cells, (2, 1, 2, 2))
    model, _loss = expected(lambda _model, _values: None, batch=values.clone())
    query = "?" + screen.page.url.split("?")[1]
    for seen in (screen, visit(query)):
        same(seen.array("upstream"), gradient(model.kept["upsample"])[:1])
    board = easel(visit, f"{query}&hand=input")
    assert np.array(board.values(), np.float32).tolist() == values[0].flatten().tolist()


def test_a_hostile_file_is_refused_and_the_page_goes_on(visit: Visit, tmp_path: Path) -> None:
    name = "a.png"
    (tmp_path / name).write_bytes(b"<svg onload=alert(1)>")
    screen = visit()
    screen.page.get_by_role("button", name="Picture, batch").click()
    screen.page.locator("input[type=file]").set_input_files(tmp_path / name)
    expect(screen.alert).to_contain_text("Your picture: this")
    assert screen.query() == {}
    screen.page.keyboard.press("Escape")
    screen.button("New weights").click()
    expect(screen.seed).to_have_value("1")


def test_at_a_phone_a_finger_paints(visit: Visit) -> None:
    board = easel(
        visit, "?v=1&model=lenet&hand=input", viewport=PHONE, has_touch=True, is_mobile=True
    )
    page = board.screen.page
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= PHONE["width"]
    client = page.context.new_cdp_session(page)
    places = [0, 2, 34]
    points = [board.centre(place) for place in places]
    for kind, touched in [("touchStart", points[:1]), *(("touchMove", [p]) for p in points[1:])]:
        at = [{"x": x, "y": y} for x, y in touched]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    board.settles(dict.fromkeys([0, 1, 2, 18, 34], 1.0))


def test_screen_readers_are_told_what_each_cell_is(visit: Visit) -> None:
    board = easel(visit, "?v=1&hand=input")
    expect(board.grid).to_have_attribute("aria-rowcount", "2")
    expect(board.cell(2)).to_have_attribute("aria-label", "[0, 0, 1, 0] = 3")
    board.drag(2)
    expect(board.cell(2)).to_have_attribute("aria-label", "[0, 0, 1, 0] = 1, was 3")
    expect(board.root.locator("[aria-live=polite]")).to_have_text("Cells changed: 1.")
    board.root.get_by_role("button", name="Undo").click()
    expect(board.root.locator("[aria-live=polite]")).to_have_text("Undone.")
    expect(board.cell(2)).to_have_attribute("aria-label", "[0, 0, 1, 0] = 3")


def test_the_name_of_a_long_layer_stays_within_its_card(visit: Visit) -> None:
    room = {"width": 1280, "height": 720}
    screen = visit("?v=2&model=dilated_blocks&hand=stage1a_short.weight", viewport=room)
    card = screen.page.locator(".hand-card").bounding_box()
    tensors = screen.page.get_by_role("combobox", name="What to change").bounding_box()
    assert card
    assert tensors
    assert tensors["x"] + tensors["width"] < card["x"] + card["width"]
