"""Which edition of the product answers: an answer may be kept only as long as that is the same."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

import torch

from models.own import configured
from viz.front_code import digest

ROOT = Path(__file__).parents[1]
PACKAGES = ("models", "flow", "viz", "experiment", "lessons", "serving")
PINNED = "requirements.txt"
CODE = {".py", ".json"}
"""Links of the first edition are read with a table, which is as much code as the rest."""


@cache
def version() -> str:
    """Return the version of this process, made once.

    A module of the command line may read files and draw numbers of its own when it is imported.
    What it answers is good for this process alone.
    """
    own = b"" if configured() is None else secrets.token_bytes()
    return digest({**product(ROOT), "torch": torch.__version__.encode(), "own": own})


def product(root: Path) -> dict[str, bytes]:
    """Return all files that an answer can depend on, by their paths below ``root``."""
    code = [
        file
        for package in PACKAGES
        for file in (root / package).rglob("*")
        if file.suffix in CODE and file.is_file()
    ]
    files = [*code, *(root / "locale").rglob("*.mo"), root / PINNED]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
