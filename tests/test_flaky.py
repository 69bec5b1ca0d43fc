"""A browser test that fails by chance is tried once more, and said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.served import ROOT

CHANCE = """
from pathlib import Path

def test_passes():
    pass

def test_fails_once():
    seen = Path(__file__).with_suffix(".seen")
    if not seen.exists():
        seen.touch()
        raise AssertionError("only by chance")

def test_fails_twice():
    raise AssertionError("always")
"""


def test_only_a_browser_test_is_tried_again_and_listed(tmp_path: Path) -> None:
    for name in ("tests/conftest.py", "tests/browser/conftest.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "test_plain.py").write_text(CHANCE)
    (tmp_path / "tests" / "browser" / "test_screen.py").write_text(CHANCE)
    command = ["pytest", "-q", "-n", "1", "-p", "no:cacheprovider", "tests"]
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    listed = ended.stdout.partition("flaky: passed at the second attempt only")[2]
    assert re.findall("^FLAKY (.*)$", ended.stdout, re.MULTILINE) == [
        "tests/browser/test_screen.py::test_fails_once"
    ]
    assert "only by chance" in listed
    assert "always" not in listed.partition("FLAKY")[0]
    closing = ended.stdout.splitlines()[-1]
    assert re.match(r"3 failed, 3 passed, 2 rerun in ", closing), closing
