"""A server for the browser tests: the real app, at its own pace or held back (see slow.py)."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

from scripts.served import ROOT, Server, served
from tests.browser.driving.slow import SLOW


def serve(script: Path = ROOT / "app.py", *options: str) -> AbstractContextManager[Server]:
    """Serve a script as `served` does; with SLOW set, every run of it begins that much later."""
    program = "tests.browser.driving.slow" if os.environ.get(SLOW) else "streamlit"
    return served(script, *options, program=program)
