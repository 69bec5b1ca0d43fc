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
from html import escape
from typing import Any

from viz.front_code import ALONE, FOLDER, sheet

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
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(page.language)}">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.title)}</title>",
            f"<style>{style}</style></head>",
            f"<body>{_body(page)}",
            f'<script type="application/json" id="backlight">{_json(page.data)}</script>',
            f'<script type="module">{script}</script></body>',
            "</html>",
            "",
        ]
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _json(data: Mapping[str, Any]) -> str:
    """Write JSON in which nothing can end its element."""
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")


def _body(page: Page) -> str:
    text = {name: escape(words) for name, words in page.text.items()}
    return (
        f'<header class="about"><h1>{escape(page.title)}</h1>'
        f"<p>{escape(' · '.join(page.facts))}</p>"
        f"<p>{text['link']} {_link(page.link)}</p></header>"
        '<main class="workbench"><div class="bench" id="bench"></div></main>'
        f'<details class="layers"><summary>{text["numbers"]}</summary>'
        f"{_table(page.layers, text)}</details>"
    )


def _link(address: str) -> str:
    shown = escape(address)
    if not address.startswith(("http://", "https://")):
        return f"<code>{shown}</code>"
    return f'<a href="{shown}" rel="noreferrer">{shown}</a>'


def _table(rows: Sequence[Sequence[str]], text: Mapping[str, str]) -> str:
    columns = ("layer", "kind", "shape", "value", "upstream", "downstream")
    head = "".join(f'<th scope="col">{text[name]}</th>' for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<div><table><tr>{head}</tr>{body}</table></div>"
