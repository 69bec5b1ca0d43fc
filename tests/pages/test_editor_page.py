"""The editor as Streamlit runs it: what is typed reaches the run, the address and the message."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from experiment.address import from_address
from experiment.packing import pack
from models.draft import INPUT_KEY
from models.layers import LAYERS
from models.presets import PRESETS
from models.spec import ModelSpec
from pages.editor.table import UNKNOWN
from pages.parts import held
from tests.experiment.running import execute
from tests.pages.saying import new_weights
from tests.pages.test_playground_page import (
    COMPONENTS,
    MARK,
    components,
    heading,
    html,
    labelled,
    labels,
    marked,
    opened,
    press,
    query,
    ran,
    shown,
)
from viz.peak import TIMES

WITH_EDITOR = ["backlight_undo", "backlight_dag", *COMPONENTS]
CHOSEN = "editor_chosen"


def editing(chosen: int = 3, **parameters: str) -> AppTest:
    """Open the editor with one layer chosen: 3 is conv2 of ``Test``."""
    return choose(opened(v="1", editing="1", **parameters), chosen)


def named(page: AppTest, field: str) -> str:
    """The key of a field of the form as it is drawn now."""
    forms = page.session_state.get("editor_forms", 0)
    return f"{field}~{forms}" if forms else field


def choose(page: AppTest, chosen: int) -> AppTest:
    return ran(page.selectbox(key=named(page, "editor_choice")).set_value(chosen).run())


def number(page: AppTest, field: str, value: float, layer: int = 3) -> AppTest:
    key = named(page, f"edit_{layer}_{field}")
    if any(each.key == key for each in page.number_input):
        return ran(page.number_input(key=key).set_value(value).run())
    return ran(page.text_input(key=key).set_value(str(value)).run())


def add(page: AppTest, kind: str) -> AppTest:
    return ran(page.selectbox(key="editor_add").select(kind).run())


def pressed(page: AppTest, *ways: str) -> AppTest:
    """Press Undo and Redo: what the browser sends, taken by the session's own history."""
    history = page.session_state["editor_history"]
    for way in ways:
        history = history.undone() if way == "undo" else history.redone()
    page.session_state["editor_history"] = history
    return ran(page.run())


def undo_and_redo(page: AppTest) -> dict[str, Any]:
    (shown,) = (
        each.proto
        for each in page.get("bidi_component")
        if each.proto.component_name == "backlight_undo"
    )
    return dict(json.loads(shown.json))


def network(page: AppTest) -> ModelSpec:
    """The network that the address stands for."""
    experiment, problems = from_address(query(page))
    assert not problems
    return experiment.setting.network


def layers(page: AppTest) -> list[str]:
    return [f"{layer.name} < {' + '.join(layer.inputs)}" for layer in network(page).layers]


def errors(page: AppTest) -> list[str]:
    return [error.value for error in page.error]


def pictured(page: AppTest) -> list[dict[str, Any]]:
    (dag,) = (
        each.proto
        for each in page.get("bidi_component")
        if each.proto.component_name == "backlight_dag"
    )
    return list(json.loads(dag.json)["nodes"])


STAYS = "  \nThe last run that worked stays below."


@pytest.mark.parametrize("model", PRESETS)
def test_the_editor_shows_every_layer_of_every_preset_and_a_form_of_each_kind(model: str) -> None:
    page = opened(v="1", model=model, editing="1")
    assert components(page) == WITH_EDITOR
    titles = [node["title"].split(", ")[0] for node in pictured(page)]
    made = PRESETS[model].spec.layers
    assert titles == ["input", *(layer.name for layer in made), "output"]
    of_kind = {layer.kind: key for key, layer in enumerate(made, 1)}
    for key in (0, *of_kind.values()):
        choose(page, key)
    assert not page.error
    assert set(query(page)) - {"model"} == {"v", "node", "editing"}


def test_the_picture_says_shapes_parameters_and_what_is_read() -> None:
    conv2 = pictured(editing())[3]
    assert conv2 == {
        "id": "3",
        "title": "conv2, Conv2d, 10 parameters, reads upsample, 2\u00d71\u00d72\u00d72",
        "state": "works",
    }


