"""What the about page promises: nothing that a visitor brings or runs is written to a disk."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from scripts.served import Server, served
from tests.browser.conftest import Visit
from tests.browser.driving import watched


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Where every file is noted that the server opens to write."""
    return tmp_path / "written.txt"


@pytest.fixture
def noting(notes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv(watched.WATCHED, str(notes))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with served(program=watched.__name__) as server:
        notes.write_text("")  # nobody has brought anything yet
        yield server


def test_a_picture_a_network_and_what_is_taken_away_leave_no_file(
    noting: Server, visit: Visit, notes: Path, tmp_path: Path
) -> None:
    screen = visit("?v=2&model=lenet", at=noting)
    screen.page.get_by_role("button", name="Picture, batch").click()
    picture = tmp_path / "mine.png"
    picture.write_bytes(drawn())
    screen.page.locator("input[type=file]").set_input_files(picture)
    expect(screen.page).to_have_url(re.compile("input=upload"))
    screen.idle()
    screen.page.keyboard.press("Escape")
    screen.button("Take away").click()
    with screen.page.expect_download() as coming:
        screen.button("Script .py").click()
    assert coming.value.failure() is None
    screen.page.goto(f"{noting.url}/grad_cam?v=2&step=photograph")
    screen.page.get_by_role("button", name="Bring a photograph").click()
    screen.page.locator("input[type=file]").set_input_files(picture)
    expect(screen.page).to_have_url(re.compile("own="))
    shown = screen.page.get_by_test_id("stApp")
    expect(shown).to_have_attribute("data-test-script-state", "notRunning")
    screen.page.goto(f"{noting.url}/nearest_upsampling")
    expect(screen.page.locator(".st-key-lesson_onward .primary").first).to_be_visible()
    assert [each for each in notes.read_text().splitlines() if each != os.devnull] == []


def test_what_is_written_is_noted(tmp_path: Path) -> None:
    """The notes could have been otherwise."""
    file = tmp_path / "notes"
    with file.open("wb", buffering=0) as notes:
        for flags in (os.O_RDONLY, os.O_WRONLY | os.O_CREAT):
            watched.note(notes.fileno(), "open", (f"file {flags}", None, flags))
        watched.note(notes.fileno(), "import", ("os",))
    assert file.read_text() == f"file {os.O_WRONLY | os.O_CREAT}\n"


def drawn() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (1200, 1200, 3), np.uint8)).save(
        file, "PNG"
    )
    return file.getvalue()
