"""The texts of the lessons: named sections, places for numbers, one file a language."""

from __future__ import annotations

import re

import pytest

from lessons import text
from lessons.blocks import Derivation, Prose, Uses, within
from lessons.catalogue import LESSONS
from lessons.text import Text
from viz.words.glossary import GLOSSARY, MARK

LANGUAGES = sorted({file.stem for file in text.FOLDER.glob("*/*.md")})


def sections(lesson: str) -> set[str]:
    return set(text.read(lesson, "en").sections)


def asked(lesson: str) -> set[str]:
    """The sections that the exercises need."""
    found = set()
    for key, exercise in LESSONS[lesson].exercises(LESSONS[lesson].beginning).items():
        mistakes = {f"{key} mistake: {mistake.key}" for mistake in exercise.mistakes}
        hints = {name for name in sections(lesson) if re.fullmatch(rf"{key} hint \d", name)}
        assert len(hints) == len(text.read(lesson, "en").numbered(f"{key} hint")) > 0
        found |= {f"{key} task", f"{key} right", *mistakes, *hints}
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_section_that_a_block_says_exists_and_none_is_left_over(lesson: str) -> None:
    blocks = [each for step in LESSONS[lesson].steps for each in within(step.blocks)]
    said = {each.section for each in blocks if isinstance(each, Prose | Derivation | Uses)}
    assert said | asked(lesson) == sections(lesson)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_ends_with_what_to_take_away(lesson: str) -> None:
    assert Prose("take away") in LESSONS[lesson].steps[-1].blocks


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_only_sections_and_places_of_the_english_text(
    lesson: str, language: str
) -> None:
    english = text.read(lesson, "en").sections
    for name, body in text.read(lesson, language).sections.items():
        assert name in english
        assert set(re.findall(r"\[\[\w+\]\]", body)) <= set(
            re.findall(r"\[\[\w+\]\]", english[name])
        )


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terms_that_explain_themselves_exist_and_are_those_of_the_english_text(
    lesson: str, language: str
) -> None:
    english = text.read(lesson, "en").sections
    for name, body in text.read(lesson, language).sections.items():
        found = terms_in(body)
        assert found == terms_in(english[name])
        assert found <= set(GLOSSARY)


def terms_in(body: str) -> set[str]:
    return set(re.findall(rf"\]\({MARK}(\w+)\)", body))


def test_numbers_are_put_in_their_places_and_a_missing_one_is_named() -> None:
    written = Text("lesson", {"rule": "**[[total]]** of [[count]]"})
    assert written.section("rule", total="3", count="4") == "**3** of 4"
    with pytest.raises(KeyError, match=r"lesson, rule: no number is given for \[\[count\]\]"):
        written.section("rule", total="3")
    with pytest.raises(KeyError, match=r"lesson: its text has no section 'end'"):
        written.section("end")


def test_numbered_sections_end_at_the_first_that_is_missing() -> None:
    written = Text("lesson", {"a hint 1": "", "a hint 2": "", "a hint 4": ""})
    assert written.numbered("a hint") == ("a hint 1", "a hint 2")
    assert written.numbered("b hint") == ()


@pytest.mark.parametrize("language", ["xx", "../en", "", "__pycache__", "e"])
def test_a_language_without_texts_reads_english(language: str) -> None:
    assert text.read("nearest_upsampling", language).sections == (
        text.read("nearest_upsampling", "en").sections
    )


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bold_ends_where_markdown_lets_it_end(lesson: str, language: str) -> None:
    """After a bracket or a full stop, ``**`` closes only before a space or a sign."""
    for body in text.read(lesson, language).sections.values():
        for bold, after in re.findall(r"\*\*(.+?)\*\*(.?)", body, re.DOTALL):
            assert re.search(r"\w$", bold) or not re.match(r"\w", after), bold


@pytest.mark.parametrize("lesson", LESSONS)
def test_korean_is_complete(lesson: str) -> None:
    english, korean = (text.FOLDER / lesson / f"{language}.md" for language in ("en", "ko"))
    headings = re.compile(r"^## .+$", re.MULTILINE)
    assert sorted(headings.findall(korean.read_text())) == sorted(
        headings.findall(english.read_text())
    )
