"""Every exercise of every lesson: what a wrong and a right answer in a link are told."""

from __future__ import annotations

import pytest

from lessons.asking.answers import short
from lessons.asking.exercise import Array
from lessons.catalogue import LESSONS
from tests.lessons.steps import EXERCISES, begins, plain
from tests.pages.test_lesson_pages import opened, step_labels


def typed(cells: Array) -> str:
    """Return cells as a link has them."""
    return "_".join(short(value) for value in cells.reshape(-1).tolist())


@pytest.mark.parametrize(("lesson", "step", "key"), EXERCISES)
def test_every_mistake_is_named_and_the_right_answer_is_ticked(
    lesson: str, step: str, key: str
) -> None:
    exercise = LESSONS[lesson].exercises(LESSONS[lesson].beginning)[key]
    for mistake in exercise.possible:
        app = opened(lesson, step=step, **{key: typed(mistake.cells)})
        said = plain("\n".join(each.value for each in app.warning))
        assert begins(lesson, f"{key} mistake: {mistake.key}") in said
        assert not app.success
    app = opened(lesson, step=step, **{key: typed(exercise.truth)})
    said = plain("\n".join(each.value for each in app.success))
    assert begins(lesson, f"{key} right") in said
    asked = [each for at, there, each in EXERCISES if (at, there) == (lesson, step)]
    if asked == [key]:
        assert sum(label.endswith("✓") for label in step_labels(app)) == 1
