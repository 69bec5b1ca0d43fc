"""Text for Markdown: ours is escaped, a visitor's becomes code."""

from __future__ import annotations

import pytest

from viz.markdown import code, plain


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("conv_1.weight", r"conv\_1.weight"),
        ("[a](b) <i> *x* `y` $z$ :red[q] ~s~ #h |c| {d}", None),
        (r"\*", r"\\\*"),
    ],
)
def test_our_sentences_are_escaped_letter_by_letter(text: str, written: str | None) -> None:
    escaped = plain(text)
    if written is not None:
        assert escaped == written
    for letter in "*_`[]<>#|$~:{}":
        assert escaped.count(f"\\{letter}") >= text.count(letter)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("abc", "`abc`"),
        ("", "` `"),
        ("http://e.example", "`http://e.example`"),
        ("a`b", "`` a`b ``"),
        ("```", "```` ``` ````"),
        ("a\n\n# b\t c", "`a # b c`"),
    ],
)
def test_a_visitors_text_becomes_one_code_span(text: str, written: str) -> None:
    assert code(text) == written
