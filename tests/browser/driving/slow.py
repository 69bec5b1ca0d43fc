"""Streamlit with a pause before every run of a script, a page's or a fragment's.

``python -m tests.browser.driving.slow run app.py`` serves what ``python -m streamlit run app.py``
does; the environment variable SLOW says how many seconds a run is held back. With that, a visitor
is quicker than the page at every step: a press that is lost or taken twice shows.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from streamlit.runtime.scriptrunner import script_runner
from streamlit.web.cli import main

SLOW = "SLOW"
"""Name of the environment variable."""
EXECUTE = "exec_func_with_error_handling"
"""What Streamlit's script runner calls for every run, callbacks and all."""


def held_back(execute: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """Return what executes a run, after a pause in its own thread."""

    def executed(run: Callable[[], Any], context: object) -> object:
        time.sleep(seconds)
        return execute(run, context)

    return executed


if __name__ == "__main__":
    pause = float(os.environ[SLOW])
    setattr(script_runner, EXECUTE, held_back(getattr(script_runner, EXECUTE), pause))
    sys.exit(main())
