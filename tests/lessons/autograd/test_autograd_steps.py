"""The steps of the lesson on autograd: truths, every mistake and every table, from a pencil."""

from __future__ import annotations

import itertools
from contextlib import suppress

import numpy as np
import pytest
import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.autograd import figures, graphs, said, tables
from lessons.autograd.jacobian import Jacobian
from lessons.autograd.paths import Paths
from lessons.autograd.tape.expression import read
from lessons.autograd.tape.programs import NAMES, PROGRAMS, VECTOR, WAYS
from lessons.autograd.tried import cut, freed, in_place, kept, scalar, zero
from lessons.autograd.tried.attempt import Tried
from lessons.autograd.tried.batches import INPUTS, TARGETS, Batches
from lessons.autograd.tripled import CALLS, Called, Tripled
from lessons.catalogue import LESSONS
from lessons.choosing.study import Study
from lessons.lesson import Step
from lessons.running.recipe import exercise, ran
from lessons.running.trial import SettingError
from viz.language import english

LESSON = LESSONS["autograd"]
STUDY = LESSON.beginning
close = pytest.approx


def mistakes(asked: Exercise) -> dict[str, list[float]]:
    return {each.key: each.cells.reshape(-1).tolist() for each in asked.possible}


def chosen(asked: Exercise) -> str:
    return asked.items[int(asked.truth[0])]


# What is asked


def test_three_hundred_is_the_truth_and_the_others_are_named() -> None:
    asked = exercise(Tripled(), "grad")
    assert asked.items == ("(3, 3)", "(300, 0.3)", "(100, 0.1)", "an error")
    assert chosen(asked) == "(300, 0.3)"
    assert set(mistakes(asked)) == {"vector ignored", "factor ignored", "error"}


def test_after_two_calls_six_hundred_and_each_mistake_gives_its_own() -> None:
    asked = exercise(Called(), "calls")
    assert asked.truth.reshape(-1).tolist() == close([600, 0.6])
    found = mistakes(asked)
    assert found["replaced"] == close([300, 0.3])
    assert found["scaled twice"] == close([900, 0.9])
    assert found["vector ignored"] == [6, 6]
    assert found["factor ignored"] == close([200, 0.2])


def test_a_refused_call_and_a_forgotten_reset_are_named() -> None:
    refused = exercise(Called(("bv", "bv", "bv")), "calls")
    assert refused.truth.reshape(-1).tolist() == close([300, 0.3])
    assert mistakes(refused)["refused counted"] == close([900, 0.9])
    reset = exercise(Called(("bvr", "none", "bvr", "bvr")), "calls")
    assert reset.truth.reshape(-1).tolist() == close([600, 0.6])
    assert mistakes(reset)["reset forgotten"] == close([900, 0.9])
    emptied = exercise(Called(("bvr", "zeros")), "calls")
    assert emptied.truth.reshape(-1).tolist() == [0, 0]
    assert mistakes(emptied)["reset forgotten"] == close([300, 0.3])


@pytest.mark.parametrize("calls", [(), ("none",), ("zeros",), ("bv", "none"), ("bv", "none", "bv")])
def test_a_list_that_leaves_none_is_refused_in_words(calls: tuple[str, ...]) -> None:
    with pytest.raises(SettingError, match=r"Calls: x\.grad must be numbers after the last one"):
        Called(calls).run()


