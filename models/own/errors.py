"""What goes wrong in a user's own file, told with the file and the line, without a traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

from flow.said import joined, said

HERE = Path(__file__).resolve().parents[2]
LONGEST = 600
"""Characters of an error's own message that are repeated."""


class OwnError(Exception):
    """The module cannot be made or run; the message says which line to look at."""


class told:  # noqa: N801 - read as a sentence: with told("forward"): ...
    """Turn whatever the user's own code raises into an OwnError that names the file and line.

    Errors of the kinds ``passing`` are left as they are.
    """

    def __init__(self, doing: str, *passing: type[BaseException]) -> None:
        self._doing = doing
        self._passing: tuple[type[BaseException], ...] = (OwnError, *passing)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception | SystemExit) and not isinstance(error, self._passing):
            raise OwnError(_story(self._doing, error)) from error


def _story(doing: str, error: BaseException) -> str:
    """Say what was done, what came of it, and where in the user's own file."""
    words = " ".join(str(error).split())[:LONGEST].rstrip(".")
    raised = type(error).__name__
    sentence = said(
        "{doing} raised {error}.", doing=doing, error=f"{raised}: {words}" if words else raised
    )
    ours = isinstance(error, ImportError) and str(HERE) in str(error)
    advice = said(" Backlight has a package of that name; rename yours.") if ours else ""
    return joined((sentence, _place(error), advice), "")


def _place(error: BaseException) -> str:
    """Return the last line outside of installed packages and of Backlight."""
    if isinstance(error, SyntaxError) and error.filename:
        return said(" See {filename}, line {lineno}.", filename=error.filename, lineno=error.lineno)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    if not own:
        return ""
    last = own[-1]
    code = f": {last.line}" if last.line else ""
    return said(
        " See {filename}, line {lineno}{code}",
        filename=last.filename,
        lineno=last.lineno,
        code=code,
    )


def _is_own(filename: str) -> bool:
    if filename.startswith("<") or "site-packages" in filename:
        return False
    path, library = Path(filename).resolve(), Path(traceback.__file__).resolve().parent
    ours = any(path.is_relative_to(HERE / part) for part in ("flow", "models", "viz", "pages"))
    return not ours and not path.is_relative_to(library)
