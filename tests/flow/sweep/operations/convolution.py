"""Convolutions and transposed convolutions, as layers and as functions of all their inputs."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from tests.flow.sweep.case import Case, layer, op


def _channels_last() -> nn.Module:
    module = nn.Conv2d(2, 3, 2)
    module.weight.data = module.weight.data.contiguous(memory_format=torch.channels_last)
    return module


LINE, MAPS, CUBE = (2, 2, 5), (2, 2, 4, 3), (1, 2, 2, 3, 2)

LAYERS: dict[str, Case] = {
    "1d": layer(lambda: nn.Conv1d(2, 3, 3), LINE, forward="sum"),
    "1d strided padded": layer(lambda: nn.Conv1d(2, 2, 3, 2, 1), LINE, forward="sum"),
    "1d dilated": layer(lambda: nn.Conv1d(2, 2, 2, dilation=2), LINE),
    "1d grouped": layer(lambda: nn.Conv1d(2, 4, 2, groups=2), LINE),
    "1d without bias": layer(lambda: nn.Conv1d(2, 2, 2, bias=False), LINE),
    "1d unbatched": layer(lambda: nn.Conv1d(2, 3, 3), (2, 5)),
    "1d of one tap": layer(lambda: nn.Conv1d(2, 3, 1), LINE),
    "1d same": layer(lambda: nn.Conv1d(2, 2, 3, padding="same"), LINE),
    "1d same, even": layer(lambda: nn.Conv1d(2, 2, 2, padding="same"), LINE),
    "1d reflected": layer(lambda: nn.Conv1d(2, 2, 3, padding=1, padding_mode="reflect"), LINE),
    "1d causal": layer(
        lambda: nn.Sequential(nn.ConstantPad1d((2, 0), 0.0), nn.Conv1d(2, 2, 3)), LINE
    ),
    "2d": layer(lambda: nn.Conv2d(2, 3, 2), MAPS, forward="sum"),
    "2d of one tap": layer(lambda: nn.Conv2d(2, 3, 1), MAPS, forward="sum"),
    "2d strided padded": layer(lambda: nn.Conv2d(2, 2, 3, 2, 1), MAPS, forward="sum"),
    "2d uneven": layer(lambda: nn.Conv2d(2, 2, (1, 3), (2, 1), (0, 1)), MAPS),
    "2d dilated": layer(lambda: nn.Conv2d(2, 2, 2, dilation=(2, 1)), MAPS),
    "2d grouped": layer(lambda: nn.Conv2d(2, 4, 2, groups=2), MAPS),
    "2d depthwise": layer(lambda: nn.Conv2d(2, 2, 3, padding=1, groups=2), MAPS),
    "2d everything": layer(lambda: nn.Conv2d(2, 4, 2, 2, 1, 2, 2), MAPS),
    "2d without bias": layer(lambda: nn.Conv2d(2, 2, 2, bias=False), MAPS),
    "2d same": layer(lambda: nn.Conv2d(2, 2, 3, padding="same"), MAPS),
    "2d valid": layer(lambda: nn.Conv2d(2, 2, 3, padding="valid"), MAPS),
    "2d circular": layer(lambda: nn.Conv2d(2, 2, 3, padding=1, padding_mode="circular"), MAPS),
    "2d unbatched": layer(lambda: nn.Conv2d(2, 3, 2), (2, 4, 3)),
    "2d channels last": layer(_channels_last, MAPS),
    "2d separable": layer(
        lambda: nn.Sequential(nn.Conv2d(2, 2, 3, padding=1, groups=2), nn.Conv2d(2, 3, 1)), MAPS
    ),
    "2d in float64": layer(lambda: nn.Conv2d(2, 3, 2), MAPS, dtype=torch.float64),
    "3d": layer(lambda: nn.Conv3d(2, 2, 2), CUBE, forward="sum"),
    "3d strided padded": layer(lambda: nn.Conv3d(2, 2, 2, 2, 1), CUBE),
    "3d grouped": layer(lambda: nn.Conv3d(2, 2, (1, 2, 1), groups=2), CUBE),
    "transposed 1d": layer(lambda: nn.ConvTranspose1d(2, 3, 3, 2), (2, 2, 3), forward="sum"),
    "transposed 1d padded": layer(
        lambda: nn.ConvTranspose1d(2, 2, 3, 2, padding=1, output_padding=1), (2, 2, 3)
    ),
    "transposed 1d unbatched": layer(lambda: nn.ConvTranspose1d(2, 3, 3), (2, 3)),
    "transposed 1d grouped": layer(lambda: nn.ConvTranspose1d(2, 4, 2, groups=2), (2, 2, 3)),
    "transposed 2d": layer(lambda: nn.ConvTranspose2d(2, 3, 2, 2), (1, 2, 2, 3), forward="sum"),
    "transposed 2d padded": layer(
        lambda: nn.ConvTranspose2d(2, 2, 3, 2, padding=1, output_padding=1), (1, 2, 2, 3)
    ),
    "transposed 2d dilated": layer(lambda: nn.ConvTranspose2d(2, 2, 2, dilation=2), (1, 2, 2, 3)),
    "transposed 2d everything": layer(
        lambda: nn.ConvTranspose2d(2, 4, (2, 3), (1, 2), (0, 1), (0, 1), 2, True, (1, 1)),
        (1, 2, 2, 2),
    ),
    "transposed 2d without bias": layer(
        lambda: nn.ConvTranspose2d(2, 2, 2, bias=False), (1, 2, 2, 2)
    ),
    "transposed 3d": layer(lambda: nn.ConvTranspose3d(2, 1, 2, 2), (1, 2, 1, 2, 2)),
    "transposed 3d padded": layer(lambda: nn.ConvTranspose3d(1, 1, 2, 2, 1, 1), (1, 1, 2, 2, 2)),
}

FUNCTIONS: dict[str, Case] = {
    "conv1d": op(F.conv1d, LINE, (3, 2, 2), (3,)),
    "conv1d exchanged": op(lambda w, x: F.conv1d(x, w), (3, 2, 2), LINE),
    "conv1d of equals, exchanged": op(lambda w, x: F.conv1d(x, w), (2, 2, 3), (2, 2, 3)),
    "conv2d": op(F.conv2d, MAPS, (2, 2, 2, 2), (2,)),
    "conv2d exchanged": op(lambda b, w, x: F.conv2d(x, w, b), (2,), (2, 2, 2, 2), MAPS),
    "conv transpose 1d": op(F.conv_transpose1d, (1, 2, 3), (2, 2, 2)),
    "conv transpose exchanged": op(
        lambda w, x: F.conv_transpose1d(x, w, stride=2), (2, 2, 2), (1, 2, 3)
    ),
    "conv tbc": op(torch.conv_tbc, (5, 1, 2), (2, 2, 3), (3,)),
}

CASES = {**LAYERS, **FUNCTIONS}
