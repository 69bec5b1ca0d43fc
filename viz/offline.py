"""What is on screen as one HTML file that needs no server and no network.

It mounts the same components as the app, from the same files. The browser is told to load
nothing and to run only the one script that is written here (its hash stands in the policy);
every text of a visitor is escaped, or travels as JSON and is shown as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from viz.assets import assets

FOLDER = Path(__file__).parent / "components" / "offline"
COMPONENTS = ("strip", "graph", "maps")
ENTRY = "export default function ("
"""How the module of every component begins its one export."""

OFFLINE_TEXT: Mapping[str, str] = {
    "link": "Open it live:",
    "graph": "Autograd graph",
    "no_graph": "This graph was too large to draw.",
    "absent": "The maps of this node are not in this file, which holds those of {count} of {total}"
    " nodes. Open the link for the others.",
    "numbers": "The numbers of every layer",
    "layer": "Layer",
    "kind": "Kind",
    "shape": "Output shape",
    "value": "max |output|",
    "upstream": "max |upstream|",
    "downstream": "max |downstream|",
}
"""Every sentence and label of the file, in English; pass a translated copy."""


@dataclass(frozen=True)
class View:
    """What is said and drawn of one node."""

    heading: str
    subtitle: str
    maps: bytes
    """Packed by ``viz.maps.pack``."""
    proof: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Everything that the file holds."""

    title: str
    facts: Sequence[str]
    """Lines about the run: input, loss, seed."""
    link: str
    """Address of the same view in the app; anything but http(s) is shown as text only."""
    strip: Mapping[str, Any]
    graph: Mapping[str, Any] | None
    node: str
    """Id of the node to show first."""
    views: Mapping[str, View]
    """By id of the node."""
    nodes: int
    """How many nodes the graph has."""
    layers: Sequence[Sequence[str]] = ()
    """One row a layer: name, kind, output shape, three numbers."""
    text: Mapping[str, str] = field(default_factory=lambda: OFFLINE_TEXT)


def html(page: Page) -> str:
    """Return the file's text, UTF-8 to be."""
    style = (FOLDER / "offline.css").read_text(encoding="utf-8")
    script = _script()
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src blob:; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.title)}</title>",
            f"<style>{style}</style></head>",
            f"<body>{_body(page)}",
            f'<script type="application/json" id="data">{_data(page)}</script>',
            f"<script>{script}</script></body>",
            "</html>",
            "",
        ]
    )


def _script() -> str:
    """Join the components, each a function that mounts it, and the script that calls them."""
    parts = ['"use strict";']
    for name in COMPONENTS:
        code = assets(name)
        if code["js"].count(ENTRY) != 1:
            raise ValueError(f"the component {name} must have one {ENTRY!r}.")
        module = code["js"].replace(ENTRY, "function mount(")
        parts.append(f"const {name}_component = (() => {{\n{module}\nreturn mount;\n}})();")
    known = (
        f"{name}: {{ html: {json.dumps(assets(name)['html'])}, "
        f"css: {json.dumps(assets(name)['css'])}, mount: {name}_component }},"
        for name in COMPONENTS
    )
    parts += ["const COMPONENTS = {", *known, "};"]
    parts.append((FOLDER / "offline.js").read_text(encoding="utf-8"))
    script = "\n".join(parts)
    if "</script" in script.lower():
        raise ValueError("the code of a component would end the script of the file.")
    return script


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _data(page: Page) -> str:
    """Write the data as JSON in which nothing can end its element."""
    views = {
        node: {
            "heading": view.heading,
            "subtitle": view.subtitle,
            "proof": list(view.proof),
            "maps": base64.b64encode(view.maps).decode(),
        }
        for node, view in page.views.items()
    }
    data = {"strip": page.strip, "graph": page.graph, "node": page.node, "views": views}
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")


def _body(page: Page) -> str:
    text = {name: escape(words) for name, words in page.text.items()}
    absent = escape(page.text["absent"].format(count=len(page.views), total=page.nodes))
    graph = '<div id="graph"></div>' if page.graph else f"<p>{text['no_graph']}</p>"
    return (
        f"<header><h1>{escape(page.title)}</h1>"
        f"<p>{escape(' · '.join(page.facts))}</p>"
        f"<p>{text['link']} {_link(page.link)}</p></header>"
        '<div id="strip"></div><main>'
        f'<section class="graph"><h2>{text["graph"]}</h2>{graph}</section>'
        '<section class="inspector"><h2 id="heading"></h2><p id="subtitle"></p>'
        f'<p id="absent" hidden>{absent}</p>'
        '<div id="maps"></div><ul id="proof"></ul></section></main>'
        f"<details><summary>{text['numbers']}</summary>{_table(page.layers, text)}</details>"
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
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
