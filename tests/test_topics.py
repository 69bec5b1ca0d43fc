"""docs/topics.md: every address opens what it says, and every step of a lesson stands in it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from experiment.written.address import from_address
from lessons.catalogue import LESSONS
from models.presets import PRESETS
from scripts.served import ROOT

TEXT = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8")
ADDRESSES = sorted(set(re.findall(r"`(/[^`]+)`", TEXT)))
SETTLED = ("question", "rule", "end", "scratch")
"""Steps that need no line: they lead in, derive, or sum up what another one shows."""


def query(address: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(address)
    return parts.path.strip("/"), dict(parse_qsl(parts.query, strict_parsing=True))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_is_read_to_the_last_part(address: str) -> None:
    page, asked = query(address)
    if page == "playground":
        experiment, problems = from_address(asked)
        assert problems == ()
        assert asked.get("model", "test") in PRESETS
        assert experiment.setting.source is not None
    else:
        study, problems = LESSONS[page].beginning.read(asked)
        assert problems == ()
        assert study.place == [step.key for step in LESSONS[page].steps].index(
            asked.get("step", LESSONS[page].steps[0].key)
        )


@pytest.mark.parametrize("key", LESSONS)
def test_what_a_lesson_shows_stands_in_the_table(key: str) -> None:
    opened = {query(each)[1].get("step") for each in ADDRESSES if query(each)[0] == key}
    shown = {step.key for step in LESSONS[key].steps} - set(SETTLED)
    assert shown - opened == set()


def test_every_row_has_a_page_or_says_what_is_missing() -> None:
    rows = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("| ")]
    told = [[cell.strip() for cell in row] for row in rows if row[0].strip() != "Topic"]
    assert len(told) > 40
    assert [row[0] for row in told if not row[1] and not row[2]] == []
