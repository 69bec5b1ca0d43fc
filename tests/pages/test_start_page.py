"""The start page as Streamlit runs it: its example, its ways on, and what they open."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from experiment.setting import of_preset
from experiment.written.address import from_address
from models.presets import PRESETS
from pages.parts.addresses import PAGES
from pages.parts.start import example
from tests.experiment.runs import execute
from tests.pages.test_lesson_pages import START, opened
from tests.pages.test_playground_page import opened as playground
from tests.pages.test_playground_page import press
from viz.words.glossary import GLOSSARY, MARK


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened(START)


def links(page: AppTest) -> dict[str, tuple[str, str]]:
    """Where every link leads, page and query, by its words."""
    found = (link.proto for link in page.main.get("page_link"))
    return {link.label: (link.page, link.query_string) for link in found}


def told(page: AppTest) -> dict[str, Any]:
    (found,) = (
        each
        for each in page.get("bidi_component")
        if each.proto.component_name == "backlight_start"
    )
    data: dict[str, Any] = json.loads(found.proto.json)
    return data


def test_the_example_is_the_first_preset_with_one_sample() -> None:
    whole = of_preset("test")
    assert (example().spec, example().seed, example().loss) == (whole.spec, whole.seed, whole.loss)
    assert example().shape == (1, *whole.shape[1:])


def test_on_both_samples_of_the_preset_each_gradient_is_half(page: AppTest) -> None:
    """As the page says, so that nobody takes two numbers of one network for a mistake."""
    assert any("half of that here" in each.value for each in page.markdown)
    alone, both = (execute(setting).capture for setting in (example(), of_preset("test")))
    for name in ("conv1", "upsample", "conv2", "fc"):
        one, two = (capture.layer(name).upstream for capture in (alone, both))
        assert one is not None
        assert two is not None
        np.testing.assert_allclose(two[:1] * 2, one, rtol=1e-5)


def test_its_numbers_come_with_the_page(page: AppTest) -> None:
    boxes = [box["title"] for box in told(page)["boxes"]]
    assert boxes == ["input", "conv1", "upsample", "conv2", "fc", "loss"]


@pytest.mark.parametrize("label", ["Open this run in the playground", "**Playground** →"])
def test_the_playground_opens_exactly_that_run(page: AppTest, label: str) -> None:
    path, query = links(page)[label]
    assert path == "playground"
    assert from_address(dict(parse_qsl(query)))[0].setting == example()


def test_there_is_a_card_for_each_way_on(page: AppTest) -> None:
    found = {label.strip("* →"): where for label, where in links(page).items()}
    assert found["First lesson"] == ("nearest_upsampling", "")
    assert found["Playground"][0] == "playground"
    assert found["Gallery"] == ("gallery", "")
    assert found["Paste code"] == ("playground", "v=2&paste=1")
    assert any(each.value.startswith(f"{len(PRESETS)} networks") for each in page.markdown)


def test_a_link_can_open_the_box_for_a_class_once() -> None:
    page = playground(v="2", paste="1")
    assert not page.warning
    page = press(page, "Close")
    assert not page.text_area


def test_another_value_than_one_is_told() -> None:
    (warning,) = playground(paste="2").warning
    assert "paste" in warning.value


def test_the_words_of_the_introduction_are_terms(page: AppTest) -> None:
    introduction = next(each.value for each in page.markdown if MARK in each.value)
    keys = [part.split(")")[0] for part in introduction.split(MARK)[1:]]
    assert keys == ["loss", "gradient", "layer"]
    assert set(keys) <= set(GLOSSARY)


def test_every_page_has_an_address_that_the_server_knows(page: AppTest) -> None:
    registered = {each.get("url_pathname", "") for each in page._registered_pages.values()}
    assert registered == {START, *PAGES}
