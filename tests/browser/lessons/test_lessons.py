"""A student predicts, errs, is told why, gets it right, and hands the link on."""

from __future__ import annotations

import math
import re
from io import BytesIO
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from scripts.served import Server
from tests.browser.driving.lesson import Lesson, Study
from tests.browser.driving.screen import CENTRE, PHONE, comes_to
from tests.lessons.steps import STEPS, WITH_MAPS, opened
from tests.viz.qr import decoded, seen
from viz.share import QUIET

PROJECTOR = {"width": 1280, "height": 720}
LOW = {"width": 1280, "height": 460}
SCANNED = 320
"""Pixels of a code that can be scanned from a seat."""


def test_a_wrong_prediction_gets_its_mistake_and_a_right_one_is_confirmed(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "predict"})
    expect(lesson.card("downstream")).to_have_count(0)
    lesson.type("-0.25", "1", "-1.25", "-3.75")
    lesson.button("Check").click()
    expect(lesson.verdict).to_contain_text("Averaged instead of added.")
    expect(lesson.verdict).to_contain_text("Wrong cells that this gives: 4 of 4.")
    assert lesson.marks() == ["wrong"] * 4
    lesson.cells.first.fill("-1")
    assert lesson.marks()[0] == "", "what was typed since has no mark"
    lesson.type("-1", "4", "-5", "-15")
    lesson.button("Check").click()
    expect(lesson.verdict).to_contain_text("Right in every cell.")
    assert lesson.marks() == ["right"] * 4
    expect(lesson.card("downstream")).to_be_visible()
    expect(lesson.page.get_by_role("radio", name="3 Predict ✓")).to_be_checked()
    lesson.page.get_by_text("5 Max pooling").click()
    lesson.says(step="router")
    expect(lesson.page.get_by_role("radio", name="5 Max pooling")).to_be_checked()
    expect(lesson.page.get_by_role("radio", name="3 Predict ✓")).to_be_visible()


def test_the_link_shows_the_same_exercise_and_answer_on_another_server(
    study: Study, server: Server, fresh: Server
) -> None:
    lesson = study("convolution_backward", {"step": "downstream", "seed": "5", "size": "4"})
    lesson.cells.nth(0).fill("7")
    lesson.cells.nth(15).fill("1/4")
    lesson.button("Check").click()
    lesson.says(downstream="7" + "_" * 15 + "1/4".replace("/", "%2F"))
    lesson.button("Hint 1").click()
    lesson.says(downstream_hints="1")
    marks = lesson.marks()
    lesson.button("Share").click()
    lesson.page.get_by_role("radio", name="Link to this screen").check()
    link = lesson.page.get_by_label("The link", exact=True)
    expect(link).to_have_value(re.compile("downstream_hints=1"))
    address = urlsplit(link.input_value())
    assert f"{address.scheme}://{address.netloc}" == server.url
    other = study(address.path.strip("/"), dict(parse_qsl(address.query)), at=fresh)
    expect(other.cells).to_have_count(16)
    assert other.cells.nth(0).input_value() == "7"
    assert other.cells.nth(15).input_value() == "1/4"
    assert other.marks() == marks
    expect(other.page.locator("[class*=st-key-hint_]")).to_have_count(1)
    for key in ("upstream", "weight"):
        summary = lesson.card(key).locator(".scroller").get_attribute("aria-label")
        expect(other.card(key).locator(".scroller")).to_have_attribute("aria-label", summary or "")


def test_a_room_scans_an_exercise_that_does_not_give_its_answer_away(study: Study) -> None:
    link = {"step": "predict", "seed": "5", "present": "1", "predict": "1_2_3_4"}
    lesson = study(
        "nearest_upsampling",
        {**link, "predict_shown": "1"},
        viewport=PROJECTOR,
        color_scheme="dark",
        permissions=["clipboard-read", "clipboard-write"],
    )
    lesson.button("Share").click()
    field, code = (
        lesson.page.get_by_label("The link", exact=True),
        lesson.page.get_by_alt_text("QR code"),
    )
    blank = f"{lesson.url}/nearest_upsampling?v=2&step=predict&seed=5"
    expect(field).to_have_value(blank)
    expect(lesson.page.get_by_text("Phones cannot open this link")).to_be_visible()
    expect(code).to_be_in_viewport(ratio=1)
    image = Image.open(BytesIO(code.screenshot())).convert("L")
    dots, white = seen(np.asarray(image))
    assert image.width * len(dots) / (len(dots) + 2 * QUIET) >= SCANNED
    assert white >= QUIET - 0.5
    assert decoded(dots) == blank
    lesson.page.get_by_role("button", name="Copy the link").click()
    expect(lesson.page.get_by_text("Copied", exact=True)).to_be_visible()
    assert lesson.page.evaluate("navigator.clipboard.readText()") == blank
    lesson.page.get_by_role("radio", name="Link to this screen").check()
    expect(field).to_have_value(re.compile("predict=1_2_3_4&predict_shown=1&present=1$"))
    handed = study("nearest_upsampling", dict(parse_qsl(urlsplit(blank).query)))
    expect(handed.cells).to_have_count(4)


