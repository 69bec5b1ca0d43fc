"""A map is hidden, handed out, filled in and told cell by cell, and revealed again."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from experiment.setting import DEFAULT
from tests.browser.conftest import Visit
from tests.experiment.runs import execute
from viz.words.hide import HIDE_WORDS


def test_a_hidden_map_is_filled_in_by_whoever_opens_the_link_and_is_revealed(visit: Visit) -> None:
    teacher = visit()
    card = teacher.card("upstream")
    card.hover()
    card.get_by_role("button", name=HIDE_WORDS["hide"]).click()
    expect(card.locator("input")).to_have_count(16)
    teacher.idle()
    assert teacher.query()["hidden"] == "upsample.upstream"
    expect(teacher.page.locator(".concealed")).to_contain_text(
        "Hidden: upsample's upstream gradient (also: conv2's downstream gradient)."
    )
    expect(teacher.box("upsample").locator(".gradient")).to_contain_text("hidden")
    teacher.button("Share").click()
    link = teacher.page.get_by_role("textbox", name="The link").input_value()

    learner = visit(f"?{urlsplit(link).query}")
    arrived = execute(DEFAULT).capture.layer("upsample").upstream
    assert arrived is not None
    cells = learner.card("upstream").locator("input")
    cells.first.focus()
    for value in arrived[0, 0].ravel().tolist()[:-1]:
        learner.page.keyboard.type(f"{value:.4f}")
        learner.page.keyboard.press("Enter")
    learner.page.keyboard.type("7")
    learner.page.keyboard.press("Enter")
    tally = learner.page.locator(".tally")
    expect(tally).to_contain_text("15 of 16 cells are right.")
    expect(cells.last).to_have_attribute("aria-invalid", "true")

    learner.box("conv2").click()  # what was typed stays, and is that of the equal map here
    expect(learner.card("downstream").locator("input").first).to_have_value("0.0582")
    learner.box("upsample").click()
    cells.last.fill(f"{arrived[0, 0, -1, -1]:.4f}")
    learner.button("Check").click()
    expect(tally).to_have_text(HIDE_WORDS["solved"])

    learner.button("Reveal").click()
    expect(learner.page.locator(".concealed")).to_be_hidden()
    learner.idle()
    assert "hidden" not in learner.query()
    assert (learner.array("upstream").squeeze() == arrived[0].squeeze()).all()
    learner.page.go_back()
    expect(learner.page.locator(".concealed")).to_be_visible()
    expect(learner.card("upstream").locator("input")).to_have_count(16)