def plain(calls: tuple[str, ...]) -> list[float] | None:
    """``x.grad`` after a list of calls, in plain PyTorch."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    y, v = 3 * x, torch.tensor(VECTOR)
    for call in calls:
        with suppress(RuntimeError):
            if call in ("bv", "bvr"):
                torch.autograd.backward(y, v, retain_graph=call == "bvr")
        if call == "none":
            x.grad = None
        elif call == "zeros" and x.grad is not None:
            x.grad.zero_()
    return None if x.grad is None else [float(each) for each in x.grad]


def test_on_every_list_of_three_calls_the_truth_is_what_plain_pytorch_adds() -> None:
    for calls in itertools.product(CALLS, repeat=3):
        if plain(calls) is None:
            with pytest.raises(SettingError):
                Called(calls).run()
        else:
            assert exercise(Called(calls), "calls").truth[0].tolist() == plain(calls)


@pytest.mark.parametrize(
    ("tried", "truth"),
    [
        (scalar.SCALAR, "PyTorch refuses the call"),
        (freed.FREED_TWICE, "y = x + 1"),
        (kept.KEPT, "None"),
        (cut.CUT, "(600, 0.9): the way through y is gone, the other one is left"),
        (in_place.IN_PLACE, "only y = exp(x)"),
    ],
)
def test_what_pytorch_does_is_the_truth_of_each_choice(tried: Tried[object], truth: str) -> None:
    asked = exercise(tried, tried.key)
    assert chosen(asked) == truth
    assert len(asked.mistakes) == len(asked.items) - 1


# The Jacobian


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("3 * x", [[3, 0], [0, 3]]),
        ("x * x", [[4, 0], [0, 6]]),
        ("x + 1", [[1, 0], [0, 1]]),
        ("sum(x)", [[1, 1]]),
        ("mean(x * x)", [[2, 3]]),
        ("(x + y) * x", [[9, 0], [0, 7]]),
        ("x * sum(x)", [[7, 2], [3, 8]]),
    ],
)
def test_a_jacobian_is_that_of_a_pencil_and_backward_gives_the_vector_times_it(
    text: str, rows: list[list[float]]
) -> None:
    found = Jacobian(read(text), VECTOR).run()
    assert found.jacobian.tolist() == rows
    vector = np.array(VECTOR[: len(rows)])
    assert found.grad.tolist() == close((vector @ np.array(rows)).tolist())
    assert found.product.tolist() == close(found.grad.tolist())


def test_a_gradient_that_is_not_finite_is_refused() -> None:
    with pytest.raises(SettingError, match=r"its gradient must be finite for x = \(2, 3\)"):
        Jacobian(read("(x - 2) ** 0.5"), VECTOR).run()


@pytest.mark.parametrize("key", PROGRAMS)
def test_the_sum_below_the_maps_has_the_entries_of_the_jacobian(key: str) -> None:
    study = STUDY.changed(expression=key)
    (link,) = figures.times_jacobian(study).links
    found = Jacobian(PROGRAMS[key], VECTOR).run()
    for cell, (start, end) in enumerate(zip(link.offsets[:-1], link.offsets[1:], strict=True)):
        terms = link.coefficients[start:end] * found.vector[link.places[start:end]]
        assert terms.sum() == close(found.grad[cell])
        assert link.taps is not None
        entries = found.jacobian.reshape(-1)[link.taps.places[start:end]]
        assert entries.tolist() == link.coefficients[start:end].tolist()


# Paths


@pytest.mark.parametrize(
    ("way", "cell", "products", "grad"),
    [
        ("cubic", 0, [6, 6], 12),
        ("cubic", 1, [9, 9], 18),
        ("residual", 0, [2, 2, 1], 5),
        ("residual", 1, [3, 3, 1], 7),
        ("two", 0, [2, 7], 9),
        ("two", 1, [3, 4], 7),
    ],
)
def test_the_products_along_all_paths_add_up_to_the_gradient(
    way: str, cell: int, products: list[float], grad: float
) -> None:
    found = Paths(WAYS[way], cell).run()
    assert [path.product for path in found.paths] == products
    assert sum(products) == grad == found.grad
    assert said.of_path(STUDY.changed(way=way, cell=cell))["total"] == str(grad)


def test_a_path_names_its_variables_and_which_operand_a_leaf_is() -> None:
    names = [path.names for path in Paths(WAYS["cubic"], 0).run().paths]
    assert names == [("L", "b", "a", "x (1)"), ("L", "b", "a", "x (2)")]
    assert [path.factors for path in Paths(WAYS["two"], 0).run().paths] == [(1, 2, 1), (1, 7)]


# Batches


def by_hand() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    inputs, targets = np.array(INPUTS), np.array(TARGETS)
    return np.asarray(2 * inputs * (inputs - targets))


@pytest.mark.parametrize(
    ("parts", "means", "divided"),
    [((3, 3), -16.0, -8.0), ((4, 2), -18.5, -9.25), ((2, 2, 2), -24.0, -8.0)],
)
def test_sums_over_parts_are_exact_and_means_must_be_weighted(
    parts: tuple[int, ...], means: float, divided: float
) -> None:
    found = Batches(parts).run()
    assert by_hand().tolist() == [-2, 0, -12, -8, 10, -36]
    assert (found.whole_sum, found.parts_sum) == (-48, -48)
    assert found.whole_mean == close(-8)
    assert found.parts_mean == close(means)
    assert found.divided == close(divided)
    assert found.weighted == close(-8)
    cells = np.split(by_hand(), np.cumsum(parts)[:-1])
    assert list(found.each) == close([part.mean() for part in cells])


def test_each_mistake_of_gathering_gives_its_own_number() -> None:
    asked = exercise(Batches((4, 2)), "gathered")
    assert asked.truth.tolist() == [[-18.5]]
    assert mistakes(asked) == {
        "as the whole": [-8],
        "last part": [-13],
        "divided": [-9.25],
        "sum": [-48],
    }


@pytest.mark.parametrize(("parts", "signs"), [("3+3", "✓✗✓✓"), ("4+2", "✓✗✗≈"), ("2+2+2", "✓✗✓✓")])
def test_the_table_says_which_way_gives_that_of_the_whole_batch(parts: str, signs: str) -> None:
    grid = tables.gathered(STUDY.changed(parts=parts), english)
    told = "".join(row[-1] for row in grid.rows)
    assert told.replace("≈", "✓") == signs.replace("≈", "✓")


# Tables


def cells(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_first_way_to_begin_is_refused_and_the_scalars_are_alike() -> None:
    rows = tables.ways_to_begin(STUDY, english).rows
    assert [cells(row[1]) for row in rows] == ["`None`", "(3, 3)", "(3, 3)", "(3, 3)"]
    assert [row[2] == "✓" for row in rows] == [False, True, True, True]


def test_what_was_saved_is_counted_in_bytes_before_and_after() -> None:
    rows = tables.freed_twice(STUDY, english).rows
    assert [row[2:] for row in rows] == [
        ("8 B", "0 B", "refused"),
        ("16 B", "0 B", "refused"),
        ("8 B", "0 B", "refused"),
        ("0 B", "0 B", "✓"),
    ]


def test_retaining_the_graph_and_retaining_the_gradient_are_told_apart() -> None:
    rows = tables.retained(STUDY, english).rows
    assert [(cells(row[2]), row[3]) for row in rows] == [
        ("`None`", "refused"),
        ("`None`", "✓"),
        ("(100, 0.1)", "refused"),
    ]


def test_a_forgotten_reset_adds_up_and_both_resets_begin_anew() -> None:
    rows = [[cells(each) for each in row] for row in tables.reset(STUDY, english).rows]
    assert rows[0][1:] == ["(300, 0.3)", "(600, 0.6)", "(900, 0.9)", "(900, 0.9)"]
    assert rows[1][1:] == ["(300, 0.3)"] * 3 + ["`None`"]
    assert rows[2][1:] == ["(300, 0.3)"] * 3 + ["(0, 0)"]


def test_weight_decay_moves_a_weight_after_zeros_and_not_after_none() -> None:
    """A step of 0.1 x (0 + 0.5 x 1)."""
    assert zero.moved(set_to_none=True) == 0
    assert zero.moved(set_to_none=False) == close(0.05)
    told = {"rate": "0.1", "decay": "0.5", "none": "0", "zeros": "0.05"}
    assert said.of_reset(STUDY) == told


def test_the_loop_on_screen_trains() -> None:
    weight = torch.nn.Parameter(torch.ones(()))
    batches = [torch.tensor(2.0)] * 3
    optimizer = torch.optim.SGD([weight], lr=0.25)
    zero.training_loop(batches, lambda batch: (weight - batch) ** 2, optimizer)
    assert float(weight.detach()) == close(2 - 0.5**3)


def test_scissors_halve_the_gradient_or_end_it() -> None:
    """Z = 3 x x: 6 x v whole, 3 x v where y is a constant."""
    rows = tables.cut_off(STUDY, english).rows
    assert [cells(row[-1]) for row in rows] == [
        "(1200, 1.8)",
        "(600, 0.9)",
        "(600, 0.9)",
        "(600, 0.9)",
        "`None`",
    ]
    assert [row[1] for row in rows] == ["`True`"] + ["`False`"] * 4
    assert [row[2] for row in rows] == ["`MulBackward0`"] + ["`None`"] * 4


def test_what_is_changed_in_place_counts_its_versions() -> None:
    rows = tables.changed(STUDY, english).rows
    assert [row[1] for row in rows] == ["1", "1", "-", "1", "0"]
    assert [row[3] for row in rows] == ["refused", "✓", "refused", "refused", "✓"]
    assert cells(rows[1][2]) == "(4, 6)"
    found = ran(in_place.IN_PLACE)["data"].grad
    assert found == close([np.exp(2) + 1, np.exp(3) + 1], rel=1e-6), "one too much, unnoticed"
    numbers = said.of_change(STUDY)
    assert (numbers["wrong"], numbers["right"]) == ("8.389", "7.389")


def test_the_list_and_the_state_after_any_action_can_be_looked_at() -> None:
    study = STUDY.changed(pressed=("bvr", "bv", "b"), after=1)
    assert cells(tables.pressed_variables(study, english).rows[1][1]) == "(300, 0.3)"
    assert not said.refused(study)
    last = study.changed(after=12)
    assert cells(tables.pressed_variables(last, english).rows[1][1]) == "(600, 0.6)"
    assert said.refused(last)
    assert said.of_action(last)["place"] == "3"
    assert [reason for reason in said.REASONS if said.refused_for(reason, last)] == ["vector"]


def test_a_table_writes_the_line_that_makes_each_variable() -> None:
    study = STUDY.changed(expression="own", program="own", typed="exp(x * y)", pressed=())
    assert tables.pressed_variables(study, english).heads[1:] == (
        "`x`",
        "`y`",
        "`a = x * y`",
        "`z = exp(a)`",
    )
    assert [row[0] for row in tables.variables(study, english).rows][2:] == [
        "`a = x * y`",
        "`z = exp(a)`",
    ]


@pytest.mark.parametrize(
    ("study", "own"),
    [
        (STUDY, {"vx": "x is a leaf", "vz": "z was made by an operation"}),
        (STUDY.changed(program="own", typed="x * 2"), {"vx": "x is a leaf"}),
    ],
)
def test_every_box_of_a_graph_says_what_it_is(study: Study, own: dict[str, str]) -> None:
    told = graphs.held_help(study, english)
    assert set(told) == {node.id for node in graphs.held_graph(study).nodes}
    assert all(told[key].startswith(begins) for key, begins in own.items())
    bare = STUDY.changed(pressed=("detach",))
    assert graphs.pressed_help(bare, english)["vy"].startswith("y holds no graph")


def test_a_leaf_that_asks_for_no_gradient_any_more_is_said_to_store_none() -> None:
    """PyTorch's AccumulateGrad drops what arrives then."""
    study = STUDY.changed(pressed=("off", "bv"))
    assert figures.seen(study)["x"].grad is None
    assert not said.refused(study)
    told = graphs.pressed_help(study, english)
    assert "x asks for no gradient now: what arrives here is not stored." in told.values()
    assert not any(each.startswith("Stores") for each in told.values())


