"""The about page says what is true of this product, and lessons end with ways on."""

from __future__ import annotations

import pytest

from lessons.catalogue import LESSONS
from pages.parts.about import version
from scripts.served import ROOT
from tests.pages.test_lesson_pages import opened


def test_the_page_cites_the_version_of_the_product_as_the_repository_does() -> None:
    app = opened("about")
    (cited,) = app.code
    assert f'version = "{version()}"' in (ROOT / "pyproject.toml").read_text()
    assert f"version = {{{version()}}}" in cited.value
    assert f"version: {version()}\n" in (ROOT / "CITATION.cff").read_text()
    text = "\n".join(each.value for each in app.markdown)
    assert f"MIT licence, version {version()}" in text
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


@pytest.mark.parametrize("key", LESSONS)
def test_the_last_step_of_a_lesson_leads_on_and_no_other_does(key: str) -> None:
    steps = [step.key for step in LESSONS[key].steps]
    ways = ["Go on with these numbers in the playground", "Back to the start"]
    following = [*LESSONS][[*LESSONS].index(key) + 1 :]
    ways[:0] = [f"Next lesson: {LESSONS[each].title}" for each in following[:1]]
    assert labels(key, steps[-1])[-len(ways) :] == ways
    assert not {*ways} & {*labels(key, steps[0])}


def labels(key: str, step: str) -> list[str]:
    return [each.proto.label for each in opened(key, step=step).get("page_link")]
