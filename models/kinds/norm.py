"""Normalisations, and the noise that training adds."""

from __future__ import annotations

import math

from torch import nn

from flow.said import said
from models.fields import Fields
from models.kinds.arguments import MAX_CHANNELS, MAX_FEATURES, number, size, sizes, switch
from models.kinds.kind import InputHint, LayerKind
from models.kinds.rules import cost
from models.kinds.rules.fits import divides, fits_channels, fits_maps
from models.kinds.rules.reading import same_cells
from models.shapes import Shapes, shape_text

NUM_FEATURES = size("num_features", 1, MAX_CHANNELS, "Channels that come in.")
EPS = number("eps", 1e-5, 1e-12, 1.0, "Added to the variance.")
AFFINE = switch("affine", True, "Whether a learned scale and shift follow.")
MOMENTUM = number("momentum", 0.1, 0.0, 1.0, "Weight of this batch in the averages.")
DROPPED = number("p", 0.5, 0.0, 1.0, "How likely a cell is dropped.")


def _fits_batch_norm(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, one statistic per channel."""
    return fits_maps(fields, shapes) or fits_channels(fields, shapes, "num_features")


def _fits_batch_norm1d(fields: Fields, shapes: Shapes) -> str:
    """Two or three dimensions, one statistic per feature."""
    if len(shapes[0]) in (2, 3):
        return fits_channels(fields, shapes, "num_features")
    return said(
        "it needs an input of batch x features or batch x channels x length, but got "
        "{shape}. Use BatchNorm2d for maps.",
        shape=shape_text(shapes[0]),
    )


def _fits_instance_norm(fields: Fields, shapes: Shapes) -> str:
    """Four dimensions, and more than one cell to take a mean of."""
    problem = _fits_batch_norm(fields, shapes)
    if problem or math.prod(shapes[0][2:]) > 1:
        return problem
    return said(
        "it needs more than one cell a channel, but its input is {shape}.",
        shape=shape_text(shapes[0]),
    )


def _fits_group_norm(fields: Fields, shapes: Shapes) -> str:
    """Channels in dimension 1, and more than one cell a group."""
    shape = shapes[0]
    if len(shape) < 2:
        return said(
            "it needs an input of batch x channels x ..., but got {shape}.", shape=shape_text(shape)
        )
    problem = fits_channels(fields, shapes, "num_channels")
    cells = math.prod(shape[1:]) // fields.whole("num_groups")
    if problem or cells * shape[0] > 1:
        return problem
    return said(
        "it needs more than one cell a group, but its input is {shape}.", shape=shape_text(shape)
    )


def _fits_layer_norm(fields: Fields, shapes: Shapes) -> str:
    """The last dimensions are those that are normalised."""
    wanted, shape = fields.sizes("normalized_shape"), shapes[0]
    if shape[-len(wanted) :] == wanted:
        return ""
    return said(
        "normalized_shape is {wanted}, but its input {shape} ends with "
        "{end}. Set normalized_shape to that.",
        wanted=shape_text(wanted),
        shape=shape_text(shape),
        end=shape_text(shape[-len(wanted) :]),
    )


def _normalisation(affine: str) -> cost.Operations:
    """Return the rule of a normalisation whose field ``affine`` adds a scale and a shift.

    For each cell: one addition for the mean; a difference, a square and an addition for the
    variance; a difference and a quotient; then a product and a sum where it is affine.
    """
    return lambda fields, _inputs, output: (8 if fields[affine] else 6) * math.prod(output)


def _batch_norm_saved_beside(fields: Fields, _inputs: Shapes, training: bool, _frozen: bool) -> int:
    """Return what the meta device shows too much: mean and deviation, unused in evaluation."""
    return 0 if training else -2 * cost.CELL_BYTES * fields.whole("num_features")


NORMS: dict[str, LayerKind] = {
    "BatchNorm2d": LayerKind(
        label="Batch normalisation",
        help="Shifts and scales each channel to mean 0 and variance 1 over the batch.",
        module=nn.BatchNorm2d,
        fields=(NUM_FEATURES, EPS, MOMENTUM, AFFINE),
        fits=_fits_batch_norm,
        operations=_normalisation("affine"),
        saved_beside=_batch_norm_saved_beside,
        reads=same_cells,
        positional=1,
        suggests_input=InputHint("num_features", axes=2, samples=2),
    ),
    "BatchNorm1d": LayerKind(
        label="Batch normalisation of features",
        help="Shifts and scales each feature to mean 0 and variance 1 over the batch.",
        module=nn.BatchNorm1d,
        fields=(NUM_FEATURES, EPS, MOMENTUM, AFFINE),
        fits=_fits_batch_norm1d,
        operations=_normalisation("affine"),
        saved_beside=_batch_norm_saved_beside,
        reads=same_cells,
        positional=1,
        suggests_input=InputHint("num_features", axes=1, samples=2),
    ),
    "LayerNorm": LayerKind(
        label="Layer normalisation",
        help="Shifts and scales each sample's last dimensions to mean 0 and variance 1.",
        module=nn.LayerNorm,
        fields=(
            sizes(
                "normalized_shape",
                8,
                1,
                MAX_FEATURES,
                "Sizes of the last dimensions, which share one mean.",
            ),
            EPS,
            switch("elementwise_affine", True, "Whether a learned scale and shift follow."),
        ),
        fits=_fits_layer_norm,
        operations=_normalisation("elementwise_affine"),
        reads=same_cells,
        positional=1,
        suggests_input=InputHint("normalized_shape", axes=0),
    ),
    "GroupNorm": LayerKind(
        label="Group normalisation",
        help="Shifts and scales groups of channels of each sample to mean 0 and variance 1.",
        module=nn.GroupNorm,
        fields=(
            size("num_groups", 1, MAX_CHANNELS, "Groups of channels that share one mean."),
            size("num_channels", 1, MAX_CHANNELS, "Channels that come in."),
            EPS,
            AFFINE,
        ),
        verify=divides("num_groups", "num_channels"),
        fits=_fits_group_norm,
        operations=_normalisation("affine"),
        reads=same_cells,
        positional=2,
        suggests_input=InputHint("num_channels", axes=2),
    ),
    "InstanceNorm2d": LayerKind(
        label="Instance normalisation",
        help="Shifts and scales each channel of each sample to mean 0 and variance 1.",
        module=nn.InstanceNorm2d,
        fields=(
            NUM_FEATURES,
            EPS,
            MOMENTUM,
            switch("affine", False, "Whether a learned scale and shift follow."),
        ),
        fits=_fits_instance_norm,
        operations=_normalisation("affine"),
        reads=same_cells,
        positional=1,
        suggests_input=InputHint("num_features", axes=2),
    ),
    "Dropout": LayerKind(
        label="Dropout",
        help="Sets random cells to 0 and scales the others up; backward uses the same mask.",
        module=nn.Dropout,
        fields=(DROPPED,),
        operations=cost.per_cell(2),
        reads=same_cells,
        positional=1,
        passes_through=True,
    ),
    "Dropout2d": LayerKind(
        label="Dropout of channels",
        help="Sets random channels to 0 and scales the others up; backward uses the same mask.",
        module=nn.Dropout2d,
        fields=(number("p", 0.5, 0.0, 1.0, "How likely a channel is dropped."),),
        fits=fits_maps,
        operations=cost.per_cell(2),
        reads=same_cells,
        positional=1,
        passes_through=True,
    ),
}
