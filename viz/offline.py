"""A run as one HTML file that needs no server and no network: the workbench, as in the app.

The browser is told to load nothing and to run only the one script that is written here (its hash
stands in the policy); every text of a visitor is escaped, or travels as JSON and is shown as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viz.front_code import ALONE, FOLDER, sheet
from viz.markup import markup

SHEETS = (FOLDER / "offline" / "offline.css", FOLDER / "workbench" / "workbench.css")

OFFLINE_TEXT: Mapping[str, str] = {
    "link": "Open it live:",
    "absent": "This is not in the file. Open the link at the top to see it.",
    "absent_nodes": "Of so large a run the file holds one node: {node}. Open the link at the top to"
    " see the others.",
    "numbers": "The numbers of every layer",
    "layer": "Layer",
    "kind": "Kind",
    "shape": "Output shape",
    "value": "max |output|",
    "upstream": "max |upstream|",
    "downstream": "max |downstream|",
    "hidden": "hidden",
}
"""Every sentence and label of the file that is not the workbench's, in English; pass a translated
copy."""


@dataclass(frozen=True)
class Page:
    """Everything that the file holds."""

    title: str
    facts: Sequence[str]
    """Lines about the run: input, loss, seed."""
    link: str
    """Address of the same view in the app; anything but http(s) is shown as text only."""
    data: Mapping[str, Any]
    """What the workbench gets, see ``viz/front/offline/offline.js``."""
    layers: Sequence[Sequence[str]] = ()
    """One row a layer: name, kind, output shape, three numbers."""
    text: Mapping[str, str] = field(default_factory=lambda: OFFLINE_TEXT)
    language: str = "en"


COLUMNS = ("layer", "kind", "shape", "value", "upstream", "downstream")
"""Of the table, by the names of their words."""


def html(page: Page) -> str:
    """Return the file's text, UTF-8 to be."""
    style = "\n".join(map(sheet, SHEETS))
    script = ALONE.read_text(encoding="utf-8")
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("the code would end the script of the file.")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src blob:; base-uri 'none'; form-action 'none'"
    )
    return markup(
        "offline",
        page=page,
        policy=policy,
        style=style,
        script=script,
        data=_json(page.data),
        columns=COLUMNS,
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _json(data: Mapping[str, Any]) -> str:
    """Write JSON in which nothing can end its element."""
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")