@pytest.mark.parametrize(
    ("calls", "rows"),
    [
        (("bvr", "bv"), 2),
        (("bvr", "bv", "bv"), 2),
        (("bvr", "none", "bvr"), 1),
        (("bvr", "zeros"), 0),
    ],
)
def test_the_map_of_a_list_has_a_row_for_each_call_that_ran_since_the_reset(
    calls: tuple[str, ...], rows: int
) -> None:
    figure = figures.added(STUDY.changed(calls_done=calls))
    assert figure.array("downstream").tolist() == close([300 * rows, 0.3 * rows])
    if rows:
        assert figure.array("upstream calls").tolist() == [close([300, 0.3])] * rows
        (link,) = figure.links
        assert link.places.tolist() == [2 * row + cell for cell in (0, 1) for row in range(rows)]
    else:
        assert not figure.links


def test_the_map_of_the_parts_adds_up_their_means() -> None:
    figure = figures.gathering(STUDY.changed(parts="4+2"))
    assert figure.array("downstream").tolist() == [-18.5]
    assert figure.array("upstream parts").reshape(-1).tolist() == close([-5.5, -13])


@pytest.mark.parametrize("step", LESSON.steps, ids=lambda step: str(step.key))
def test_a_typed_expression_that_does_not_fit_is_refused_where_it_runs_and_nowhere_else(
    step: Step,
) -> None:
    study = STUDY.changed(step=step.key, expression="own", program="own", typed="x.__class__")
    assert step.opens(study) is not None
    about = step.about(study)
    assert not isinstance(about, Experiment)
    if step.key in ("vector", "grad_fn", "press"):
        with pytest.raises(SettingError, match=r"x\.__class__ is none of these"):
            ran(about)
    else:
        ran(about)


def test_every_expression_is_called_by_the_lines_that_it_is_made_of() -> None:
    for key, expression in PROGRAMS.items():
        assert NAMES[key] == ", ".join(line.code for line in expression.lines)
    assert set(NAMES) - set(PROGRAMS) == {"own"}
