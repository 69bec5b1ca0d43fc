"""A request that gets no answer, but a sentence, which nobody keeps."""

from __future__ import annotations

from starlette.responses import JSONResponse

from viz.language import Say, retold

APOLOGY = (
    "Something went wrong while this was computed, and the reason is in the server's log. "
    "Your settings are in the address: reload the page, or change the last thing you changed."
)
LATER = {"Retry-After": "1"}
"""Seconds."""


class Refusal(Exception):  # noqa: N818 - it is an answer to a visitor, not a fault
    """Says in a visitor's language why there is no answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status = status
        self.sentence = sentence

    def retold(self, say: Say) -> Refusal:
        """Return the same in another language, where it is not in one."""
        return Refusal(self.status, retold(self.sentence, say))

    def response(self) -> JSONResponse:
        """Return what is sent."""
        headers = {"Cache-Control": "no-store"} | (LATER if self.status == 503 else {})
        return JSONResponse({"sentence": self.sentence}, self.status, headers)
