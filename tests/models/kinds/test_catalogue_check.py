"""A wrong entry of the catalogue is refused when it is imported, with its name and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from torch import nn

from models.fields import Fields, MissingFieldError
from models.kinds.arguments import number, pair, size, switch, whole
from models.kinds.check import CatalogueError, check
from models.kinds.kind import InputHint, LayerKind
from models.kinds.pooling import CEIL_MODE, KERNEL, MEAN_OF_MAPS, STRIDE, Pool
from models.kinds.rules.window import Window
from models.layers import LAYERS

NORM = size("norm_type", 2, 6, "Which power.")
WINDOW = Pool(lambda fields: Window.of(2, fields["kernel_size"], fields["stride"]))
RIGHT = LayerKind(
    label="Power-average pooling",
    help="Takes a norm of each window.",
    module=nn.LPPool2d,
    fields=(NORM, KERNEL, STRIDE, CEIL_MODE),
    verify=WINDOW.agrees,
    fits=WINDOW.fits,
    operations=WINDOW.means,
    reads=WINDOW.reads,
    positional=2,
)


def test_an_entry_of_a_pool_without_padding_is_accepted() -> None:
    check({"LPPool2d": RIGHT})


def test_every_entry_of_the_catalogue_is_accepted() -> None:
    check(LAYERS)


WRONG: dict[str, tuple[LayerKind, str]] = {
    "a field that the constructor does not take": (
        replace(RIGHT, fields=(*RIGHT.fields, whole("padding", 0, 0, 3, "Cells."))),
        "its field padding is not an argument of LPPool2d, which takes norm_type, kernel_size, "
        "stride, ceil_mode. Rename the field, or give it at_call=True.",
    ),
    "an argument without a field": (
        replace(RIGHT, fields=(KERNEL, STRIDE, CEIL_MODE), positional=0),
        "its constructor needs norm_type. Give it a field of that name.",
    ),
    "an argument that is left out and must not be": (
        replace(RIGHT, fields=(number("norm_type", 2.0, 1.0, 6.0), *RIGHT.fields[1:])),
        "its constructor has no default for norm_type. Give the field required=True.",
    ),
    "another default than the constructor's": (
        replace(RIGHT, fields=(NORM, KERNEL, STRIDE, switch("ceil_mode", True))),
        "ceil_mode is True here, but False where a call leaves it out. Use the constructor's "
        "default, or give the field required=True.",
    ),
    "another order than the constructor's": (
        replace(RIGHT, fields=(KERNEL, NORM, STRIDE, CEIL_MODE), positional=0),
        "its fields must stand in the order of the constructor: norm_type, kernel_size, stride, "
        "ceil_mode.",
    ),
    "more leading arguments than fields": (
        replace(RIGHT, fields=(NORM, KERNEL, CEIL_MODE), positional=3, verify=lambda _: ""),
        "positional is 3, but the constructor begins with norm_type, kernel_size, stride. Give all "
        "of these a field, or use a smaller positional.",
    ),
    "a field twice": (
        replace(RIGHT, fields=(NORM, NORM, *RIGHT.fields[1:])),
        "two of its fields are called norm_type. Leave one out.",
    ),
    "a default out of bounds": (
        replace(RIGHT, fields=(size("norm_type", 7, 6), *RIGHT.fields[1:])),
        "the default of a field is out of its bounds. norm_type must be a whole number from 1 to "
        "6. It is 7.",
    ),
    "defaults that do not go together": (
        replace(RIGHT, fields=(NORM, KERNEL, pair("stride", (0, 1), 0, 3), CEIL_MODE)),
        "its defaults do not go together. stride must be 0 (as the window) or at least 1 each way. "
        "It is (0, 1).",
    ),
    "no window": (
        replace(
            LayerKind(label="", help="", module=nn.LPPool2d), fields=RIGHT.fields, positional=2
        ),
        "it has a kernel_size, but no window. Say how its fields make one, as the kinds of "
        "models/kinds/pooling.py do, and use its rules for verify, fits, operations and reads.",
    ),
    "the window of another kind": (
        replace(RIGHT, verify=MEAN_OF_MAPS.agrees),
        "one of its rules asks for a field that it does not have. There is no field padding among "
        "norm_type, kernel_size, stride, ceil_mode.",
    ),
    "the reading of another kind": (
        replace(RIGHT, reads=MEAN_OF_MAPS.reads),
        "one of its rules asks for a field that it does not have. There is no field padding among "
        "norm_type, kernel_size, stride, ceil_mode.",
    ),
    "a hint that names no field": (
        replace(RIGHT, suggests_input=InputHint("in_channels", axes=2)),
        "suggests_input names in_channels, which is none of its fields. It has norm_type, "
        "kernel_size, stride, ceil_mode.",
    ),
    "an expression that nothing writes": (
        replace(RIGHT, expression="lp_pool2d"),
        "it has an expression, so say in code how source code writes a call.",
    ),
    "indices without a second input": (
        replace(RIGHT, takes_indices=True),
        "it takes a pool's indices, so it reads two inputs. Use inputs=(2, 2).",
    ),
}


@pytest.mark.parametrize(("kind", "problem"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_refused_with_its_name_and_what_to_do(
    kind: LayerKind, problem: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        check({"LPPool2d": kind})
    assert str(caught.value) == f"LPPool2d: {problem}"


def test_an_entry_has_the_name_of_its_class() -> None:
    with pytest.raises(CatalogueError, match=r"^PowerPool: its module is LPPool2d\. Give"):
        check({"PowerPool": RIGHT})


def test_what_is_always_given_may_be_called_required_again() -> None:
    assert size("norm_type", 2, 6, required=True) == size("norm_type", 2, 6)


def test_a_field_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(MissingFieldError) as caught:
        Fields({"kernel_size": 2}).each("padding", 2)
    assert str(caught.value) == "There is no field padding among kernel_size."
