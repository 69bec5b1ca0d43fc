"""Find a Chromium for the browser tests; run as a program, install one where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium-headless-shell",  # a third less work than a whole browser without its window
    "chromium",
    "google-chrome",
    "chromium-browser",
    "google-chrome-stable",
    "chrome",
)
PACKAGES = ("chromium-headless-shell", "chromium")
"""Of Debian; the second where a release has not got the first."""
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = (
    "The browser tests need Chromium or Google Chrome: install one, "
    "or set CHROMIUM to the path of its program."
)


def find() -> str | None:
    """The path of a browser: $CHROMIUM, or the first of NAMES on the path."""
    named = os.environ.get("CHROMIUM")
    found = [shutil.which(name) for name in ((named,) if named else NAMES)]
    candidates = [*found, str(MAC) if MAC.exists() and not named else None]
    return next((path for path in candidates if path), None)


def chromium() -> str:
    """The path of a browser; raises RuntimeError saying what to do when there is none."""
    path = find()
    if path is None:
        raise RuntimeError(MISSING)
    return path


def install() -> None:
    """Install Debian's Chromium when this user may; does nothing where apt-get is missing."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = [["install", "--no-install-recommends", "-y", each] for each in PACKAGES]
    for command in (["update"], [*commands[0], "fonts-liberation"], commands[1]):
        if find() is None:
            subprocess.run(["apt-get", "-qq", *command], env=quiet, stdout=sys.stderr, check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    sys.exit(None if find() else MISSING)
