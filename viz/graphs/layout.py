"""DOT text to a clean SVG drawing, by an executable that pip installs.

``graphviz-pure`` comes with the requirements; Graphviz's own ``dot`` serves where it is
missing. The layout runs in a process of its own with a time limit, after a look at what it
would cost, and only shapes and text leave this file: no script, no link, no style.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flow.said import said

TIMEOUT_SECONDS = 4.0
"""A visitor waits this long for the full graph; a graph within budget needs a quarter of it."""
NODE_LIMIT = 4_000
"""A chain of 4,000 boxes takes 0.5 s to lay out and 2.6 MB to send."""
SPAN_LIMIT = 6_000
"""Ranks crossed by all edges together. The time grows with about its cube: 4,400 take
0.3 to 1 s, 16,000 take 25 s (one DenseNet block, only 290 nodes)."""
SVG_LIMIT = 12_000_000
"""Bytes of SVG that are still worth sending to a browser."""

SVG = "{http://www.w3.org/2000/svg}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TAGS = frozenset({"svg", "g", "title", "polygon", "polyline", "path", "ellipse", "text"})
SIZES = {"width", "height", "viewBox", "transform"}
PLACES = {"points", "d", "x", "y", "cx", "cy", "rx", "ry"}
LOOKS = {"fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor"}
FONTS = {"font-family", "font-size", "font-weight"}
ATTRIBUTES = frozenset({"id", "class", XML_SPACE} | SIZES | PLACES | LOOKS | FONTS)


class LayoutError(Exception):
    """The graph could not be laid out; the message says why and what to do."""


class LayoutTooLarge(LayoutError):  # noqa: N818 - read as "layout: too large"
    """The graph is over the budget and was not tried."""


class LayoutTimeout(LayoutError):  # noqa: N818 - as in asyncio and concurrent.futures
    """The layout was stopped at its time limit."""


@dataclass(frozen=True)
class Layout:
    """A drawing: clean SVG text and its size in points."""

    svg: str
    width: float
    height: float


def executable() -> str:
    """Return the path of ``graphviz-pure``, else of ``dot``; LayoutError when neither is there."""
    beside = [os.path.dirname(sys.executable), sysconfig.get_path("scripts")]
    places = os.pathsep.join([*beside, os.environ.get("PATH", os.defpath)])
    found = shutil.which("graphviz-pure", path=places) or shutil.which("dot")
    if found is None:
        raise LayoutError(
            said(
                "Drawing a graph needs graphviz-pure or Graphviz, and neither was found. "
                "Run `pip install graphviz-pure`."
            )
        )
    return found


def check_budget(nodes: int, edges: Sequence[tuple[str, str]]) -> None:
    """Raise LayoutTooLarge when laying out that many nodes and edges would take too long."""
    if nodes > NODE_LIMIT:
        raise LayoutTooLarge(
            said(
                "{count:,} nodes are more than the {most:,} that are laid out.",
                count=nodes,
                most=NODE_LIMIT,
            )
        )
    span = edge_span(edges)
    if span > SPAN_LIMIT:
        raise LayoutTooLarge(
            said(
                "The edges of this graph cross {span:,} ranks, more than the {most:,} that are "
                "laid out.",
                span=span,
                most=SPAN_LIMIT,
            )
        )


def edge_span(edges: Iterable[tuple[str, str]]) -> int:
    """Sum over the edges of the ranks they cross, ranks counted from the ends of the arrows.

    This, not the number of nodes, is what a layered layout pays for: every crossing of a rank
    becomes a hidden node. A chain of n edges has span n; a skip over k boxes has k + 1.
    """
    edges = list(edges)
    before: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    rank: dict[str, int] = {}
    for source, target in edges:
        before.setdefault(target, []).append(source)
        waiting[source] = waiting.get(source, 0) + 1
        rank[source] = rank[target] = 0
    ready = [node for node in rank if node not in waiting]
    while ready:
        target = ready.pop()
        for source in before.get(target, []):
            rank[source] = max(rank[source], rank[target] + 1)
            waiting[source] -= 1
            if waiting[source] == 0:
                ready.append(source)
    return sum(abs(rank[source] - rank[target]) for source, target in edges)


def lay_out(source: str, timeout: float = TIMEOUT_SECONDS) -> Layout:
    """Return the drawing of DOT text.

    Raises LayoutTimeout after ``timeout`` seconds, LayoutError when the text cannot be read,
    the drawing is too large to send, or no executable is installed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own executable, the graph arrives on stdin
            [executable(), "-Tsvg"],
            input=source.encode("utf-8", errors="replace"),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LayoutTimeout(
            said("The layout took longer than {timeout:g} s and was stopped.", timeout=timeout)
        ) from None
    if done.returncode != 0 or not done.stdout:
        reason = done.stderr.decode("utf-8", errors="replace").strip()[:300]
        raise LayoutError(
            said(
                "The graph could not be laid out: {reason}.",
                reason=reason or said("no drawing came back"),
            )
        )
    return clean(done.stdout.decode("utf-8", errors="replace"))


def clean(svg: str) -> Layout:
    """Keep the shapes, text and ids of an SVG drawing; everything else is dropped.

    Raises LayoutError when the text is too large, is no SVG or declares entities.
    """
    if len(svg) > SVG_LIMIT:
        raise LayoutError(
            said(
                "The drawing has {count:,} bytes, more than the {most:,} that are sent.",
                count=len(svg),
                most=SVG_LIMIT,
            )
        )
    if "<!ENTITY" in svg:
        raise LayoutError(said("The drawing declares entities and was refused."))
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise LayoutError(said("The drawing is not readable SVG: {error}.", error=error)) from None
    if root.tag != f"{SVG}svg":
        raise LayoutError(
            said("The drawing is not SVG: its first element is {tag!r}.", tag=root.tag)
        )
    _clean_element(root)
    width, height = (_points(root, side) for side in ("width", "height"))
    root.set("xmlns", SVG.strip("{}"))
    return Layout(ElementTree.tostring(root, encoding="unicode"), width, height)


def _clean_element(element: ElementTree.Element) -> None:
    element.tag = element.tag.removeprefix(SVG)
    for name, value in list(element.attrib.items()):
        if name not in ATTRIBUTES or ":" in value:
            del element.attrib[name]
    for child in list(element):
        if isinstance(child.tag, str) and child.tag.removeprefix(SVG) in TAGS:
            _clean_element(child)
        else:
            element.remove(child)


def _points(root: ElementTree.Element, side: str) -> float:
    text = root.get(side, "")
    try:
        return float(text.removesuffix("pt").removesuffix("px"))
    except ValueError:
        raise LayoutError(
            said("The drawing has no {side} in points: {text!r}.", side=side, text=text)
        ) from None
