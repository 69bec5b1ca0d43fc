"""A training in the browser: started, paused, looked at by keys, handed on as a link, ended."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, expect

from experiment.setting import of_preset
from experiment.training.work import TrainingWork
from models.training.plan import Plan
from tests.browser.conftest import Visit
from tests.browser.driving.screen import PHONE, Screen, comes_to

MOONS = "v=2&model=moons&train=1&train_steps=40"


def timeline(screen: Screen) -> Locator:
    return screen.page.locator(".timeline .plot")


def said(screen: Screen) -> Locator:
    return screen.page.locator(".timeline .said")


def test_a_training_that_is_opened_comes_into_view_and_its_steps_are_walked_by_keys(
    visit: Visit,
) -> None:
    screen = visit("?v=2&model=moons")
    screen.switch("Train over many steps")
    expect(timeline(screen)).to_be_in_viewport()
    screen.page.get_by_role("spinbutton", name="Steps").fill("40")
    screen.page.get_by_role("spinbutton", name="Steps").press("Enter")
    comes_to(screen.page, lambda: screen.query().get("train_steps"), "40")
    screen.button("Start").click()
    expect(said(screen)).to_contain_text("Step 39: loss")
    screen.idle()
    steps = list(TrainingWork(of_preset("moons"), Plan(data="two_moons", steps=40)).steps())
    timeline(screen).press("Home")
    for _press in range(3):
        timeline(screen).press("ArrowRight")
    timeline(screen).press("ArrowDown")
    expect(said(screen)).to_contain_text("Step 3: loss")
    expect(said(screen)).to_contain_text("fc2: norm of the gradient")
    comes_to(screen.page, lambda: screen.query().get("train_at"), "3")
    expect(screen.page.get_by_text("Gradient of fc2.weight")).to_be_visible()
    screen.idle()
    frame = steps[3].frame
    assert frame is not None
    np.testing.assert_array_equal(
        screen.array("gradient:fc2.weight").squeeze(), frame.gradients["fc2.weight"]
    )
    other = visit("?" + "&".join(f"{name}={text}" for name, text in screen.query().items()))
    expect(said(other)).to_have_text(said(screen).inner_text())
    np.testing.assert_array_equal(
        other.array("gradient:fc2.weight"), screen.array("gradient:fc2.weight")
    )


def test_space_plays_the_steps_and_the_last_one_is_in_the_link(visit: Visit) -> None:
    screen = visit(f"?{MOONS}&train_run=40&train_at=30")
    expect(said(screen)).to_contain_text("Step 30: loss")
    timeline(screen).press(" ")
    expect(said(screen)).to_contain_text("Step 39: loss")
    comes_to(screen.page, lambda: screen.query().get("train_at"), "39")


def test_a_training_is_paused_goes_on_and_begins_anew(visit: Visit) -> None:
    screen = visit("?v=2&model=unet&train=1&train_steps=500")
    screen.button("Start").click()
    screen.button("Pause").click()
    expect(screen.button("Go on")).to_be_visible()
    screen.idle()
    done = int(screen.query()["train_run"])
    assert 0 < done < 500
    expect(said(screen)).to_contain_text(f"Step {done - 1}: loss")
    screen.button("Go on").click()
    expect(screen.button("Pause")).to_be_visible()
    screen.button("Begin anew").click()
    expect(screen.page.get_by_text("no steps yet")).to_be_attached()
    comes_to(screen.page, lambda: "train_run" in screen.query(), wanted=False)


def test_where_the_loss_is_not_finite_step_and_layer_are_named_and_a_remedy_too(
    visit: Visit,
) -> None:
    screen = visit("?v=2&train=1&train_rate=1000&train_run=100")
    expect(screen.page.get_by_text("Training ended at step 2")).to_be_visible()
    expect(screen.page.get_by_text("conv2 (Conv2d) turned finite input into")).to_be_visible()
    expect(screen.page.get_by_text("Try a learning rate below 1000")).to_be_visible()


def test_on_a_phone_no_dock_covers_the_end_of_a_training(visit: Visit) -> None:
    screen = visit(f"?{MOONS}&train_run=40", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(said(screen)).to_contain_text("Step 39: loss")
    screen.idle()
    regions, dock = screen.page.locator(".st-key-training_regions"), screen.page.locator(".bar")
    regions.get_by_text("Blue: class 0.").scroll_into_view_if_needed()
    screen.page.locator("[data-testid=stMain]").evaluate("page => page.scrollTo(0, 1e6)")

    def covered() -> bool:
        end, above = regions.bounding_box(), dock.first.bounding_box()
        assert end is not None
        assert above is not None
        return end["y"] + end["height"] > above["y"]

    comes_to(screen.page, covered, False)
