"""A version names all that an answer can depend on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.own import Own
from serving import version as module
from serving.version import PACKAGES, ROOT, product, version
from viz.front_code import digest


def test_the_version_stays_as_long_as_the_process_and_the_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert version() == version() == version.__wrapped__()
    monkeypatch.setattr("torch.__version__", "another")
    assert version.__wrapped__() != version()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the product, small enough to be changed."""
    for name in product(ROOT):
        if name.count("/") < 2 or name.endswith(".json"):
            (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        *(f"{package}/__init__.py" for package in PACKAGES),
        "experiment/written/first_edition.json",
        "viz/scene/new.py",
        "locale/ko/LC_MESSAGES/backlight.mo",
        "requirements.txt",
    ],
)
def test_another_product_has_another_version(copy: Path, name: str) -> None:
    before = digest(product(copy))
    changed = copy / name
    changed.parent.mkdir(parents=True, exist_ok=True)
    changed.write_bytes((changed.read_bytes() if changed.exists() else b"") + b"#")
    assert digest(product(copy)) != before


def test_what_no_answer_depends_on_leaves_the_version_alone(copy: Path) -> None:
    before = digest(product(copy))
    for name in ("viz/front/views/a.js", "viz/__pycache__/a.pyc", "pages/start.py", "README.md"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("new")
    assert digest(product(copy)) == before


def test_the_same_product_elsewhere_has_the_same_version(copy: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(copy, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("else*"))
    assert digest(product(moved)) == digest(product(copy))


def test_answers_about_a_module_of_the_command_line_are_good_for_one_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "configured", lambda: Own("my_file.py:Net"))
    assert len({version.__wrapped__() for _process in range(3)} | {version()}) == 4
