"""What is sent for an address at which no page stands."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from viz.language import speaking
from viz.markup import markup

STATUS = 404


def nowhere(path: str, language: str) -> Response:
    """Say so in the visitor's language, with the way to the start."""
    say = speaking(language)
    page = markup(
        "nowhere",
        language=language,
        title=say("There is no page here"),
        sentence=say("Nothing stands at this address:"),
        path=path,
        home="./" + "../" * (path.count("/") - 1),
        start=say("Go to the start page"),
    )
    return HTMLResponse(page, STATUS, {"Cache-Control": "no-store"})
