"""Strip, graph and step control on one store, in a real browser, with the data of a real run."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from torch import Tensor, nn

import flow
from experiment.view import PLAIN
from scripts.chromium import chromium
from tests.viz.front_page import front_page
from viz.graphs.autograd import DrawOptions, draw, graph_data
from viz.maps.packet import Blobs, assemble, palette
from viz.strip.steps import step_data
from viz.strip.strip import STRIP_TEXT, Strip
from viz.words.workbench import WORKBENCH_WORDS

pytestmark = pytest.mark.filterwarnings(
    "ignore:distutils Version classes:DeprecationWarning"  # torchviz's own import
)
PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<style>
  body { margin: 0; color: var(--st-text-color); background: var(--st-background-color); }
  #space { height: 3000px; }
</style>
<button id="before">before</button><div id="host"></div><input id="after"><div id="space"></div>
</html>"""
MOUNT = """async ({ scene, view }) => {
  const words = await (await fetch("/code/words/en.json")).json();
  const load = (file) => import(`/code/${file}.js`);
  const { setColours } = await load("colours");
  const { readPacket } = await load("packet");
  const bytes = Uint8Array.from(atob(scene.strip), (letter) => letter.charCodeAt(0));
  const { strip: drawn, theme } = readPacket(bytes);
  scene.strip = drawn;
  const { Store } = await load("store");
  const { StripView } = await load("strip/strip");
  const { StepsView } = await load("steps/steps");
  const { ShowMenu } = await load("graph/menu");
  const { GraphView } = await load("graph/graph");
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  const styles = ["strip/strip", "steps/steps", "graph/menu", "graph/graph"].map((file) => {
    const link = root.appendChild(document.createElement("link"));
    [link.rel, link.href] = ["stylesheet", `/code/${file}.css`];
    return new Promise((loaded) => link.addEventListener("load", loaded));
  });
  await Promise.all(styles);
  setColours(document.querySelector("#host"), theme);
  const part = () => root.appendChild(document.createElement("div"));
  const store = new Store(view);
  const missing = [];
  const strip = new StripView(part(), store, words.strip);
  const onMissing = (step) => missing.push(step);
  const steps = new StepsView(part(), store, words.steps, { onMissing });
  const menu = new ShowMenu(part(), store, words.workbench);
  const frame = part();
  frame.style.height = "460px";
  const graph = new GraphView(frame, store, words.graph);
  store.know("n0", { boxes: drawn.boxes, count: scene.steps.count });
  const show = (changed) => {
    Object.assign(scene, changed);
    strip.show(scene.strip, theme);
    steps.show(scene.steps);
    if (scene.graph) graph.show(scene.graph);
  };
  show({});
  window.front = { store, show, missing, views: [strip, steps, menu, graph] };
}"""
VIEW = {**asdict(PLAIN), "plane": ""}
BEAT = 1850
"""Milliseconds of one step while playing."""
LAYERS = 200

Scene = dict[str, Any]
Mount = Callable[..., Page]


