"""Normalisations, and the noise that training adds."""

from __future__ import annotations

from torch import nn

from models import agreement, fitting, fitting_rows, fused, operations, reads
from models.fields import Field
from models.kinds.kind import LayerKind
from models.settings import (
    AFFINE,
    EPS,
    MAX_CHANNELS,
    MAX_FEATURES,
    NUM_FEATURES,
    number,
    size,
    switch,
)

MOMENTUM = number("momentum", 0.1, 0.0, 1.0, "Weight of this batch in the averages.")
DROPPED = number("p", 0.5, 0.0, 1.0, "How likely a cell is dropped.")

NORMS: dict[str, LayerKind] = {
    "BatchNorm2d": LayerKind(
        label="Batch normalisation",
        help="Shifts and scales each channel to mean 0 and variance 1 over the batch.",
        module=nn.BatchNorm2d,
        fields=(NUM_FEATURES, EPS, MOMENTUM, AFFINE),
        fits=fitting_rows.fits_batch_norm,
        operations=operations.normalisation("affine"),
        saved_beside=fused.batch_norm_saved_beside,
        reads=reads.same_cells,
        positional=1,
    ),
    "BatchNorm1d": LayerKind(
        label="Batch normalisation of features",
        help="Shifts and scales each feature to mean 0 and variance 1 over the batch.",
        module=nn.BatchNorm1d,
        fields=(NUM_FEATURES, EPS, MOMENTUM, AFFINE),
        fits=fitting_rows.fits_batch_norm1d,
        operations=operations.normalisation("affine"),
        saved_beside=fused.batch_norm_saved_beside,
        reads=reads.same_cells,
        positional=1,
    ),
    "LayerNorm": LayerKind(
        label="Layer normalisation",
        help="Shifts and scales each sample's last dimensions to mean 0 and variance 1.",
        module=nn.LayerNorm,
        fields=(
            Field(
                "normalized_shape",
                "sizes",
                8,
                1,
                MAX_FEATURES,
                required=True,
                help="Sizes of the last dimensions, which share one mean.",
            ),
            EPS,
            switch("elementwise_affine", True, "Whether a learned scale and shift follow."),
        ),
        fits=fitting_rows.fits_layer_norm,
        operations=operations.normalisation("elementwise_affine"),
        reads=reads.same_cells,
        positional=1,
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
        verify=agreement.groups_divide_channels,
        fits=fitting_rows.fits_group_norm,
        operations=operations.normalisation("affine"),
        reads=reads.same_cells,
        positional=2,
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
        fits=fitting_rows.fits_instance_norm,
        operations=operations.normalisation("affine"),
        reads=reads.same_cells,
        positional=1,
    ),
    "Dropout": LayerKind(
        label="Dropout",
        help="Sets random cells to 0 and scales the others up; backward uses the same mask.",
        module=nn.Dropout,
        fields=(DROPPED,),
        operations=operations.per_cell(2),
        reads=reads.same_cells,
        positional=1,
        passes_through=True,
    ),
    "Dropout2d": LayerKind(
        label="Dropout of channels",
        help="Sets random channels to 0 and scales the others up; backward uses the same mask.",
        module=nn.Dropout2d,
        fields=(number("p", 0.5, 0.0, 1.0, "How likely a channel is dropped."),),
        fits=fitting.fits_maps,
        operations=operations.per_cell(2),
        reads=reads.same_cells,
        positional=1,
        passes_through=True,
    ),
}
