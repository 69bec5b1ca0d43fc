"""Changing cells by hand, as Streamlit runs it, without a browser."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from models.cell_edits import Edits, read_edits
from models.inputs.pictures import read
from models.inputs.uploaded import to_text
from tests.pages.saying import new_weights
from tests.pages.test_playground_page import (
    labelled,
    opened,
    press,
    query,
    ran,
    shown,
)

EDITS = Edits().with_cells("input", {0: -3}).with_cells("conv2.weight", {4: 1.5})
TEXT = EDITS.to_text()


def test_another_seed_keeps_the_changes_and_another_preset_drops_them() -> None:
    page = ran(new_weights(opened(edits=TEXT)))
    assert query(page) == {"v": "2", "seed": "1", "edits": TEXT}
    ran(page.selectbox(key="control_model").set_value("mlp").run())
    assert query(page) == {"v": "2", "model": "mlp"}


def test_changes_of_what_is_not_there_are_said_and_can_be_discarded() -> None:
    edits = EDITS.with_cells("gone.weight", {3: 1, 4: 1}).with_cells("fc.bias", {1: 1})
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


def test_the_batch_can_grow_and_changes_stay_where_they_are() -> None:
    page = opened(hand="input", edits=TEXT)
    ran(page.number_input(key="control_batch").set_value(5).run())
    assert query(page)["input_shape"] == "5x1x2x2"
    assert query(page)["edits"] == TEXT
    assert read_edits(query(page)["edits"]) == EDITS


def test_token_ids_are_the_only_input_of_a_network_that_looks_them_up() -> None:
    page = opened(model="words", hand="input", edits=Edits().with_cells("input", {0: 2}).to_text())
    captions = [caption.value for caption in page.caption]
    assert "Ids 2 4 3 0 3\\: rows of embedding, which has rows 0 to 4." in captions
    assert page.selectbox(key="control_input").options == ["Token ids"]
    (gradient,) = (each for each in page.toggle if each.label == "Gradient at the input")
    assert gradient.disabled
    assert not gradient.value


def test_a_class_that_does_not_exist_is_said() -> None:
    begun = {"model": "lenet", "input_shape": "3x1x16x16", "loss": "cross_entropy"}
    wrong = opened(**begun, hand="target", edits=Edits().with_cells("target", {1: 10}).to_text())
    assert any("a class must be a whole number from 0 to 9" in w.value for w in wrong.warning)


def test_ids_of_a_link_that_are_no_rows_are_said_and_can_be_discarded() -> None:
    page = opened(model="words", hand="input", edits=Edits().with_cells("input", {1: 5}).to_text())
    assert "Cell 1 is 5" in page.warning[0].value
    assert "edits" not in query(press(page, "Discard changes"))
