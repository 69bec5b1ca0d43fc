"""A sentence is its English text, and remembers enough to be said in another language."""

from __future__ import annotations

import copy
import pickle

import pytest

from flow.said import Said, chained, has_words, joined, said, spoken

KOREAN = {
    "{name} has {count} cells.": "{name}: 칸 {count}개.",
    "a list": "리스트",
    "Cut it.": "자르세요.",
    "{one} or {other}": "{one} 또는 {other}",
    "{total:.3g} in all": "모두 {total:.3g}",
}


def say(text: str) -> str:
    return KOREAN[text]


def test_it_is_its_english_text() -> None:
    sentence = said("{name} has {count} cells.", name="conv1", count=4)
    assert sentence == "conv1 has 4 cells."
    assert isinstance(sentence, str)


def test_it_is_said_with_its_values_and_these_are_said_too() -> None:
    sentence = said("{name} has {count} cells.", name=said("a list"), count=4)
    assert sentence == "a list has 4 cells."
    assert sentence.spoken(say) == "리스트: 칸 4개."


def test_a_number_is_written_alike_in_both_languages() -> None:
    sentence = said("{total:.3g} in all", total=1 / 3)
    assert (sentence, sentence.spoken(say)) == ("0.333 in all", "모두 0.333")


def test_it_survives_an_exception_and_what_an_error_says_survives_another_one() -> None:
    first = ValueError(said("a list"))
    text = str(first)
    assert isinstance(text, Said)
    second = ValueError(said("{name} has {count} cells.", name=first, count=1))
    assert second.args[0].spoken(say) == "리스트: 칸 1개."


@pytest.mark.parametrize("again", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_it_survives_a_copy(again: object) -> None:
    sentence = said("{name} has {count} cells.", name=said("a list"), count=4)
    copied = again(sentence)  # type: ignore[operator]
    assert (copied, copied.spoken(say)) == (sentence, "리스트: 칸 4개.")


def test_sentences_are_joined_and_each_is_said() -> None:
    both = joined((said("Cut it."), "x = 1", said("a list")))
    assert (both, both.spoken(say)) == ("Cut it. x = 1 a list", "자르세요. x = 1 리스트")


def test_names_are_chained_two_by_two() -> None:
    three = chained(("a", "b", "c"), "{one} or {other}")
    assert (three, spoken(three, say)) == ("a or b or c", "a 또는 b 또는 c")
    assert (chained(("a",), "{one} or {other}"), chained((), "{one} or {other}")) == ("a", "")


def test_brackets_are_brackets_where_there_is_nothing_to_fill_in() -> None:
    assert said("Write only {name}.") == "Write only {name}."


@pytest.mark.parametrize(
    ("template", "words"), [("{layer}: {problem}", False), ("{a}{b}", False), ("{a} of {b}", True)]
)
def test_places_and_signs_alone_are_no_words(template: str, words: bool) -> None:
    assert has_words(template) == words
