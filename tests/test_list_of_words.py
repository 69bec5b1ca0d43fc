"""The words that visitors see: all of them stand in the list that translators work from."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages import Catalog

from flow.ops import OPS
from models.layers import LAYERS
from scripts import words
from scripts.words import Code, catalogues, compiled, read, registered, template, written
from viz.language import speaking


def test_the_list_of_words_is_what_the_code_says_now() -> None:
    made = "run `python -m scripts.words extract` and commit what it writes"
    assert words.TEMPLATE.read_bytes() == written(template()), made


@pytest.mark.parametrize("file", catalogues())
def test_a_catalogue_knows_every_word_and_is_compiled(file: Path) -> None:
    assert {each.id for each in read(file)} >= {each.id for each in template()}
    assert file.with_suffix(".mo").read_bytes() == compiled(file)


@pytest.mark.parametrize("file", catalogues())
def test_every_word_is_translated_with_the_places_and_the_code_of_the_english(file: Path) -> None:
    for entry in read(file):
        english, said = str(entry.id), str(entry.string)
        if english:
            assert said, f"{english!r} has no translation"
            assert places(said) == places(english), english
            assert (said[0] == " ", said[-1] == " ") == (english[0] == " ", english[-1] == " ")
            assert sorted(CODE.findall(said)) == sorted(CODE.findall(english)), english


CODE = re.compile(r"`[^`]+`")


def places(text: str) -> list[str]:
    """What is put into a sentence, with its format."""
    return sorted(f"{name}:{form}" for _, name, form, _ in Formatter().parse(text) if name)


SAYS = """
TITLES = {"one": "One title", "two": "Two titles"}
HINT = "A hint."
PATTERN = r"[a-z]+"


class ToolLabels:
    undo: str = "Undo it"
    count: int = 3


def draw(say, name, self):
    _("Written out, " "in two parts")
    say("An even one" if name else "An odd one").format(name=name)
    self._refuse("{name} is gone.", name=name)
    _(TITLES[name]), _(HINT), _(name), _(name.title)
    desk.say("section of a text")
    print("not said"), _("1 + 2"[:0]), _(f"made {name}")
"""


def test_words_are_found_wherever_code_says_them() -> None:
    module = ModuleType("says")
    exec(SAYS.partition("def draw")[0], module.__dict__)  # noqa: S102 - our own text
    found = [text for _line, _function, text, _comments in Code(module)(io.BytesIO(SAYS.encode()))]
    assert sorted(found) == [
        "A hint.",
        "An even one",
        "An odd one",
        "One title",
        "Two titles",
        "Undo it",
        "Written out, in two parts",
        "{name} is gone.",
    ]


def test_words_are_found_however_deep_they_stand_in_a_registry() -> None:
    found = set(registered(LAYERS))
    kind = LAYERS["Conv2d"]
    assert {kind.label, kind.help, *(field.help for field in kind.fields if field.help)} <= found
    assert {rule.sentence for rule in (op.rule for op in OPS.values())} <= set(registered(OPS))


def test_what_a_catalogue_says_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    monkeypatch.setattr("viz.language.FOLDER", tmp_path)
    words.begin("ko")
    (file,) = catalogues()
    catalogue = read(file)
    assert {each.id for each in catalogue} >= {each.id for each in template()}
    catalogue["Undo"].string = "실행 취소"
    file.write_bytes(written(catalogue))
    words.main(["compile"])
    speaking.cache_clear()
    assert speaking("ko")("Undo") == "실행 취소"
    assert speaking("ko")("Redo") == "Redo"
    speaking.cache_clear()


def test_a_catalogue_that_is_brought_up_to_date_keeps_its_translations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    monkeypatch.setattr(words, "TEMPLATE", tmp_path / "backlight.pot")
    file = tmp_path / "ko" / "LC_MESSAGES" / "backlight.po"
    file.parent.mkdir(parents=True)
    old = Catalog(locale="ko", charset="utf-8")
    old.add("Undo", "실행 취소")
    old.add("A word that nobody says any more", "?")
    file.write_bytes(written(old))
    words.update()
    now = read(file)
    assert now["Undo"].string == "실행 취소"
    assert now["Redo"].string == ""
    assert "A word that nobody says any more" not in now


def test_a_language_that_has_a_catalogue_is_not_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    monkeypatch.setattr(words, "ROOT", tmp_path)
    file = tmp_path / "ko" / "LC_MESSAGES" / "backlight.po"
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(SystemExit, match=r"backlight\.po is there already"):
        words.begin("ko")


def test_a_word_without_an_entry_is_an_error_in_these_tests() -> None:
    assert gettext.NullTranslations().gettext("Undo") == "Undo"
    with pytest.raises(AssertionError, match="no entry in the catalogue"):
        gettext.NullTranslations().gettext("A word that nobody wrote down")
