"""Many visitors at once on one server: how long they wait, how much memory the server needs."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.measure import percentile
from benchmarks.session import Chosen, Session
from benchmarks.table import number, table
from experiment.written.address import Experiment, begun, to_address
from experiment.written.pasted import Pasted, read
from scripts.served import ROOT, Server, served

EMPTY = Path(__file__).with_name("empty.py")
RESIDUAL = """
class Block(nn.Module):
    def __init__(self, inside, outside, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.shortcut = nn.Sequential()
        if stride != 1 or inside != outside:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.blocks = nn.Sequential(
            Block(16, 16, 1), Block(16, 16, 1), Block(16, 32, 2), Block(32, 32, 1)
        )
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.stem(x))))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))
"""
"""Pasted by a quarter of the visitors."""
SEEDS = 2_000
"""One after the other, to see whether the server's memory stays bounded."""


@dataclass(frozen=True)
class Crowd:
    """How many visitors choose how often, and for how long; both bounded by LARGEST."""

    visitors: int = 50
    think: float = 3.0
    seconds: float = 30.0
    within: float = 3.0
    """Seconds within which all open the page; 0 for all in one moment."""
    own_runs: bool = False
    """Whether each begins with another seed, so that nothing was computed for someone before.

    A quarter of them has each of the networks.
    """


LARGEST = Crowd(visitors=200, think=0.1, seconds=120.0)


@cache
def networks() -> tuple[Experiment, ...]:
    """Return what the visitors open, in turn: three presets, and a pasted residual network."""
    pasted = read(Pasted(RESIDUAL, shape="2x3x32x32"), begun("lenet")).experiment
    return (begun("test"), begun("lenet"), begun("unet"), pasted)


def query(seed: int) -> str:
    """Return the address of a run that nobody else has."""
    chosen = networks()[seed % len(networks())]
    return urlencode(to_address(chosen.changed(seed=seed)))


@dataclass
class Tally:
    """What all visitors saw together; times in milliseconds."""

    opened: list[float] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def visit(url: str, crowd: Crowd) -> Tally:
    """Let a crowd in: when all have the page, they begin to choose nodes.

    Raises ValueError when it is larger than LARGEST.
    """
    if crowd.visitors > LARGEST.visitors or crowd.seconds > LARGEST.seconds:
        raise ValueError(f"At most {LARGEST.visitors} visitors for {LARGEST.seconds:.0f} seconds.")
    addresses = [query(seed) if crowd.own_runs else "" for seed in range(crowd.visitors)]
    tally, sessions = Tally(), [Session(url) for _ in addresses]
    async with AsyncExitStack() as connected:
        for session in sessions:
            await connected.enter_async_context(session)
        dice = random.Random(0)  # noqa: S311 - not a secret
        arrivals = [dice.uniform(0, crowd.within) for _ in sessions]
        opening = zip(sessions, addresses, arrivals, strict=True)
        await _all([_open(*one, tally) for one in opening], tally)
        await _all([_choose(session, n, crowd, tally) for n, session in enumerate(sessions)], tally)
    tally.errors += [error for session in sessions for error in session.errors]
    return tally


async def _all(acts: Sequence[Awaitable[None]], tally: Tally) -> None:
    """Let all act at once, and note who could not."""
    for end in await asyncio.gather(*acts, return_exceptions=True):
        if isinstance(end, BaseException):
            tally.errors.append(f"{type(end).__name__}: {end}")


async def _open(session: Session, address: str, after: float, tally: Tally) -> None:
    """Open the page after so many seconds."""
    await asyncio.sleep(after)
    tally.opened.append(await session.open(address))
    await session.look()


async def _choose(session: Session, number: int, crowd: Crowd, tally: Tally) -> None:
    """Choose a random node every `think` seconds until the time is over, none twice.

    A browser keeps what it was answered, so a second time it would ask for nothing.
    """
    dice, start = random.Random(number), time.monotonic()  # noqa: S311 - not a secret
    for node in dice.sample(session.nodes, len(session.nodes)):
        await asyncio.sleep(dice.uniform(0, 2) * crowd.think)
        if time.monotonic() - start > crowd.seconds:
            return
        tally.chosen.append(await session.choose(node))