class Network(nn.Module):
    """Layers and an operation of the model's own between them, with a way around."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, 3, padding=1)
        self.conv2 = nn.Conv2d(2, 2, 3, padding=1, bias=False)
        self.fc = nn.Linear(32, 3)

    def forward(self, x: Tensor) -> Tensor:
        first = self.conv1(x)
        return self.fc((torch.relu(self.conv2(first)) + first).flatten(1))


@pytest.fixture(scope="module")
def run() -> Iterator[flow.Run]:
    torch.manual_seed(0)
    with flow.run(Network(), torch.rand(2, 1, 4, 4), loss=lambda y: (y**2).mean()) as made:
        yield made


def strip_of(run: flow.Run) -> str:
    """Return strip and theme as a browser gets them."""
    strip, blobs = Strip(run.capture, STRIP_TEXT), Blobs()
    drawn = {**strip.words(), **strip.numbers(blobs)}
    return base64.b64encode(assemble({"strip": drawn, "theme": palette(blobs)}, blobs)).decode()


def scene_of(run: flow.Run, **options: Any) -> Scene:
    drawing = draw(run.picture(), run.capture, DrawOptions(**options))
    return {
        "strip": strip_of(run),
        "steps": step_data(run.capture),
        "graph": graph_data(drawing),
    }


@pytest.fixture(scope="module")
def scene(run: flow.Run) -> Scene:
    return scene_of(run)


@pytest.fixture(scope="module")
def long() -> Scene:
    """Strip and steps of a network of many layers."""
    chain = nn.Sequential(*(nn.Tanh() for _ in range(LAYERS)))
    with flow.run(chain, torch.ones(1, requires_grad=True), loss=torch.sum) as made:
        return {
            "strip": strip_of(made),
            "steps": step_data(made.capture),
            "graph": None,
        }


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
    )
    yield running
    running.close()


@pytest.fixture
def mount(browser: Browser) -> Iterator[Mount]:
    """Return ``mount(scene, **view)``: a page with the views on it."""
    with ExitStack() as pages:

        def mounted(scene: Scene, **view: Any) -> Page:
            size = {"width": 1000, "height": 960}
            page = pages.enter_context(front_page(browser, PAGE, viewport=size))
            given = {"scene": scene, "view": {**VIEW, **view}}
            page.evaluate(MOUNT, given)
            return page

        yield mounted


def view_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => front.store.view")
    return found


def node(page: Page, identity: str) -> Locator:
    return page.locator(f"g.node#node-{identity}")


def box(page: Page, layer: str) -> Locator:
    return page.locator(f".backlight-strip .box[data-layer='{layer}']")


def pressed(page: Page, root: str) -> Locator:
    return page.locator(f".{root} [aria-pressed=true]:not(.list)")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def number_of(run: flow.Run, name: str) -> int:
    """Return the place of the first node of a class in the engine's order."""
    return next(place for place, each in enumerate(run.capture.nodes) if each.name == name)


def test_a_node_chosen_in_the_graph_is_chosen_in_the_strip(
    mount: Mount, scene: Scene, run: flow.Run
) -> None:
    page = mount(scene)
    expect(pressed(page, "backlight-graph")).to_have_attribute("id", "node-n0")
    expect(pressed(page, "backlight-strip")).to_have_attribute("data-layer", "(loss)")
    leaf = next(each for each in run.capture.nodes if each.parameter == "conv1.weight")
    button(page, "Fit the graph").click()
    node(page, leaf.id).click()
    expect(pressed(page, "backlight-graph")).to_have_attribute("id", f"node-{leaf.id}")
    expect(pressed(page, "backlight-strip")).to_have_attribute("data-layer", "conv1")
    mates = {f"node-{each.id}" for each in run.capture.nodes if each.layer == "conv1"}
    lit = page.locator("g.node.same-layer").evaluate_all("(all) => all.map(({ id }) => id)")
    assert {each for each in lit if each.startswith("node-n")} == mates - {f"node-{leaf.id}"}
    assert view_of(page) == {**VIEW, "node": leaf.id}


def test_a_layer_chosen_in_the_strip_is_chosen_and_revealed_in_the_graph(
    mount: Mount, scene: Scene
) -> None:
    page = mount(scene)
    for _ in range(6):
        button(page, "Zoom in").click()
    assert not lies_within(page, node(page, box(page, "conv1").get_attribute("data-node") or ""))
    box(page, "conv1").click()
    chosen = box(page, "conv1").get_attribute("data-node") or ""
    expect(node(page, chosen)).to_have_attribute("aria-pressed", "true")
    assert lies_within(page, node(page, chosen))
    assert page.evaluate("scrollY") == 0


def whole(part: Locator) -> dict[str, float]:
    """Return where a part is, seen or not."""
    found = part.bounding_box()
    assert found
    return {side: float(found[side]) for side in ("x", "y", "width", "height")}


def lies_within(page: Page, part: Locator) -> bool:
    frame, box = whole(page.locator(".backlight-graph .frame")), whole(part)
    return all(
        frame[start] <= box[start] and box[start] + box[side] <= frame[start] + frame[side]
        for start, side in (("x", "width"), ("y", "height"))
    )


def test_a_box_chosen_near_the_edge_of_the_graph_stays_where_it_is(
    mount: Mount, scene: Scene
) -> None:
    page = mount(scene, node="n1")
    for _ in range(3):
        button(page, "Zoom in").click()
    frame, first = whole(page.locator(".backlight-graph .frame")), whole(node(page, "n0"))
    # Drag until half of the box hangs out of the frame.
    x, way = frame["x"] + 8, frame["y"] - first["y"] - first["height"] / 2
    start = frame["y"] + (frame["height"] - 8 if way < 0 else 8)
    page.mouse.move(x, start)
    page.mouse.down()
    page.mouse.move(x, start + way, steps=5)
    page.mouse.up()
    assert not lies_within(page, node(page, "n0"))
    place = page.locator(".backlight-graph .frame svg")
    here, cut = place.get_attribute("style"), whole(node(page, "n0"))
    page.mouse.click(cut["x"] + cut["width"] / 2, frame["y"] + 4)
    assert view_of(page)["node"] == "n0"
    assert place.get_attribute("style") == here
    page.evaluate("() => (front.store.choose('n1'), front.store.choose('n0'))")
    assert lies_within(page, node(page, "n0"))


