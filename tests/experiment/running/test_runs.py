"""One run a setting answers everything; runs are kept up to a size and made again when asked."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import threading
import weakref
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

import flow
from experiment import source
from experiment.asking.answers import Answers
from experiment.feeding import TARGET
from experiment.running import runs as module
from experiment.running.runs import Refused, Runs
from experiment.running.turnstile import Busy, Turnstile
from experiment.setting import DEFAULT, Setting, of_preset, with_network
from models.cell_edits import Edits
from models.fields import Fields
from models.own import Given, Own
from models.presets import PRESETS
from models.source import from_source
from models.spec import LayerSpec, ModelSpec
from tests.experiment.running.asked import everything, everything_afresh

PASTED = from_source(
    """
class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        self.norm = nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(x + self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3, padding=1)
        self.block = Block(2)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(2, 3)

    def forward(self, x):
        x = self.block(self.first(x)).mean((2, 3))
        return self.fc(self.drop(x))
"""
)
SETTINGS = {
    "preset": DEFAULT,
    "random numbers": replace(of_preset("lenet"), seed=7),
    "changed by hand": replace(
        DEFAULT, edits=Edits().with_cells("input", {0: 0.5}).with_cells(TARGET, {1: 2.0})
    ),
    "pasted": replace(with_network(DEFAULT, PASTED, (2, 1, 4, 4)), loss="mean", input="random"),
    "input gradient": replace(of_preset("routing"), input_gradient=True),
}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[weakref.ref[flow.Run]]:
    """Every run that is made from here on."""
    made: list[weakref.ref[flow.Run]] = []
    real = flow.run

    def run(*args: Any, **kwargs: Any) -> flow.Run:
        found = real(*args, **kwargs)
        made.append(weakref.ref(found))
        return found

    monkeypatch.setattr(flow, "run", run)
    return made


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A module of the command line that returns two outputs."""

    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, x: Any) -> Any:
            return {"a": self.fc(x), "b": x}

    named = Own("two.py:Two", (Given((2, 3)),), "a", Two, parts={"a": True, "b": False})
    monkeypatch.setattr(source, "configured", lambda: named)
    return of_preset(source.OWN)


# One run


@pytest.mark.parametrize("name", SETTINGS)
def test_everything_about_a_setting_is_asked_of_one_run_or_of_one_more_at_its_input(
    name: str, counted: list[weakref.ref[flow.Run]]
) -> None:
    runs, setting = Runs(), SETTINGS[name]
    everything(runs, setting)
    expected = 1 if setting.input_gradient else 2
    assert len(counted) == expected
    everything(runs, setting)
    assert len(counted) == expected


def test_the_values_of_a_layer_inside_are_asked_of_the_run_that_is_there(
    counted: list[weakref.ref[flow.Run]],
) -> None:
    live = Answers(Runs(), DEFAULT)
    assert live.forward("conv2", None).kind == "sum"
    assert len(counted) == 1
    assert live.forward("conv1", None).kind == "sum"
    assert len(counted) == 2


def test_a_module_of_the_command_line_is_run_once_too(
    own: Setting, counted: list[weakref.ref[flow.Run]]
) -> None:
    runs = Runs()
    assert everything(runs, own) == everything(runs, own)
    assert len(counted) == 2
    assert Answers(runs, own).outcome.budget is None
    assert Answers(runs, own).outcome.output_shape == (2, 2)


def test_equal_settings_share_a_run_and_others_do_not() -> None:
    runs = Runs()
    spec = PRESETS["mlp"].spec
    one, two = with_network(DEFAULT, spec, (2, 64)), with_network(DEFAULT, spec, (2, 64))
    assert one.key == two.key
    assert runs.outcome(one) is runs.outcome(two)
    assert runs.outcome(replace(one, seed=1)) is not runs.outcome(one)


def test_what_cannot_run_is_refused_each_time_and_takes_no_room() -> None:
    runs, huge = Runs(), with_network(DEFAULT, wide(10**6), (1, 10**6))
    for _ in range(2):
        with pytest.raises(Refused, match="the model needs") as refusal:
            runs.outcome(huge)
    with pytest.raises(Refused):
        runs.outcome(replace(of_preset("lenet"), target="xor"))
    assert size(runs) == 0
    again = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301 - our own
    assert str(again) == str(refusal.value)


def wide(features: int) -> ModelSpec:
    fields = Fields({"in_features": features, "out_features": features})
    return ModelSpec(layers=(LayerSpec(name="wide", kind="Linear", fields=fields),))


def test_what_the_gradient_at_the_input_adds_is_held_to_be_asked_and_refused_to_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = at_input(DEFAULT)
    cheap, dear = (each.source.budget(each) for each in (DEFAULT, asked))
    assert cheap is not None
    assert dear is not None
    assert cheap.captured_bytes < dear.captured_bytes
    source._budget.cache_clear()
    monkeypatch.setattr("models.budget.MAX_CAPTURED_BYTES", cheap.captured_bytes)
    for kept in (False, True):
        runs = Runs()
        if kept:
            assert Answers(runs, DEFAULT).forward("conv1", None).kind == "sum"
        with pytest.raises(Refused):
            runs.outcome(asked)
    source._budget.cache_clear()


# The same answers, whoever asks


