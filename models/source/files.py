"""A run as a file: a script, and the same as a notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import torch

from flow import parsing
from flow.said import said
from models.source.script import Setting, remarked
from models.source.writer import to_source
from models.spec import ModelSpec

RENAMED = said(
    "Some layers have other names than in the pasted class: a state_dict of that class does not "
    "fit."
)


def to_script(
    spec: ModelSpec, setting: Setting, link: str = "", say: Callable[[str], str] = str
) -> str:
    """Return a Python file that repeats what was run, see ``script``.

    ``say`` says its comments in a visitor's language; its code is the same in each.
    """
    lines = [
        _title(spec, setting),
        said(
            "Written by Backlight with PyTorch {version}: the same version on the same kind of "
            "machine gives the same bits.",
            version=torch.__version__,
        ),
    ]
    lines += [RENAMED] if spec.renamed else []
    lines += [said("Seen at {link}", link=" ".join(link.split()))] if link else []
    title = "".join(f"# {say(line)}\n" for line in lines)
    return f"{title}\n{remarked(to_source(spec, setting), say)}"


def _title(spec: ModelSpec, setting: Setting) -> str:
    if setting.trained is None:
        return said(
            "{name}: forward and backward once, seed {seed}.", name=spec.name, seed=setting.seed
        )
    return said(
        "{name}: trained for {count} steps, seed {seed}.",
        name=spec.name,
        count=setting.trained.plan.steps,
        seed=setting.seed,
    )


def to_notebook(script: str) -> str:
    """Return a script as a Jupyter notebook (nbformat 4.5), one cell a paragraph.

    What stands at its top as a comment is the notebook's text. It runs from top to bottom.
    """
    lines = script.splitlines()
    title = [line.removeprefix("#").strip() for line in _heading(lines)]
    cells = [_cell("markdown", "\n\n".join(title), 0)]
    for paragraph in _paragraphs(lines):
        cells.append(_cell("code", paragraph, len(cells)))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1) + "\n"


def _heading(lines: list[str]) -> list[str]:
    """Return the comments at the top."""
    end = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return lines[:end]


def _paragraphs(lines: list[str]) -> list[str]:
    """Cut the code at the blank lines between its statements."""
    statements = parsing.module("\n".join(lines)).body
    starts = [len(_heading(lines))]
    for before, after in pairwise(statements):
        end = before.end_lineno or before.lineno
        if any(not line.strip() for line in lines[end : after.lineno - 1]):
            starts.append(end)
    found = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    return ["\n".join(paragraph).strip() for paragraph in found]


def _cell(kind: str, text: str, place: int) -> dict[str, object]:
    empty: dict[str, object] = {"execution_count": None, "outputs": []}
    source = text.splitlines(keepends=True)
    cell = {"cell_type": kind, "id": f"cell-{place}", "metadata": {}, "source": source}
    return {**cell, **(empty if kind == "code" else {})}
