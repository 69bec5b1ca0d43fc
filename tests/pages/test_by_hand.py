"""Changing cells by hand, as Streamlit runs it, without a browser."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from experiment.address import from_address
from experiment.setting import DEFAULT
from models.cell_edits import Edits, read_edits
from models.inputs.pictures import read
from models.inputs.uploaded import to_text
from pages.parts.origins import origin, stroked
from tests.experiment.running import execute
from tests.pages.test_playground_page import (
    MARK,
    components,
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
from tests.viz.test_paint import unpacked

EDITS = Edits().with_cell("input", 0, -3).with_cell("conv2.weight", 4, 1.5)
TEXT = EDITS.to_text()


def canvas(page: AppTest) -> dict[str, Any]:
    """What the grid is drawn from."""
    (found,) = (
        each.proto
        for each in page.get("bidi_component")
        if each.proto.component_name == "backlight_paint"
    )
    return unpacked(found.bytes)


def test_the_class_of_each_sample_is_changed_to_a_class_only() -> None:
    begun = {"model": "lenet", "input_shape": "3x1x16x16", "loss": "cross_entropy"}
    edits = Edits().with_cell("target", 1, 9).to_text()
    page = opened(**begun, target="class_by_sample", hand="target", edits=edits)
    drawn = canvas(page)
    assert (drawn["whole"], drawn["largest"], drawn["edited"]) == (True, 9, [1])
    assert drawn["values"].tolist() == [0, 9, 2]
    assert "The right class of each sample, a whole number counted from 0." in {
        caption.value for caption in page.caption
    }
    wrong = opened(**begun, hand="target", edits=Edits().with_cell("target", 1, 10).to_text())
    assert any("a class must be a whole number from 0 to 9" in w.value for w in wrong.warning)


def test_the_card_takes_the_graphs_place_and_gives_it_back() -> None:
    page = opened(hand="input")
    assert components(page) == ["backlight_paint", "backlight_workbench"]
    assert '<h3 class="head">Change by hand</h3>' in html(page)
    after = press(page, "Graph")
    assert components(after) == ["backlight_workbench"]
    assert query(after) == {}
    assert query(press(after, "Paint")) == {"v": "2", "hand": "input"}


def test_the_grid_shows_the_changed_cells_over_the_first_ones() -> None:
    drawn = canvas(opened(hand="input", edits=TEXT))
    assert drawn["values"].tolist() == [-3, 2, 3, 4]
    assert drawn["original"].tolist() == [1, 2, 3, 4]
    assert drawn["edited"].tolist() == [0]
    assert drawn["tool"] == "brush"


def test_another_sample_is_another_plane_and_is_looked_at_too() -> None:
    page = opened(hand="input", edits=TEXT)
    ran(page.number_input(key="view_plane_0").set_value(1).run())
    assert canvas(page)["values"].tolist() == [5, 6, 7, 8]
    assert canvas(page)["edited"].tolist() == []
    assert query(page) == {"v": "2", "hand": "input", "edits": TEXT, "plane": "1x0", "sample": "1"}
    assert shown(page)


def test_every_tensor_of_the_run_can_be_chosen() -> None:
    page = opened(hand="input", edits=TEXT)
    picker = page.selectbox(key="view_hand")
    assert picker.options == [
        "input · 2\u00d71\u00d72\u00d72 · 1 changed",
        "target · 2\u00d71",
        "conv1.weight · 1\u00d71\u00d71\u00d71",
        "conv1.bias · 1",
        "conv2.weight · 1\u00d71\u00d73\u00d73 · 1 changed",
        "conv2.bias · 1",
        "fc.weight · 1\u00d74",
        "fc.bias · 1",
    ]
    for index, name in enumerate(["input", "target", "conv1.weight"]):
        ran(page.selectbox(key="view_hand").select_index(index).run())
        assert canvas(page)["key"] == name
        assert not page.warning


@pytest.mark.parametrize("model", ["lenet", "residual"])
def test_every_tensor_of_a_preset_can_be_shown(model: str) -> None:
    experiment, _problems = from_address({"model": model})
    for layer in execute(experiment.setting).capture.layers:
        for record in layer.parameters:
            page = opened(model=model, hand=record.name)
            drawn = canvas(page)
            flat = record.value.ravel()
            assert drawn["values"].tolist() == flat[: drawn["count"]].tolist()
            assert not page.warning


def test_the_loss_is_shown_before_and_after() -> None:
    before = execute(DEFAULT).capture.loss
    after = execute(from_address({"edits": TEXT})[0].setting).capture.loss
    assert before is not None
    assert after is not None
    page = opened(hand="input", edits=TEXT)
    assert f"<b>{before:.4g}</b> → <b>{after:.4g}</b>" in html(page)
    assert f"<b>{before:.4g}</b></p>" in html(opened(hand="input"))


def test_changes_are_discarded_by_tensor_or_at_once() -> None:
    page = press(opened(hand="input", edits=TEXT), "Discard changes of input")
    assert query(page)["edits"] == EDITS.without("input").to_text()
    page = press(opened(hand="input", edits=TEXT), "Discard all changes")
    assert query(page) == {"v": "2", "hand": "input"}


def test_strokes_can_be_undone_until_cells_are_changed_by_other_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    first = origin("input", (2, 2), EDITS)
    stroked(["input", "fc.weight"], Edits())
    assert origin("input", (2, 2), Edits()) == first
    assert origin("input", (2, 3), Edits()) != first
    discarded = origin("input", (2, 2), EDITS)
    assert discarded != first
    stroked(["input"], EDITS.with_cell("input", 1, 2))
    assert origin("input", (2, 2), EDITS.with_cell("input", 1, 2)) == discarded


def test_another_seed_keeps_the_changes_and_another_preset_drops_them() -> None:
    page = press(opened(edits=TEXT), "New weights")
    assert query(page) == {"v": "2", "seed": "1", "edits": TEXT}
    ran(page.selectbox(key="control_model").set_value("mlp").run())
    assert query(page) == {"v": "2", "model": "mlp"}


def test_changes_of_what_is_not_there_are_said_and_can_be_discarded() -> None:
    edits = EDITS.with_cells("gone.weight", {3: 1, 4: 1}).with_cell("fc.bias", 1, 1)
    page = opened(edits=edits.to_text())
    (warning,) = page.warning
    assert warning.value.replace("\\", "").splitlines() == [
        "fc.bias: cell 1 was changed, but it has only 1 cells. "
        "Discard the changes or open the network they belong to.  ",
        "gone.weight: cells were changed (2), but nothing here has this name. "
        "Discard the changes or open the network they belong to.  ",
        "Everything else runs as it is shown.",
    ]
    assert shown(page)
    after = press(page, "Discard changes")
    assert query(after) == {"v": "2", "edits": TEXT}
    assert not after.warning


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"hand": "conv9.weight"},
            "hand: nothing here that could be changed is called conv9.weight. It shows input.",
        ),
        ({"hand": "input", "plane": "2x0"}, "plane: input has no map 2x0. The first one is shown."),
        ({"hand": "input", "plane": "1"}, "plane: input has no map 1. The first one is shown."),
    ],
)
def test_what_a_link_asks_to_change_and_is_not_there_is_said(
    asked: dict[str, str], sentence: str
) -> None:
    page = opened(**asked)
    (warning,) = page.warning
    assert warning.value.replace("\\", "") == sentence
    assert canvas(page)["values"].tolist() == [1, 2, 3, 4]


def test_a_picture_of_the_visitors_is_fed_and_can_be_taken_back() -> None:
    cells = np.random.default_rng(1).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(cells).save(file, "PNG")
    page = opened(edits=TEXT)
    ran(page.file_uploader(key="control_picture").upload("a.png", file.getvalue()).run())
    picture = to_text(read(file.getvalue()), (2, 1, 2, 2))
    assert query(page) == {
        "v": "2",
        "input": "upload",
        "picture": picture,
        "edits": EDITS.without("input").to_text(),
    }
    assert labelled(page.selectbox, "Input").options[-1] == "Your picture"
    assert not page.error


@pytest.mark.parametrize(
    ("name", "data"), [("a.png", b"no picture"), ("a.gif", b"GIF89a"), ("a.jpg", b"\xff\xd8\xff")]
)
def test_a_file_that_is_no_picture_is_refused_in_words(name: str, data: bytes) -> None:
    page = opened()
    ran(page.file_uploader(key="control_picture").upload(name, data).run())
    (error,) = page.error
    assert "no picture that can be read" in error.value
    assert query(page) == {}
    assert "Your picture" not in page.selectbox(key="control_input").options


def test_every_label_of_the_card_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    marked(monkeypatch)
    page = opened(hand="conv2.weight", edits=TEXT, compare="1", show="parameters", node="n6")
    seen = [label for label in labels(page) if label and "<style>" not in label]
    assert len(seen) > 40
    assert [label for label in seen if MARK not in label] == []


def test_the_batch_can_grow_and_changes_stay_where_they_are() -> None:
    page = opened(hand="input", edits=TEXT)
    ran(page.number_input(key="control_batch").set_value(5).run())
    assert query(page)["input_shape"] == "5x1x2x2"
    assert query(page)["edits"] == TEXT
    assert canvas(page)["values"].tolist() == [-3, 2, 3, 4]
    assert read_edits(query(page)["edits"]) == EDITS


def test_token_ids_are_shown_as_whole_numbers_and_changed_within_the_table() -> None:
    page = opened(model="words", hand="input", edits=Edits().with_cell("input", 0, 2).to_text())
    drawn = canvas(page)
    assert (drawn["whole"], drawn["largest"], drawn["tool"]) == (True, 4, "number")
    assert drawn["swatches"] == [0, 1]
    assert drawn["values"].tolist() == [2, 4, 3, 0, 3]
    captions = [caption.value for caption in page.caption]
    assert "Ids 2 4 3 0 3\\: rows of embedding, which has rows 0 to 4." in captions
    assert page.selectbox(key="control_input").options == ["Token ids"]
    (gradient,) = (each for each in page.toggle if each.label == "Gradient at the input")
    assert gradient.disabled
    assert not gradient.value


def test_ids_of_a_link_that_are_no_rows_are_said_and_can_be_discarded() -> None:
    page = opened(model="words", hand="input", edits=Edits().with_cell("input", 1, 5).to_text())
    assert "Cell 1 is 5" in page.warning[0].value
    assert canvas(page)["values"].tolist() == [4, 4, 3, 0, 3]
    assert "edits" not in query(press(page, "Discard changes"))