def test_a_valid_change_runs_at_once_and_is_in_the_address() -> None:
    page = number(number(editing(), "kernel_size", 1), "stride", 2)
    assert not page.error
    assert network(page).layer("conv2").fields["kernel_size"] == 1
    assert components(page) == WITH_EDITOR
    assert any("9 parameters" in caption.value for caption in page.sidebar.caption)
    cold = opened(**query(page))
    assert components(cold) == WITH_EDITOR
    assert not cold.warning


def test_a_change_that_cannot_run_is_kept_and_explained_while_the_last_run_stays() -> None:
    page = number(editing(), "in_channels", 3)
    assert errors(page) == [
        r"conv2\: in\_channels is 3, but its input 2x1x4x4 has 1 channel. Set in\_channels=1."
        + STAYS
    ]
    assert page.number_input(key=named(page, "edit_3_in_channels")).value == 3
    assert components(page) == WITH_EDITOR
    assert "net" not in query(page)
    assert [node["state"] for node in pictured(page)] == [
        *("input", "works", "works", "broken", "unknown", "unknown", "output")
    ]
    assert not press(page, r"Set in\_channels=1 in conv2").error
    assert page.number_input(key=named(page, "edit_3_in_channels")).value == 1


def test_the_message_stands_when_the_rest_of_the_page_runs_again() -> None:
    page = ran(new_weights(number(editing(), "in_channels", 3)))
    assert len(errors(page)) == 1
    assert query(page) == {"v": "2", "node": "n6", "seed": "1", "editing": "1"}


def test_a_field_of_two_numbers_keeps_what_cannot_be_read() -> None:
    page = number(editing(2), "scale_factor", 3, layer=2)
    page = choose(pressed(page, "undo"), 3)
    page = ran(page.text_input(key=named(page, "edit_3_kernel_size")).set_value("1x3").run())
    assert "in\\_features" in errors(page)[0]
    page = ran(page.text_input(key=named(page, "edit_3_kernel_size")).set_value("three").run())
    assert "kernel\\_size must be a whole number or two" in errors(page)[0]
    assert page.text_input(key=named(page, "edit_3_kernel_size")).value == "three"
    assert not press(page, "Set kernel\\_size=3 in conv2").error


def test_a_layer_is_frozen_with_a_switch() -> None:
    page = ran(editing().checkbox(key="edit_3_switch_frozen").set_value(True).run())
    assert not page.error
    assert network(page).layer("conv2").frozen
    assert not network(page).layer("conv1").frozen


def test_the_receptive_field_is_told_in_cells_of_the_input() -> None:
    # Two of two input rows meet a 3x3 kernel on the map that is twice as large.
    about = [each.value for each in editing().caption if "Convolution" in each.value]
    assert "receptive field 2\u00d72 · output stride 1/2" in about[0]


def rows(page: AppTest) -> list[list[str]]:
    """The table of every layer."""
    drawn = html(page).replace(TIMES, "x").replace(UNKNOWN, "-")
    found = re.findall(r'<tr class="layer.*?</tr>', drawn)
    return [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row) for row in found]


def test_the_table_says_what_every_layer_makes_costs_and_sees_also_while_one_is_broken() -> None:
    known = [
        ["conv1", "Conv2d", "2x1x2x2", "2", "1x1", "1", "32 B", "16"],
        ["upsample", "UpsamplingNearest2d", "2x1x4x4", "0", "1x1", "1/2", "0 B", "0"],
    ]
    page = editing()
    assert rows(page)[:2] == known
    assert rows(page)[2:] == [
        ["conv2", "Conv2d", "2x1x2x2", "10", "2x2", "1/2", "128 B", "144"],
        ["flatten", "Flatten", "2x4", "0", "-", "-", "0 B", "0"],
        ["fc", "Linear", "2x1", "5", "-", "-", "32 B", "16"],
    ]
    page = number(page, "in_channels", 3)
    assert rows(page) == [
        *known,
        *(
            [name, kind, *["-"] * 6]
            for name, kind in [("conv2", "Conv2d"), ("flatten", "Flatten"), ("fc", "Linear")]
        ),
    ]
    assert '<tr class="layer chosen broken"><th scope="row">conv2<' in html(page)
    page = choose(page, 2)
    assert any(
        f"receptive field 1{TIMES}1 · output stride 1/2" in each.value for each in page.caption
    )


