"""A visitor's own photograph in the lesson on Grad-CAM, without a browser."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import AlertBase, Caption

from lessons.catalogue import LESSONS
from lessons.grad_cam.photograph.packages import extra
from lessons.grad_cam.photograph.photographed import FILES, Photographed, look
from models.inputs.compressed import from_text, to_text
from models.inputs.pictures import MAX_FILE_BYTES, Pixels, read
from pages.parts import picture
from pages.parts.turns import runs
from tests.pages.test_lesson_pages import opened, query, ran

KEY = "grad_cam_own_{}"


def shipped(name: str = "cat") -> bytes:
    found = extra()
    assert found is not None
    return (found.pictures / FILES[name]).read_bytes()


def brings(app: AppTest, file: bytes, turn: int = 0, name: str = "mine.png") -> AppTest:
    return ran(app.file_uploader(key=KEY.format(turn)).upload(name, file).run())


def classes(app: AppTest) -> str:
    (table,) = (each.value for each in app.markdown if each.value.startswith("| class"))
    return str(table)


def labels(app: AppTest) -> list[str]:
    return [each.label for each in app.button_group]


def backs(app: AppTest) -> list[str]:
    return [each.label for each in app.button if each.key == KEY.format("back")]


def test_a_photograph_of_ones_own_stands_in_the_link_and_another_visitor_sees_the_same() -> None:
    app = opened("grad_cam", step="photograph")
    assert "espresso" in classes(app)
    assert not backs(app)
    brings(app, shipped())
    own = to_text(read(shipped()), 224)
    assert query(app) == {"v": "2", "step": "photograph", "own": own}
    assert "Egyptian Mau" in classes(app).splitlines()[2]
    assert "Photograph" not in labels(app)
    told = " ".join(each.value for each in app.markdown)
    assert "224x224 pixels in 3,9" in told
    other = opened("grad_cam", **query(app))
    assert classes(other) == classes(app)
    assert backs(other) == ["Back to the shipped photographs"]


def test_the_network_gets_the_very_pixels_of_the_link() -> None:
    own, found = to_text(read(shipped("rocket")), 224), extra()
    assert found is not None
    one, other = (look(Photographed("coffee", own=own), found) for _ in range(2))
    assert np.array_equal(one.picture, from_text(own, 224))
    assert one.scores == other.scores
    assert np.array_equal(one.cells, other.cells)
    assert one.names != look(Photographed("coffee"), found).names


def test_going_back_shows_what_was_chosen_before_and_another_can_be_brought() -> None:
    app = opened("grad_cam", step="photograph", picture="motorcycle")
    before = classes(app)
    brings(app, shipped())
    ran(app.button(key=KEY.format("back")).click().run())
    assert query(app) == {"v": "2", "step": "photograph", "picture": "motorcycle"}
    assert classes(app) == before
    assert "Photograph" in labels(app)
    brings(app, shipped("rocket"), turn=2)
    assert "missile" in classes(app)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"no picture", "must be one of PNG, JPEG, WEBP, BMP, GIF"),
        (shipped()[:2000], "is damaged and cannot be read"),
        (bytes(MAX_FILE_BYTES + 1), "at most 10 MiB. It has 10.0; save it smaller"),
    ],
    ids=["text", "cut off", "large"],
)
def test_what_cannot_be_taken_is_said_in_words_and_nothing_else_changes(
    file: bytes, told: str
) -> None:
    app = opened("grad_cam", step="photograph")
    before = classes(app)
    brings(app, file)
    (error,) = app.error
    assert error.value.startswith("Your picture")
    assert told in error.value
    assert query(app).get("own") is None
    assert classes(app) == before
    brings(app, shipped())
    assert not app.error


def test_the_file_of_a_photograph_that_was_taken_is_held_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    freed: list[str] = []
    monkeypatch.setattr(
        MemoryUploadedFileManager,
        "remove_file",
        lambda _self, session_id, file_id: freed.append(f"{session_id} {file_id}"),
    )
    app = opened("grad_cam", step="photograph")
    brings(app, b"no picture")
    assert not freed  # it is still listed
    brings(app, shipped())
    assert len(freed) == 1


def test_an_exercise_that_is_handed_out_does_not_hold_the_photograph() -> None:
    own = to_text(read(shipped()), 224)
    study, problems = LESSONS["grad_cam"].beginning.read({"v": "2", "step": "alpha", "own": own})
    assert not problems
    assert study.to_url()["own"] == own
    assert study.blank.to_url() == {"v": "2", "step": "alpha"}


def test_the_controls_of_the_step_have_names_of_their_own() -> None:
    for language in ("en", "ko"):
        names = labels(opened("grad_cam", step="photograph", lang=language))
        assert len(set(names)) == len(names) > 3


def test_visitors_take_turns_to_have_a_photograph_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    idle: list[bool] = []

    def watched(file: bytes) -> Pixels:
        idle.append(runs().idle)
        return read(file)

    monkeypatch.setattr(picture, "read", watched)
    brings(opened("grad_cam", step="photograph"), shipped())
    assert idle == [False]


def test_what_may_be_brought_is_said_beside_the_field_and_an_error_stands_above_it() -> None:
    app = opened("grad_cam", step="photograph")
    told = "At most 10 MB, one of PNG, JPEG, WEBP, BMP, GIF."
    assert app.caption[0].value.startswith(told)
    brings(app, b"no picture")
    said = [each for each in app.main if isinstance(each, AlertBase | Caption)]
    found = [each.value for each in said if each.value.startswith(("Your picture", told))]
    assert found[0].startswith("Your picture")
    assert found[1].startswith(told)


def test_a_link_with_half_a_photograph_says_so_and_shows_a_shipped_one() -> None:
    own = to_text(read(shipped()), 224)
    app = opened("grad_cam", v="2", step="photograph", own=own[:-40])
    (warning,) = app.warning
    assert "own: the picture in the link must be one of 224x224 pixels" in warning.value
    assert "espresso" in classes(app)


def test_where_the_packages_are_missing_nothing_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lessons.grad_cam.photograph.photographed.extra", lambda: None)
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "PNG")
    app = opened("grad_cam", v="2", step="photograph", own=to_text(read(file.getvalue()), 224))
    assert not app.file_uploader
    assert not backs(app)
    assert "pip install" in " ".join(each.value for each in app.markdown)
