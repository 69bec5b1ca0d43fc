"""Measure everything and write benchmarks/results.md; `make bench` runs this."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
QUOTED = ("| network | plain | Backlight | module hooks |", "| what | empty app |")
"""How the tables begin that the README quotes; of those that begin alike, the first."""
BEGIN, END = "<!-- quoted from benchmarks/results.md -->\n", "<!-- end of quotation -->\n"
PARTS = ("capture", "cells", "browser", "visitors", "classroom")
MEASURED = ("torch", "streamlit", "torchlens", "torchexplorer")


def machine() -> str:
    """What the numbers were taken on."""
    python = platform.python_version()
    packages = ", ".join(f"{name} {version(name)}" for name in MEASURED)
    today = datetime.datetime.now(datetime.UTC).date()
    return f"{today}, {os.cpu_count()} cores ({platform.machine()}), Python {python}, {packages}."


def measured(part: str) -> str:
    """The report of one part, made by a process of its own so that none disturbs the next."""
    command = [sys.executable, "-m", f"benchmarks.{part}"]
    quiet = {**os.environ, "KINETO_LOG_LEVEL": "99"}  # the profiler of capture.py is talkative
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=quiet)
    return done.stdout.strip()


def quoted(readme: str, results: str) -> str:
    """Return the README with the tables of these results; ValueError where one is missing."""
    before, _, rest = readme.partition(BEGIN)
    _, found, after = rest.partition(END)
    blocks = results.split("\n\n")
    tables = [next((b for b in blocks if b.startswith(head)), "") for head in QUOTED]
    if not found or not all(tables):
        raise ValueError("The README lacks the place for the tables, or the results lack a table.")
    return before + BEGIN + "\n" + "\n\n".join(tables).strip() + "\n\n" + END + after


def main() -> None:
    """Run the parts one after the other and keep what they say."""
    sections = ["# What Backlight costs", machine()]
    for part in PARTS:
        print(f"Measuring: {part}", flush=True)
        sections.append(measured(part))
    text = "\n\n".join(sections) + "\n"
    (HERE / "results.md").write_text(text)
    README.write_text(quoted(README.read_text(), text))
    print(text)


if __name__ == "__main__":
    main()