@pytest.mark.parametrize("name", SETTINGS)
def test_eight_threads_get_the_answers_of_a_fresh_run_to_the_bit(name: str) -> None:
    setting, runs = SETTINGS[name], Runs()
    expected = everything_afresh(setting)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: everything(runs, setting), range(8)))
    assert found == [expected] * 8


def test_another_process_answers_a_picklable_setting_alike() -> None:
    settings = list(SETTINGS.values())
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as processes:
        found = list(processes.map(everything_afresh, settings))
    assert found == [everything_afresh(setting) for setting in settings]


# Kept up to a size


def test_runs_are_kept_up_to_a_size_and_the_least_lately_asked_goes_first(
    counted: list[weakref.ref[flow.Run]],
) -> None:
    one = Runs()
    one.outcome(DEFAULT)
    runs = Runs(most=int(size(one) * 3.5))
    settings = [replace(DEFAULT, seed=seed) for seed in range(4)]
    for setting in settings[:3]:
        runs.outcome(setting)
    runs.outcome(settings[0])
    runs.outcome(settings[3])
    assert [keeps(runs, setting) for setting in settings] == [True, False, True, True]
    before = len(counted)
    runs.outcome(settings[1])
    assert len(counted) == before + 1
    assert size(runs) <= size(one) * 3.5


def test_a_forgotten_run_is_freed_and_nothing_holds_it(
    counted: list[weakref.ref[flow.Run]],
) -> None:
    one = Runs()
    everything(one, DEFAULT)
    runs = Runs(most=size(one) * 4)
    settings = [replace(DEFAULT, seed=seed) for seed in range(12)]
    for setting in settings:
        everything(runs, setting)
        assert size(runs) <= size(one) * 4
    gc.collect()
    alive = [run for made in counted if (run := made()) is not None]
    kept = [each for each in settings for each in (each, at_input(each)) if keeps(runs, each)]
    assert 4 <= len(kept) <= 8
    assert len(alive) == len(kept) + 2
    assert len(counted) == 26


def size(runs: Runs) -> int:
    """Bytes that the kept runs take, as far as they count."""
    return int(runs._shelf.currsize)


def keeps(runs: Runs, setting: Setting) -> bool:
    return setting.key in runs._shelf


def at_input(setting: Setting) -> Setting:
    return replace(setting, input_gradient=True)


def test_answers_count_as_part_of_their_run() -> None:
    runs = Runs()
    live = Answers(runs, DEFAULT)
    assert live.capture
    before, picture = size(runs), len(live.graph("en")["svg"])
    assert before + picture < size(runs) < before + 10 * picture


def test_the_answers_of_one_run_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ANSWER_BYTES", 10_000)
    runs = Runs()
    for number in range(100):
        runs.ask(DEFAULT, number, partial(said, number))
    answers = runs._shelf[DEFAULT.key].answers
    assert answers.currsize <= 10_000
    assert 1 <= len(answers) < 10
    assert 99 in answers


def said(number: int, _run: flow.Run) -> str:
    return str(number) * 1000


def test_the_newest_run_and_the_one_at_its_input_stay_however_large_they_are(
    counted: list[weakref.ref[flow.Run]],
) -> None:
    runs = Runs(most=10)
    for _ in range(3):
        everything(runs, DEFAULT)
    assert len(counted) == 2


# Structure


def test_seeds_share_what_depends_on_the_structure_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    estimated = counting(monkeypatch, source, "estimate")
    laid_out = counting(monkeypatch, module, "lay_out")
    runs, spec = Runs(), wide(3)
    drawings = []
    for seed in range(5):
        setting = replace(with_network(DEFAULT, spec, (2, 3)), seed=seed, target="random")
        drawings.append(Answers(runs, setting).graph("en")["svg"])
    assert len(estimated) == len(laid_out) == 1
    assert len(set(drawings)) == 1


def counting(monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> list[object]:
    """Return a list of the calls that a function of a module gets from here on."""
    calls: list[object] = []
    real = getattr(where, name)

    def counted(*args: Any) -> Any:
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(where, name, counted)
    return calls


# Turns


def test_no_more_questions_are_computed_at_once_than_there_are_places() -> None:
    runs, lock = Runs(turnstile=Turnstile(places=2)), threading.Lock()
    inside, most = [0], [0]

    def answer(run: flow.Run) -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        run.check("n1")
        with lock:
            inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        for seed in range(16):
            threads.submit(runs.ask, replace(DEFAULT, seed=seed), None, answer)
    assert 1 <= most[0] <= 2


def test_who_finds_too_many_waiting_is_refused_and_can_ask_again() -> None:
    turnstile = Turnstile(places=1, longest=0)
    runs = Runs(turnstile=turnstile)
    with pytest.raises(Busy, match="Nothing is lost"):
        runs.outcome(DEFAULT)
    turnstile._longest = 1
    assert runs.outcome(DEFAULT).capture.loss is not None
    turnstile._longest = 0
    assert runs.outcome(DEFAULT).capture.loss is not None  # what is kept asks for no place


def test_whoever_has_a_turn_computes_in_one_thread() -> None:
    """In several it may add in another order, and a link would have other bits elsewhere."""

    def counted() -> int:
        torch.set_num_threads(2)
        with Runs().turn():
            return torch.get_num_threads()

    with ThreadPoolExecutor(1) as pool:  # the number is the thread's own
        assert pool.submit(counted).result() == 1
