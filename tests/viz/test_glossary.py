"""The glossary: one source, a line a term, and a page that is up to date."""

from __future__ import annotations

import pytest

from scripts.glossary import FILE
from viz.language import english
from viz.words.glossary import GLOSSARY, document, explained, glossary_words

LONGEST = 230
"""Letters that can be read at a glance."""


def test_the_page_is_what_the_glossary_says() -> None:
    assert FILE.read_text(encoding="utf-8") == document(), "python -m scripts.glossary writes it"


@pytest.mark.parametrize("key", GLOSSARY)
def test_an_explanation_is_a_sentence_to_be_read_at_a_glance(key: str) -> None:
    line = glossary_words(english)[key]
    assert line.startswith(f"{GLOSSARY[key].title}: ")
    assert GLOSSARY[key].sentence.endswith(".")
    assert len(GLOSSARY[key].sentence) <= LONGEST
    assert key.isidentifier()


def test_a_term_in_a_text_is_a_link_to_its_explanation() -> None:
    assert explained("upstream", "what arrives") == "[what arrives](#term-upstream)"
    assert f'id="term-{"upstream"}"' in document()


def test_what_is_no_term_is_refused() -> None:
    with pytest.raises(KeyError):
        explained("nothing", "nothing")
