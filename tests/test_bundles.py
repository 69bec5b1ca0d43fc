"""Bundles: they follow what they are made of, and a stale one is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import front


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which all bundles are as they should be."""
    monkeypatch.setattr(front, "BUNDLE", tmp_path)
    assert front.bundle() == 0
    return tmp_path


def test_bundles_that_are_what_the_modules_give_pass(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {file.name for file in folder.iterdir()}
    assert made == {f"{name}.js" for name in front.BUNDLES}
    assert front.check_bundles() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("way", ["changed", "missing"])
def test_a_bundle_that_is_not_what_the_modules_give_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    file = folder / "alone.js"
    if way == "changed":
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    else:
        file.unlink()
    assert front.check_bundles() == 1
    assert capsys.readouterr().err == (
        "viz/front/bundle: not what the modules give: alone.js. "
        "Run `python -m scripts.front bundle` and commit what it writes.\n"
    )


def test_a_bundle_follows_the_modules_and_sheets_that_its_entry_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "FRONT", tmp_path)
    (tmp_path / "alone").mkdir()
    sources = {
        "alone/alone.js": 'import { a } from "../a.js";\nimport css from "../a.css";\na(css);',
        "a.js": "export function a(text) { document.title = text; }",
        "a.css": "b { color: red; }",
    }
    for name, text in sources.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = front.bundled("alone")
    assert front.bundled("alone") == before
    for name, old, new in (("a.js", "title", "cookie"), ("a.css", "red", "blue")):
        (tmp_path / name).write_text(sources[name].replace(old, new), encoding="utf-8")
        after = front.bundled("alone")
        assert after == before.replace(old, new)
        before = after


def test_a_module_that_is_missing_ends_the_command_after_its_name_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(front, "FRONT", tmp_path)
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "alone.js").write_text('import "../gone.js";', encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        front.bundled("alone")
    assert end.value.code == 1
    assert "../gone.js" in capfd.readouterr().err
