"""A link opens the same picture everywhere, and a broken one says what is wrong."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from playwright.sync_api import expect

from app import SECURITY_HEADERS
from scripts.served import Server
from tests.browser.conftest import Visit
from tests.browser.driving.screen import Screen, comes_to

VIEW = {
    "v": "1",
    "model": "residual",
    "seed": "3",
    "node": "n8",
    "sample": "1",
    "channel": "2",
    "show": "values",
}
MAPS = ("input0", "input1", "output0")


def test_a_link_that_a_server_has_not_seen_shows_what_it_shows_anywhere(
    visit: Visit, fresh: Server
) -> None:
    here = visit(f"?{urlencode(VIEW)}")
    cells = {key: here.cells(key) for key in MAPS}
    there = visit(f"?{urlencode(VIEW)}", at=fresh)
    there.shows("add", "n8", "add")
    assert there.query() == VIEW
    expect(there.seed).to_have_value("3")
    expect(there.page.get_by_role("combobox", name="Model")).to_have_value("A skip around a block")
    expect(there.page.get_by_role("radio", name="values")).to_be_checked()
    expect(there.page.get_by_role("radio", name="sample 1")).to_be_checked()
    assert {key: there.cells(key) for key in MAPS} == cells
    assert all({index[:2] for index in found} == {(1, 2)} for found in cells.values())
    assert len({value for found in cells.values() for value in found.values()}) > 64


def choose(screen: Screen, layer: str, node: str) -> None:
    """Choose a layer, and wait until that has become an entry of the history."""
    screen.box(layer).click()
    screen.at_node(node)
    screen.idle()


def test_back_and_forward_go_through_what_was_chosen(visit: Visit) -> None:
    screen = visit()
    choose(screen, "conv2", "n6")
    choose(screen, "fc", "n1")
    screen.page.go_back()
    screen.shows("conv2", "n6", "conv2")
    screen.page.go_back()
    screen.shows("upsample", "n9", "upsample")
    assert screen.query() == {}
    screen.page.go_forward()
    screen.shows("conv2", "n6", "conv2")
    expect(screen.card("upstream").locator(".title")).to_have_text("Arrives from flatten")


def test_back_from_another_network_returns_to_what_was_chosen_before(visit: Visit) -> None:
    screen = visit()
    choose(screen, "conv1", "n10")
    choose(screen, "conv2", "n6")
    screen.pick("Model", "LeNet: reading a digit")
    expect(screen.box("pool1")).to_be_visible()
    screen.idle()
    screen.page.go_back()
    screen.shows("conv2", "n6", "conv2")
    assert screen.query() == {"v": "2", "node": "n6"}
    screen.page.go_back()
    screen.shows("conv1", "n10", "conv1")
    screen.page.go_forward()
    screen.shows("conv2", "n6", "conv2")


def test_a_reload_keeps_everything(visit: Visit) -> None:
    screen = visit(f"?{urlencode(VIEW)}")
    before = screen.cells("output0")
    screen.page.reload()
    screen.drawn()
    screen.shows("add", "n8", "add")
    assert screen.query() == VIEW
    assert screen.cells("output0") == before


def test_the_offered_link_opens_the_same_view_for_somebody_else(visit: Visit) -> None:
    screen = visit("?v=1&model=mlp")
    screen.box("fc2").click()
    screen.shows("fc2", "n7", "fc2")
    screen.at_node("n7")
    screen.button("New weights").click()
    expect(screen.seed).to_have_value("1")
    screen.idle()
    screen.button("Share").click()
    offered = screen.page.get_by_label("The link", exact=True).input_value()
    assert dict(parse_qsl(offered.split("?")[1])) == screen.query()
    other = visit("?" + offered.split("?")[1])
    other.shows("fc2", "n7", "fc2")
    expect(other.seed).to_have_value("1")
    assert other.cells("upstream") == screen.cells("upstream")


def test_two_tabs_of_one_visitor_do_not_influence_each_other(visit: Visit) -> None:
    one = visit()
    before = one.cells("upstream")
    two = one.visitor.open("?v=1&model=lenet")
    two.button("New weights").click()
    expect(two.seed).to_have_value("1")
    two.box("conv2").click()
    two.at_node("n14")
    one.box("conv2").click()
    one.at_node("n6")
    one.box("upsample").click()
    expect(one.card("upstream").locator(".title")).to_have_text("Arrives from conv2")
    one.idle()
    expect(one.seed).to_have_value("0")
    assert one.cells("upstream") == before
    two.shows("conv2", "n14", "conv2")
    assert two.query() == {"v": "2", "model": "lenet", "seed": "1", "node": "n14"}


def test_new_weights_that_are_pressed_quickly_count_each_once(visit: Visit, late: Server) -> None:
    screen = visit(at=late)
    for _ in range(10):
        screen.button("New weights").dblclick()
    expect(screen.seed).to_have_value("20")
    comes_to(screen.page, lambda: screen.query().get("seed"), "20")
    screen.idle()
    expect(screen.seed).to_have_value("20")


BAD = {
    "model=nope": "model: there is no preset nope.",
    "v=1&node=n99": "node: n99 does not exist, the last of this run is n12.",
    "v=2&step=999": "step: 999 does not exist, the last of this run is 12. The whole backward",
    "v=3&www.evil.example=1": "v: this link was written by another version (3; this one reads 1, "
    "2).",
    "seed=http://evil.example": "http://evil.example came.",
}


def test_a_bad_link_is_explained_and_the_page_shows_the_default(visit: Visit) -> None:
    first, *_others = BAD
    screen = visit(f"?{first}")
    for query, sentence in BAD.items():
        if query != first:
            screen.go(f"?{query}")
        expect(screen.alert.filter(has_text=sentence)).to_have_count(1)
        expect(screen.page.locator("a", has_text="evil")).to_have_count(0)
        assert screen.page.url.endswith(query)
        screen.shows("upsample", "n9", "upsample")


@pytest.mark.parametrize("query", ["v=1&sample=9", "v=1&mod"])
def test_after_a_bad_link_the_page_works_and_gets_a_good_address(visit: Visit, query: str) -> None:
    screen = visit(f"?{query}")
    screen.box("conv2").click()
    screen.shows("conv2", "n6", "conv2")
    screen.at_node("n6")
    assert screen.query() == {"v": "2", "node": "n6"}


def test_a_link_with_a_cross_entropy_that_does_not_fit_can_be_mended_in_place(
    visit: Visit,
) -> None:
    screen = visit()
    screen.page.goto(f"{screen.visitor.url}/?v=1&loss=cross_entropy&target=ones")
    expect(screen.alert).to_contain_text("has no target ones")
    screen.pick("Target", "Class 0")
    screen.drawn()
    expect(screen.alert.filter(has_text="has no target")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/api/ready"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    headers = server.get(path)[1]
    assert {name: headers[name.lower()] for name in SECURITY_HEADERS} == SECURITY_HEADERS
