"""The small tables of a lesson, as Markdown."""

from __future__ import annotations

import streamlit as st

from lessons.showing.grid import Grid


def write(grid: Grid) -> None:
    """Write a table."""
    marks = ("---:" if column in grid.numbers else "---" for column in range(len(grid.heads)))
    lines = [f"| {' | '.join(grid.heads)} |", f"|{'|'.join(marks)}|"]
    lines += [f"| {' | '.join(row)} |" for row in grid.rows]
    st.markdown("\n".join(lines))
