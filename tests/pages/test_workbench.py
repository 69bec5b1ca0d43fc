"""What the workbench is told, and what is taken of the one message that comes from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from experiment.packing import pack
from experiment.view import View
from experiment.written.address import Experiment, begun, from_address, run_query, to_address
from models.cell_edits import Edits
from models.presets import PRESETS
from pages.parts import link
from tests.pages.saying import new_weights
from tests.pages.test_playground_page import PATIENCE, opened, press, query, ran, told

MOST_BYTES = 2_000
"""What the data of the mount may take where no network and no changes stand in the address."""


NO_EDITS: list[object] = [
    None,
    [],
    {"input": 3},
    {"input": {"0": 1}},
    {"input": [0, 1]},
    {"input": [[0, 1, 2]]},
    {"input": [[0, None]]},
    {"input": [[0, "1"]]},
    {"input": [[0, True]]},
    {"input": [[0, 2e6]]},
    {"input": [[0, float("nan")]]},
    {"input": [[-1, 1]]},
    {"input": [[0.5, 1]]},
    {"input": [[2**40, 1]]},
    {"<b>": [[0, 1]]},
    {"input": [[place, 1] for place in range(5000)]},
    {f"layer{name}.bias": [[0, 1]] for name in range(65)},
]


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of its own, in which the test network is looked at."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    link.replace_with(Experiment())
    return state


def hear(session: dict[str, Any], said: object) -> View:
    """Let the workbench say something, and return what is looked at then."""
    session[link.WORKBENCH] = {"said": said}
    return link.current().view


def test_the_whole_of_what_is_looked_at_is_taken(session: dict[str, Any]) -> None:
    looks = {"node": "n6", "sample": "1", "channel": "2", "show": "values", "tint": "1"}
    view = hear(session, {"base": "", "view": looks, "edits": {}})
    assert view == View(node="n6", sample=1, channel=2, show="values", tint=True)
    assert hear(session, {"base": "", "view": {}, "edits": {}}) == View()


def test_the_same_message_twice_changes_nothing(session: dict[str, Any]) -> None:
    said = {"base": "", "view": {"step": "3", "node": "n3"}, "edits": {}}
    assert hear(session, said) == hear(session, said) == View(node="n3", step=3)


def test_the_cells_changed_by_hand_are_taken_as_a_whole(session: dict[str, Any]) -> None:
    said = {"base": "", "view": {"hand": "input"}, "edits": {"input": [[3, 0.5], [0, -1]]}}
    hear(session, said)
    assert link.current().setting.edits == Edits().with_cells("input", {0: -1, 3: 0.5})
    hear(session, {**said, "edits": {"input": [[3, 0.5]], "fc.bias": [[0, 2]]}})
    made = Edits().with_cells("input", {3: 0.5}).with_cells("fc.bias", {0: 2})
    assert link.current().setting.edits == made
    heard = link.heard()
    assert heard is not None
    assert heard.setting.edits == made
    hear(session, {**said, "edits": {}})
    assert link.current().setting == Experiment().setting


def test_changes_of_a_run_that_is_gone_are_left(session: dict[str, Any]) -> None:
    link.change(seed=7)
    said = {"base": "", "view": {}, "edits": {"input": [[3, 0.5]]}}
    hear(session, said)
    assert not link.current().setting.edits
    hear(session, {**said, "base": "v=2&seed=7"})
    assert link.current().setting.edits.of("input") == {3: 0.5}


NET = f"v=2&net={pack(PRESETS['residual'].spec)}&input_shape=2x1x8x8"


def edited(**said: object) -> dict[str, object]:
    """A message about a network that is edited."""
    return {"base": "", "decided": 0, "run": NET, "view": {}, "edits": {}, **said}


def test_the_network_is_taken_as_a_whole(session: dict[str, Any]) -> None:
    hear(session, edited(view={"node": "n3", "editing": "1"}))
    assert link.current().setting.network == PRESETS["residual"].spec
    assert link.current().setting.shape == (2, 1, 8, 8)
    assert link.current().view == View(node="n3", editing=True)
    hear(session, edited(run="v=2&loss=mean"))  # of a base that it has not heard of yet
    assert link.current() == Experiment().changed(loss="mean")
    hear(session, edited(run=NET, base=""))  # of one that is gone
    assert link.current() == Experiment().changed(loss="mean")


def test_a_message_is_not_lost_because_an_earlier_one_changed_the_network(
    session: dict[str, Any],
) -> None:
    hear(session, edited())
    hear(session, edited(run="", view={"node": "n6"}))
    assert link.current() == Experiment().changed(node="n6")


def test_a_network_is_left_once_the_page_has_decided_on_another(session: dict[str, Any]) -> None:
    link.begin(begun("mlp"))
    hear(session, edited(base="v=2&model=mlp"))
    assert link.current() == begun("mlp")
    link.begin(begun("test"))  # the same base as before
    assert link.decided() == 2
    hear(session, edited(decided=1))
    assert link.current() == begun("test")
    hear(session, edited(decided=2))
    assert link.current().setting.network == PRESETS["residual"].spec


def test_an_address_is_a_decision(session: dict[str, Any]) -> None:
    link.open_address({"v": "2", "seed": "3"})
    assert link.decided() == 1
    link.change(seed=4)
    assert link.decided() == 1
    assert session["experiment_decided"] == 1


def test_a_network_leaves_changes_by_hand_that_have_no_place_in_it(session: dict[str, Any]) -> None:
    cells = {"input": [[0, 1]], "conv2.weight": [[0, 2]], "fc.bias": [[0, 3]]}
    spec = from_address({"v": "2"})[0].setting.network
    layers = tuple(
        layer.model_copy(update={"fields": type(layer.fields)({**layer.fields, "bias": False})})
        if layer.name == "conv2"
        else layer
        for layer in spec.layers
    )
    other = spec.model_copy(update={"layers": layers})
    hear(session, edited(run=f"v=2&net={pack(other)}", edits=cells))
    assert set(link.current().setting.edits.names()) == {"input", "fc.bias"}
    heard = link.heard()
    assert heard is not None
    assert set(heard.setting.edits.names()) == set(cells)  # so the browser hears what is left


@pytest.mark.parametrize("run", ["v=2&net=nonsense", "v=9", "model=own", "x" * 300])
def test_what_is_no_run_leaves_the_network(session: dict[str, Any], run: str) -> None:
    hear(session, edited(run=run, view={"node": "n6"}))
    assert link.current().setting == Experiment().setting


@pytest.mark.parametrize("said", [{"run": 3}, {"decided": "0"}, {"decided": None}, {"run": []}])
def test_what_is_no_message_about_a_network_changes_nothing(
    session: dict[str, Any], said: dict[str, object]
) -> None:
    hear(session, edited(**said))
    assert link.current() == Experiment()


def test_a_message_about_another_run_is_left(session: dict[str, Any]) -> None:
    link.change(seed=7)
    assert hear(session, {"base": "v=2&seed=6", "view": {"node": "n6"}, "edits": {}}) == View()
    assert hear(session, {"base": "v=2&seed=7", "view": {"node": "n6"}, "edits": {}}) == View(
        node="n6"
    )


def test_a_press_that_comes_with_a_message_finds_it_taken(session: dict[str, Any]) -> None:
    session[link.WORKBENCH] = {"said": {"base": "", "view": {"node": "n6"}, "edits": {}}}
    link.change(seed=1)
    assert link.current() == Experiment().changed(seed=1, node="n6")


def test_a_message_that_comes_with_an_address_is_left(session: dict[str, Any]) -> None:
    session[link.WORKBENCH] = {"said": {"base": "", "view": {"node": "n6"}, "edits": {}}}
    link.open_address({"v": "2", "node": "n3"})
    assert (link.current().view, link.heard()) == (View(node="n3"), None)


@pytest.mark.parametrize(
    "said",
    [
        None,
        "n6",
        [],
        {},
        {"base": "", "edits": {}},
        {"base": "", "view": None, "edits": {}},
        {"base": "", "view": {"node": "n6"}},
        *({"base": "", "view": {"node": "n6"}, "edits": edits} for edits in NO_EDITS),
        {"base": "", "view": ["node"], "edits": {}},
        {"base": 3, "view": {"node": "n6"}, "edits": {}},
        {"base": "", "view": {"node": 6}, "edits": {}},
        {"base": "", "view": {"node": "<b>"}, "edits": {}},
        {"base": "", "view": {"seed": "9", "net": "x", "nonsense": "1"}, "edits": {}},
        {
            "base": "",
            "view": {"sample": "-1", "channel": "1e9", "step": "NaN", "show": "all"},
            "edits": {},
        },
    ],
)
def test_anything_else_changes_nothing(session: dict[str, Any], said: object) -> None:
    assert hear(session, said) == View()
    assert link.current() == Experiment()


def test_what_it_is_told_is_small_and_says_what_runs() -> None:
    page = opened(v="2", model="lenet", seed="3", node="n14", sample="0")
    (found, *_) = page.main.get("bidi_component")
    assert len(found.proto.json) + len(found.proto.js_content) < MOST_BYTES
    data = told(page)
    assert dict(parse_qsl(data["query"])) == {"v": "2", "model": "lenet", "seed": "3"}
    assert (data["runs"], data["linked"]) == (True, True)
    assert data["view"] == {**data["begun"], "node": "n14"}
    assert set(data["view"]) == set(View.__dataclass_fields__)


def test_it_is_told_what_runs_without_what_the_browser_decides() -> None:
    spec, cells = PRESETS["residual"].spec, Edits().with_cells("input", {0: 2.0}).to_text()
    data = told(opened(v="2", net=pack(spec), input_shape="2x1x8x8", edits=cells, seed="3"))
    bare = {"v": "2", "net": pack(spec), "input_shape": "2x1x8x8", "seed": "3"}
    assert dict(parse_qsl(data["query"])) == {**bare, "edits": cells}
    assert dict(parse_qsl(data["run"])) == bare
    assert (data["base"], data["decided"]) == ("v=2&seed=3", 1)


def test_another_preset_and_reset_are_decisions_and_a_seed_is_none() -> None:
    page = ran(new_weights(opened(v="2", editing="1")))
    assert told(page)["decided"] == 1
    page = press(page, "Reset")
    assert told(page)["decided"] == 2
    page = ran(page.selectbox(key="control_model").set_value("mlp").run())
    assert told(page)["decided"] == 3
    assert query(page) == {"v": "2", "model": "mlp", "editing": "1"}


def test_the_editor_says_why_its_network_cannot_run_and_the_page_does_not() -> None:
    net = pack(PRESETS["mlp"].spec)
    page = opened(v="2", net=net, editing="1")
    assert (told(page)["runs"], len(page.error)) == (False, 0)
    (error,) = opened(v="2", net=net).error
    assert "in\\_features is 64" in error.value


def test_what_it_is_told_does_not_change_with_a_rerun() -> None:
    page = opened(v="2", model="lenet", node="n14")
    before = [each.proto for each in page.get("bidi_component")]
    assert [each.proto for each in ran(page.run()).get("bidi_component")] == before


def test_a_run_that_is_refused_is_told_too_so_that_its_address_is_kept() -> None:
    page = opened(v="2", loss="cross_entropy", target="ones", seed="4")
    assert told(page)["runs"] is False
    page = ran(new_weights(page))
    assert query(page) == {"v": "2", "loss": "cross_entropy", "target": "ones", "seed": "5"}


def test_after_a_restart_the_server_takes_over_what_the_browser_shows() -> None:
    def script() -> None:
        import streamlit as st

        from pages.parts import link, workbench

        link.follow_address()
        said = {
            "base": "v=2&model=lenet&seed=9",
            "view": {"node": "n3"},
            "edits": {"input": [[1, 2]]},
        }
        if not st.session_state.get(workbench.HEARING):
            workbench._recover(said)
        st.text(repr(link.current()))

    page = AppTest.from_function(script, default_timeout=PATIENCE).run()
    assert not page.exception
    wanted = Experiment().changed(model="lenet")
    (shown,) = (each.value for each in page.text)
    assert "seed=9" in shown
    assert "node='n3'" in shown
    assert "('input', ((1, 2.0),))" in shown
    assert f"model={wanted.setting.model!r}" in shown


def test_the_query_of_what_runs_is_the_address_without_what_is_looked_at() -> None:
    experiment = Experiment().changed(seed=5, node="n3", step=3, tint=True)
    assert run_query(experiment) == "v=2&seed=5"
    looks = {"node": "n3", "step": "3", "tint": "1"}
    assert to_address(experiment) == {"v": "2", "seed": "5", **looks}
