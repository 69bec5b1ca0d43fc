"""A setting with steps of SGD: its numbers, its price, its link, and what is taken away of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from experiment import source
from experiment.asking.answers import Answers
from experiment.running.runs import Refused, Runs
from experiment.setting import DEFAULT, Setting, of_preset, with_network
from experiment.take_away.script import script
from experiment.written.address import Experiment, from_address, to_address
from experiment.written.file import from_json, to_json
from models.budget import MAX_OPERATIONS, repeated
from models.cell_edits import Edits
from models.fields import Fields
from models.own import Given, Own
from models.sgd import MAX_STEPS, Sgd
from models.spec import LayerSpec, ModelSpec
from tests.experiment.running.asked import plain
from tests.experiment.runs import RUNS, execute
from tests.viz.reading import read
from viz.language import english


class Written(nn.Module):
    """The preset Test as one would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 1, 1)
        self.conv2 = nn.Conv2d(1, 1, 3)
        self.fc = nn.Linear(4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = nn.functional.interpolate(self.conv1(x), scale_factor=2)
        return self.fc(self.conv2(y).flatten(1))  # type: ignore[no-any-return]


def stepped(edited: bool, sgd: Sgd) -> tuple[list[float], Written]:
    """Let torch train it from seed 0 on 1, 2, 3, ...; return the losses, the last one after it."""
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        module = Written()
    x = torch.arange(1.0, 9.0).view(2, 1, 2, 2)
    if edited:
        x[0, 0, 0, 1] = -3
        with torch.no_grad():
            module.fc.bias[0] = 2
    optimizer = torch.optim.SGD(module.parameters(), lr=sgd.rate)
    losses = []
    for place in range(sgd.steps + 1):
        loss = nn.functional.mse_loss(module(x), torch.zeros(2, 1))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        losses.append(loss.item())
        if place < sgd.steps:
            optimizer.step()
    return losses, module


UNREADABLE = (
    *("", "3", "0.1", "0.1,", ",3", "0.1,3,4", "0.1, 3", "0.1,3.5", "٣,1", "<b>,1"),
    *("0,3", "-1,3", "1001,3", "nan,1", "inf,1", "1e999,1", "1e-999,1", "0.1,101", "0.1,-1"),
)
EDITS = Edits().with_cells("input", {1: -3}).with_cells("fc.bias", {0: 2})


@pytest.mark.parametrize("edits", [Edits(), EDITS], ids=["plain", "changed by hand"])
@pytest.mark.parametrize("steps", [1, 4])
def test_a_run_after_some_steps_is_that_of_torch_to_the_bit(edits: Edits, steps: int) -> None:
    sgd = Sgd(0.05, steps)
    outcome = execute(replace(DEFAULT, edits=edits, sgd=sgd))
    losses, module = stepped(bool(edits), sgd)
    assert [*outcome.losses, outcome.capture.loss] == losses
    for record in outcome.capture.parameters:
        parameter = module.get_parameter(record.name)
        assert torch.equal(torch.tensor(record.value), parameter.detach()), record.name
        assert parameter.grad is not None
        assert record.gradient is not None
        assert torch.equal(torch.tensor(record.gradient), parameter.grad), record.name


def test_a_step_goes_along_the_gradients_that_were_on_screen_before_it() -> None:
    lenet = of_preset("lenet")
    before, after = execute(lenet), execute(replace(lenet, sgd=Sgd(0.1, 1)))
    assert after.losses == (before.capture.loss,)
    pairs = zip(before.capture.parameters, after.capture.parameters, strict=True)
    for then, now in pairs:
        assert then.gradient is not None
        expected = then.value.astype(float) - 0.1 * then.gradient.astype(float)
        np.testing.assert_allclose(now.value, expected, rtol=2e-7, atol=1e-9)


def test_the_same_link_gives_the_same_bits_in_another_store() -> None:
    setting = replace(of_preset("residual"), sgd=Sgd(0.3, 5))
    read_back, problems = from_address(to_address(Experiment(setting)))
    assert (read_back.setting, problems) == (setting, ())
    one, other = Runs().outcome(setting), Runs().outcome(read_back.setting)
    assert one.losses == other.losses
    assert plain(one.capture.parameters) == plain(other.capture.parameters)
    assert plain([n.upstream for n in one.capture.nodes]) == plain(
        [n.upstream for n in other.capture.nodes]
    )


@pytest.mark.parametrize(
    ("text", "sgd"),
    [
        ("0.1,3", Sgd(0.1, 3)),
        ("1000,100", Sgd(1000.0, 100)),
        ("1e-3,0", Sgd(0.001, 0)),
        ("2.,1", Sgd(2.0, 1)),
    ],
)
def test_steps_are_read_from_a_link(text: str, sgd: Sgd) -> None:
    read_back, problems = from_address({"v": "2", "sgd": text})
    assert (read_back.setting.sgd, problems) == (sgd, ())


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_step_is_said_with_what_must_hold(text: str) -> None:
    read_back, problems = from_address({"v": "2", "seed": "7", "sgd": text})
    assert read_back.setting == replace(DEFAULT, seed=7)
    (problem,) = problems
    assert problem.startswith(
        "sgd: it must be a learning rate above 0 and at most 1000, a comma, and 0 to 100 steps: "
        "0.1,3; "
    )
    assert problem.endswith("The default is used: 0.1,0.")
    assert "<b>" not in problem.replace("`<b>,1`", "")


def test_steps_are_priced_like_the_run_itself() -> None:
    setting = of_preset("lenet")
    budget = setting.source.budget(setting)
    assert budget is not None
    most = MAX_OPERATIONS // budget.operations - 1
    assert not repeated(budget, most).refusal
    sentence = repeated(budget, most + 1).refusal
    assert sentence.startswith(f"sgd: {most + 1} steps and the run itself take 4.0 billion ")
    assert f"At most {most} steps are possible" in sentence
    assert not setting.source.budget(replace(setting, sgd=Sgd(1, MAX_STEPS))).refusal  # type: ignore[union-attr]


def test_steps_that_cost_too_much_are_refused_before_anything_is_made() -> None:
    fields = Fields({"in_channels": 16, "out_channels": 16, "kernel_size": 3})
    wide = ModelSpec(layers=(LayerSpec(name="wide", kind="Conv2d", fields=fields),))
    large = replace(with_network(DEFAULT, wide, (4, 16, 64, 64)), loss="mean")
    assert not large.source.budget(large).refusal  # type: ignore[union-attr]
    with pytest.raises(Refused, match=r"^sgd: 100 steps and the run itself take .* operations"):
        Runs().outcome(replace(large, sgd=Sgd(0.1, 100)))


def canvas(setting: Setting, tensor: str) -> dict[str, Any]:
    sent = read(Answers(RUNS, setting).canvas(tensor, (), english))
    return {**sent, "original": sent["original"]}


def test_what_is_changed_by_hand_is_the_parameter_before_the_first_step() -> None:
    setting = replace(DEFAULT, edits=EDITS, sgd=Sgd(0.05, 2))
    sent = canvas(setting, "fc.bias")
    start = next(p for p in execute(DEFAULT).capture.parameters if p.name == "fc.bias")
    assert sent["original"].tolist() == start.value.tolist()
    assert sent["loss"] == execute(replace(setting, edits=Edits())).capture.loss
    assert "before the first step of SGD" in sent["about"]
    assert "SGD" not in canvas(replace(setting, sgd=Sgd(0.05, 0)), "fc.bias")["about"]


def test_changes_by_hand_are_compared_with_the_run_that_took_the_same_steps() -> None:
    setting = replace(DEFAULT, edits=EDITS, sgd=Sgd(0.05, 2))
    before = Answers(RUNS, setting).scene(english, changes=True).before
    assert before is not None
    losses, _module = stepped(False, Sgd(0.05, 2))
    assert before.capture.loss == losses[-1]


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("loss", ["mse", "vector", "given", "sum", "cell"])
def test_the_script_takes_the_same_steps(loss: str, capsys: pytest.CaptureFixture[str]) -> None:
    target = {"cell": "cell_1_0", "vector": "ones", "given": "ones"}.get(loss, "zeros")
    setting = replace(DEFAULT, edits=EDITS, sgd=Sgd(0.05, 3), loss=loss, target=target)
    text = script(setting, "http://127.0.0.1/")
    space: dict[str, Any] = {}
    with torch.random.fork_rng([]):
        exec(compile(text, "script.py", "exec"), space)  # noqa: S102 - our own text
    outcome = execute(setting)
    assert (space["loss"].item() if "loss" in space else None) == outcome.capture.loss
    for record in outcome.capture.parameters:
        parameter = space["model"].get_parameter(record.name)
        assert torch.equal(torch.tensor(record.value), parameter.detach()), record.name
        assert torch.equal(torch.tensor(record.gradient), parameter.grad), record.name
    said = [line for line in capsys.readouterr().out.splitlines() if "before step" in line]
    if loss == "given":
        assert said == []
        return
    assert said == [f"loss before step {n} {each}" for n, each in enumerate(outcome.losses, 1)]


def test_a_file_brings_the_steps_back() -> None:
    experiment = Experiment(replace(DEFAULT, sgd=Sgd(0.3, 7)))
    assert from_json(to_json(experiment), Experiment()) == (experiment, ())


def test_a_module_of_the_command_line_learns_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, x: Any) -> Any:
            return {"a": self.fc(x), "b": x}

    own = Own("two.py:Two", (Given((2, 3)),), "a", Two, parts={"a": True, "b": False})
    monkeypatch.setattr(source, "configured", lambda: own)
    setting = replace(of_preset(source.OWN), sgd=Sgd(0.5, 2), loss="sum")
    outcome = Runs().outcome(setting)
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        module = Two()
    x = own.values("random", 0)[0]
    optimizer = torch.optim.SGD(module.parameters(), lr=0.5)
    losses = []
    for _ in range(3):
        loss = module(x)["a"].sum()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if len(losses) < 3:
            optimizer.step()
    assert [*outcome.losses, outcome.capture.loss] == losses


def test_a_module_that_fails_while_it_learns_is_told_with_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Tired(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, _x: Any) -> Any:
            raise ValueError("no more")

    own = Own("tired.py:Tired", (Given((2, 3)),), "", Tired)
    monkeypatch.setattr(source, "configured", lambda: own)
    with pytest.raises(Refused, match=r"Tired\.forward raised ValueError: no more"):
        Runs().outcome(replace(of_preset(source.OWN), sgd=Sgd(0.5, 2)))


def test_a_link_of_the_first_edition_takes_no_step() -> None:
    assert from_address({"v": "1", "model": "lenet"})[0].setting.sgd == Sgd()


def test_a_device_that_is_not_there_is_said_before_a_step_is_taken() -> None:
    with pytest.raises(Refused, match=r"^device: cuda:77 is not available here"):
        Runs().outcome(replace(DEFAULT, device="cuda:77", sgd=Sgd(0.1, 1)))


def test_a_run_beside_the_first_takes_steps_of_its_own() -> None:
    found, problems = from_address({"v": "2", "seed": "4", "2.sgd": "0.3,2"})
    assert (found.beside, problems) == ((replace(found.setting, sgd=Sgd(0.3, 2)),), ())
    assert from_address(to_address(found)) == (found, ())