def test_the_keyboard_alone_is_enough(study: Study) -> None:
    lesson = study("convolution_backward", {"step": "kernel"})
    keyboard = lesson.page.keyboard
    lesson.cells.first.focus()
    for number in ("19.5", "17", "12", "9.5"):
        keyboard.type(number)
        keyboard.press("Enter")
    expect(lesson.verdict).to_contain_text("Turned where nothing turns.")
    expect(lesson.verdict).to_contain_text("Wrong cells that this gives: 4 of 4.")
    for name, pressed in (
        ("Hint 1 of 3", "Hint 2 of 3"),
        ("Show the answer", "Hide the answer"),
        ("Begin anew", "Hint 1 of 3"),
    ):
        lesson.tab_to(name)
        keyboard.press("Enter")
        expect(lesson.button(pressed)).to_be_visible()
    lesson.idle()
    lesson.cells.first.focus()
    for number in ("9.5", "12", "17", "19.5"):
        keyboard.type(number)
        keyboard.press("Enter")
    expect(lesson.verdict).to_contain_text("Right: the upstream map slides over the image")
    lesson.cells.first.focus()
    keyboard.press("ArrowDown")
    assert (
        lesson.page.evaluate(
            "() => [...document.querySelectorAll('*')]"
            ".map((each) => each.shadowRoot?.activeElement?.dataset.label).find(Boolean)"
        )
        == "row 2, column 1"
    )
    slider = lesson.page.get_by_role("slider")
    slider.focus()
    keyboard.press("ArrowRight")
    lesson.says(window="1")
    gradient = lesson.card("dweight")
    expect(gradient.locator(".readout")).to_have_attribute("data-index", "0,0,0,1")
    expect(lesson.page.locator(".sum")).to_have_attribute("data-autograd", "12")
    gradient.locator(".scroller").focus()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    lesson.says(window="3")
    expect(gradient.locator(".readout")).to_have_attribute("data-index", "0,0,1,1")
    expect(slider).to_have_value("4")
    expect(gradient.locator(".scroller")).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    lesson.says(window="1")
    expect(slider).to_have_value("2")
    expect(gradient.locator(".readout")).to_have_attribute("data-index", "0,0,0,1")
    expect(lesson.card("value").locator(".scroller")).to_have_attribute("data-linked", "1,2,4,5")


def test_the_sums_of_the_upstream_stand_beside_what_was_handed_on(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "experiment", "weights": "3"})
    cells = {key: lesson.read(key) for key in ("upstream", "downstream", "sums")}
    for (sample, channel, row, column), handed in cells["downstream"].items():
        block = [
            cells["upstream"][sample, channel, 2 * row + down, 2 * column + right]
            for down in (0, 1)
            for right in (0, 1)
        ]
        assert math.isclose(math.fsum(block), handed, rel_tol=1e-5, abs_tol=1e-7)
        assert cells["sums"][sample, channel, row, column] == handed
    expect(lesson.card("sums")).to_contain_text("equal: difference 0")
    sizes = [lesson.cell_size(key) for key in ("upstream", "downstream", "sums")]
    assert sizes[0] == sizes[1] == sizes[2]  # four cells of the first are seen to make one
    assert sizes[0] >= 56  # a number fits


