"""Many visitors at once on one server: how long a click takes, how much memory the server needs."""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.measure import percentile
from benchmarks.session import Session
from benchmarks.table import number, table
from scripts.served import Server, served


@dataclass(frozen=True)
class Crowd:
    """How many visitors click how often, and for how long; both bounded by LARGEST."""

    visitors: int = 50
    think: float = 3.0
    seconds: float = 30.0
    own_runs: bool = False
    """Whether each begins with another seed, so that nothing was computed for someone before."""


LARGEST = Crowd(visitors=200, think=0.1, seconds=120.0)


@dataclass
class Tally:
    """What all visitors saw together; times in milliseconds."""

    opened: list[float] = field(default_factory=list)
    clicked: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def visitor(url: str, crowd: Crowd, start: float, number: int, tally: Tally) -> None:
    """Open the page, then click a random node every `think` seconds until the time is over."""
    dice = random.Random(number)  # noqa: S311 - not a secret
    await asyncio.sleep(dice.uniform(0, crowd.think))
    async with Session(url) as session:
        tally.opened.append(await session.open(f"v=1&seed={number}" if crowd.own_runs else ""))
        while time.monotonic() - start < crowd.seconds and session.nodes:
            await asyncio.sleep(dice.uniform(0.5, 1.5) * crowd.think)
            tally.clicked.append(await session.choose(dice.choice(session.nodes)))
        tally.errors += session.errors if session.nodes else ["no node to click was found"]


async def visit(url: str, crowd: Crowd) -> Tally:
    """Let a crowd in; raises ValueError when it is larger than LARGEST."""
    if crowd.visitors > LARGEST.visitors or crowd.seconds > LARGEST.seconds:
        raise ValueError(f"At most {LARGEST.visitors} visitors for {LARGEST.seconds:.0f} seconds.")
    tally = Tally()
    start = time.monotonic()
    visits = [visitor(url, crowd, start, number, tally) for number in range(crowd.visitors)]
    for end in await asyncio.gather(*visits, return_exceptions=True):
        if isinstance(end, BaseException):
            tally.errors.append(f"{type(end).__name__}: {end}")
    return tally


def memory(server: Server) -> dict[str, float]:
    """MiB the server holds now (VmRSS) and held at most (VmHWM); empty where there is no /proc."""
    status = Path(f"/proc/{server.pid}/status")
    if not status.exists():
        return {}
    found = re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status.read_text())
    return {name: int(size) / 1024 for name, size in found}


def report() -> str:
    """Let a class in that follows one link, then one in which each has a run of their own."""
    crowd = Crowd()
    together, apart = met(crowd), met(replace(crowd, own_runs=True))
    rows = [[what, together.rows[what], apart.rows[what]] for what in together.rows]
    errors = sorted({*together.errors, *apart.errors})
    return "\n\n".join(
        (
            f"## {crowd.visitors} visitors at once",
            f"Each chooses a node every {crowd.think:.0f} s for {crowd.seconds:.0f} s; until the "
            "script finished, over the websocket, from the same machine. All begin within "
            f"{crowd.think:.0f} s.",
            table(["what", "one link for all", "a run each"], rows),
            *(f"- {error}" for error in errors[:5]),
        )
    )


@dataclass(frozen=True)
class Met:
    """What a crowd met: numbers by what they are, and errors that visitors saw."""

    rows: dict[str, str]
    errors: list[str]


def met(crowd: Crowd) -> Met:
    """Serve the app, let the crowd in, and write down what it met."""
    with served() as server:
        asyncio.run(visit(server.url, Crowd(visitors=1, think=0.1, seconds=1.0)))
        before = memory(server)
        tally = asyncio.run(visit(server.url, crowd))
        after = memory(server)
        raised = server.log.read_text(errors="replace").count("Traceback (most recent call last)")
    rows = {
        "first load, median": number(percentile(tally.opened, 0.5), " ms"),
        "click, median": number(percentile(tally.clicked, 0.5), " ms"),
        "click, 95 %": number(percentile(tally.clicked, 0.95), " ms"),
        "clicks": str(len(tally.clicked)),
        "server's memory before": number(before.get("VmRSS", float("nan")), " MiB"),
        "server's memory, peak": number(after.get("VmHWM", float("nan")), " MiB"),
        "errors a visitor saw": str(len(tally.errors)),
        "tracebacks in the server's log": str(raised),
    }
    return Met(rows, tally.errors)


if __name__ == "__main__":
    print(report())
