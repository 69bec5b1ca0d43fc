"""The gallery as Streamlit runs it: a card a preset, with its own gradients, grouped by topic."""

from __future__ import annotations

from base64 import b64decode
from html import escape
from xml.etree import ElementTree

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from experiment.setting import of_preset
from experiment.written.address import VERSION
from lessons.catalogue import LESSONS
from models.build import build
from models.inputs import INPUTS
from models.inputs.tokens import vocabulary
from models.losses import LOSSES
from models.presets import PRESETS, TOPICS
from pages.parts.gallery import picture
from tests.experiment.runs import execute
from tests.pages.test_lesson_pages import opened
from viz.peak import shown_shape
from viz.scene.choice import first_node
from viz.theme import LUT_HALF, colour_table

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened("gallery")


def drawn(address: str) -> ElementTree.Element:
    return ElementTree.fromstring(b64decode(address.split(",")[1]))  # noqa: S314 - our own


def html(page: AppTest) -> str:
    return "\n".join(str(each.proto.body) for each in page.get("html"))


def test_every_preset_has_a_card_that_opens_it(page: AppTest) -> None:
    links = {
        link.proto.query_string: link.proto.label
        for link in page.get("page_link")
        if link.proto.query_string
    }
    wanted = {f"v={VERSION}&model={key}": preset.title for key, preset in PRESETS.items()}
    assert set(links) == set(wanted)
    for query, title in wanted.items():
        assert links[query].replace("\\", "") == title


def test_every_lesson_has_a_card_with_its_question_and_a_picture(page: AppTest) -> None:
    links = [each.proto for each in page.get("page_link") if not each.proto.query_string]
    assert [each.page for each in links][: len(LESSONS)] == list(LESSONS)
    assert [each.label for each in links][: len(LESSONS)] == [e.title for e in LESSONS.values()]
    for lesson in LESSONS.values():
        assert f"<p>{escape(lesson.question)}</p>" in html(page)


def test_every_card_says_why_and_what_its_pictures_show(page: AppTest) -> None:
    for preset in PRESETS.values():
        assert f"<p>{escape(preset.why)}</p>" in html(page)
        assert f'alt="Network of {len(preset.spec.layers)} layers"' in html(page)
    above, below = shown_shape((2, 1, 4, 4)), shown_shape((2, 1, 2, 2))
    assert f"upsample: downstream gradient {below}, left of the upstream gradient {above}" in html(
        page
    )


def test_the_topics_stand_in_their_order_and_none_is_empty(page: AppTest) -> None:
    headings = [each.value[3:] for each in page.markdown if each.value.startswith("## ")]
    assert [each.replace("\\", "") for each in headings] == ["Lessons", *TOPICS.values()]
    assert {preset.topic for preset in PRESETS.values()} == set(TOPICS)


@pytest.mark.parametrize("key", PRESETS)
@pytest.mark.parametrize("dark", [False, True])
def test_every_preset_has_a_picture_with_all_its_layers_and_its_own_gradient(
    key: str, dark: bool
) -> None:
    preset, found = PRESETS[key], picture(key, dark=dark)
    boxes = [g for g in drawn(found.network).iter(f"{SVG}g") if g.get("class") == "node"]
    assert len(boxes) == len(preset.spec.layers) + 1
    cells = drawn(found.gradients).findall(f"{SVG}rect")
    colours = {cell.get("fill") for cell in cells}
    assert len(colours) > 1, "a picture of one colour shows nothing"
    assert len(found.network) + len(found.gradients) < 80_000


def test_the_numbers_on_a_card_are_pytorchs() -> None:
    preset = PRESETS["kernel"]
    module = build(preset.spec, 0)
    weight = module.get_parameter("conv.weight").detach().numpy()[0, 0]
    below = np.zeros((3, 3), np.float32)
    for (row, column), vector in np.ndenumerate(np.array([[1, 2], [3, 4]], np.float32)):
        below[row : row + 2, column : column + 2] += vector * weight
    maps = drawn(picture("kernel", dark=False).gradients)
    cells = [*below.reshape(-1).tolist(), 1, 2, 3, 4]
    colours = colour_table(dark=False)[[LUT_HALF + round(LUT_HALF * cell / 4) for cell in cells]]
    fills = [each.get("fill") for each in maps.iter(f"{SVG}rect")]
    assert fills == ["rgb({},{},{})".format(*colour[:3]) for colour in colours]
    texts = [each.text for each in maps.iter(f"{SVG}text")]
    assert texts == ["1", "2", "3", "4"], "nine numbers with two digits would be too small to read"


def test_the_shares_on_the_bilinear_card_are_written_in_full() -> None:
    """Halves come of 9/16, 3/16 and 1/16 of 1 to 16; a rounded one would be another number."""
    texts = [
        each.text for each in drawn(picture("bilinear", dark=False).gradients).iter(f"{SVG}text")
    ]
    assert texts == ["16.5", "23.5", "44.5", "51.5"]


def test_the_corners_of_a_square_are_fed_to_exclusive_or() -> None:
    preset = PRESETS["xor"]
    assert preset.values().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert vocabulary(preset.spec) is None
    assert INPUTS[preset.input].label == "Corners"
    target = LOSSES[preset.loss].target((4, 1), preset.target)
    assert target.flatten().tolist() == [a != b for a, b in preset.values().tolist()]


def test_the_attention_card_shows_the_softmax_whose_gradients_sum_to_zero() -> None:
    setting = of_preset("attention")
    capture = execute(setting).capture
    node = capture.node(first_node(setting.source.look_at, capture))
    assert (node.layer, node.name) == ("attention", "SoftmaxBackward0")
    below = node.downstream[0]
    assert below is not None
    assert below.shape == (2, 8, 8)
    assert np.abs(below).max() > 1e-4
    np.testing.assert_allclose(below.sum(axis=-1), 0, atol=1e-7)


def test_a_named_node_exists_and_a_named_layer_too() -> None:
    for key, preset in PRESETS.items():
        setting = of_preset(key)
        capture = execute(setting).capture
        node = capture.node(first_node(setting.source.look_at, capture))
        assert node.layer == preset.look_at
        assert preset.node in ("", node.name)