def test_an_answer_is_painted_by_pointer_and_pasted(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "router"})
    page = lesson.page

    def middle(cell: int) -> tuple[float, float]:
        box = lesson.cells.nth(cell).bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    lesson.swatch("0").click()
    page.mouse.move(*middle(0))
    page.mouse.down()
    for cell in (3, 7, 4, 8, 11, 12, 15):
        page.mouse.move(*middle(cell), steps=12)
    page.mouse.up()
    painted = [cell.input_value() for cell in lesson.cells.all()]
    assert painted == ["0"] * 16
    lesson.swatch("0").click()
    lesson.cells.nth(5).evaluate(
        """(input) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", "[[1., 2.],\\n [0., 3.]]");
          input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    lesson.swatch("4").click()
    lesson.cells.nth(10).click()
    lesson.button("Check").click()
    expect(lesson.verdict).to_contain_text("Right: a max pooling is a router.")
    routed = lesson.read("downstream")
    assert sorted(routed.values()) == sorted([1.0, 2, 3, 4, *[0] * 12])


def test_an_answer_is_painted_by_a_finger_and_by_keys(study: Study) -> None:
    query = {"step": "predict"}
    lesson = study("nearest_upsampling", query, viewport=PHONE, has_touch=True, is_mobile=True)
    for number, cell in (("-1", 0), ("4", 1), ("-5", 2)):
        lesson.swatch(number).tap()
        lesson.cells.nth(cell).tap()
    lesson.swatch("-5").focus()
    keyboard = lesson.page.keyboard
    for _ in range(3):  # to -15, -18 and round to the eraser; then back
        keyboard.press("ArrowLeft")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    expect(lesson.swatch("-15")).to_have_attribute("aria-pressed", "true")
    lesson.cells.nth(3).focus()
    keyboard.press("Space")
    assert [cell.input_value() for cell in lesson.cells.all()] == ["-1", "4", "-5", "-15"]
    keyboard.press("Enter")
    expect(lesson.verdict).to_contain_text("Right in every cell.")
    expect(lesson.page.locator(".guess .swatch")).to_have_count(0)


def test_what_is_typed_stays_text_and_new_numbers_empty_the_cells(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "predict"})
    lesson.type("<img src=x>", "$x^2$", "**1**", "'\"")
    lesson.button("Check").click()
    expect(lesson.verdict).to_contain_text("Write numbers such as")
    assert lesson.marks() == ["unreadable"] * 4
    expect(lesson.page.locator("img[src=x]")).to_have_count(0)
    lesson.type("1", "2", "3", "4")
    lesson.button("Check").click()
    lesson.says(predict="1_2_3_4")
    lesson.button("New numbers").click()
    lesson.says(seed="1")
    lesson.idle()
    assert "predict" not in lesson.query()
    assert [cell.input_value() for cell in lesson.cells.all()] == [""] * 4


def test_a_cell_is_followed_through_both_maps(study: Study) -> None:
    query = {"step": "rule", "scale": "1.5", "size": "3", "cell": "1"}
    lesson = study("nearest_upsampling", query)
    upstream = lesson.card("upstream").locator(".scroller")
    expect(upstream).to_have_attribute("data-linked", "2,6")
    expect(lesson.page.locator(".sum .tick")).to_have_text("PyTorch says 0 too")
    scroller = lesson.card("downstream").locator(".scroller")
    lesson.page.mouse.click(*scroller.evaluate(CENTRE, [2, 0, 0]))
    lesson.says(cell="6")
    expect(lesson.page.get_by_text("x[0,0,2,0]")).to_be_visible()
    expect(lesson.card("downstream").locator(".readout")).to_have_attribute("data-index", "0,0,2,0")


def test_a_downstream_cell_lights_up_its_window_in_the_padded_upstream(study: Study) -> None:
    lesson = study("convolution_backward", {"step": "padded"})
    handed = lesson.card("downstream whole")
    window = lesson.card("upstream padded").locator(".scroller")
    expect(window).to_have_attribute("data-linked", "0,1,4,5")
    scroller = handed.locator(".scroller")
    scroller.scroll_into_view_if_needed()
    lesson.page.mouse.click(*scroller.evaluate(CENTRE, [1, 0, 0]))
    lesson.says(window="3")
    expect(handed.locator(".readout")).to_have_attribute("data-index", "0,0,1,0")
    expect(window).to_have_attribute("data-linked", "4,5,8,9")
    lesson.page.get_by_role("slider").focus()
    lesson.page.keyboard.press("ArrowRight")
    lesson.says(window="4")
    expect(handed.locator(".readout")).to_have_attribute("data-index", "0,0,1,1")


def test_the_second_sample_is_seen_in_all_three_maps(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "experiment"})
    first = lesson.read("sums")
    assert {sample for sample, *_rest in first} == {0}
    lesson.page.get_by_role("radio", name="1", exact=True).click()
    lesson.says(sample="1")
    lesson.idle()
    maps = ("downstream", "upstream", "sums")
    comes_to(lesson.page, lambda: {at[0] for key in maps for at in lesson.read(key)}, {1})


def test_the_backward_pass_is_stepped_to_where_a_leaf_stores_its_gradient(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "walk", "turn": "8"})
    lesson.button("Next step").click()
    lesson.says(turn="9")
    expect(lesson.page.get_by_text("conv2.bias.grad stores the number")).to_be_visible()
    expect(lesson.page.locator("#node-n8")).to_have_attribute("aria-pressed", "true")
    lesson.page.locator("#node-n9").click()
    lesson.says(turn="10")
    expect(lesson.page.locator("#node-n9")).to_have_attribute("aria-pressed", "true")


def test_the_playground_opens_with_the_weights_of_the_experiment_and_back_returns(
    study: Study,
) -> None:
    lesson = study("nearest_upsampling", {"step": "experiment", "weights": "3"})
    way_out = lesson.page.get_by_role("link", name="Open in the playground")
    beside = lesson.page.context.new_page()  # as the browser opens a link in a new tab
    beside.goto(way_out.evaluate("(link) => link.href"))
    expect(beside.locator(".backlight-strip")).to_be_visible()
    expect(beside.get_by_role("spinbutton", name="Seed")).to_have_value("3")
    beside.close()
    way_out.click()
    expect(lesson.page.locator(".backlight-strip")).to_be_visible()
    expect(lesson.page.get_by_role("spinbutton", name="Seed")).to_have_value("3")
    lesson.page.get_by_test_id("stSidebarNav").get_by_text("Nearest upsampling").click()
    lesson.drawn()
    expect(lesson.page.get_by_role("radio", name="2 Experiment")).to_be_checked()
    lesson.says(weights="3")


# A visitor who is quicker than the page


def test_presses_before_the_next_step_has_come_are_one(study: Study, late: Server) -> None:
    lesson = study("nearest_upsampling", at=late)
    for _ in range(3):
        lesson.button("Next: Experiment").click()
    lesson.says(step="experiment")
    expect(lesson.button("Next: Predict")).to_be_visible()
    lesson.idle()
    expect(lesson.page.get_by_text("step 2 of 9")).to_be_visible()
    expect(lesson.page.get_by_role("radio", name="2 Experiment")).to_be_checked()
    lesson.button("Next: Predict").click()
    lesson.says(step="predict")
    lesson.idle()
    for _ in range(2):
        lesson.page.keyboard.press("PageUp")
    lesson.says(step="experiment")
    lesson.idle()
    expect(lesson.page.get_by_text("step 2 of 9")).to_be_visible()


def test_a_double_click_turns_one_step_however_quick_the_page_is(study: Study) -> None:
    lesson = study("nearest_upsampling")
    lesson.button("Next: ").click()
    lesson.says(step="experiment")
    onward = lesson.button("Next: ")
    expect(onward).to_have_text(re.compile("Predict"))
    onward.dispatch_event("click", {"detail": 1})
    expect(onward).to_have_text(re.compile("Rule"))
    onward.dispatch_event("click", {"detail": 2})
    lesson.idle()
    lesson.says(step="predict")
    expect(onward).to_have_text(re.compile("Rule"))


def test_the_last_step_has_ways_on_and_no_button_that_leads_nowhere(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "walk"})
    onward = lesson.button("Next: Takeaways")
    onward.focus()
    lesson.page.keyboard.press("Enter")
    lesson.says(step="end")
    expect(lesson.button("Next: ")).to_have_count(0)
    expect(lesson.button("Back: Backward pass")).to_be_focused()
    first = lesson.page.locator(".st-key-lesson_ends a").first
    expect(first).to_contain_text("Next lesson: Unpooling")
    first.click()
    lesson.drawn()
    expect(lesson.button("Next: ")).to_be_visible()
    expect(lesson.button("Back: ")).to_have_count(0)


FROM_TOP = "(step) => Math.round(step.getBoundingClientRect().top)"
HEAD = 44
"""Pixels of the head that stays over a phone's page."""


def test_a_step_that_is_turned_to_begins_at_its_top_on_a_phone(study: Study) -> None:
    lesson = study("nearest_upsampling", viewport=PHONE, has_touch=True, is_mobile=True)
    step = lesson.page.locator(".st-key-lesson_step")
    assert step.evaluate(FROM_TOP) > HEAD, "the first step is left where it is"
    lesson.button("Next: ").tap()
    lesson.says(step="experiment")
    comes_to(lesson.page, lambda: step.evaluate(FROM_TOP), HEAD)
    lesson.idle()
    lesson.button("Next: ").scroll_into_view_if_needed()
    assert step.evaluate(FROM_TOP) < 0
    lesson.page.keyboard.press("PageDown")
    lesson.says(step="predict")
    comes_to(lesson.page, lambda: step.evaluate(FROM_TOP), HEAD)
    lesson.idle()
    lesson.button("Next: ").scroll_into_view_if_needed()
    lesson.page.go_back()
    lesson.says(step="experiment")
    comes_to(lesson.page, lambda: step.evaluate(FROM_TOP), HEAD)


def test_the_links_of_a_deck_do_not_reach_into_each_other_on_a_phone(study: Study) -> None:
    lesson = study("claims", viewport=PHONE, has_touch=True, is_mobile=True)
    links = [link.bounding_box() for link in lesson.page.locator("[class*=_deck] a").all()]
    boxes = [box for box in links if box]
    assert len(boxes) == len(links) > 0
    for above, below in pairwise(boxes):
        assert below["y"] >= above["y"] + above["height"]
    assert min(box["height"] for box in boxes) >= HEAD


def test_numbers_that_are_drawn_quickly_count_each_once(study: Study, late: Server) -> None:
    lesson = study("nearest_upsampling", {"step": "predict"}, at=late)
    lesson.type("1", "2", "3", "4")
    lesson.button("Check").click()
    for _ in range(20):
        lesson.button("New numbers").click()
    lesson.says(seed="20")
    lesson.idle()
    assert lesson.query() == {"v": "2", "step": "predict", "seed": "20"}
    assert [cell.input_value() for cell in lesson.cells.all()] == [""] * 4


def test_an_answer_its_hints_and_a_way_on_that_come_at_once_are_all_kept(
    study: Study, late: Server
) -> None:
    lesson = study("nearest_upsampling", {"step": "predict"}, at=late)
    lesson.type("-1", "4", "-5", "15")
    lesson.button("Check").click()
    for number in (1, 2, 3):
        lesson.button(f"Hint {number} of 3").click()
    lesson.button("Next: ").click()
    lesson.says(step="rule", predict="-1_4_-5_15", predict_hints="3")
    lesson.idle()
    lesson.button("Back: ").click()
    lesson.says(step="predict")
    expect(lesson.page.locator("[class*=st-key-hint_]")).to_have_count(3)
    assert lesson.marks() == ["right", "right", "right", "wrong"]


def test_back_goes_to_what_was_on_screen_before_and_forward_returns(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "predict"})
    numbers = lesson.card("upstream").locator(".scroller")
    for number in ("1", "2", "3"):
        before = numbers.get_attribute("aria-label") or ""
        lesson.button("New numbers").click()
        lesson.says(seed=number)
        lesson.idle()
    expect(numbers).not_to_have_attribute("aria-label", before)
    third = numbers.get_attribute("aria-label") or ""
    lesson.button("Next: ").click()
    lesson.says(step="rule")
    lesson.idle()
    lesson.page.go_back()
    lesson.says(step="predict", seed="3")
    expect(lesson.page.get_by_text("step 3 of 9")).to_be_visible()
    lesson.idle()
    lesson.page.go_back()
    lesson.says(seed="2")
    expect(numbers).not_to_have_attribute("aria-label", third)
    lesson.idle()
    lesson.page.go_forward()
    lesson.says(seed="3")
    expect(numbers).to_have_attribute("aria-label", third)
    lesson.idle()
    lesson.button("New numbers").click()
    lesson.says(seed="4", step="predict")


