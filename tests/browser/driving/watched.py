"""Streamlit that notes every file which its process opens to write, in the file that WATCHED names.

``python -m tests.browser.driving.watched run app.py`` serves what ``streamlit run app.py``
does. Python itself announces what is opened, by whatever library.
"""

from __future__ import annotations

import os
import sys

from streamlit.web.cli import main

WATCHED = "WATCHED"
"""Name of the environment variable."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def note(notes: int, event: str, arguments: tuple[object, ...]) -> None:
    """Write down what an event of Python opens to write to it."""
    if event != "open":
        return
    path, _mode, flags = arguments
    if isinstance(flags, int) and flags & WRITES and not isinstance(path, int):
        os.write(notes, f"{os.fsdecode(path)}\n".encode())  # type: ignore[arg-type]


if __name__ == "__main__":
    written = os.open(os.environ[WATCHED], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.addaudithook(lambda event, arguments: note(written, event, arguments))
    sys.exit(main())
