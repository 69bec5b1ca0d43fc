"""The route of the front end's code and words: ``/code/<hash>/<path>``, see ``viz.front_code``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from serving.packed import Packed, immutable, pack
from serving.refusal import Refusal
from viz.front_code import MEDIA_TYPES, code_address, file_name, files


def code_route() -> Route:
    """Return the route of the front end's code and words."""
    return Code(files(), code_address()).route


class Code:
    """Serves files from memory, under ``address`` alone."""

    def __init__(self, contents: Mapping[str, bytes], address: str) -> None:
        self._address = address.removeprefix("code/")
        self._packed: dict[str, Packed] = {
            name: pack(body, MEDIA_TYPES[PurePosixPath(name).suffix])
            for name, body in contents.items()
        }
        self.route = Route("/code/{path:path}", self, methods=["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file that the path names."""
        request = Request(scope)
        path: str = request.path_params["path"]
        here, name = path.startswith(self._address), path.removeprefix(self._address)
        packed = self._packed.get(file_name(name)) if here else None
        if packed is None:
            response: Response = Refusal(
                404, "There is no such code here. Reload the page."
            ).response()
        else:
            response = immutable(packed, request.headers, "public")
        await response(scope, receive, send)
