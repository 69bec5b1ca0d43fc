"""Bundles: a stale one is refused in words, and the file of one needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from scripts import front
from scripts.chromium import chromium
from viz.dag import DagNode, dag_data, draw_dag


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which all bundles are as they should be."""
    monkeypatch.setattr(front, "BUNDLE", tmp_path)
    assert front.bundle() == 0
    return tmp_path


def test_bundles_that_are_what_the_modules_give_pass(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [file.name for file in folder.iterdir()] == [f"{name}.js" for name in front.BUNDLES]
    assert front.check_bundles() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("way", ["changed", "missing"])
def test_a_bundle_that_is_not_what_the_modules_give_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    file = folder / "offline.js"
    if way == "changed":
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    else:
        file.unlink()
    assert front.check_bundles() == 1
    assert capsys.readouterr().err == (
        "viz/front/bundle: not what the modules give: offline.js. "
        "Run `python -m scripts.front bundle` and commit what it writes.\n"
    )


def test_a_bundle_follows_the_modules_and_sheets_that_its_entry_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "FRONT", tmp_path)
    (tmp_path / "offline").mkdir()
    sources = {
        "offline/offline.js": 'import { a } from "../a.js";\nimport css from "../a.css";\na(css);',
        "a.js": "export function a(text) { document.title = text; }",
        "a.css": "b { color: red; }",
    }
    for name, text in sources.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = front.bundled("offline")
    assert front.bundled("offline") == before
    for name, old, new in (("a.js", "title", "cookie"), ("a.css", "red", "blue")):
        (tmp_path / name).write_text(sources[name].replace(old, new), encoding="utf-8")
        after = front.bundled("offline")
        assert after == before.replace(old, new)
        before = after


def test_a_module_that_is_missing_ends_the_command_after_its_name_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(front, "FRONT", tmp_path)
    (tmp_path / "offline").mkdir()
    (tmp_path / "offline" / "offline.js").write_text('import "../gone.js";', encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        front.bundled("offline")
    assert end.value.code == 1
    assert "../gone.js" in capfd.readouterr().err


# In a browser

NODES = (
    DagNode("0", "input", shape="1\u00d74", state="input"),
    DagNode("1", "fc", ("Linear",), ("0",), "1\u00d72"),
    DagNode("output", "output", (), ("1",), state="output"),
)


def page_with(script: str) -> str:
    """Return a page that may run this script and load nothing."""
    data = json.dumps({"network": dag_data(draw_dag(NODES), NODES, "0")}).replace("<", "\\u003c")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'"
    return (
        f'<!doctype html><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<div id="network"></div><script type="application/json" id="data">{data}</script>'
        f"<script>{script}</script>"
    )


@pytest.fixture
def offline(tmp_path: Path) -> Iterator[Page]:
    """A file with the committed bundle, opened from the disk."""
    file = tmp_path / "page.html"
    script = (front.BUNDLE / "offline.js").read_text(encoding="utf-8")
    file.write_text(page_with(script), encoding="utf-8")
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text))
        page.goto(file.as_uri())
        yield page
        browser.close()
    assert errors == []


def test_the_offline_bundle_shows_a_view_with_its_style_and_answers_clicks_itself(
    offline: Page,
) -> None:
    boxes = offline.locator("g.node")
    expect(boxes).to_have_count(3)
    expect(offline.locator(".backlight-dag")).to_have_css("overflow", "auto")
    pressed = offline.locator("g.node[aria-pressed=true]")
    expect(pressed).to_have_attribute("aria-label", "input, 1\u00d74")
    offline.get_by_role("button", name="fc").click()
    expect(pressed).to_have_attribute("aria-label", "fc, Linear, reads input, 1\u00d72")
    expect(pressed).to_have_class("node chosen")