def test_a_step_is_shown_and_said_in_graph_and_strip(
    mount: Mount, scene: Scene, run: flow.Run
) -> None:
    page = mount(scene)
    at = number_of(run, "ReluBackward0")
    button(page, "Play the backward pass").click()
    button(page, "Pause").click()
    for _ in range(at):
        button(page, "Next step").click()
    bar = page.locator(".backlight-step")
    expect(bar).to_have_attribute("data-step", str(at))
    expect(bar.locator(".sentence")).to_have_text(scene["steps"]["sentences"][at])
    words = {True: "not reached yet", False: "done"}
    for place, each in enumerate(run.capture.nodes):
        said = "current step" if place == at else words[place > at]
        expect(node(page, each.id)).to_have_attribute("aria-description", said)
    for layer in ("conv1", "conv2", "fc"):
        own = [place for place, each in enumerate(run.capture.nodes) if each.layer == layer]
        said = words[min(own) > at]
        expect(box(page, layer)).to_have_attribute("aria-description", said)
    assert (
        page.locator(".ahead").count()
        == page.locator("[aria-description='not reached yet']").count()
    )
    button(page, "Leave the steps").click()
    expect(page.locator(".ahead, [aria-description]")).to_have_count(0)
    expect(button(page, "Play the backward pass")).to_be_focused()
    assert view_of(page) == {**VIEW, "node": f"n{at}"}


def test_the_steps_go_by_key_and_no_button_takes_the_focus_away(mount: Mount, scene: Scene) -> None:
    page = mount(scene, step=0)
    last = scene["steps"]["count"] - 1
    button(page, "Next step").focus()
    page.keyboard.press("End")
    expect(button(page, "Next step")).to_be_disabled()
    expect(button(page, "Play the backward pass")).to_be_focused()
    for key, step in (("ArrowRight", last), ("ArrowLeft", last - 1), ("Home", 0)):
        page.keyboard.press(key)
        assert view_of(page)["step"] == step
    slider = page.get_by_role("slider")
    slider.fill("3")
    expect(slider).to_have_attribute("aria-valuetext", f"Step 4 of {last + 1}")
    slider.press("ArrowRight")
    assert view_of(page)["step"] == 4
    slider.press("Escape")
    assert view_of(page)["step"] is None
    expect(button(page, "Play the backward pass")).to_be_focused()


def test_playing_pauses_when_something_is_chosen_elsewhere_and_ends_at_the_last_node(
    mount: Mount, scene: Scene
) -> None:
    page = mount(scene)
    page.clock.install()
    last = scene["steps"]["count"] - 1
    button(page, "Play the backward pass").click()
    page.clock.run_for(2 * BEAT)
    assert view_of(page)["step"] == 2
    box(page, "conv1").click()
    jumped = int((box(page, "conv1").get_attribute("data-node") or "")[1:])
    page.clock.run_for(3 * BEAT)
    assert view_of(page)["step"] == jumped
    button(page, "Play the backward pass").click()
    page.clock.run_for((last + 2) * BEAT)
    assert view_of(page)["step"] == last
    expect(button(page, "Play the backward pass")).to_be_visible()


def test_a_sentence_that_is_not_there_is_asked_for_once(mount: Mount, scene: Scene) -> None:
    steps = scene["steps"]
    few = {**steps, "first": 2, "sentences": steps["sentences"][2:4]}
    page = mount({**scene, "steps": few}, step=3)
    sentence = page.locator(".backlight-step .sentence")
    expect(sentence).to_have_text(steps["sentences"][3])
    button(page, "Next step").click()
    expect(sentence).to_have_text("")
    page.evaluate("() => front.show({})")
    assert page.evaluate("() => front.missing") == [4]
    page.evaluate("(steps) => front.show({ steps })", steps)
    expect(sentence).to_have_text(steps["sentences"][4])
    assert page.evaluate("() => front.missing") == [4]


