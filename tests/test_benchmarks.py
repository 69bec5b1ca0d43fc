"""The arithmetic of the benchmarks; nothing is timed here."""

from __future__ import annotations

import asyncio
import gzip
import math
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from benchmarks import cells as cells_of
from benchmarks import measure
from benchmarks.__main__ import BEGIN, HERE, README, quoted
from benchmarks.capture import cells, others
from benchmarks.connection import Came, Connection
from benchmarks.measure import Contestant, Effort, Result, alternate, enough, percentile, ratio
from benchmarks.memory import highest, peak_bytes
from benchmarks.networks import CASES
from benchmarks.session import Session
from benchmarks.table import number, table, times
from benchmarks.visitors import LARGEST, Crowd, visit


def test_the_middle_of_samples_is_their_median() -> None:
    assert Result((3.0, 1.0, 100.0)).middle == 3.0
    assert Result((1.0, 2.0, 3.0, 100.0)).middle == 2.5
    assert math.isnan(Result().middle)


def test_a_ratio_needs_a_positive_base() -> None:
    assert ratio(3.0, 1.5) == 2.0
    assert math.isnan(ratio(3.0, 0.0))
    assert math.isnan(ratio(3.0, math.nan))


def test_a_percentile_is_a_value_that_occurred() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.95) == 95.0
    assert percentile(values, 1.0) == 100.0
    assert percentile(values, 0.0) == 1.0
    assert percentile([7.0], 0.5) == 7.0
    assert math.isnan(percentile([], 0.5))


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([600.0] * 4, False),  # over the time, but too few
        ([600.0] * 5, True),
        ([1.0] * 7, False),  # neither time nor number
        ([1.0] * 8, True),
    ],
)
def test_measuring_ends_at_a_limit_but_not_too_early(samples: list[float], expected: bool) -> None:
    assert enough(samples, Effort(seconds=3.0, at_least=5, at_most=8)) is expected


def test_contestants_take_turns_and_only_their_own_call_is_timed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []

    @contextmanager
    def around() -> Iterator[None]:
        events.append("put on")
        yield
        events.append("taken off")

    def timed(action: Callable[[], object]) -> float:
        action()
        return {"first": 10.0, "second": 30.0}[events[-1]]

    monkeypatch.setattr(measure, "milliseconds", timed)
    contestants = {
        "a": Contestant(lambda: events.append("first")),
        "b": Contestant(lambda: events.append("second"), around),
    }
    results = alternate(contestants, Effort(seconds=0.06, at_least=2, at_most=100))
    assert results == {"a": Result((10.0,) * 6), "b": Result((30.0,) * 2)}
    assert events[:8] == ["first", "put on", "second", "taken off"] * 2
    assert events[8:] == ["first"] * 4


def test_a_contestant_that_fails_says_why_and_the_others_go_on() -> None:
    def missing() -> Contestant:
        raise ModuleNotFoundError("No module named 'torchlens'")

    def broken() -> object:
        raise RuntimeError("in-place | refused\nbecause " + "x" * 100)

    makers = {
        "fine": lambda: Contestant(lambda: None),
        "missing": missing,
        "broken": lambda: Contestant(broken),
    }
    able, problems = measure.ready(makers)
    assert set(able) == {"fine"}
    assert problems["missing"] == "ModuleNotFoundError: No module named 'torchlens'"
    assert problems["broken"].startswith("RuntimeError: in-place / refused because xxx")
    assert len(problems["broken"]) < 80


def test_a_cell_is_a_ratio_to_plain_or_the_kind_of_failure() -> None:
    values = dict.fromkeys(others(), 3.0) | {"plain": 1.5}
    failed = {"TorchLens": "RuntimeError: refused"}
    assert dict(zip(others(), cells(values, failed), strict=True)) == {
        "Backlight": "2.0x",
        "module hooks": "2.0x",
        "TorchLens": "(RuntimeError)",
        "torchexplorer": "2.0x",
    }


def test_the_peak_is_the_highest_running_sum() -> None:
    assert highest([5, 3, -4, 2, -6]) == 8
    assert highest([-5, 3]) == 0
    assert highest([]) == 0


def test_the_peak_of_a_call_counts_what_was_alive_at_once() -> None:
    mib = 2**20

    def act() -> None:
        kept = torch.empty(3 * mib, dtype=torch.uint8)
        for _ in range(4):
            torch.empty(2 * mib, dtype=torch.uint8)
        del kept

    assert peak_bytes(Contestant(act)) == 5 * mib


