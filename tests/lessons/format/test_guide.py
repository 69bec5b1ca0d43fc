"""docs/add-a-lesson.md, followed to the letter: its files make a lesson that passes every test."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.served import ROOT

GUIDE = ROOT / "docs" / "add-a-lesson.md"
FILES = ("recipe.py", "steps.py", "__init__.py", "en.md", "ko.md")
"""In the order in which the guide writes them."""
KEY = "average_pooling"
COPIED = ("app.py", "pyproject.toml", "locale", "tests", *(["flow", "models", "viz", "experiment"]))
TESTS = (
    "tests/lessons/format/test_lessons_as_data.py",
    "tests/lessons/format/test_lesson_texts.py",
    "tests/pages/test_lesson_pages.py",
)
SKIPPED = shutil.ignore_patterns("__pycache__", "browser", "bundle")


def blocks(guide: str) -> list[str]:
    """The files that the guide writes out."""
    return re.findall(r"^```(?:python|markdown)\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)


def listed(catalogue: str) -> str:
    """The catalogue with the lesson of the guide in it."""
    begins = r"^(from lessons import \(?)"  # in one line, or in several between brackets
    imported = re.sub(begins, rf"\1{KEY}, ", catalogue, count=1, flags=re.MULTILINE)
    return re.sub(r"(for lesson in \(\n)", rf"\1        {KEY}.LESSON,\n", imported, count=1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the guide's lesson in it."""
    place = tmp_path_factory.mktemp("house")
    for name in (*COPIED, "lessons", "pages", "serving", "scripts"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=SKIPPED)
        else:
            shutil.copy(source, place)
    shutil.copytree(ROOT / "viz/front/bundle", place / "viz/front/bundle")
    folder = place / "lessons" / KEY
    folder.mkdir()
    for name, text in zip(FILES, blocks(GUIDE.read_text(encoding="utf-8")), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    catalogue = place / "lessons" / "catalogue.py"
    catalogue.write_text(listed(catalogue.read_text(encoding="utf-8")), encoding="utf-8")
    return place


def passes(house: Path, *tests: str) -> tuple[int, str]:
    """Whether tests of the guide's lesson pass there, and what they print."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-k", KEY, *tests],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.returncode, told.stdout


def test_the_lesson_of_the_guide_passes_what_every_lesson_must_pass(house: Path) -> None:
    code, told = passes(house, *TESTS)
    assert code == 0, told
    passed = re.search(r"(\d+) passed", told)
    assert passed
    assert int(passed[1]) > 20


def test_a_lesson_without_its_text_would_not_pass(house: Path) -> None:
    text = house / "lessons" / KEY / "en.md"
    whole = text.read_text(encoding="utf-8")
    try:
        text.write_text(whole.replace("## used", "## unused"), encoding="utf-8")
        code, _told = passes(house, "tests/lessons/format/test_lesson_texts.py")
    finally:
        text.write_text(whole, encoding="utf-8")
    assert code == 1
