"""What a lesson lets one set beside lists: painted cells, a point that moves, long work."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from lessons.grad_cam.photograph.packages import extra
from lessons.grad_cam.photograph.photographed import FILES
from scripts.served import Server
from tests.browser.driving.lesson import Lesson, Study


def table(lesson: Lesson) -> Locator:
    return lesson.page.locator(".st-key-lesson_step table").first


def test_a_map_is_painted_and_what_is_made_of_it_follows_and_stands_in_the_link(
    study: Study, fresh: Server
) -> None:
    lesson = study("unpooling", {"step": "ways"})
    painted = lesson.page.locator(".cells input")
    painted.nth(0).fill("20")
    painted.nth(0).press("Enter")
    lesson.says(map="20_" + "_".join(str(each) for each in range(2, 17)))
    lesson.idle()
    assert lesson.read("pooled")[0, 0, 0, 0] == 20
    link = lesson.query()
    other = study("unpooling", link, at=fresh)
    expect(other.page.locator(".cells input").nth(0)).to_have_value("20")
    lesson.button("As it was").click()
    expect(lesson.page).not_to_have_url(re.compile("map="))
    expect(painted.nth(0)).to_have_value("1")


def test_a_number_that_cannot_be_painted_is_refused_in_words_and_stays_typed(study: Study) -> None:
    lesson = study("unpooling", {"step": "ways"})
    painted = lesson.page.locator(".cells input")
    painted.nth(0).fill("1000")
    painted.nth(0).press("Enter")
    expect(lesson.page.locator(".cells .problem")).to_contain_text("from −99 to 99")
    expect(painted.nth(0)).to_have_value("1000")
    assert "map" not in lesson.query()


def test_a_point_is_moved_by_keys_and_its_formula_follows_and_stands_in_the_link(
    study: Study, fresh: Server
) -> None:
    lesson = study("interpolation")
    point = lesson.page.get_by_role("slider").first
    before = point.get_attribute("aria-valuetext")
    point.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(point).not_to_have_attribute("aria-valuetext", before or "")
    expect(lesson.page).to_have_url(re.compile(r"\?v=2&"))
    lesson.idle()
    said = point.get_attribute("aria-valuetext")
    other = study("interpolation", lesson.query(), at=fresh)
    expect(other.page.get_by_role("slider").first).to_have_attribute("aria-valuetext", said or "")


def test_long_work_comes_to_the_same_on_another_server_and_is_kept_while_one_looks_elsewhere(
    study: Study, fresh: Server
) -> None:
    link = {"step": "many", "many": "300", "seed": "2"}
    lesson = study("unpooling", link)
    expect(lesson.page.get_by_text("Done: 300.")).to_be_visible()
    rows = table(lesson).inner_text()
    other = study("unpooling", link, at=fresh)
    expect(other.page.get_by_text("Done: 300.")).to_be_visible()
    assert table(other).inner_text() == rows
    lesson.button("Next: ").click()
    lesson.says(step="places")
    lesson.idle()
    expect(lesson.page.get_by_text("Done: 300.")).to_have_count(0)
    lesson.button("Back: ").click()
    lesson.says(step="many", many="300")
    expect(lesson.page.get_by_text("Done: 300.")).to_be_visible()


def test_an_entry_of_a_table_lights_up_the_cells_it_stands_for(study: Study) -> None:
    lesson = study("unpooling", {"step": "sizes"})
    entry = lesson.page.locator("table.linked td, .maps table td").filter(has_text="(1, 0)")
    entry.first.hover()
    lit = lesson.page.locator(".card .scroller[data-linked]:not([data-linked=''])")
    expect(lit.first).to_have_attribute("data-linked", re.compile("5"))


def test_what_was_typed_and_not_checked_is_there_again_after_a_look_at_another_step(
    study: Study,
) -> None:
    lesson = study("nearest_upsampling", {"step": "predict"})
    lesson.cells.nth(0).fill("-1")
    lesson.cells.nth(3).fill("7/2")
    lesson.button("Next: ").click()
    lesson.says(step="rule")
    lesson.idle()
    lesson.button("Back: ").click()
    lesson.says(step="predict")
    expect(lesson.cells.nth(3)).to_have_value("7/2")
    assert [cell.input_value() for cell in lesson.cells.all()] == ["-1", "", "", "7/2"]
    assert "predict" not in lesson.query(), "it was not checked"


def test_a_clicker_turns_the_step_from_a_slider_and_from_a_cell(study: Study) -> None:
    room = {"width": 1280, "height": 720}
    lesson = study("convolution_backward", {"step": "slide", "present": "1"}, viewport=room)
    lesson.is_whole()
    lesson.page.get_by_role("slider").first.focus()
    lesson.page.keyboard.press("PageDown")
    lesson.says(step="output")
    lesson.idle()
    lesson.is_whole()
    assert "window" not in lesson.query()
    lesson.cells.first.focus()
    lesson.page.keyboard.type("3")
    lesson.page.keyboard.press("PageUp")
    lesson.says(step="slide")


def test_a_photograph_of_ones_own_is_looked_at_stands_in_the_link_and_is_given_up_again(
    study: Study, fresh: Server, tmp_path: Path
) -> None:
    lesson = study("grad_cam", {"step": "photograph"})
    classes, opener = table(lesson), lesson.button("Bring a photograph")
    expect(classes).to_contain_text("1. espresso")
    opener.click()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    file = lesson.page.locator("input[type=file]")
    file.set_input_files(broken)
    expect(lesson.page.get_by_role("alert")).to_contain_text("must be one of PNG")
    there = extra()
    assert there is not None
    file.set_input_files(there.pictures / FILES["cat"])
    expect(classes).to_contain_text("1. Egyptian Mau")
    expect(opener).to_be_focused()
    expect(lesson.page.get_by_text("Your photograph with its map").first).to_be_visible()
    other = study("grad_cam", lesson.query(), at=fresh)
    expect(table(other)).to_have_text(str(classes.text_content()))
    lesson.button("Back to the shipped photographs").click()
    expect(classes).to_contain_text("1. espresso")
    expect(lesson.page).not_to_have_url(re.compile("own="))


def test_a_photograph_in_a_link_that_is_too_long_is_refused_and_pushes_nothing_off_the_screen(
    study: Study,
) -> None:
    lesson = study("grad_cam", {"step": "photograph", "own": "A" * 9000})
    expect(lesson.page.get_by_role("alert")).to_contain_text("own: a picture in this link takes")
    received = lesson.page.locator("[data-testid=stCode]")
    expect(received).to_contain_text("A" * 9000)
    assert received.evaluate("box => box.offsetHeight") < 200
