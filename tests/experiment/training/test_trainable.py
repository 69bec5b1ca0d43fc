"""What a network can be trained on, what is refused, and what of the steps is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from torch import nn

from experiment import source
from experiment.setting import of_preset, with_network
from experiment.training.layers import by_layer, frame_at, layer_of, norms_by_layer
from experiment.training.plane import CELLS, plane
from experiment.training.suiting import FEWEST_FRAMES, refusal, suiting
from experiment.training.work import TrainingWork
from models.build import build
from models.inputs import INPUTS
from models.own import Given, Own
from models.presets.preset import linear, network
from models.spec import INPUT
from models.training.plan import Plan
from models.training.step import MOST_FRAME_BYTES, Frame, Step
from tests.experiment.runs import execute


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("lenet", ("own", "digits")),
        ("mlp", ("own", "digits")),
        ("moons", ("own", "two_moons")),
        ("spirals", ("own", "two_moons", "spirals")),
        ("xor", ("own",)),
        ("words", ("own",)),
        ("unet", ("own",)),
    ],
)
def test_data_are_offered_where_they_fit(key: str, fits: tuple[str, ...]) -> None:
    assert suiting(of_preset(key)) == fits
    assert all(refusal(of_preset(key), Plan(data=name)) == "" for name in fits)


def test_data_that_do_not_fit_are_refused_in_words() -> None:
    said = refusal(of_preset("xor"), Plan(data="two_moons"))
    assert said.startswith("This network cannot be trained on Two moons: their samples do not fit")


def test_what_takes_too_long_is_refused_with_the_number_of_steps_that_would_do() -> None:
    wide = network(
        "Wide",
        linear("fc1", INPUT, (2, 700)),
        linear("fc2", "fc1", (700, 700)),
        linear("fc3", "fc2", (700, 2)),
    )
    setting = with_network(of_preset("moons"), wide, (256, 2))
    plan = Plan("two_moons", batch=256, steps=500)
    said = refusal(setting, plan)
    assert "500 steps take" in said
    assert "a training may use 40.0 billion operations" in said
    fit = int(said.split("at most ")[1].split(" ")[0])
    assert refusal(setting, replace(plan, steps=fit)) == ""
    assert refusal(setting, replace(plan, steps=fit + 1)) != ""


def test_a_network_of_which_no_two_steps_could_be_kept_is_refused() -> None:
    large = network("Large", linear("fc1", INPUT, (2, 1200)), linear("fc2", "fc1", (1200, 1200)))
    said = refusal(with_network(of_preset("moons"), large, (1, 2)), Plan(steps=1))
    assert "keeps at most 16.0 MiB of them" in said


def test_of_a_module_of_the_command_line_the_run_tells_how_large_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Own("two.py:Two", (Given((2, 3)),), "", lambda: nn.Linear(3, 2))
    monkeypatch.setattr(source, "configured", lambda: own)
    setting = of_preset(source.OWN)
    most = MOST_FRAME_BYTES // 2 // FEWEST_FRAMES
    assert refusal(setting, Plan(), most) == ""
    assert "Choose a smaller network." in refusal(setting, Plan(), most + 1)


def test_a_batch_that_the_network_does_not_take_is_refused_as_the_run_would_be() -> None:
    setting = replace(of_preset("lenet"), input_shape=(1, 1, 16, 16))
    spec = setting.network.model_copy(update={"layers": setting.network.layers[:-1]})
    assert suiting(with_network(setting, spec, (1, 1, 16, 16))) == ("own", "digits")
    small = replace(setting, input_shape=(1, 1, 12, 12))
    assert refusal(small, Plan()).startswith("fc1: ")


def test_layers_stand_in_the_order_of_their_parameters() -> None:
    names = ("a.weight", "a.bias", "b.norm.weight", "scale", "b.norm.bias")
    assert dict(by_layer(names)) == {"a": (0, 1), "b.norm": (2, 4), "scale": (3,)}
    assert layer_of("b.norm.weight") == "b.norm"


def step(norms: list[float], frame: Frame | None = None) -> Step:
    names = ("a.weight", "a.bias", "b.weight")
    return Step(names, 0.0, np.array(norms), 0.0, 0.0, np.zeros(3), frame)


def test_norms_of_a_layer_are_those_of_all_its_cells() -> None:
    """3 and 4 together are 5."""
    steps = [step([3, 4, 7]), step([0, 0, 0]), step([np.nan, 1, 2])]
    np.testing.assert_array_equal(norms_by_layer(steps), [[5, 0, np.nan], [7, 0, 2]])


def test_the_whole_step_at_hand_is_the_last_one_before() -> None:
    frame = Frame({}, {})
    steps = [step([0, 0, 0], frame), step([0, 0, 0]), step([0, 0, 0], Frame({}, {}))]
    assert frame_at(steps, 1) == (0, frame)
    assert frame_at(steps, 2)[0] == frame_at(steps, 99)[0] == 2


def test_norms_by_layer_are_those_of_the_run_on_screen() -> None:
    (first,) = TrainingWork(of_preset("lenet"), Plan(steps=1)).steps()
    capture = execute(of_preset("lenet")).capture
    found = norms_by_layer([first])[:, 0]
    for norm, name in zip(found, by_layer(first.names), strict=True):
        cells = [each.gradient for each in capture.parameters if each.name.startswith(f"{name}.")]
        whole = np.concatenate([each.ravel() for each in cells if each is not None])
        assert norm == pytest.approx(float(np.linalg.norm(whole.astype(np.float64))), rel=1e-5)


def test_the_plane_shows_the_class_that_the_network_gives_each_place() -> None:
    """A network that compares x with y: the second class wins where y is larger."""
    line = network("Line", linear("fc", INPUT, (2, 2)))
    setting = with_network(of_preset("moons"), line, (16, 2))
    module = build(line, 0)
    weights = {name: np.zeros_like(each.numpy()) for name, each in module.state_dict().items()}
    weights["fc.weight"] = np.eye(2, dtype=np.float32)
    seen = plane(setting, "two_moons", Frame(weights, {}))
    assert seen.won.shape == (CELLS, CELLS)
    assert (seen.won[0, 0], seen.won[-1, -1]) == (1, 0), "top left, bottom right"
    rows, columns = np.indices((CELLS, CELLS))
    assert (seen.won[rows < CELLS - 1 - columns] == 1).all()
    assert (seen.won[rows > CELLS - 1 - columns] == 0).all()


def test_the_points_of_the_plane_are_those_that_are_learned() -> None:
    setting = of_preset("spirals")
    (first,) = TrainingWork(setting, Plan("spirals", steps=1)).steps()
    assert first.frame is not None
    seen = plane(setting, "spirals", first.frame)
    points = INPUTS["spirals"].make((240, 2), setting.seed).numpy()
    np.testing.assert_array_equal(seen.points, points)
    np.testing.assert_array_equal(seen.classes, np.arange(240) % 3)
    assert set(np.unique(seen.won)) <= {0, 1, 2}
    assert np.abs(points).max() < seen.reach
