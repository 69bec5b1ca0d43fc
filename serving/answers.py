"""The route of answers about a run: ``/answers/<version>/<name>?<setting>&of.<parameter>=...``.

The query is that of a Setting. What the question itself needs to know stands under ``of.``;
``of.prefetch=1`` marks one that nobody waits for yet.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Hashable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from experiment.running.runs import Refused, Runs
from experiment.running.turnstile import Busy, Tell, untold
from experiment.setting import Setting
from experiment.written.address import from_address
from flow.said import said
from serving.packed import Packed, immutable, pack
from serving.reading import parameters
from serving.refusal import APOLOGY, Refusal
from serving.store import Key, Store
from viz.language import Say, english, retold, speaking

LOGGER = logging.getLogger(__name__)
READERS = 2
"""Threads that read settings, so that who asks for what is kept waits for nobody who computes."""
MOST_PRESENT = 200
"""Requests at once; a class of fifty is far from it."""
OF = "of."
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z]{2,4})?", re.ASCII)


@dataclass(frozen=True)
class Questions:
    """What can be asked."""

    parse: Callable[[str, Mapping[str, str]], Hashable]
    """(name, parameters) -> question. Equal questions have equal answers."""
    answer: Callable[[Runs, Setting, Any, Tell], tuple[bytes, str]]
    """(runs, setting, question, tell) -> bytes and their media type."""
    unanswerable: type[Exception]
    """What both raise, with a sentence, where there is no answer."""
    draws: Callable[[Any], bool]
    """Whether a page draws with the answer to a question, which then goes ahead of new pages."""
    of_run: Callable[[Any], bool]
    """Whether a question is about the run of its setting, which then must be affordable."""


@dataclass(frozen=True)
class _Asked:
    """A request that was understood."""

    key: Key
    setting: Setting
    question: Hashable
    say: Say


class Answers:
    """Answers requests about runs."""

    def __init__(self, runs: Runs, questions: Questions) -> None:
        self._runs = runs
        self._questions = questions
        self._present = 0
        self._version: str
        self._readers: ThreadPoolExecutor
        self._store: Store
        self.route = Route("/answers/{version}/{name}", self, methods=["GET", "POST"])

    @contextmanager
    def open(self, version: str) -> Iterator[None]:
        """Answer for this version of the product, as long as the block lasts."""
        self._version = version
        self._readers = ThreadPoolExecutor(READERS, "reading")
        self._store = Store()
        try:
            yield
        finally:
            self._readers.shutdown(cancel_futures=True)
            self._store.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, or a sentence that says why there is none."""
        request = Request(scope, receive)
        try:
            with self._refusing(english):
                response = await self._response(request)
        except Refusal as refusal:
            response = refusal.response()
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        said = await parameters(request)
        of = {name.removeprefix(OF): said.pop(name) for name in [*said] if name.startswith(OF)}
        say = _saying(of.get("language", ""))
        if request.path_params["version"] != self._version:
            raise Refusal(410, say("The app was updated. Reload the page."))
        give_way = self._give_way if of.pop("prefetch", "") == "1" else _keep_place
        read = partial(asyncio.get_running_loop().run_in_executor, self._readers)
        with self._refusing(say), self._place():
            give_way()
            asked = await read(self._read, request.path_params["name"], of, said, say)
            packed = self._store.kept(asked.key)
            if packed is None:
                give_way()
                made = self._store.made(asked.key, partial(self._compute, asked))
                packed = await _unless_gone(request, made)
            return await read(immutable, packed, request.headers, "private")

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Count a request among those that are present. Raises Busy."""
        if self._present >= MOST_PRESENT:
            raise Busy(self._present)
        self._present += 1
        try:
            yield
        finally:
            self._present -= 1

    def _give_way(self) -> None:
        """Raise Refusal where anybody computes or waits for it."""
        if not (self._store.idle and self._runs.idle):
            raise Refusal(503, said("Others are served first."))

    def _read(self, name: str, of: Mapping[str, str], said: Mapping[str, str], say: Say) -> _Asked:
        """Understand a request. Raises Refusal."""
        with self._refusing(say):
            question = self._questions.parse(name, of)
            experiment, problems = from_address(said, say)
            if problems:
                raise Refusal(400, " ".join(problems))
            setting = experiment.setting
            return _Asked((setting.key, question), setting, question, say)

    def _compute(self, asked: _Asked) -> Packed:
        """Make an answer, in turn; of a run that is affordable. Raises Refusal."""
        with self._refusing(asked.say):
            with self._runs.turn(ahead=self._questions.draws(asked.question)):
                if self._questions.of_run(asked.question):
                    self._runs.outcome(asked.setting)
                made = self._questions.answer(self._runs, asked.setting, asked.question, untold)
            return pack(*made)

    @contextmanager
    def _refusing(self, say: Say) -> Iterator[None]:
        """Raise a Refusal in place of what went wrong, which is logged where it is our fault."""
        try:
            yield
        except ClientDisconnect:
            raise
        except Refusal as refusal:
            raise refusal.retold(say) from None
        except Busy as busy:
            raise Refusal(503, say(busy.SENTENCE).format(waiting=busy.waiting)) from None
        except Refused as refused:
            raise Refusal(422, retold(str(refused), say)) from None
        except self._questions.unanswerable as error:
            raise Refusal(400, retold(str(error), say)) from None
        except Exception:
            LOGGER.exception("A question found no answer")
            raise Refusal(500, say(APOLOGY)) from None


def _saying(language: str) -> Say:
    """Return what speaks a language; English where that is none."""
    written = language.replace("-", "_")
    return speaking(written) if LANGUAGE.fullmatch(written) else english


def _keep_place() -> None:
    """Wait with all the others."""


async def _unless_gone(request: Request, made: Coroutine[Any, Any, Packed]) -> Packed:
    """Wait for an answer; raises ClientDisconnect where nobody is there any more to get it."""
    answer, gone = asyncio.create_task(made), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientDisconnect
        return answer.result()
    finally:
        answer.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
