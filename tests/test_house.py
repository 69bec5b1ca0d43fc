"""The house around the app: requirements, commands, headers, settings, and what an error shows."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
import shutil
import socket
import subprocess
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit

from app import CONTENT_SECURITY_POLICY, SECURITY_HEADERS, send_at_once
from pages.parts.style import style
from scripts.chromium import MISSING, chromium, install
from scripts.served import ROOT, Server, served
from serving.document import BASE
from viz.front_code import code_address, files, page_address

REQUIREMENTS = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-pictures.txt",
    "benchmarks/requirements.txt",
]
PINNED = re.compile(r"[A-Za-z0-9_.-]+==\d+(\.\d+)+ +# \S.*")


# Commands


@pytest.mark.parametrize("file", REQUIREMENTS)
def test_every_requirement_is_pinned_exactly_and_says_why_it_is_there(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if line and line[0] != "#"]
    own = [line for line in lines if not line.startswith("-r ")]
    assert own
    assert [line for line in own if not PINNED.fullmatch(line)] == []


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_make_command_the_readme_names_exists() -> None:
    named = set(re.findall(r"^(?:\$ )?make ([a-z-]+)", readme_code(), re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= make_targets()


def readme_code() -> str:
    """What README.md sets in code: blocks, and spans between backticks."""
    text = (ROOT / "README.md").read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", text)])


FOLDERS = "benchmarks|docs|experiment|flow|lessons|models|pages|scripts|serving|tests|viz"
NAMED = re.compile(rf"(?<![\w/.])(?:{FOLDERS})(?:/\w[\w.-]*\w)+(?![\w<])")
"""A file or a folder of ours in a text."""


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))])
def test_every_file_that_a_page_for_contributors_names_exists(page: str) -> None:
    text = (ROOT / page).read_text()
    assert [name for name in NAMED.findall(text) if not (ROOT / name).exists()] == []


def test_continuous_integration_calls_what_a_newcomer_calls() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^make test\b", script.read_text(), re.MULTILINE)


def set_up(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of scripts/setup.sh that lies in `folder`."""
    (folder / "scripts").mkdir(exist_ok=True)
    shutil.copy(ROOT / "scripts" / "setup.sh", folder / "scripts")
    command = ["bash", str(folder / "scripts" / "setup.sh"), python, "requirements.txt"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_setting_up_installs_only_when_a_requirement_changed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    write_program(tmp_path / ".venv" / "bin" / "python", f'echo "$@" >> {calls}')
    requirements = tmp_path / "requirements.txt"
    for text, installs in (("a==1", 1), ("a==1", 1), ("a==2", 2), ("a==2", 2)):
        requirements.write_text(text)
        assert set_up(tmp_path, "python3").returncode == 0
        assert calls.read_text().count("pip install") == installs


def test_a_failed_install_is_tried_again(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    fails = f'echo "$@" >> {calls}; [ "$1" != "-m" ]'
    write_program(tmp_path / ".venv" / "bin" / "python", fails)
    (tmp_path / "requirements.txt").write_text("a==1")
    for installs in (1, 2):
        assert set_up(tmp_path, "python3").returncode != 0
        assert calls.read_text().count("pip install") == installs


def test_an_old_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    write_program(old, "exit 1")
    (tmp_path / "requirements.txt").write_text("a==1")
    done = set_up(tmp_path, str(old))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Backlight needs Python 3.11 or newer, and '{old}' is not one")
    assert not (tmp_path / ".venv").exists()


def test_a_missing_browser_is_reported_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "a-browser-nobody-has")
    with pytest.raises(RuntimeError, match=re.escape(MISSING)):
        chromium()


@pytest.mark.parametrize(("user", "installs"), [(0, True), (1000, False)])
def test_only_root_installs_a_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, installs: bool
) -> None:
    calls = tmp_path / "calls"
    calls.touch()
    write_program(tmp_path / "apt-get", f'echo "$@" >> {calls}')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    install()
    assert ("-y chromium" in calls.read_text()) is installs


