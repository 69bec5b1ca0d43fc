"""A training as a file: what it prints are the losses and norms of the training, to the bit."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from experiment.setting import DEFAULT, Setting, of_preset
from experiment.take_away.script import script
from experiment.training.work import TrainingWork
from models.sgd import Sgd
from models.targets import SEEDS
from models.training.plan import Plan
from viz.language import speaking

pytestmark = pytest.mark.usefixtures("one_thread")

EDITED = replace(DEFAULT, edits=DEFAULT.edits.with_cells("fc.weight", {0: 5.0}), sgd=Sgd(1e-4, 2))
TRAININGS: dict[str, tuple[Setting, Plan]] = {
    "after steps and edits": (EDITED, Plan(rate=1e-4, steps=7)),
    "a given gradient": (
        replace(DEFAULT, loss="given", target="ones"),
        Plan(optimizer="momentum", rate=0.01, momentum=0.5, steps=7),
    ),
    "with an input that asks for a gradient": (
        replace(DEFAULT, input_gradient=True),
        Plan(clip=0.5, steps=7),
    ),
    "points, another pass": (
        of_preset("spirals"),
        Plan("spirals", "adam", 0.01, batch=100, steps=7),
    ),
    "all points at once": (of_preset("moons"), Plan("two_moons", "sgd", 0.5, batch=256, steps=7)),
    "digits, clipped": (of_preset("lenet"), Plan("digits", "momentum", 0.1, clip=0.7, steps=7)),
    "the last seed": (
        replace(of_preset("spirals"), seed=SEEDS - 2),
        Plan("spirals", "adam", 0.01, steps=7),
    ),
    "digits, after steps on another": (
        replace(of_preset("lenet"), sgd=Sgd(0.1, 2)),
        Plan("digits", rate=0.1, steps=7),
    ),
    "running means": (of_preset("residual"), Plan(optimizer="adam", rate=0.01, steps=7)),
    "for evaluation": (replace(of_preset("residual"), training=False), Plan(steps=7)),
}


def printed(text: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, float]]:
    """Run a file; what it said of every step of the training."""
    with torch.random.fork_rng([]):
        exec(compile(text, "training.py", "exec"), {})  # noqa: S102 - our own text
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    return [
        dict(zip(line[::2], map(float, line[1::2]), strict=True))
        for line in lines
        if line[0] == "step"
    ]


@pytest.mark.parametrize("name", TRAININGS)
def test_the_file_trains_as_the_page_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    setting, plan = TRAININGS[name]
    steps = list(TrainingWork(setting, plan).steps())
    found = printed(script(setting, "http://127.0.0.1/", plan=plan), capsys)
    assert [line["step"] for line in found] == list(range(plan.steps))
    assert [line["norm"] for line in found] == [step.total for step in steps]
    if setting.loss == "given":
        assert all("loss" not in line for line in found)
    else:
        assert [line["loss"] for line in found] == [step.loss for step in steps]
    assert steps[0].total != steps[-1].total


def test_its_comments_are_in_the_language_of_the_page() -> None:
    setting, plan = TRAININGS["digits, clipped"]
    text = script(setting, "", speaking("ko"), plan)
    comments = [line.partition("# ")[2] for line in text.splitlines() if "# " in line]
    assert len(comments) > 4
    assert [each for each in comments if each.isascii()] == []
