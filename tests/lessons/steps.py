"""What a lesson consists of, read from its page, so that no test lists it again."""

from __future__ import annotations

import re
from pathlib import Path

from lessons.catalogue import LESSONS

PAGES = Path(__file__).resolve().parents[2] / "pages"


def _steps(lesson: str) -> tuple[str, ...]:
    page = (PAGES / f"{lesson}.py").read_text(encoding="utf-8")
    return tuple(re.findall(r'"(\w+)": Step\(', page))


STEPS = {lesson: _steps(lesson) for lesson in LESSONS}
"""The keys of the steps of every lesson, in their order."""
EXERCISES = {each.key for lesson in LESSONS.values() for each in lesson.exercises()}
"""The keys of all exercises, which are those of their steps."""
