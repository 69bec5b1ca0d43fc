"""The lesson on claims as Streamlit runs it: its deck, its cards, and that nothing sent is run."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from lessons.claims import running
from lessons.claims.deck import CARDS
from lessons.running import recipe
from tests.pages.test_lesson_pages import attempts, opened, query

LESSON = "claims"
HOSTILE = "__import__('os').system('touch hostile')"


def deck(app: AppTest) -> list[tuple[str, dict[str, str]]]:
    """Return label and query of every card in the list."""
    found = []
    for each in app.get("page_link"):
        asked = dict(parse_qsl(each.proto.query_string))
        if asked.get("step") in CARDS:
            found.append((each.proto.label, asked))
    return found


def shown_code(app: AppTest) -> str:
    (shown,) = (each.value for each in app.code)
    return shown


def test_the_first_step_lists_every_claim_with_a_link_to_its_card() -> None:
    cards = deck(opened(LESSON))
    assert [asked for _label, asked in cards] == [{"v": "2", "step": key} for key in CARDS]
    assert cards[0][0] == "1. “Changing a tensor in place breaks its backward.”"


def test_a_claim_that_was_answered_right_has_a_tick_and_the_links_keep_the_answer() -> None:
    cards = deck(opened(LESSON, inplace="1", twice="0"))
    assert [label.endswith("✓") for label, _asked in cards[:3]] == [True, False, False]
    assert all(asked["inplace"] == "1" for _label, asked in cards)


@pytest.mark.parametrize("key", CARDS)
def test_a_card_shows_what_came_of_its_lines_only_when_it_is_answered(key: str) -> None:
    app = opened(LESSON, step=key)
    assert shown_code(app) == CARDS[key].code
    attempts(app, LESSON, key, revealed=True)
    assert CARDS[key].others[-1].strip() in shown_code(app)
    assert "PyTorch" in shown_code(app)


def test_every_wrong_option_gets_its_own_sentence() -> None:
    told = set()
    for key, card in CARDS.items():
        for place in range(len(card.options)):
            app = opened(LESSON, step=key, **{key: str(place)})
            told.add((*app.warning, *app.success)[0].value)
    assert len(told) == 3 * len(CARDS)


@pytest.mark.parametrize(
    "link",
    [
        {"step": HOSTILE},
        {"inplace": HOSTILE},
        {"lines": HOSTILE, "code": HOSTILE, "key": HOSTILE},
        {"step": "inplace", "cell": HOSTILE, "seed": HOSTILE},
        {"step": "cut", "cut": "2_" + HOSTILE, "cut_shown": "1"},
    ],
)
def test_nothing_that_a_link_or_a_browser_says_is_run(
    monkeypatch: pytest.MonkeyPatch, link: dict[str, str]
) -> None:
    texts: list[str] = []
    plain = running._executed

    def listening(text: str, noted: dict[object, object]) -> object:
        texts.append(text)
        return plain(text, noted)

    monkeypatch.setattr(running, "_executed", listening)
    recipe._kept.cache_clear()
    app = opened(LESSON, **link)
    if query(app).get("step") in CARDS:
        attempts(app, LESSON, query(app)["step"], typed=[HOSTILE], revealed=True)
    ours = {run for card in CARDS.values() for run in card.runs}
    assert set(texts) <= ours
    assert texts or query(app).get("step") not in CARDS
