"""A photograph of the visitor's as something that can be set in a lesson."""

from __future__ import annotations

from dataclasses import dataclass

from models.inputs.compressed import from_text
from models.inputs.shape import InputError
from viz.language import Say, retold
from viz.markdown import plain


@dataclass(frozen=True)
class Pictured:
    """A square photograph that a visitor brings; empty while there is none.

    Its value is the text that stands in the link, see ``models.inputs.compressed``.
    """

    side: int
    """Pixels of it."""
    label: str = ""
    default: str = ""
    looks: bool = False
    answer: bool = True
    """No exercise that is handed out holds it: it may show whoever brought it."""

    def read(self, text: str, say: Say) -> tuple[str, str]:
        """Read it from a link; what is no picture of this size is said."""
        try:
            if text:
                from_text(text, self.side)
        except InputError as error:
            return self.default, plain(retold(str(error), say))
        return text, ""

    def write(self, value: str) -> str:
        """Write it as it is."""
        return value