def test_a_chosen_layer_is_looked_at_in_the_run_as_long_as_that_is_its_own() -> None:
    page = editing(1)
    assert query(page)["node"] == "n10"
    assert heading(page) == "conv1"
    page = number(choose(page, 3), "in_channels", 3)
    assert heading(page) == "conv2"
    page = choose(page, 1)
    assert query(page)["node"] == "n6"
    assert heading(page) == "conv2"


def test_the_editor_follows_what_is_chosen_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(v="1", editing="1", node="n6")
    assert page.selectbox(key=named(page, "editor_choice")).value == 3
    page = choose(page, 2)
    monkeypatch.setattr(held, "went_back", lambda: True)
    page.query_params["node"] = "n1"
    assert ran(page.run()).selectbox(key=named(page, "editor_choice")).value == 5
    monkeypatch.undo()
    page = number(page, "in_features", 3, layer=5)
    page.query_params["node"] = "n6"  # a draft that cannot run is not left alone
    assert ran(page.run()).selectbox(key=named(page, "editor_choice")).value == 5


def test_the_input_is_looked_at_where_a_gradient_arrives() -> None:
    page = editing(INPUT_KEY, input_gradient="1")
    assert heading(page) == "(input)"
    assert page.selectbox(key=named(page, "editor_choice")).value == INPUT_KEY
    assert "node" not in query(editing(INPUT_KEY))


def test_undo_and_redo_go_through_what_was_typed() -> None:
    page = number(number(editing(), "kernel_size", 7), "padding", 2)
    assert not page.error
    assert network(page).layer("conv2").fields["padding"] == 2
    page = pressed(page, "undo")
    assert "does not fit" in errors(page)[0]
    page = pressed(page, "undo")
    assert not page.error
    assert query(page) == {"v": "2", "node": "n6", "editing": "1"}
    page = pressed(page, "redo", "redo")
    assert network(page).layer("conv2").fields["padding"] == 2
    assert undo_and_redo(page)["future"] == 0
    assert undo_and_redo(page)["past"] == 2


def test_a_network_is_built_from_nothing() -> None:
    page = opened(v="1", editing="1")
    for _ in PRESETS["test"].spec.layers:
        page = press(page, "Remove")
    assert page.info[0].value.startswith("There is no layer yet.")
    assert components(page) == WITH_EDITOR
    page = number(add(page, "Conv2d"), "kernel_size", 1, layer=1)
    page = number(page, "padding", 0, layer=1)
    page = add(page, "UpsamplingNearest2d")
    page = ran(page.text_input(key=named(page, "edit_2_name")).set_value("upsample").run())
    page = add(page, "Conv2d")
    page = add(page, "Linear")
    assert "Put Flatten before linear1" in [button.label for button in page.button]
    page = press(page, "Put Flatten before linear1")
    assert not page.error
    page = ran(page.text_input(key=named(page, "edit_4_name")).set_value("fc").run())
    page = choose(page, 5)
    page = ran(page.text_input(key=named(page, "edit_5_name")).set_value("flatten").run())
    assert network(page) == PRESETS["test"].spec
    assert "net" not in query(page)


def test_moving_copying_and_removing_layers() -> None:
    page = press(editing(2), "Move up")
    assert layers(page)[:3] == ["upsample < input", "conv1 < upsample", "conv2 < conv1"]
    page = press(page, "Move down")
    assert query(page) == {"v": "2", "node": "n9", "editing": "1"}
    page = press(choose(page, 4), "Duplicate")
    assert layers(page)[3:] == ["flatten < conv2", "flatten1 < flatten", "fc < flatten1"]
    page = press(page, "Remove")
    assert layers(page) == layers(opened())


