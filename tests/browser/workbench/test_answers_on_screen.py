"""What the browser has been sent it shows by itself; what goes wrong on the way mends itself."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from models.cell_edits import NO_EDITS
from scripts.served import ROOT, Server
from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen
from tests.browser.driving.serve import serve
from tests.browser.plain import gradient, plain

COUNTING = """
window.messages = 0;
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", () => (window.messages += 1));
  }
  send(data) {
    window.messages += 1;
    super.send(data);
  }
};
window.fetch = new Proxy(fetch, {
  apply(fetch, self, all) {
    window.messages += 1;
    return Reflect.apply(fetch, self, all);
  },
});
"""
"""Counts messages of websockets, either way, and questions."""
PAINTED = """(selector) => new Promise((done) => {
  const before = window.messages;
  const painted = ({ detail }) => done([detail.node, window.messages - before]);
  document.addEventListener("backlight:painted", painted, { once: true });
  const find = (root) => [...root.querySelectorAll("*")].flatMap(
    (each) => [...(each.shadowRoot ? find(each.shadowRoot) : []), each]);
  find(document).find((each) => each.matches(selector)).dispatchEvent(
    new MouseEvent("click", { bubbles: true, composed: true }));
})"""
"""Press something, and tell whose maps are painted then, and how many messages went before."""
CHANGES = re.compile(r"/answers/\w+/scene\?.*of\.changes=1.*of\.prefetch=1")
SCENE, SUMS = re.compile(r"/answers/\w+/scene\?"), re.compile(r"/answers/\w+/sums\?")


def counting(screen: Screen, query: str) -> None:
    """Go to a page that counts its messages."""
    screen.page.add_init_script(COUNTING)
    screen.go(query)
    assert screen.page.evaluate("messages") > 0


def painted(screen: Screen, selector: str) -> tuple[str, int]:
    """Press something; return the node whose maps are painted then, and the messages before."""
    node, messages = screen.page.evaluate(PAINTED, selector)
    return node, messages


@pytest.mark.parametrize("model", ["test", "lenet", "unet"])
def test_a_choice_is_painted_without_a_message_to_the_server(visit: Visit, model: str) -> None:
    screen = visit("?v=2&model=mlp")
    counting(screen, f"?v=2&model={model}")
    for node in ("n3", "n1", "n5"):
        expect(screen.page.locator(".workbench")).to_have_attribute("data-answered", "true")
        screen.idle()
        assert painted(screen, f"#node-{node}") == (node, 0)
    expect(screen.node("n5")).to_have_attribute("aria-pressed", "true")
    screen.at_node("n5")


def test_changes_by_hand_are_compared_without_a_message_to_the_server(visit: Visit) -> None:
    edits = NO_EDITS.with_cells("input", {0: 9.0})
    screen = visit("?v=2&model=mlp")
    with screen.page.expect_response(CHANGES):
        counting(screen, f"?v=2&edits={edits.to_text()}")
    before = screen.array("downstream")
    assert painted(screen, ".told input[value=what_changed]") == ("n9", 0)
    changed = screen.array("change:downstream")
    was = gradient(plain()[0].kept["conv1"])[:1].numpy()
    assert changed.tobytes() == (before - was).tobytes()
    screen.page.get_by_role("radio", name="what changed").press("ArrowLeft")
    expect(screen.card("change:downstream")).to_have_count(0)
    screen.idle()
    assert "compare" not in screen.query()


def test_twenty_quick_choices_end_at_the_last_one(visit: Visit) -> None:
    model, _loss = plain()
    screen = visit()
    for turn in range(20):
        painted(screen, f"#node-n{(5 * turn + 7) % 13}")
    painted(screen, "#node-n9")
    screen.shows("upsample", "n9", "upsample")
    screen.at_node("n9")
    upstream = gradient(model.kept["upsample"])[:1].numpy()
    assert screen.array("upstream").tobytes() == upstream.tobytes()
    screen.point("downstream", 0, 0)
    assert (screen.sum["agrees"], screen.sum["terms"]) == ("true", "4")


def test_a_press_right_after_a_choice_keeps_the_choice(visit: Visit) -> None:
    screen = visit()
    screen.box("conv2").click()
    screen.button("New weights").click()
    expect(screen.seed).to_have_value("1")
    screen.shows("conv2", "n6", "conv2")
    assert screen.query() == {"v": "2", "seed": "1", "node": "n6"}


class Held:
    """Answers that are held back until they are let go."""

    def __init__(self, page: Page, which: re.Pattern[str]) -> None:
        self._waiting: list[Route] = []
        self._holding = True
        page.route(which, self._hold)

    def _hold(self, route: Route) -> None:
        if self._holding:
            self._waiting.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        self._holding = False
        for route in self._waiting:
            route.continue_()


def recovers(screen: Screen) -> None:
    """The page shows, and explains, what it should."""
    screen.shows("conv2", "n6", "conv2")
    screen.point("downstream", 1, 1)
    expect(screen.page.locator(".sum")).to_have_attribute("data-agrees", "true")


def test_an_answer_that_is_lost_is_asked_for_again_and_that_is_said(visit: Visit) -> None:
    screen = visit()
    lost: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    screen.page.route(SUMS, lose)
    screen.box("conv2").click()
    status = screen.page.locator(".status")
    expect(status).to_contain_text("The server does not answer.")
    expect(status).to_contain_text("The server answers again.")
    recovers(screen)
    assert len(lost) == 2
    screen.visitor.complaints.clear()  # the console tells of both


def test_an_answer_that_comes_late_is_waited_for_and_the_maps_are_there(visit: Visit) -> None:
    screen = visit()
    held = Held(screen.page, SUMS)
    screen.box("conv2").click()
    expect(screen.card("upstream").locator(".title")).to_have_text("Arrives from flatten")
    screen.point("downstream", 1, 1)
    expect(screen.card("downstream").locator(".readout")).to_have_attribute("data-index", "0,0,1,1")
    expect(screen.page.locator(".sum")).not_to_have_attribute("data-kind", "sum")
    held.let_go()
    recovers(screen)


def test_a_busy_server_is_asked_again(visit: Visit) -> None:
    screen = visit()
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        headers = {"Retry-After": "1", "Cache-Control": "no-store"}
        route.fulfill(status=503, headers=headers, json={"sentence": "Others wait."})

    screen.page.route(SUMS, refuse)
    screen.box("conv2").click()
    recovers(screen)
    assert len(refused) == 1
    screen.visitor.complaints.clear()


def test_what_can_not_be_answered_is_said_and_the_page_goes_on(visit: Visit) -> None:
    screen = visit()

    failing = [True]

    def fail(route: Route) -> None:
        if not failing:
            route.continue_()
            return
        route.fulfill(status=500, json={"sentence": "Something went wrong here."})

    screen.page.route(SUMS, fail)
    screen.box("conv2").click()
    expect(screen.page.locator(".status")).to_contain_text("could not answer")
    failing.clear()
    screen.button("Try again").click()
    recovers(screen)
    screen.visitor.complaints.clear()


def test_a_scene_that_comes_late_leaves_what_is_on_screen_until_then(visit: Visit) -> None:
    screen = visit()
    held = Held(screen.page, SCENE)
    before = screen.cells("upstream")
    screen.button("New weights").click()
    expect(screen.page.locator(".bench")).to_have_attribute("data-state", "loading")
    expect(screen.seed).to_have_value("1")
    assert screen.cells("upstream") == before
    held.let_go()
    screen.idle()
    model, _loss = plain(seed=1)
    upstream = gradient(model.kept["upsample"])[:1].numpy()
    assert screen.array("upstream").tobytes() == upstream.tobytes()


def test_visitors_of_different_settings_get_their_own_bits(visit: Visit, fresh: Server) -> None:
    seeds = range(20, 24)
    screens = [visit(f"?v=2&seed={seed}", at=fresh) for seed in seeds]
    for screen in screens:
        screen.box("conv2").click()
    for screen, seed in zip(screens, seeds, strict=True):
        screen.shows("conv2", "n6", "conv2")
        wanted = gradient(plain(seed)[0].kept["upsample"])[:1].numpy()
        assert np.array_equal(screen.array("downstream"), wanted)


def test_a_connection_that_was_cut_is_taken_up_again_where_the_page_stands(visit: Visit) -> None:
    screen = visit(late=True)
    app, status = screen.page.get_by_test_id("stApp"), screen.page.locator(".status")
    with screen.line.broken():
        expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED")
        screen.box("conv2").click()
        expect(screen.card("upstream").locator(".title")).to_have_text("Arrives from flatten")
        expect(status).to_contain_text("The server does not answer.")
    expect(status).to_contain_text("The server answers again.")
    recovers(screen)
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
    screen.button("New weights").click()
    expect(screen.seed).to_have_value("1")
    screen.idle()
    assert screen.query() == {"v": "2", "seed": "1", "node": "n6"}
    wanted = gradient(plain(1)[0].kept["upsample"])[:1].numpy()
    assert screen.array("downstream").tobytes() == wanted.tobytes()
    screen.visitor.complaints.clear()  # the console tells of what did not answer


def test_a_server_that_is_started_again_goes_on_with_what_the_page_shows(visit: Visit) -> None:
    with serve() as server:
        screen = visit(at=server)
        screen.button("New weights").click()
        expect(screen.seed).to_have_value("1")
        screen.idle()
        screen.box("conv2").click()
        screen.shows("conv2", "n6", "conv2")
    status = screen.page.locator(".status")
    screen.box("fc").click()
    expect(screen.heading).to_have_text("fc")
    expect(status).to_contain_text("The server does not answer.")
    port = server.url.rsplit(":", 1)[1]
    with serve(ROOT / "app.py", "--server.port", port):
        expect(status).to_contain_text("The server answers again.")
        screen.shows("fc", "n1", "fc")
        screen.button("New weights").click()
        expect(screen.seed).to_have_value("2")
        screen.idle()
        assert screen.query() == {"v": "2", "seed": "2", "node": "n1"}
        wanted = gradient(plain(2)[0].kept["flatten"]).numpy()
        assert screen.array("downstream").tobytes() == wanted.tobytes()
        screen.visitor.complaints.clear()  # the console tells of what did not answer
        screen.page.close()