# For a room


def test_keys_turn_the_steps_in_a_room(study: Study) -> None:
    lesson = study("nearest_upsampling", viewport=PROJECTOR)
    lesson.button("For a room").click()
    lesson.says(present="1")
    expect(lesson.page.get_by_test_id("stSidebar")).to_be_hidden()
    lesson.page.locator(".st-key-lesson_head h2").click()
    lesson.page.keyboard.press("PageDown")
    lesson.says(step="experiment")
    expect(lesson.button("Back: ")).to_be_enabled()
    lesson.idle()
    lesson.page.keyboard.press("PageUp")
    lesson.says(step="question")


def test_in_a_room_a_key_shows_the_rest_of_a_long_step_before_it_turns_it(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "rule", "present": "1"}, viewport=LOW)
    place = lesson.page.locator(".st-key-lesson_step").locator("xpath=..")
    rest = "e => Math.round(e.scrollHeight - e.clientHeight - e.scrollTop)"
    comes_to(lesson.page, lambda: place.evaluate(rest) > 100, True)
    presses = 0
    while place.evaluate(rest) >= 24:
        lesson.page.keyboard.press("PageDown")
        presses += 1
        assert presses < 5
    lesson.says(step="rule")
    lesson.page.keyboard.press("PageDown")
    lesson.says(step="router")
    comes_to(lesson.page, lambda: place.evaluate("e => e.scrollTop"), 0)
    lesson.idle()
    lesson.page.keyboard.press("PageUp")
    lesson.says(step="rule")


