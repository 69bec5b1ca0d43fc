"""The same cells in another shape or order."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from tests.flow.sweep.case import Case, layer, op

ROWS, CUBE, MAPS = (3, 4), (2, 3, 4), (1, 4, 2, 3)

CASES: dict[str, Case] = {
    "view": op(lambda x: x.view(2, 6), ROWS, forward="sum"),
    "view guessed": op(lambda x: x.view(-1), ROWS, forward="sum"),
    "view as": op(lambda x: x.view_as(torch.zeros(4, 3)), ROWS),
    "reshape": op(lambda x: x.t().reshape(2, 6), ROWS, forward="sum"),
    "flatten": op(torch.flatten, CUBE),
    "flatten layer": layer(nn.Flatten, CUBE),
    "unflatten": op(lambda x: x.unflatten(1, (2, 2)), ROWS),
    "ravel": op(lambda x: x.t().ravel(), ROWS),
    "transpose": op(lambda x: x.transpose(0, 1), ROWS, forward="sum"),
    "transposed": op(lambda x: x.t(), ROWS, forward="sum"),
    "matrix transpose": op(lambda x: x.mT, CUBE),
    "adjoint": op(lambda x: x.adjoint(), CUBE),
    "permute": op(lambda x: x.permute(2, 0, 1), CUBE, forward="sum"),
    "movedim": op(lambda x: x.movedim(0, 2), CUBE),
    "swapaxes": op(lambda x: x.swapaxes(0, 2), CUBE),
    "squeeze": op(lambda x: x.squeeze(), (3, 1, 2)),
    "squeeze one": op(lambda x: x.squeeze(1), (3, 1, 2)),
    "squeeze some": op(lambda x: x.squeeze((0, 1)), (1, 1, 2)),
    "unsqueeze": op(lambda x: x.unsqueeze(1), ROWS),
    "expand": op(lambda x: x.expand(2, 3, 4), (3, 1)),
    "expand as": op(lambda x: x.expand_as(torch.zeros(2, 3)), (3,)),
    "broadcast to": op(lambda x: x.broadcast_to(2, 3), (1, 3)),
    "repeat": op(lambda x: x.repeat(2, 2), (2, 2)),
    "tile": op(lambda x: x.tile(2), (2, 2)),
    "as strided": op(lambda x: x.as_strided((2, 2), (4, 1)), ROWS),
    "as strided overlapping": op(lambda x: x.as_strided((3, 3), (2, 1)), ROWS),
    "unfold": op(lambda x: x.unfold(1, 2, 1), ROWS),
    "unfold with a step": op(lambda x: x.unfold(1, 2, 2), ROWS),
    "alias": op(lambda x: x[...], ROWS),
    "identity": op(lambda x: nn.Identity()(x * 2), ROWS),
    "pixel shuffle": op(lambda x: F.pixel_shuffle(x, 2), MAPS, forward="sum"),
    "pixel unshuffle": op(lambda x: F.pixel_unshuffle(x, 2), (1, 1, 4, 2)),
    "channel shuffle": op(lambda x: F.channel_shuffle(x, 2), MAPS),
    "unfold of maps": op(lambda x: F.unfold(x, 2), (1, 2, 3, 3)),
    "unfold of maps, all": op(
        lambda x: F.unfold(x, 2, dilation=2, padding=1, stride=2), (1, 2, 4, 4)
    ),
    "fold": op(lambda x: F.fold(x, (3, 3), 2), (1, 8, 4)),
    "fold, all": op(lambda x: F.fold(x, (4, 4), 2, padding=1, stride=2), (1, 4, 9)),
    "contiguous of transposed": op(lambda x: x.t().contiguous().view(-1), ROWS),
    "channels last": op(lambda x: x.to(memory_format=torch.channels_last) * 2, MAPS),
    "atleast 3d": op(torch.atleast_3d, (2, 2)),
    "block diagonal": op(torch.block_diag, (2, 2), (1, 3)),
    "real as complex and back": op(lambda x: torch.view_as_real(torch.view_as_complex(x)), (3, 2)),
}
