"""Texts of ours and of visitors inside Markdown, which must leave them alone."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Escape a sentence for Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|$~:" else letter for letter in text)


def code(text: str) -> str:
    """Write a visitor's text as a Markdown code span: no address in it becomes a link."""
    line = " ".join(text.split()) or " "
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"{fence}{line}{fence}"
