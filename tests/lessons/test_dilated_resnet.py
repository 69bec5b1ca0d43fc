"""The ResNet of the lesson on dilation: sizes, fields, parameters, and one cell's gradient."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from experiment.written.address import from_address, to_address
from lessons.asking.exercise import Exercise
from lessons.catalogue import LESSONS
from lessons.dilation.resnet import narrow, tables
from lessons.dilation.resnet.build import DEPTHS, STAGES, Net, built, with_head
from lessons.dilation.resnet.measured import Stages, output_strides, sizes, stage_fields
from lessons.dilation.resnet.narrow import DILATED, STRIDED, Narrow, half_of, powers
from lessons.dilation.resnet.opened import affordable, narrow_spec
from lessons.running.recipe import exercise, ran
from models.budget import estimate
from models.receptive import receptive
from viz.language import english

STUDY = LESSONS["dilation"].beginning
SWITCHES = list(itertools.product((False, True), repeat=3))


def parameters(net: Net, *, head: bool) -> int:
    with torch.device("meta"):
        model = with_head(net) if head else built(net)
    return sum(each.numel() for each in model.parameters())


def mistakes(asked: Exercise) -> dict[str, list[float]]:
    return {each.key: each.cells.tolist() for each in asked.possible}


@pytest.mark.parametrize(
    ("depth", "count"), [(18, 11_689_512), (50, 25_557_032), (101, 44_549_160)]
)
def test_a_resnet_has_as_many_parameters_as_the_published_one(depth: int, count: int) -> None:
    features = 512 if depth == 18 else 2048
    assert parameters(Net(depth), head=True) == count
    assert parameters(Net(depth), head=False) == count - 1000 * (features + 1)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(
    ("switches", "wanted"),
    [
        ((False, True, True), [119, 119, 60, 60, 60]),
        ((False, False, False), [119, 119, 60, 30, 15]),
        ((True, True, True), [119, 119, 119, 119, 119]),
        ((True, False, False), [119, 119, 119, 60, 30]),
    ],
)
def test_the_sizes_of_473_are_those_of_a_pencil(
    depth: int, switches: tuple[bool, ...], wanted: list[int]
) -> None:
    assert sizes(ran(Stages(Net(depth, switches)))) == wanted


@pytest.mark.parametrize(
    ("depth", "field", "kept"), [(18, 435, 387), (50, 427, 427), (101, 971, 971)]
)
def test_the_field_at_the_end_is_the_known_one(depth: int, field: int, kept: int) -> None:
    assert stage_fields(Net(depth))[-1] == field
    assert tables.kept_field(Net(depth)) == kept


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("switches", SWITCHES)
def test_no_switch_changes_field_or_parameters(depth: int, switches: tuple[bool, ...]) -> None:
    net, plain = Net(depth, switches), Net(depth, STRIDED)
    assert stage_fields(net) == stage_fields(plain)
    assert parameters(net, head=False) == parameters(plain, head=False)
    assert output_strides(net)[-1] == 32 // 2 ** sum(switches)


@pytest.mark.parametrize("switches", SWITCHES)
def test_the_playground_counts_the_same_fields_and_sizes(switches: tuple[bool, ...]) -> None:
    net = Net(18, switches, 4)
    spec, shape = narrow_spec(net), (1, 3, 473, 473)
    shapes = estimate(spec, shape).shapes
    found = receptive(spec, shape, shapes)
    ends = ["maxpool", *(f"{name}_1_relu2" for name in STAGES)]
    assert [shapes[name][-1] for name in ends] == sizes(ran(Stages(Net(18, switches))))
    fields = [found[name].field for name in ends]
    assert fields == [(side, side) for side in stage_fields(net)]


def test_torchvision_lets_a_first_block_keep_the_old_dilation() -> None:
    stages = Net(50).stages()
    assert [[wide.dilation for block in stage for wide in block] for stage in stages] == [
        [1, 1, 1],
        [1, 1, 1, 1],
        [1, 2, 2, 2, 2, 2],
        [2, 4, 4],
    ]
    assert [stage[0][0].stride for stage in stages] == [1, 2, 1, 1]


# What is asked


def test_the_mistakes_in_the_sizes_are_those_of_a_pencil() -> None:
    asked = exercise(Stages(), "sizes")
    assert asked.truth.tolist() == [119, 119, 60, 60, 60]
    assert mistakes(asked) == {
        "rounded down": [118, 118, 59, 59, 59],
        "dilation shrinks": [119, 119, 60, 30, 15],
        "list starts at layer1": [119, 119, 119, 119, 60],
        "pool forgotten": [237, 237, 119, 119, 119],
    }


@pytest.mark.parametrize("side", tables.ASKED)
def test_every_mistake_is_possible_at_every_size_that_is_asked(side: int) -> None:
    assert len(exercise(Stages(side=side), "sizes").possible) == 4


def test_every_size_that_is_asked_rounds_up_twice() -> None:
    for side in tables.ASKED:
        quarter, eighth = -(-side // 4), -(-side // 8)
        assert sizes(ran(Stages(side=side))) == [quarter, quarter, eighth, eighth, eighth]


# Tables


def test_the_formulas_come_to_what_pytorch_made() -> None:
    rows = tables.filled_in(STUDY, english).rows
    assert [row[2] for row in rows] == ["237", "119", "119", "60", "60", "60"]
    assert rows[5][1] == "⌊(60 + 2·2 − 2·(3−1) − 1)/1⌋ + 1"
    assert (60 + 4 - 4 - 1) // 1 + 1 == 60


def test_the_table_of_stages_counts_maps_by_hand() -> None:
    rows = tables.stages(STUDY.changed(depth="18"), english).rows
    assert [row[1] for row in rows] == [f"**{side}x{side}**" for side in (119, 119, 60, 60, 60)]
    assert [row[2] for row in rows] == ["11", "43", "99", "211", "435"]
    assert [row[5] for row in rows] == ["4", "4", "8", "8", "8"]
    assert [row[6] for row in rows] == ["", "1, 1", "1, 1", "1, 2", "2, 4"]
    assert [row[7] for row in rows] == ["", "1", "1", "2", "4"]
    stem = 64 * 237**2 * 4 / 2**20
    layer1 = 4 * 64 * 119**2 * 4 / 2**20
    assert [row[4] for row in rows[:2]] == [f"{stem:.1f}", f"{layer1:.1f}"]
    assert rows[1][3] == f"{4 * (9 * 64 * 64 + 2 * 64):,}"


def test_maps_of_the_smallest_picture_are_not_said_to_be_nothing() -> None:
    study = STUDY.changed(depth="18", switches=STRIDED, side=33)
    sides, widths = (9, 5, 3, 2), (64, 128, 256, 512)
    of_stages = [4 * w * s**2 for w, s in zip(widths, sides, strict=True)]
    around = sum(w * s**2 for w, s in zip(widths[1:], sides[1:], strict=True))
    cells = 64 * 17**2 + sum(of_stages) + around
    assert tables.of_chosen(study)["mib"] == f"{4 * cells / 2**20:.2g}" == "0.29"
    layer4 = 5 * 512 * 2**2 * 4 / 2**20
    assert tables.stages(study, english).rows[4][4] == f"{layer4:.2g}" == "0.039"


@pytest.mark.parametrize("depth", ["18", "50", "101"])
def test_only_a_resnet_18_that_dilates_is_one_that_torchvision_refuses(depth: str) -> None:
    study = STUDY.changed(depth=depth)
    assert tables.is_basic_and_dilated(study) == (depth == "18")
    assert not tables.is_basic_and_dilated(study.changed(switches=STRIDED))


def test_the_cut_keeps_all_children_but_the_pool_and_the_classes() -> None:
    rows = tables.children(STUDY, english).rows
    assert [row[1] for row in rows if row[3] == "kept"] == [
        "`conv1`",
        "`bn1`",
        "`relu`",
        "`maxpool`",
        *(f"`{name}`" for name in STAGES),
    ]
    assert [row[2] for row in rows[7:]] == ["2048×60×60", "2048×1×1", "1000"]
    told = tables.of_head(STUDY.changed(side=224))
    assert told["cells"] == "784"
    assert told["pooled"] == "2048×1×1"
    assert (told["depth"], told["switches"]) == ("50", "[False, True, True]")


# Narrow


def test_field_and_parameters_stay_and_only_the_map_differs() -> None:
    found = ran(Narrow())
    assert {switches: each.side for switches, each in found.items()} == {DILATED: 60, STRIDED: 15}
    assert [each.field for each in found.values()] == [435, 435]
    assert [each.parameters for each in found.values()] == [44_772, 44_772]
    rows = narrow.side_by_side(STUDY, english).rows
    assert [row[2:5] for row in rows] == [("435", "435", "44,772")] * 2
    assert [row[:2] for row in rows] == [
        ("`[False, True, True]`", "**60x60**"),
        ("`[False, False, False]`", "**15x15**"),
    ]


def test_the_strided_map_is_every_fourth_row_and_column_of_the_dilated_one() -> None:
    found = ran(Narrow())
    dilated, strided = found[DILATED].returned, found[STRIDED].returned
    assert np.abs(strided).max() > 0.01
    assert np.allclose(dilated[..., ::4, ::4], strided, rtol=0, atol=1e-7)
    assert not np.allclose(dilated[..., 1::4, 1::4], strided, rtol=0, atol=1e-3)
    assert narrow.apart(found) < 1e-7


def test_one_cell_of_either_map_has_the_same_gradient_in_the_same_place() -> None:
    dilated, strided = ran(Narrow()).values()
    assert np.allclose(dilated.magnitude, strided.magnitude, rtol=0, atol=1e-7)
    assert dilated.half == strided.half
    for each in (dilated, strided):
        lines = np.flatnonzero(each.magnitude[0, 0].any(axis=1))
        first, last = narrow.PIXEL - 435 // 2, narrow.PIXEL + 435 // 2
        assert [lines[0], lines[-1]] == [first // narrow.BLOCK, last // narrow.BLOCK]


def test_half_of_the_gradient_lies_in_a_square_far_smaller_than_the_field() -> None:
    told = narrow.fades(STUDY)
    assert int(told["half"]) < int(told["field"]) / 8 + 1


def test_both_pictures_are_drawn_on_one_scale_on_which_only_nothing_is_zero() -> None:
    found, figure = ran(Narrow()), narrow.both(STUDY)
    below = int(narrow.fades(STUDY)["below"])
    for each, drawn in zip(found.values(), figure.rows[0], strict=True):
        cells = figure.array(drawn.key)
        assert drawn.subtitle == ""
        assert ((cells > 0) == (each.magnitude > 0)).all()
        assert (cells >= 0).all()
        some = cells > 0
        assert np.allclose(10.0 ** (cells[some] - below), each.magnitude[some], rtol=1e-4)


def test_the_picture_of_the_gradient_begins_and_ends_with_the_field() -> None:
    for each in ran(Narrow()).values():
        assert each.magnitude.shape == (1, 1, 60, 60)
        lines = np.flatnonzero(each.magnitude[0, 0].any(axis=1))
        assert (len(lines) - 2) * narrow.BLOCK < 435 <= len(lines) * narrow.BLOCK


def test_powers_of_ten_are_counted_from_one_number_and_nothing_stays_nothing() -> None:
    cells = np.array([0, 1e-6, 1e-5, 1e-3])
    assert np.allclose(powers(cells, 7), [0, 1, 2, 4])


def test_half_of_a_gradient_is_counted_about_the_middle_of_its_field() -> None:
    cells = np.zeros((9, 9))
    cells[2:7, 2:7] = 1
    assert half_of(cells) == 5, "3x3 of 5x5 ones are less than half"
    cells[4, 4] = 100
    assert half_of(cells) == 1


# In the playground


@pytest.mark.parametrize("switches", SWITCHES)
@pytest.mark.parametrize("side", [224, 473, 713])
def test_what_the_stages_open_can_run_there(switches: tuple[bool, ...], side: int) -> None:
    opened = Stages(Net(50, switches), side).in_playground()
    assert from_address(to_address(opened)) == (opened, ())
    budget = estimate(opened.setting.network, opened.setting.shape, input_gradient=True)
    assert not budget.refusal
    assert budget.parameters == 44_772


def test_a_picture_that_is_too_large_for_the_playground_becomes_smaller() -> None:
    assert affordable(Net(18, (True, True, True), 4), 713) == 473
    assert affordable(Net(18, DILATED, 4), 473) == 473
