"""The small tables of a lesson, as Markdown."""

from __future__ import annotations

import streamlit as st

from lessons.grid import Grid
from pages.parts.text import _


def write(grid: Grid) -> None:
    """Write a table."""
    marks = ("---:" if column in grid.numbers else "---" for column in range(len(grid.heads)))
    heads = " | ".join(_(head) for head in grid.heads)
    lines = [f"| {heads} |", f"|{'|'.join(marks)}|"]
    lines += [f"| {' | '.join(_(cell) for cell in row)} |" for row in grid.rows]
    st.markdown("\n".join(lines))
