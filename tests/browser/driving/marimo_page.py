"""A marimo notebook, served as an app: every cell runs when its page is opened."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.served import ROOT, START_LIMIT, not_started

URL_LINE = re.compile(r"URL: (http://\S+)")
OPTIONS = ("--headless", "--no-token", "--host", "127.0.0.1", "--port", "0")


@contextlib.contextmanager
def marimo(folder: Path, cells: Sequence[str]) -> Iterator[str]:
    """Serve a notebook with these cells; its address. Nothing is written outside the folder."""
    (folder / "page.py").write_text(_notebook(cells), encoding="utf-8")
    home, log = str(folder / "home"), folder / "marimo.log"
    places = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "XDG_STATE_HOME": home}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "marimo", "run", "page.py", *OPTIONS],
            cwd=folder,
            env={**os.environ, **places, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _url(process, log)
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT)


def _notebook(cells: Sequence[str]) -> str:
    """Write cells as a marimo file; what one defines, the others have."""
    lines = ["import marimo", "app = marimo.App(width='full')"]
    for cell in cells:
        lines += [
            "@app.cell",
            f"def _({'shared' if cell is not cells[0] else ''}):",
            *(f"    {line}" for line in cell.strip().splitlines()),
        ]
    return "\n".join([*lines, 'if __name__ == "__main__":', "    app.run()", ""])


def _url(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the address that the server prints answers."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        found = URL_LINE.search(log.read_text(errors="replace"))
        if found:
            url = found[1].replace("localhost", "127.0.0.1")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/health"):  # noqa: S310
                return url
        time.sleep(0.05)
    raise not_started(log)
