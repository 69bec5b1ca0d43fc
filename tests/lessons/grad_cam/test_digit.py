"""The network that reads digits: what is shipped, how it learnt, and what it is made of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from experiment.written.address import Experiment
from lessons.catalogue import LESSONS
from lessons.grad_cam import readings
from lessons.grad_cam.digit.network import CHANNELS, LAST, SIDES, WEIGHTS, trained
from lessons.grad_cam.digit.reading import Reading, class_of
from lessons.grad_cam.digit.training import EVERY, halves, right
from lessons.running.recipe import ran
from scripts.served import ROOT
from tests.lessons.grad_cam.plain import sequence

STUDY = LESSONS["grad_cam"].beginning


def test_what_is_shipped_reads_at_least_97_of_100_digits_that_it_never_saw() -> None:
    _seen, held_out = halves()
    with torch.no_grad():
        found = sequence()(held_out.images).argmax(1)
    count = int((found == held_out.labels).sum())
    assert len(held_out.labels) == 300
    assert count / 300 >= 0.97
    assert right(trained()) == count
    told = readings.of_question(STUDY)
    assert (told["right"], told["count"]) == (str(count), "300")


def test_no_digit_is_both_learnt_from_and_held_out() -> None:
    seen, held_out = halves()
    assert len(seen.labels) + len(held_out.labels) == 1797
    every = torch.arange(1797) % EVERY == 0
    assert int(every.sum()) == len(held_out.labels)


TRAINED = """
from lessons.grad_cam.digit.training import right, train
one, other = (train(epochs=1).state_dict() for _ in range(2))
print(right(train()), all((one[name] == other[name]).all() for name in one))
"""


def test_the_recipe_of_the_script_reads_as_many_and_gives_the_same_again() -> None:
    """In a process of its own with one thread: many threads on so small layers take minutes."""
    done = subprocess.run(
        [sys.executable, "-c", TRAINED],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    count, same = done.stdout.split()
    assert int(count) / 300 >= 0.97
    assert same == "True"


def test_the_file_is_small_and_holds_plain_float32_numbers() -> None:
    assert Path(WEIGHTS).stat().st_size < 25_000
    with np.load(WEIGHTS) as kept:
        assert {kept[name].dtype for name in kept.files} == {np.dtype(np.float32)}
        assert sum(kept[name].size for name in kept.files) == 4354


def test_the_network_does_what_its_layers_do_one_after_the_other() -> None:
    _seen, held_out = halves()
    with torch.no_grad():
        assert torch.allclose(
            trained()(held_out.images), sequence()(held_out.images), atol=1e-5, rtol=1e-5
        )
        for layer, channels in CHANNELS.items():
            maps = trained().maps(layer, held_out.images[:2])
            assert maps.shape == (2, channels, SIDES[layer], SIDES[layer])
            scores = trained().after(layer, maps)
            assert torch.allclose(scores, trained()(held_out.images[:2]), atol=1e-5)


def test_nothing_that_a_visitor_does_changes_the_network() -> None:
    before = {name: each.clone() for name, each in trained().state_dict().items()}
    for step in LESSONS["grad_cam"].steps:
        about = step.about(STUDY)
        assert not isinstance(about, Experiment)
        ran(about)
    after = trained().state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(each.grad is None for each in trained().parameters())
    assert not any(each.requires_grad for each in trained().parameters())


def test_a_class_is_meant_by_the_place_of_its_score_or_by_its_digit() -> None:
    scores = np.array([1.0, 7, 3, 0, 0, 0, 0, 0, 0, -2])
    assert [class_of(each, scores) for each in ("first", "second", "9")] == [1, 2, 9]


def test_a_digit_that_is_read_wrong_is_called_what_it_shows() -> None:
    wrong = [
        seed
        for seed in range(300)
        if halves()[1].labels[seed] != int(trained()(halves()[1].images[[seed]]).argmax())
    ]
    assert len(wrong) == 300 - right(trained())
    found = ran(Reading(wrong[0], "first", LAST))
    told = readings.of_question(STUDY.changed(seed=wrong[0]))
    assert told["label"] == str(int(halves()[1].labels[wrong[0]])) != told["read"]
    assert found.label != found.target