def test_a_table_has_one_cell_per_column() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    with pytest.raises(ValueError, match="A row has 1 cells, the head has 2"):
        table(["a", "b"], [["1"]])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.784, "1.78"),
        (2.784, "2.8"),
        (12.34, "12.3"),
        (27.8, "28"),
        (127.4, "127"),
        (2522.4, "2,522"),
        (0.0114, "0.0114"),
        (0.0, "0"),
        (math.nan, "-"),
    ],
)
def test_a_number_shows_the_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_a_ratio_is_written_with_its_sign() -> None:
    assert times(1.04) == "1.04x"
    assert times(math.nan) == "-"


def test_every_network_gives_a_loss_with_gradients_for_all_parameters() -> None:
    for name in ("Test", "LeNet, batch 8", "ResNet-18, 64x64", "Transformer, 4 layers"):
        case = CASES[name]()
        case.loss(case.module(case.input)).backward()  # type: ignore[no-untyped-call]
        assert all(parameter.grad is not None for parameter in case.module.parameters()), name


def test_resnet_18_has_the_parameters_of_the_paper_s_network() -> None:
    module = CASES["ResNet-18, 64x64"]().module
    assert sum(parameter.numel() for parameter in module.parameters()) == 11_689_512


@pytest.mark.parametrize("name", cells_of.OPERATIONS)
def test_the_explained_cells_add_up(name: str) -> None:
    shape = cells_of.SIZES["4x4"]
    torch.manual_seed(0)
    with cells_of.prepared(cells_of.OPERATIONS[name](1), shape) as run:
        node, which, cell = cells_of.middle(run)
        found = run.explain(node, cell, input=which)
    assert found.difference <= 1e-6


def test_a_missed_bar_is_named() -> None:
    times = {"ReLU": {"4x4": 9.0, "28x28": 0.5, "16x64x64": 4.9}}
    assert cells_of.verdict(times) == "Bars: 28x28 1 ms, 16x64x64 5 ms. All hold."
    times["ReLU"]["28x28"] = 1.5
    assert cells_of.verdict(times).endswith("Missed: ReLU at 28x28: 1.50 ms.")


def run_alone(work: Coroutine[Any, Any, object]) -> None:
    """Run `work` in a thread: in this one, a browser test's event loop may be running."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, work).result()


async def enter(session: Session) -> None:
    async with session:
        pass


def test_only_this_machine_is_ever_loaded() -> None:
    with pytest.raises(ValueError, match="Only a server on this machine"):
        run_alone(enter(Session("http://example.org:8501")))


def test_questions_share_a_connection_until_the_server_closes_it() -> None:
    heard: list[list[str]] = []

    async def answer_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append([])
        for body in (b"plain", gzip.compress(b"packed")):
            head = await reader.readuntil(b"\r\n\r\n")
            heard[-1].append(head.decode().split()[1])
            packed = "" if body == b"plain" else "content-encoding: gzip\r\n"
            start = f"HTTP/1.1 404 Not Found\r\ncontent-length: {len(body)}\r\n{packed}\r\n"
            writer.write(start.encode() + body)
        writer.close()

    async def ask() -> None:
        async with await asyncio.start_server(answer_twice, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            connection = Connection(f"http://127.0.0.1:{port}")
            came = [await connection.get(f"/{number}") for number in range(4)]
            connection.close()
        assert came == [Came(404, b"plain"), Came(404, b"packed")] * 2

    run_alone(ask())
    assert heard == [["/0", "/1"], ["/2", "/3"]]


def test_a_crowd_is_bounded() -> None:
    with pytest.raises(ValueError, match="At most 200 visitors"):
        run_alone(visit("http://127.0.0.1:1", Crowd(visitors=LARGEST.visitors + 1)))


def test_the_readme_quotes_what_the_benchmark_wrote() -> None:
    readme, results = README.read_text(), (HERE / "results.md").read_text()
    assert quoted(readme, results) == readme
    other = results.replace("| Test |", "| Test, measured again |", 1)
    assert "| Test, measured again |" in quoted(readme, other)
    with pytest.raises(ValueError, match="lacks the place"):
        quoted(readme.replace(BEGIN, ""), results)