def test_what_is_searched_is_marked_counted_and_brought_into_view(
    mount: Mount, scene: Scene
) -> None:
    page = mount(scene)
    for _ in range(3):
        button(page, "Zoom in").click()
    wanted = [each["id"] for each in scene["graph"]["nodes"] if "conv2" in each["title"]]
    assert len(wanted) == 3  # the convolution, AccumulateGrad and the leaf
    field, status = page.get_by_role("searchbox"), page.get_by_role("status")
    field.fill("CONV2")
    expect(status).to_have_text("3 found")
    expect(page.locator("g.node.found")).to_have_count(3)
    for place, each in enumerate([*wanted, wanted[0]]):
        field.press("Enter")
        expect(status).to_have_text(f"{place % 3 + 1} of 3")
        expect(page.locator("g.node.current")).to_have_attribute("id", f"node-{each}")
        assert lies_within(page, node(page, each))
    field.press("Shift+Enter")
    expect(status).to_have_text("3 of 3")
    assert view_of(page) == VIEW
    field.fill("no such thing")
    expect(status).to_have_text("not found")
    field.press("Escape")
    expect(status).to_have_text("")
    expect(page.locator(".found, .current")).to_have_count(0)


def test_arrows_walk_the_graph_and_one_box_is_the_tab_stop(
    mount: Mount, scene: Scene, run: flow.Run
) -> None:
    page = mount(scene)
    add = run.capture.nodes[number_of(run, "AddBackward0")]
    node(page, add.id).focus()
    page.keyboard.press("ArrowUp")
    # The main road leads through the convolution, not around it.
    relu = run.capture.nodes[number_of(run, "ReluBackward0")]
    expect(node(page, relu.id)).to_be_focused()
    expect(page.locator("g.node[tabindex='0']")).to_have_attribute("id", f"node-{relu.id}")
    page.keyboard.press("ArrowDown")
    expect(node(page, add.id)).to_be_focused()
    assert view_of(page)["node"] == ""
    page.keyboard.press("Enter")
    assert view_of(page)["node"] == add.id


def test_another_drawing_of_the_run_keeps_search_focus_and_choice(
    mount: Mount, scene: Scene, run: flow.Run
) -> None:
    chosen = f"n{number_of(run, 'AddmmBackward0')}"
    page = mount(scene, node=chosen)
    page.get_by_role("searchbox").fill("conv2")
    node(page, chosen).focus()
    tinted = scene_of(run, tint=True)["graph"]
    page.evaluate("(graph) => front.show({ graph })", tinted)
    expect(page.locator(".backlight-graph .legend")).to_contain_text(tinted["legend"]["fill"])
    expect(node(page, chosen)).to_be_focused()
    expect(pressed(page, "backlight-graph")).to_have_attribute("id", f"node-{chosen}")
    expect(page.locator("g.node.found")).to_have_count(3)
    collapsed = scene_of(run, collapsed=True)["graph"]
    page.evaluate("(graph) => front.show({ graph })", collapsed)
    expect(pressed(page, "backlight-graph")).to_have_attribute("id", "node-g-fc")
    # The group of conv2, and that of conv1, which is a Conv2d.
    expect(page.get_by_role("status")).to_have_text("2 found")


def test_the_list_says_the_same_follows_and_stays_open(
    mount: Mount, scene: Scene, run: flow.Run
) -> None:
    page = mount(scene, step=2)
    button(page, "Show the nodes as a text list").click()
    rows = page.locator(".backlight-graph tbody tr")
    expect(rows).to_have_count(len(scene["graph"]["nodes"]))
    expect(page.locator(".backlight-graph .frame")).to_be_hidden()
    assert rows.nth(3).locator("td").all_inner_texts()[1] == scene["graph"]["nodes"][3]["name"]
    expect(rows.nth(2).get_by_role("button")).to_have_attribute("aria-description", "current step")
    rows.nth(3).get_by_role("button").press("Enter")
    assert view_of(page)["step"] == 3
    chosen, head = page.locator(".list [aria-pressed=true]"), page.locator(".list thead")
    page.evaluate("(graph) => front.show({ graph })", scene_of(run, tint=True)["graph"])
    last = scene["steps"]["count"] - 1
    for step in (last, 0, last):
        page.evaluate("(step) => front.store.step(step)", step)
        expect(chosen).to_have_attribute("aria-label", scene["graph"]["nodes"][step]["title"])
        expect(chosen).to_be_in_viewport(ratio=1)
        assert whole(chosen)["y"] >= whole(head)["y"] + whole(head)["height"]
    assert page.evaluate("scrollY") == 0
    button(page, "Show the nodes as a text list").click()
    expect(page.locator(".backlight-graph div.list")).to_be_hidden()
    expect(pressed(page, "backlight-graph")).to_have_attribute("id", f"node-n{last}")