def test_a_whole_browser_is_installed_only_where_one_without_a_window_is_not_to_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls, apt = tmp_path / "calls", tmp_path / "apt-get"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for has_it in (False, True):
        calls.write_text("")
        bring = (
            f'case "$*" in *headless-shell*) /bin/cp "$0" {tmp_path}/chromium-headless-shell; esac'
        )
        write_program(apt, f'echo "$@" >> {calls}' + (f"; {bring}" if has_it else ""))
        install()
        asked = [line.split(" -y ")[1] for line in calls.read_text().splitlines()[1:]]
        assert asked == ["chromium-headless-shell fonts-liberation", "chromium"][: 2 - has_it]


# Settings


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def test_the_settings_that_guard_visitors_and_speed_are_set() -> None:
    config = settings()
    assert config["runner"]["postScriptGC"] is False
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["toolbarMode"] == "minimal"
    assert config["server"]["enableStaticServing"] is False
    assert config["server"]["headless"] is True
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["maxUploadSize"] <= 10
    assert config["server"]["maxMessageSize"] <= 50
    assert config["server"]["maxWidgetStateSize"] <= 10


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config as streamlit_config

    def names(table: dict[str, Any], prefix: str) -> Iterator[str]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from names(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}"

    known = set(streamlit_config.get_config_options())
    assert set(names(settings(), "")) - known == set()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_on_every_background(scheme: str) -> None:
    theme = settings()["theme"][scheme]
    for background in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], background) >= 7
        assert contrast(theme["linkColor"], background) >= 4.5
        assert contrast(theme["primaryColor"], background) >= 4.5
    assert contrast("#ffffff", theme["primaryColor"]) >= 3, "the label of a primary button"


# What is served


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    page = "import streamlit as st\napp = st.App('missing.py')\n"
    script.write_text(page)
    with pytest.raises(RuntimeError, match=r"did not start:(.|\n)*missing\.py"), served(script):
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served() as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/api/ready", "/_stcore/health"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    status, headers, _ = server.get(path)
    assert status == 200
    assert {name: headers.get(name.lower()) for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("path", ["/", "/playground", "/gallery"])
def test_every_page_has_style_and_script_before_anything_is_drawn(
    server: Server, path: str
) -> None:
    _, _, body = server.get(path)
    assert f'<link rel="modulepreload" href="./{page_address()}" />' in body.decode()
    before, _, after = body.decode().partition(style())
    assert before.rstrip().endswith("<style>")
    assert after.startswith('</style>\n    <div id="root">')


def test_the_code_of_the_front_end_comes_compressed_and_may_be_kept_for_good(
    server: Server,
) -> None:
    name, module = max(files().items(), key=lambda file: len(file[1]))
    _, plain_headers, plain = server.get(f"/{code_address()}{name}")
    request = urllib.request.Request(  # noqa: S310
        f"{server.url}/{code_address()}{name}", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        headers, packed = answer.headers, answer.read()
    assert plain == gzip.decompress(packed) == module
    assert headers["Content-Encoding"] == "gzip"
    assert "content-encoding" not in plain_headers
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("path", ["code/older/store.js", "{code}..%2f..%2fapp.py", "{code}app.py"])
def test_there_is_no_other_code(server: Server, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        server.get("/" + path.format(code=code_address()))
    assert refusal.value.code in (400, 404)
    assert b"import" not in refusal.value.read()


def test_the_policy_lets_no_script_in_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "//" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


def test_the_policy_names_the_one_inline_script_of_streamlits_page_and_ours() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in (*scripts, BASE)]
    named = re.findall(r"'sha256-([^']+)'", CONTENT_SECURITY_POLICY)
    assert named == [base64.b64encode(digest).decode() for digest in digests]


def test_no_answer_waits_until_its_head_is_confirmed() -> None:
    closed = socket.socket()
    closed.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        send_at_once()
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_server_says_when_it_is_ready(server: Server) -> None:
    _, headers, body = server.get("/api/ready")
    assert headers["content-type"] == "application/json"
    assert body == b'{"ready":true}'