def test_in_a_room_type_is_large_and_controls_are_folded_away(study: Study) -> None:
    lesson = study("nearest_upsampling", {"step": "predict", "present": "1"}, viewport=PROJECTOR)
    large = re.compile(r"^(2\d|[3-9]\d)(\.\d+)?px$")
    for text in (lesson.page.get_by_text("Predict the downstream gradient"), lesson.cells.first):
        expect(text).to_have_css("font-size", large)
    title = lesson.card("upstream").locator(".title")
    expect(title).to_have_css("font-size", re.compile(r"^(1[89]|2\d)(\.\d+)?px$"))
    expect(lesson.button("New numbers")).to_be_hidden()
    lesson.button("Controls").click()
    expect(lesson.button("New numbers")).to_be_visible()
    lesson.page.keyboard.press("Escape")
    expect(lesson.button("New numbers")).to_be_hidden()
    lesson.says(present="1")
    expect(lesson.card("upstream")).to_be_in_viewport()
    expect(lesson.button("Check")).to_be_in_viewport()


SCROLLS = "(main) => main.scrollHeight > main.clientHeight"


@pytest.mark.parametrize("name", STEPS)
def test_no_step_is_larger_than_a_room_or_wider_than_a_phone(study: Study, name: str) -> None:
    """In large type on both and with all answers shown, which needs the most room."""
    lesson = study(name, viewport=PROJECTOR)
    for step in STEPS[name]:
        lesson.go(name, step=step, present="1", **opened(name, step))
        fits_a_room(lesson, step, with_maps=(name, step) in WITH_MAPS)
        lesson.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        comes_to(lesson.page, lambda: too_wide(lesson), [])
        expect(lesson.at).to_be_in_viewport(ratio=0.98)
        lesson.page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]