def test_of_200_layers_a_window_follows_choice_keys_and_the_profile(
    mount: Mount, long: Scene
) -> None:
    page = mount(long, node="n100")
    boxes, chosen = page.locator(".backlight-strip .box"), pressed(page, "backlight-strip")
    expect(boxes).to_have_count(7)
    expect(chosen).to_have_attribute("data-node", "n100")
    # A neighbour is in the window already; the keys take it on, one box at a time, and home.
    chosen.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".box:focus")).to_have_attribute("data-node", "n99")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(chosen).to_have_attribute("data-node", "n93")
    expect(chosen).to_be_focused()
    # A step far away takes the window there; the focus, whose box is gone, goes along.
    page.evaluate("() => front.store.step(150)")
    expect(chosen).to_have_attribute("data-node", "n150")
    expect(chosen).to_be_focused()
    expect(boxes.first).to_have_attribute("aria-description", "not reached yet")
    expect(boxes.last).to_have_attribute("aria-description", "done")
    # The profile shows all: a press there chooses the layer, a drag moves the window only.
    profile = page.locator(".backlight-profile svg")
    whole = profile.bounding_box()
    assert whole is not None
    page.evaluate("() => front.store.step(null)")
    page.mouse.click(whole["x"] + whole["width"] - 2, whole["y"] + 40)
    expect(chosen).to_have_attribute("data-layer", "(loss)")
    page.mouse.move(whole["x"] + whole["width"] - 2, whole["y"] + 40)
    page.mouse.down()
    page.mouse.move(whole["x"] + 91, whole["y"] + 40, steps=4)
    page.mouse.up()
    expect(boxes.first).to_have_attribute("data-layer", "(input)")
    assert view_of(page)["node"] == "n0"
    assert page.evaluate("scrollY") == 0


def test_the_switches_change_what_is_shown_and_follow_it(mount: Mount, scene: Scene) -> None:
    page = mount(scene, tint=True)
    opener = button(page, "Show")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    switches = page.get_by_role("switch")
    expect(switches).to_have_count(3)
    saved = page.get_by_role("switch", name="Saved tensors", exact=True)
    expect(saved).to_have_accessible_description(WORKBENCH_WORDS["saved_help"])
    expect(page.get_by_role("switch", name="Tint")).to_be_checked()
    page.keyboard.press("Tab")
    expect(saved).to_be_focused()
    page.keyboard.press("Space")
    shown = {"saved": True, "tint": True}
    assert view_of(page) == {**VIEW, **shown}
    page.evaluate("() => front.store.change({ saved: false })")
    expect(saved).not_to_be_checked()


def test_escape_and_a_press_outside_close_the_switches_and_give_the_focus_back(
    mount: Mount, scene: Scene
) -> None:
    page = mount(scene)
    opener, saved = button(page, "Show"), page.get_by_role("switch", name="Saved tensors")
    opener.click()
    saved.focus()
    page.keyboard.press("Escape")
    expect(saved).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.click()
    saved.focus()
    page.mouse.click(900, 740)
    expect(saved).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.locator("#after").click()
    expect(saved).to_be_hidden()
    expect(page.locator("#after")).to_be_focused()


def test_the_drawing_is_saved_under_the_name_it_was_asked_for(mount: Mount, scene: Scene) -> None:
    page = mount(scene)
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.evaluate("(kind) => front.views[3].save(kind, `mine.${kind}`)", kind)
        assert download.value.suggested_filename == f"mine.{kind}"
        assert download.value.path().read_bytes().startswith(start)


def test_what_was_removed_follows_nothing_more(mount: Mount, scene: Scene) -> None:
    page = mount(scene)
    page.evaluate("() => front.views.forEach((view) => view.remove())")
    expect(page.locator("[class^=backlight]")).to_have_count(0)
    assert page.evaluate("() => (front.store.choose('n2'), front.store.listeners.size)") == 0
