"""What `streamlit run app.py` serves: pages, their code, readiness, safe headers, calm errors."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from experiment.asking import questions
from pages.parts.addresses import PAGES, PLAYGROUND
from pages.parts.style import style
from pages.parts.turns import apologise, runs
from serving.answers import Answers, Questions
from serving.code import code_route
from serving.document import BASE, Styled
from serving.entrance import Entrance
from serving.version import version
from viz.answering.sent import Unanswerable
from viz.front_code import page_address

OUR_PACKAGES = ("models", "flow", "viz", "experiment", "lessons", "serving")

NOT_SERVED = "viz.notebook."
"""Modules that no page needs. What they import need not be installed."""

OUR_SCRIPT = b64encode(sha256(BASE.encode()).digest()).decode()

# blob: is how Streamlit loads the code of our own components. The hashes are those of the one
# inline script in Streamlit's index.html, and of ours. Styles are inline because Streamlit and
# plotly write them so.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' blob: 'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA=' "
        f"'sha256-{OUR_SCRIPT}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Adds SECURITY_HEADERS to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write the headers into the start of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def warm_up() -> None:
    """Import torch and every module of ours, so that no visitor waits for it.

    One torch thread: results do not depend on the machine's cores, and visitors share these.
    What is loaded by then is frozen, so that the garbage collector never walks through torch again.
    """
    import torch

    torch.set_num_threads(1)
    for name in OUR_PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.startswith(NOT_SERVED):
                importlib.import_module(module.name)
    rehearse()
    introduce_own()
    gc.collect()
    gc.freeze()


def rehearse() -> None:
    """Run every preset and lesson once: torch, sympy and others load much on their first use."""
    import flow
    from lessons.catalogue import LESSONS
    from models.budget import estimate
    from models.build import build
    from models.losses import LOSSES
    from models.presets import PRESETS

    for preset in PRESETS.values():
        output_shape = estimate(preset.spec, preset.input_shape).output_shape
        loss = LOSSES[preset.loss].make(output_shape, preset.target)
        flow.run(build(preset.spec, 0), preset.values(), loss=loss).close()
    for lesson in LESSONS.values():
        lesson.card(False)


def introduce_own() -> None:
    """Import the module that the command line names, and tell the terminal how it went."""
    from models.own import configured

    own = configured()
    if own is not None:
        print(f"  {own.report}\n", flush=True)


def send_at_once() -> None:
    """Let no answer wait until the browser has confirmed its head, which takes 40 ms.

    asyncio sees to that only for sockets which say that they are of TCP, and Streamlit's does not.
    What a socket accepts inherits from it.
    """
    for each in gc.get_objects():
        # Not isinstance: it asks the objects themselves, and some of torch's then warn.
        if issubclass(type(each), socket.socket) and listens(each):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def listens(each: socket.socket) -> bool:
    """Whether a socket accepts connections from the network."""
    return (
        each.fileno() >= 0
        and each.family in (socket.AF_INET, socket.AF_INET6)
        and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) != 0
    )


def keep_in_memory() -> None:
    """Let a picture that is brought never pass through a file, however large it may be."""
    from models.inputs.pictures import MAX_FILE_BYTES

    MultiPartParser.spool_max_size = MAX_FILE_BYTES


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Get ready before the first request is accepted."""
    send_at_once()
    keep_in_memory()
    warm_up()
    with ANSWERS.open(version()):
        yield


async def ready(_request: Request) -> JSONResponse:
    """Answer only when everything is imported: requests are not accepted before."""
    return JSONResponse({"ready": True})


def show_apology(_error: Exception) -> bool:
    """Show one calm sentence in place of a traceback, which Streamlit has already logged."""
    apologise()
    return True


DOCUMENT = Path(st.__file__).parent / "static" / "index.html"
ANSWERS = Answers(
    runs(),
    Questions(questions.parse, questions.answer, Unanswerable, questions.draws, questions.of_run),
)

MIDDLEWARE = (
    Middleware(SecurityHeaders),
    Middleware(Entrance, playground=PLAYGROUND),
    Middleware(
        Styled,
        document=DOCUMENT.read_text(encoding="utf-8"),
        style=style(),
        script=page_address(),
        pages=PAGES,
    ),
)

app = st.App(
    Path(__file__).parent / "pages" / "main.py",
    lifespan=lifespan,
    routes=[Route("/api/ready", ready), code_route(), ANSWERS.route],
    middleware=MIDDLEWARE,
    on_script_error=show_apology,
)
