"""What a drawn graph shows, read back with an XML parser."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


class Drawn:
    """What an SVG shows, read back with an XML parser."""

    def __init__(self, svg: str) -> None:
        root = parse(svg)
        groups = list(root.iter(f"{SVG}g"))
        nodes = [part for part in groups if part.get("class", "").startswith("node")]
        edges = [part for part in groups if part.get("class", "").startswith("edge")]
        self.labels = {self._id(part): self._label(part) for part in nodes}
        self.fills = {self._id(part): self._shape(part).get("fill") for part in nodes}
        self.inks = {
            self._id(part): part.find(f"{SVG}text").get("fill", "black")  # type: ignore[union-attr]
            for part in nodes
            if part.find(f"{SVG}text") is not None
        }
        self.edges = Counter(self._title(part) for part in edges)
        self.heads = {self._title(part): len(part.findall(f"{SVG}polygon")) for part in edges}
        self.dotted = {
            self._title(part)
            for part in edges
            if part.find(f"{SVG}path").get("stroke-dasharray")  # type: ignore[union-attr]
        }

    def _id(self, part: ElementTree.Element) -> str:
        return str(part.get("id")).removeprefix("node-")

    def _title(self, part: ElementTree.Element) -> str:
        return str(part.findtext(f"{SVG}title"))

    def _shape(self, part: ElementTree.Element) -> ElementTree.Element:
        shape = part.find(f"{SVG}polygon")
        assert shape is not None
        return shape

    def _label(self, part: ElementTree.Element) -> str:
        lines = [text.text or "" for text in part.findall(f"{SVG}text")]
        return "\n".join(lines).replace("\xa0", " ")  # runs of blanks are drawn unbreakable
