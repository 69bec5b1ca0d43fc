"""Which files a browser gets, and the address that names what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from viz.front_code import (
    BUNDLES,
    FOLDER,
    code_address,
    digest,
    file_name,
    files,
    sheets,
    words_file,
)
from viz.language import languages

THERE = {
    "store.js": "a",
    "base.css": "b { margin: 0; }\n",
    "views/map.css": '@import url("../base.css");\n@import url("wide.css") (width > 9px);\nc {}\n',
    "views/wide.css": "d {}\n",
    "views/map.css.bak": "e",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in THERE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_style_sheet_brings_along_what_it_imports(folder: Path) -> None:
    map_sheet = b"b { margin: 0; }\n\n@media (width > 9px) {\nd {}\n}\nc {}\n"
    assert list(sheets(folder).items()) == [
        ("base.css", THERE["base.css"].encode()),
        ("views/map.css", map_sheet),
        ("views/wide.css", THERE["views/wide.css"].encode()),
    ]


def test_files_are_told_apart_by_names_and_bytes_and_not_by_their_order() -> None:
    plain = {"a": b"1", "b": b"2"}
    others: list[dict[str, bytes]] = [
        {"a": b"1", "b": b"3"},
        {"a": b"2", "b": b"1"},
        {"a": b"1", "c": b"2"},
        {"a": b"1"},
        {"a": b"1b2"},
        {"a": b"1b\x002"},
        {"a": b"1b\x001\x002"},
        {},
    ]
    assert digest(dict(reversed(plain.items()))) == digest(plain)
    assert len({digest(each) for each in [plain, *others]}) == 9


def test_the_address_names_what_the_folder_holds() -> None:
    assert code_address() == f"code/{digest(files())}/"
    script = (BUNDLES / "page.js").read_bytes()
    words = {f"words/{each}.json": words_file(each) for each in languages()}
    assert {"words/en.json", "words/ko.json"} <= set(words)
    assert files() == {"page.js": script, **sheets(FOLDER), **words}


def test_words_are_those_of_the_language_that_a_browser_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.language.FOLDER", tmp_path)
    assert file_name("words/ko-KR.json") == "words/en.json"
    catalogue = tmp_path / "ko" / "LC_MESSAGES" / "backlight.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    assert file_name("words/ko-KR.json") == file_name("words/ko.json") == "words/ko.json"
    assert file_name("words/fr.json") == "words/en.json"
    for other in ("words/../store.js", "words/.json", "store.js", "words/ko.js"):
        assert file_name(other) == other
