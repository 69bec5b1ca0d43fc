"""The one line of the proof counts honestly what was compared, what was not, and what fails."""

from __future__ import annotations

import pytest

from viz.language import english
from viz.scene.proof import Verdict, summary

PASSED = Verdict("passed", "closed form", "", "")
SKIPPED = Verdict("skipped", "finite differences", "not run", "")
FAILED = Verdict("failed", "sum of terms", "", "")


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ([PASSED] * 4, "Checked in four ways, all agree."),
        ([PASSED] * 2 + [SKIPPED] * 2, "Checked in two ways, both agree; two were not run."),
        ([PASSED, SKIPPED], "Checked in one way, which agrees; one was not run."),
        ([SKIPPED] * 3, "Nothing was compared here; three were not run."),
        ([PASSED, FAILED, SKIPPED], "Does not agree: sum of terms."),
    ],
)
def test_the_line_says_how_the_comparisons_came_out(verdicts: list[Verdict], line: str) -> None:
    assert summary(verdicts, english) == line
