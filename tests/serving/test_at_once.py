"""Several ask at once: nothing is computed twice, nobody stands in the way of another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from threading import Event

import pytest

from experiment.running.turnstile import Busy
from serving.packed import Packed, pack
from tests.serving.asking import PATH, Asked, opened, text
from tests.serving.calling import PATIENCE, Got, Visitor, run, until

Ask = Callable[[str], Coroutine[object, object, Got]]


def asker(asked: Asked) -> Ask:
    return lambda query: Visitor("GET", PATH, query).ask(asked.app)


async def begun(asked: Asked, question: Awaitable[Got]) -> asyncio.Future[Got]:
    """Ask, and return as soon as it is being computed."""
    asked.asking.begun.clear()
    task = asyncio.ensure_future(question)
    assert await asyncio.to_thread(asked.asking.begun.wait, PATIENCE)
    return task


async def waiting(asked: Asked, question: Awaitable[Got]) -> asyncio.Future[Got]:
    """Ask, and return as soon as the request waits for its answer."""
    works, before = asked.answers._store._underway, total(asked)
    task = asyncio.ensure_future(question)
    await until(lambda: total(asked) == before + 1)
    assert works
    return task


def total(asked: Asked) -> int:
    return sum(work.waiting for work in asked.answers._store._underway.values())


def test_a_question_asked_by_many_at_once_is_computed_once(asked: Asked) -> None:
    async def scene() -> list[Got]:
        ask, asked.asking.held = asker(asked), (3,)
        first = await begun(asked, ask("seed=3&loss=sum"))
        others = [await waiting(asked, ask("loss=sum&seed=3")) for _ in range(20)]
        asked.asking.may_go.set()
        return [await first, *[await other for other in others]]

    found = run(scene())
    assert [got.body for got in found] == [text("sum", 3, 1)] * 21
    assert asked.asking.computed == [(3, 1)]


def test_a_fault_reaches_all_who_wait_and_is_logged_once(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> list[Got]:
        ask, asked.asking.held = asker(asked), (3,)
        asked.asking.error = ZeroDivisionError()
        first = await begun(asked, ask("seed=3"))
        other = await waiting(asked, ask("seed=3"))
        asked.asking.may_go.set()
        return [await first, await other]

    assert [got.status for got in run(scene())] == [500, 500]
    assert len(caplog.records) == 1
    assert caplog.text.count("ZeroDivisionError") == 1


def test_what_nobody_waits_for_yet_gives_way_to_what_is_computed(asked: Asked) -> None:
    async def scene() -> tuple[Got, Got, Got]:
        ask, asked.asking.held = asker(asked), (3,)
        slow = await begun(asked, ask("seed=3"))
        refused = await ask("seed=4&of.prefetch=1")
        same = await ask("seed=3&of.prefetch=1")
        asked.asking.may_go.set()
        await slow
        return refused, same, await ask("seed=4&of.prefetch=1")

    refused, same, later = run(scene())
    for got in (refused, same):
        assert (got.status, got.sentence) == (503, "Others are served first.")
        assert got.headers["retry-after"] == "1"
    assert later.body == text("mse", 4, 1)
    assert asked.asking.computed == [(3, 1), (4, 1)]


def test_what_nobody_waits_for_yet_is_not_even_read_while_others_compute(asked: Asked) -> None:
    """Though an answer to it is kept: reading takes time from those who wait."""

    async def scene() -> Got:
        ask, asked.asking.held = asker(asked), (3,)
        await ask("seed=4")
        slow = await begun(asked, ask("seed=3"))
        refused = await ask("seed=4&of.prefetch=1")
        asked.asking.may_go.set()
        await slow
        return refused

    assert run(scene()).status == 503


def test_of_many_that_nobody_waits_for_yet_one_is_computed(asked: Asked) -> None:
    async def scene() -> list[Got]:
        ask, asked.asking.held = asker(asked), tuple(range(9))
        tasks = [asyncio.ensure_future(ask(f"seed={n}&of.prefetch=1")) for n in range(9)]
        await until(lambda: sum(task.done() for task in tasks) + total(asked) == 9)
        asked.asking.may_go.set()
        return [await task for task in tasks]

    assert sorted(got.status for got in run(scene())) == [200, *[503] * 8]


def test_what_nobody_waits_for_yet_gives_way_to_what_is_compressed(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun_packing, may_pack = Event(), Event()

    def slow_pack(body: bytes, media_type: str) -> Packed:
        begun_packing.set()
        assert may_pack.wait(PATIENCE)
        return pack(body, media_type)

    monkeypatch.setattr("serving.answers.pack", slow_pack)

    async def scene() -> Got:
        packed = asyncio.ensure_future(asker(asked)("seed=3"))
        assert await asyncio.to_thread(begun_packing.wait, PATIENCE)
        refused = await asker(asked)("seed=4&of.prefetch=1")
        may_pack.set()
        await packed
        return refused

    assert run(scene()).status == 503


def test_what_a_page_draws_with_goes_ahead_of_pages_and_of_what_explains_it(asked: Asked) -> None:
    done = asked.asking.computed

    def page() -> None:
        with asked.runs.turn():
            done.append((0, 0))

    async def scene() -> None:
        others: list[asyncio.Future[Got]] = []
        with asked.runs.turn():
            new = asyncio.ensure_future(asyncio.to_thread(page))
            for seed in range(1, 21):
                others.append(await waiting(asked, asker(asked)(f"seed={seed}")))
            drawn = await waiting(asked, asker(asked)("seed=30&of.times=2"))
            await until(lambda: len(asked.runs._turnstile._waiting) == 22)
        await asyncio.gather(new, drawn, *others)

    run(scene())
    assert done[0] == (30, 2)
    assert sorted(done[1:]) == [(0, 0), *((seed, 1) for seed in range(1, 21))]


def test_what_nobody_waits_for_yet_gives_way_to_a_page(asked: Asked) -> None:
    async def scene() -> Got:
        with asked.runs.turn():
            return await asker(asked)("of.prefetch=1")

    assert run(scene()).status == 503
    assert run(asker(asked)("of.prefetch=1")).status == 200


def test_what_is_kept_is_sent_while_all_threads_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.store.THREADS", 1)
    with opened() as asked:

        async def scene() -> Got:
            ask, asked.asking.held = asker(asked), (3,)
            await ask("seed=1")
            slow = await begun(asked, ask("seed=3"))
            kept = await ask("seed=1")
            assert not slow.done()
            asked.asking.may_go.set()
            await slow
            return kept

        assert run(scene()).body == text("mse", 1, 1)
        assert asked.asking.computed == [(1, 1), (3, 1)]


def test_so_many_may_be_present_and_no_more(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.answers.MOST_PRESENT", 2)

    async def scene() -> tuple[Got, Got]:
        ask, asked.asking.held = asker(asked), (3,)
        present = [await begun(asked, ask("seed=3")), await waiting(asked, ask("seed=3"))]
        refused = await ask("seed=4")
        asked.asking.may_go.set()
        await asyncio.wait(present)
        return refused, await ask("seed=4")

    refused, later = run(scene())
    assert (refused.status, refused.sentence) == (503, str(Busy(2)))
    assert refused.headers["retry-after"] == "1"
    assert later.status == 200


def test_what_nobody_waits_for_any_more_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.store.THREADS", 1)
    with opened() as asked:

        async def scene() -> tuple[Got, Got]:
            asked.asking.held = (3,)
            slow = await begun(asked, asker(asked)("seed=3"))
            leaving = Visitor("GET", PATH, "seed=4")
            left = await waiting(asked, leaving.ask(asked.app))
            leaving.gone.set()
            got = await left
            asked.asking.may_go.set()
            return got, await slow

        left, slow = run(scene())
        assert left == Got()
        assert slow.status == 200
        assert asked.asking.computed == [(3, 1)]
        assert run(asker(asked)("seed=4")).body == text("mse", 4, 1)


@pytest.mark.parametrize("threads", [1, 2])
def test_who_leaves_takes_nothing_from_another(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where the answer is being made nor where it waits for a thread."""
    monkeypatch.setattr("serving.store.THREADS", threads)
    with opened() as asked:

        async def scene() -> tuple[Got, Got]:
            asked.asking.held = (3, 4)
            slow = await begun(asked, asker(asked)("seed=3"))
            leaving = Visitor("GET", PATH, "seed=4")
            left = await waiting(asked, leaving.ask(asked.app))
            stays = await waiting(asked, asker(asked)("seed=4"))
            leaving.gone.set()
            gone = await left
            asked.asking.may_go.set()
            await slow
            return gone, await stays

        gone, stays = run(scene())
        assert gone == Got()
        assert stays.body == text("mse", 4, 1)
        assert asked.asking.computed == [(3, 1), (4, 1)]


def test_what_had_begun_when_the_last_one_left_is_kept(asked: Asked) -> None:
    async def scene() -> Got:
        asked.asking.held = (3,)
        leaving = Visitor("GET", PATH, "seed=3")
        left = await begun(asked, leaving.ask(asked.app))
        leaving.gone.set()
        await left
        asked.asking.may_go.set()
        return await asker(asked)("seed=3")

    assert run(scene()).body == text("mse", 3, 1)
    assert asked.asking.computed == [(3, 1)]