def fits_a_room(lesson: Lesson, step: str, *, with_maps: bool) -> None:
    """Hold the page to what is on it: all of it is seen at once, as it is."""
    assert too_wide(lesson) == [], step
    expect(lesson.at).to_be_in_viewport(ratio=0.98)
    comes_to(lesson.page, lambda: lesson.page.locator(".stMain").evaluate(SCROLLS), False)
    if with_maps:
        expect(lesson.page.locator("[data-map]").first).to_be_in_viewport(ratio=1)
        assert lesson.page.evaluate(COVERED) == [], step
    lesson.is_whole(step)


def too_wide(lesson: Lesson) -> list[str]:
    """What sticks out of the screen: whole parts of the page, and single things on it."""
    wide = lesson.page.locator("html, body, .stMain").evaluate_all(
        "(all) => all.filter((each) => each.scrollWidth > each.clientWidth)"
        ".map((each) => each.tagName)"
    )
    outside = lesson.page.locator(
        ".stMain button, .stMain input, [data-map], .guess td, .stMain h3"
    ).evaluate_all(
        # the steps scroll in their line
        "(all) => all.filter((each) => !each.closest('.st-key-lesson_progress'))"
        ".filter((each) => { const box = each.getBoundingClientRect();"
        " return box.width && (box.right > innerWidth + 1 || box.left < -1); })"
        ".map((each) => each.outerHTML.slice(0, 120))"
    )
    return [*wide, *outside]


# Maps of which a pinned sum hides a part.
COVERED = """() => {
  const all = (what) => [...document.querySelectorAll("*")].flatMap((each) =>
    each.shadowRoot ? [...each.shadowRoot.querySelectorAll(what)] : []);
  const [sum] = all(".sum.pinned").map((each) => each.getBoundingClientRect());
  return all(".scroller").filter((each) => sum && each.getBoundingClientRect().bottom > sum.top + 1)
    .map((each) => each.getAttribute("aria-label"));
}"""
