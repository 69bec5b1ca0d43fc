"""A step of SGD: taken, seen in the maps and in the loss, handed on as a link, undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from playwright.sync_api import expect

from experiment.setting import DEFAULT
from models.sgd import Sgd
from tests.browser.conftest import Visit
from tests.experiment.runs import execute


def test_a_step_changes_loss_and_gradients_and_is_undone(visit: Visit) -> None:
    screen = visit()
    before = screen.array("upstream")
    screen.page.get_by_text("Learn one step (SGD)").click()
    screen.button("Take a step").click()
    expect(screen.page.get_by_text("Step 1: loss 0.193 →")).to_be_visible()
    screen.idle()
    assert screen.query()["sgd"] == "0.1,1"
    after = screen.array("upstream")
    capture = execute(replace(DEFAULT, sgd=Sgd(0.1, 1))).capture
    arrived = capture.layer("upsample").upstreams[0]
    assert arrived is not None
    np.testing.assert_array_equal(after.squeeze(), arrived[0].squeeze())
    other = visit("?v=2&sgd=0.1%2C1")
    expect(other.page.get_by_text("Step 1: loss 0.193 →")).to_be_visible()
    np.testing.assert_array_equal(other.array("upstream"), after)
    screen.button("Undo").click()
    expect(screen.page.get_by_text("before the first step")).to_be_visible()
    screen.idle()
    np.testing.assert_array_equal(screen.array("upstream"), before)