def test_a_skip_is_added_and_its_inputs_are_chosen_by_name() -> None:
    page = add(editing(), "Add")
    assert not page.error
    assert "add1 < conv2 + conv1" in layers(page)
    page = ran(
        page.multiselect(key=named(page, "edit_6_reads")).set_value([(3, 0), (INPUT_KEY, 0)]).run()
    )
    assert "add1 < conv2 + input" in layers(page)
    page = ran(page.multiselect(key=named(page, "edit_6_reads")).set_value([(3, 0)]).run())
    assert errors(page) == [r"add1\: it reads 2 to 8 inputs, but 1 came." + STAYS]
    assert page.multiselect(key=named(page, "edit_6_reads")).value == [(3, 0)]


def twice(kind: str) -> AppTest:
    """Let a new layer behind conv2 read it twice, by the list of its inputs."""
    page = add(editing(), kind)
    again = [(3, 0), (3, 1)]
    for chosen in (again[:1], again):  # what is read once is then offered once more
        page = ran(page.multiselect(key=named(page, "edit_6_reads")).set_value(chosen).run())
    return page


@pytest.mark.parametrize("kind", ["Add", "Multiply"])
def test_a_layer_can_read_the_same_layer_twice(kind: str) -> None:
    page = twice(kind)
    assert not errors(page)
    name = f"{kind.lower()}1"
    assert f"{name} < conv2 + conv2" in layers(page)
    reads = page.multiselect(key=named(page, "edit_6_reads"))
    assert reads.value == [(3, 0), (3, 1)]
    assert reads.options == [
        "input",
        "conv1",
        "upsample",
        "conv2",
        *(f"conv2 {TIMES}{n}" for n in (2, 3)),
    ]
    (box,) = (box for box in pictured(page) if box["title"].startswith(name))
    assert f"reads conv2, conv2, 2{TIMES}1" in box["title"]
    capture = execute(from_address(query(page))[0].setting).capture
    joined, before = capture.layer(name), capture.layer("conv2")
    assert joined.upstream is not None
    assert before.upstream is not None
    assert before.output is not None
    slope = 2.0 if kind == "Add" else 2 * before.output
    assert np.allclose(before.upstream, slope * joined.upstream, rtol=1e-6)


def test_another_input_is_taken_without_losing_one_that_is_read_twice() -> None:
    page = twice("Add")
    reads = [(3, 0), (3, 1), (INPUT_KEY, 0)]
    page = ran(page.multiselect(key=named(page, "edit_6_reads")).set_value(reads).run())
    assert "add1 < conv2 + conv2 + input" in layers(page)
    page = ran(page.multiselect(key=named(page, "edit_6_reads")).set_value(reads[1:]).run())
    assert "add1 < conv2 + input" in layers(page)
    assert page.multiselect(key=named(page, "edit_6_reads")).value == [(3, 0), (INPUT_KEY, 0)]


def test_a_layer_can_only_read_what_is_above_it() -> None:
    assert editing().selectbox(key="edit_3_reads_0").options == ["input", "conv1", "upsample"]


def test_over_budget_is_refused_with_the_dearest_layer_and_nothing_is_lost() -> None:
    page = number(editing(5, model="mlp"), "out_features", 1_000_000, layer=5)
    (error,) = errors(page)
    assert error.startswith(r"fc3\: the model needs 64.9 MiB for parameters")
    assert components(page) == WITH_EDITOR
    assert page.number_input(key=named(page, "edit_5_out_features")).value == 1_000_000
    assert query(page) == {"v": "2", "model": "mlp", "node": "n2", "editing": "1"}


def test_a_loss_that_does_not_suit_the_new_output_is_said_with_a_way_out() -> None:
    page = opened(v="1", model="mlp", editing="1", target="class_9")
    page = number(choose(page, 5), "out_features", 4, layer=5)
    assert "has no target class\\_9" in errors(page)[0]
    assert components(page) == WITH_EDITOR
    assert not press(page, "Use Class 0").error
    assert query(page)["target"] == "class_0"
    assert network(page).layer("fc3").fields["out_features"] == 4


