"""The lesson on depth: what its text and its tables say is so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.blocks import Choose, Prose, within
from lessons.catalogue import LESSONS
from lessons.depth import ends, initial, profiles, rule
from lessons.depth.meanfield import theory
from lessons.depth.settings import LAYERS
from lessons.depth.stacking import (
    ACTIVATIONS,
    SCALES,
    SMALLEST,
    Stack,
    factor,
)
from lessons.depth.steps import is_bent
from lessons.running.recipe import ran
from viz.language import english

LESSON = LESSONS["depth"]
STUDY = LESSON.beginning


@pytest.mark.parametrize("layers", LAYERS)
def test_a_sigmoid_layer_leaves_what_the_verdicts_say(layers: int) -> None:
    for seed in range(4):
        measured = Stack(layers, "sigmoid", "1", double=False, seed=seed).run().gradients
        assert 0.22 < factor(measured, SMALLEST[False]) < 0.24


def test_what_is_said_of_float32_holds_for_numpys_own_limits() -> None:
    limits = np.finfo(np.float32)
    assert float(limits.tiny) == SMALLEST[False] == pytest.approx(1e-38, rel=0.2)
    assert float(limits.max) == pytest.approx(3.4e38, rel=0.002)


def test_a_sigmoid_layer_leaves_about_a_quarter_and_underflows_after_some_75() -> None:
    for seed in range(3):
        stack = Stack(200, "sigmoid", "1", double=False, seed=seed)
        passed = stack.run()
        assert factor(passed.gradients, SMALLEST[False]) == pytest.approx(0.236, abs=0.006)
        found = ends.end(passed, SMALLEST[False])
        assert found.kind == "under"
        assert found.zero is not None
        assert abs(found.zero - 75) <= 3
        assert passed.gradients[200 - found.zero] == 0 < passed.gradients[201 - found.zero]


def test_no_step_before_the_question_lets_one_set_the_s_that_it_asks_for() -> None:
    keys = [step.key for step in LESSON.steps]
    for step in LESSON.steps[: keys.index("keeps")]:
        for block in within(step.blocks):
            assert not (isinstance(block, Choose) and "scale" in block.names), step.key


def test_the_last_gradient_that_is_not_zero_is_subnormal() -> None:
    passed = Stack(200, "sigmoid", "1", double=False).run()
    found = ends.end(passed, SMALLEST[False])
    assert found.coarse is not None
    assert passed.largest[200 - found.coarse] < np.finfo(np.float32).tiny
    assert passed.largest[201 - found.coarse] >= np.finfo(np.float32).tiny


@pytest.mark.parametrize(
    ("activation", "scale", "kind"),
    [
        ("relu", "sqrt2", "fine"),
        ("relu", "0.5", "dead"),
        ("tanh", "0.5", "under"),
        ("sigmoid", "4", "coarse"),
        ("relu", "4", "values"),
    ],
)
def test_every_way_in_which_numbers_end_is_told(activation: str, scale: str, kind: str) -> None:
    study = STUDY.changed(step="zero", activation=activation, scale=scale)
    assert ends.single_end(study).kind == kind
    step = LESSON.step(study)
    told = [
        each.section
        for each in within(step.blocks)
        if isinstance(each, Prose) and each.section.startswith("zero ") and each.when(study)
    ]
    assert told == [f"zero {kind}"]
    assert ends.table(study, english).rows[1][1:] == (ends.NEVER,) * 3, "float64 holds"


def test_an_overflow_with_finite_values_is_told_apart() -> None:
    found = ends.End(coarse=None, zero=None, infinite=3, dead=None, values=None)
    assert found.kind == "over"


def test_draws_in_which_a_whole_layer_of_relus_is_closed_are_told_and_left_out() -> None:
    study = STUDY.changed(step="width", activation="relu", scale="sqrt2", seed=5)
    narrow = replace(initial.scaled(study), width=8)
    lost = [replace(narrow, seed=seed).run() for seed in range(5, 10)]
    assert [bool(each.dead[-1]) for each in lost] == [False] * 4 + [True]
    assert (lost[4].gradients[:-1] == 0).all()
    assert initial.is_dead(study)
    assert initial.of_dead(study) == {"dead": "1", "draws": "25"}
    _width, lowest, highest, _theory = initial.by_width(study, english).rows[0]
    found = [factor(each.gradients) for each in lost[:4]]
    assert [float(lowest), float(highest)] == pytest.approx([min(found), max(found)], rel=1e-2)
    percent = 100 * (max(found) / min(found) - 1)
    assert float(initial.of_widths(study)["narrow"]) == pytest.approx(percent, rel=1e-2)
    assert not initial.is_dead(study.changed(seed=0))


@pytest.mark.parametrize("seed", range(4))
def test_of_the_offered_s_root_two_keeps_a_relu_best(seed: int) -> None:
    recipe = initial.Keeping(seed)
    exercise = recipe.exercises()["keeps"](ran(recipe))
    options = list(initial.ASKED)
    assert options[int(exercise.truth.item())] == "root"
    assert {each.key for each in exercise.mistakes} == {"half", "one", "two"}


def test_no_s_keeps_a_sigmoid_and_one_keeps_a_tanh() -> None:
    for scale in SCALES:
        assert ran(initial.Drawing(Stack(50, "sigmoid", scale))).factors.max() < 0.7
    assert 0.95 < ran(initial.Drawing(Stack(50, "tanh", "1"))).factors.min() < 1


def test_with_additions_no_layer_shrinks_the_gradient() -> None:
    for activation in ACTIVATIONS:
        for scale in SCALES:
            stack = Stack(50, activation, scale, skip=True)
            assert (theory(stack).chi > 1).all()
            assert factor(stack.run().gradients) > 1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_batch_norm_cancels_s_and_the_gradient_grows(activation: str) -> None:
    found = [factor(Stack(50, activation, scale, norm=True).run().gradients) for scale in SCALES]
    assert min(found) > 1
    assert max(found) / min(found) < 1.02


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_of_s_batch_norm_leaves_only_the_factor_of_the_first_layer(activation: str) -> None:
    one, four = (Stack(20, activation, s, norm=True).run().gradients for s in ("1", "4"))
    grown = (four[:-1] / four[1:]) / (one[:-1] / one[1:])
    np.testing.assert_allclose(grown[1:], 1, rtol=0.01)
    assert grown[0] == pytest.approx(4, rel=0.01)


def test_with_batch_norm_sigmoid_and_tanh_grow_faster_than_theory_says() -> None:
    for row in initial.norms(STUDY, english).rows[:2]:
        _name, lowest, _highest, wanted = row
        assert float(lowest) > float(wanted)


def test_the_theory_table_has_what_was_measured_at_the_last_layer() -> None:
    study = STUDY.changed(activation="relu", scale="sqrt2")
    grid = rule.judged(study, english)
    assert [row[1] for row in grid.rows][1:] == ["0.5", "1", "1"]
    passed = ran(profiles.plain(study))
    last = passed.gradients[49] / passed.gradients[50]
    assert float(grid.rows[3][2]) == pytest.approx(last, rel=0.01)
    assert float(grid.rows[2][2]) == pytest.approx(last**2, rel=0.01)
    assert last == pytest.approx(1, rel=0.1)


def test_only_the_factor_of_a_tanh_changes_from_layer_to_layer() -> None:
    for activation in ACTIVATIONS:
        study = STUDY.changed(activation=activation, layers=50)
        chi = theory(profiles.deep(study)).chi[5:]
        assert (chi.max() / chi.min() > 1.05) == is_bent(study)
    deep = theory(Stack(200, "tanh", "1"))
    assert (np.diff(deep.chi) > 0).all()
    assert (np.diff(deep.squares) < 0).all()
