"""A class on one link: as many visitors as sit in a room, each with a connection of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import pytest

from benchmarks.session import Session
from scripts.served import Server

PUPILS = 50
EXERCISE = ("nearest_upsampling", "v=2&step=predict&seed=5")
SHOWN = ("nearest_upsampling", "v=2&step=predict&seed=5&predict_shown=1")


def drawn_for(url: str, lesson: str, query: str) -> list[tuple[bytes, ...]]:
    """What each pupil's page was given, component by component; they open it at one moment."""
    with ThreadPoolExecutor(1) as alone:  # the browser has an event loop in this thread
        return alone.submit(asyncio.run, _drawn_for(url, lesson, query)).result()


async def _drawn_for(url: str, lesson: str, query: str) -> list[tuple[bytes, ...]]:
    async with AsyncExitStack() as connected:
        sessions = [await connected.enter_async_context(Session(url)) for _ in range(PUPILS)]
        await asyncio.gather(*(session.open(query, lesson) for session in sessions))
    assert [session.errors for session in sessions] == [[]] * PUPILS
    return [
        tuple(part.SerializeToString(deterministic=True) for part in session.drawn.values())
        for session in sessions
    ]


@pytest.mark.parametrize(("lesson", "query"), [EXERCISE, SHOWN])
def test_fifty_on_one_link_are_shown_the_same_to_the_bit(
    server: Server, lesson: str, query: str
) -> None:
    pages = drawn_for(server.url, lesson, query)
    assert len(pages[0]) > 3, "there are maps, cells to fill in, and a way on"
    assert set(pages) == {pages[0]}


def test_another_seed_is_shown_other_numbers(server: Server) -> None:
    """What is compared could have differed."""
    lesson, query = EXERCISE
    other = drawn_for(server.url, lesson, query.replace("seed=5", "seed=6"))
    assert other[0] != drawn_for(server.url, lesson, query)[0]