def test_the_shape_of_the_input_is_typed() -> None:
    page = editing(INPUT_KEY)
    page = ran(page.text_input(key=named(page, "edit_input_shape")).set_value("3x1x2x2").run())
    assert query(page)["input_shape"] == "3x1x2x2"
    assert not page.error
    page = ran(page.text_input(key=named(page, "edit_input_shape")).set_value("three").run())
    assert errors(page) == [
        "Shape of the input: it must be sizes such as 2x1x8x8; `three` came. 3x1x2x2 stays."
    ]
    assert page.text_input(key=named(page, "edit_input_shape")).value == "three"
    assert query(page)["input_shape"] == "3x1x2x2"
    page = choose(choose(page, 1), INPUT_KEY)
    assert page.text_input(key=named(page, "edit_input_shape")).value == "three"
    page = pressed(page, "undo")
    assert page.text_input(key=named(page, "edit_input_shape")).value == "2x1x2x2"
    assert not page.error
    page = ran(page.text_input(key=named(page, "edit_input_shape")).set_value("3x2x2x2").run())
    assert "in\\_channels is 1" in errors(page)[0]


def test_the_name_of_the_network_is_typed() -> None:
    page = editing(INPUT_KEY)
    page = ran(page.text_input(key=named(page, "edit_network_name")).set_value("Mine").run())
    assert network(page).name == "Mine"
    page = ran(page.text_input(key=named(page, "edit_network_name")).set_value("import").run())
    assert "is taken by Python or torch" in errors(page)[0]
    assert components(page) == WITH_EDITOR


def test_another_preset_or_reset_ends_a_draft_and_undo_brings_it_back() -> None:
    page = press(number(editing(), "in_channels", 3), "Reset")
    assert not page.error
    assert query(page) == {"v": "2", "editing": "1"}
    assert errors(pressed(page, "undo"))
    page = ran(page.selectbox(key="control_model").set_value("mlp").run())
    assert not page.error
    assert query(page) == {"v": "2", "model": "mlp", "editing": "1"}


def test_a_network_of_a_link_is_what_is_edited() -> None:
    page = opened(v="1", net=pack(PRESETS["residual"].spec), input_shape="2x1x8x8", editing="1")
    names = [node["title"].split(", ")[0] for node in pictured(page)][1:-1]
    assert names == [layer.name for layer in PRESETS["residual"].spec.layers]
    assert components(page) == WITH_EDITOR
    assert page.selectbox(key="control_model").options[0] == "Residual (your own)"


def test_a_link_whose_network_cannot_run_says_why_and_can_be_mended() -> None:
    page = opened(v="1", net=pack(PRESETS["mlp"].spec), editing="1")
    assert any("in\\_features is 64" in error for error in errors(page))
    assert not shown(page)
    fixed = press(page, "Put Flatten before fc1")
    assert errors(fixed) == []
    assert components(fixed) == WITH_EDITOR
    assert network(fixed).layer("fc1").fields["in_features"] == 4


def test_every_label_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    marked(monkeypatch)
    page = opened(v="1", editing="1", node="n6")
    page.session_state[CHOSEN] = 3
    seen = {label for label in labels(ran(page.run())) if label and "<style>" not in label}
    names = {field.name for field in LAYERS["Conv2d"].fields} | {"frozen"}
    unmarked = {each for each in seen if MARK not in each and not each.startswith("$")}
    assert unmarked == names


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_of_the_catalogue_can_be_added_and_has_a_form(kind: str) -> None:
    page = add(opened(v="1", editing="1"), kind)
    shown = {
        *(box.label for box in page.checkbox),
        *(box.label for box in page.number_input),
        *(box.label for box in page.selectbox),
        *(box.label for box in page.text_input),
    }
    assert {field.name for field in LAYERS[kind].fields} <= shown
    assert components(page) == WITH_EDITOR


def test_done_closes_the_editor_and_keeps_what_was_typed() -> None:
    page = press(number(editing(), "kernel_size", 7), "Done")
    assert components(page) == COMPONENTS
    assert query(page) == {"v": "2", "node": "n6"}
    assert not page.error
    page = ran(labelled(page.toggle, "Edit the network").set_value(True).run())
    assert "does not fit" in errors(page)[0]
