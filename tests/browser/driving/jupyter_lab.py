"""JupyterLab with a kernel of its own, and one notebook that is run from the start."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from scripts.served import ROOT, START_LIMIT, not_started
from tests.browser.driving.cut_off import cut_off

NAME = "run.ipynb"
NOTICES = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
"""Settings of JupyterLab: it is to ask nobody about news, and not to ask whether it may."""
OPTIONS = (
    "--no-browser",
    "--allow-root",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True",
)
RUN = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  const { context } = app.shell.currentWidget;
  await context.ready;
  await context.sessionContext.ready;
  await app.commands.execute("notebook:run-all-cells");
}"""


@contextlib.contextmanager
def jupyter(folder: Path, cells: Sequence[str]) -> Iterator[str]:
    """Serve a notebook with these cells; its address. Nothing is written outside the folder."""
    home = folder / "home"
    settings = home / "CONFIG_DIR" / "lab" / "user-settings" / NOTICES
    settings.parent.mkdir(parents=True)
    settings.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    (folder / "work").mkdir()
    (folder / "work" / NAME).write_text(json.dumps(_notebook(cells)), encoding="utf-8")
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    there = {f"JUPYTER_{place}": str(home / place) for place in places}
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS]
    log = folder / "jupyter.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={folder / 'work'}"],
            cwd=folder,
            env={**os.environ, **there, "HOME": str(home), "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield f"{_url(process, home / 'RUNTIME_DIR', log)}lab/tree/{NAME}?reset"
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT)


def _notebook(cells: Sequence[str]) -> dict[str, object]:
    code: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return {
        "cells": [{**code, "id": f"cell{at}", "source": text} for at, text in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _url(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Wait for the file in which the server says where it is, which it writes when it listens."""
    file = runtime / f"jpserver-{process.pid}.json"
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(file.read_text(encoding="utf-8"))["url"])
        time.sleep(0.05)
    raise not_started(log)


@contextlib.contextmanager
def opened(browser: Browser, url: str, patience: float) -> Iterator[Page]:
    """Open a notebook and run it."""
    with cut_off(browser, url, patience) as page:
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
        page.evaluate(RUN)
        yield page
