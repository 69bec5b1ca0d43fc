"""A class on one exercise link: each takes every step of the lesson, then all leave at once."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import percentile
from benchmarks.session import Session
from benchmarks.table import number, table
from benchmarks.visitors import memory
from lessons.catalogue import LESSONS
from scripts.served import Server, served

PUPILS = 50
WITHIN = 3.0
"""Seconds within which all open the link."""
WORKING = ("transposed_convolution", "v=2&step=learn&steps=400")
"""A lesson and a link to long work in it, in the midst of which all leave."""
REST = 2.0
"""Seconds after they left, in which the server's processor time is counted."""


@dataclass
class Class:
    """What a class met; times in milliseconds."""

    opened: list[float] = field(default_factory=list)
    turned: list[float] = field(default_factory=list)
    """To each further step."""
    errors: list[str] = field(default_factory=list)


async def taught(url: str, lesson: str, pupils: int = PUPILS, within: float = WITHIN) -> Class:
    """Let a class go through a lesson."""
    met = Class()
    dice = random.Random(0)  # noqa: S311 - not a secret
    await asyncio.gather(
        *(_goes_through(url, lesson, dice.uniform(0, within), met) for _ in range(pupils))
    )
    return met


async def _goes_through(url: str, lesson: str, after: float, met: Class) -> None:
    await asyncio.sleep(after)
    async with Session(url) as session:
        met.opened.append(await session.open("v=2", lesson))
        for place in range(1, len(LESSONS[lesson].steps)):
            met.turned.append(await session.turn(lesson, place))
    met.errors += session.errors


async def left(url: str, pupils: int = PUPILS) -> None:
    """Let a class ask for long work and leave as soon as it has begun."""
    lesson, query = WORKING
    async with AsyncExitStack() as connected:
        sessions = [await connected.enter_async_context(Session(url)) for _ in range(pupils)]
        await asyncio.gather(*(session.open(query, lesson) for session in sessions))


def processor_time(server: Server) -> float:
    """Return the seconds that the server has computed so far; NaN where there is no /proc."""
    stat = Path(f"/proc/{server.pid}/stat")
    if not stat.exists():
        return float("nan")
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / 100


def report() -> str:
    """Teach every lesson to a class."""
    rows, errors = [], []
    with served() as server:
        asyncio.run(taught(server.url, next(iter(LESSONS)), pupils=1, within=0.0))
        for lesson in LESSONS:
            met = asyncio.run(taught(server.url, lesson))
            errors += met.errors
            rows.append(
                [
                    f"`{lesson}`",
                    *(number(percentile(met.opened, part), " ms") for part in (0.5, 0.95)),
                    *(number(percentile(met.turned, part), " ms") for part in (0.5, 0.95)),
                    number(memory(server).get("VmRSS", float("nan")), " MiB"),
                    str(len(met.errors)),
                ]
            )
        asyncio.run(left(server.url))
        before = processor_time(server)
        time.sleep(REST)
        spent = (processor_time(server) - before) * 1e3
    head = ["lesson", "load, median", "95 %", "step, median", "95 %", "memory", "errors"]
    return "\n\n".join(
        (
            f"## {PUPILS} visitors on one lesson link",
            f"All open it within {WITHIN:.0f} s, and each then takes every step, without a pause "
            "to read; one lesson after the other on the same server.",
            table(head, rows),
            f"Then all ask for long work and leave as soon as it has begun: in the {REST:.0f} s "
            f"after that the server computes for {spent:.0f} ms.",
            *(f"- {error}" for error in sorted(set(errors))[:5]),
        )
    )


if __name__ == "__main__":
    print(report())