def memory(server: Server) -> dict[str, float]:
    """MiB the server holds now (VmRSS) and held at most (VmHWM); empty where there is no /proc."""
    status = Path(f"/proc/{server.pid}/status")
    if not status.exists():
        return {}
    found = re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status.read_text())
    return {name: int(size) / 1024 for name, size in found}


def report() -> str:
    """Let classes in, and one visitor who tries many seeds."""
    crowds = {
        "one link for all": met(Crowd()),
        "a run each": met(Crowd(own_runs=True)),
        "a run each, in one moment": met(Crowd(own_runs=True, within=0.0)),
        "an empty app, in one moment": met(Crowd(within=0.0), EMPTY),
    }
    rows = [
        [what, *(each.rows.get(what, "-") for each in crowds.values())]
        for what in crowds["a run each"].rows
    ]
    errors = sorted({error for each in crowds.values() for error in each.errors})
    crowd = Crowd()
    return "\n\n".join(
        (
            f"## {crowd.visitors} visitors at once",
            f"All open a page within {crowd.within:.0f} s or in one moment, from the same "
            "machine; a load ends when the scene has come, with which a browser draws. When every "
            f"page is there, each chooses a node every {crowd.think:.0f} s for "
            f"{crowd.seconds:.0f} s. The maps of a choice came with the scene and wait for nobody; "
            "its answers, the sums behind the maps and the proof, are asked for then. A run too "
            "large to be sent whole, here the pasted one, is also asked for the maps. With a run "
            "each, one quarter has `Test`, one LeNet, one a small U-Net and one a pasted residual "
            "network.",
            table(["what", *crowds], rows),
            *(f"- {error}" for error in errors[:5]),
            *many_seeds(),
        )
    )


@dataclass(frozen=True)
class Met:
    """What a crowd met: numbers by what they are, and errors that visitors saw."""

    rows: dict[str, str]
    errors: list[str]


def met(crowd: Crowd, script: Path = ROOT / "app.py") -> Met:
    """Serve a script, let the crowd in, and write down what it met."""
    with served(script) as server:
        asyncio.run(visit(server.url, Crowd(visitors=1, think=0.1, seconds=1.0)))
        before = memory(server)
        tally = asyncio.run(visit(server.url, crowd))
        after = memory(server)
        raised = server.log.read_text(errors="replace").count("Traceback (most recent call last)")
    rows = {
        "first load, median": number(percentile(tally.opened, 0.5), " ms"),
        "first load, 95 %": number(percentile(tally.opened, 0.95), " ms"),
        "server's memory before": number(before.get("VmRSS", float("nan")), " MiB"),
        "server's memory, peak": number(after.get("VmHWM", float("nan")), " MiB"),
        "errors a visitor saw": str(len(tally.errors)),
        "tracebacks in the server's log": str(raised),
    }
    if tally.chosen:
        rows["choices"] = str(len(tally.chosen))
        rows |= _waits("answers to a choice", [choice.answers for choice in tally.chosen])
    late = [choice.maps for choice in tally.chosen if choice.maps is not None]
    if late:
        rows |= _waits("maps of a run not sent whole", late)
    return Met(rows, tally.errors)


def _waits(what: str, waits: Sequence[float]) -> dict[str, str]:
    """Rows of how long something takes."""
    return {
        f"{what}, median": number(percentile(waits, 0.5), " ms"),
        f"{what}, 95 %": number(percentile(waits, 0.95), " ms"),
    }


def many_seeds() -> tuple[str, str]:
    """Open as many runs as SEEDS one after the other, and note the server's memory now and then."""
    with served() as server:
        steps = {0: memory(server)}
        for first in range(0, SEEDS, SEEDS // 4):
            asyncio.run(_open_all(server.url, range(first, first + SEEDS // 4)))
            steps[first + SEEDS // 4] = memory(server)
    rows = [
        [f"{n:,}", number(held.get("VmRSS", float("nan")), " MiB")] for n, held in steps.items()
    ]
    return (
        f"The server's memory while {SEEDS:,} runs of the same four networks, each with a seed of "
        "its own, are opened one after the other.",
        table(["opened", "memory"], rows),
    )


async def _open_all(url: str, seeds: range) -> None:
    for seed in seeds:
        async with Session(url) as session:
            await session.open(query(seed))
            await session.look()


if __name__ == "__main__":
    print(report())
