"""Operations that the tests of explanations run: each with inputs that ask for a gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

import flow
from flow.run import Run
from flow.seeded import Seeded

Shape = tuple[int, ...]

torch.set_num_threads(1)  # as the app does: the same bits everywhere, and no threads that wait


class Applied(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs)


@dataclass(frozen=True)
class Operation:
    """What to run, and the shapes of its inputs."""

    make: Callable[[], nn.Module]
    shapes: tuple[Shape, ...]
    asks: bool = True

    def build(self, dtype: torch.dtype = torch.float32, seed: int = 3) -> nn.Module:
        """Return the module with the weights of a seed."""
        with Seeded(seed):
            return self.make().to(dtype)

    def run(self, dtype: torch.dtype = torch.float32, seed: int = 3) -> Run:
        """Run it once with a random upstream vector."""
        module = self.build(dtype, seed)
        generator = torch.Generator().manual_seed(seed)
        inputs = tuple(
            torch.randn(shape, generator=generator, dtype=dtype).requires_grad_(self.asks)
            for shape in self.shapes
        )
        with Seeded(1):
            outputs = outputs_of(module(*inputs))
        vectors = tuple(
            torch.randn(output.shape, generator=generator, dtype=output.dtype) for output in outputs
        )
        return flow.run(module, inputs, upstream=vectors, seed=1)


def outputs_of(value: Any) -> list[Tensor]:
    """Return all tensors of a module's output, as the recorder orders them."""
    if isinstance(value, Tensor):
        return [value]
    return [tensor for part in value for tensor in outputs_of(part)]


def applied(function: Callable[..., Any], *shapes: Shape) -> Operation:
    return Operation(lambda: Applied(function), shapes)


def layer(make: Callable[[], nn.Module], *shapes: Shape) -> Operation:
    return Operation(make, shapes)


def evaluated(make: Callable[[], nn.Module], *shapes: Shape) -> Operation:
    def build() -> nn.Module:
        module = make().eval()
        for name, buffer in module.named_buffers():
            if "running" in name:
                buffer.copy_(torch.linspace(0.5, 1.5, buffer.numel()))
        return module

    return Operation(build, shapes)


def _labels(count: int, classes: int) -> Tensor:
    return torch.arange(count) * 2 % classes


def _attention(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(x, y, z)


def _written(x: Tensor) -> Tensor:
    y = x * 1.0
    y[:, 1] = y[:, 0] * 2
    return y


def _added_in_place(x: Tensor, y: Tensor) -> Tensor:
    z = x * 2
    z += y
    return z


def _unpooled(x: Tensor) -> Tensor:
    values, places = F.max_pool2d(x, 2, return_indices=True)
    return F.max_unpool2d(values, places, [2, 2])


def _resampled(mode: str, size: Shape, aligned: bool | None = None) -> Callable[[Tensor], Tensor]:
    return lambda x: F.interpolate(x, size=list(size), mode=mode, align_corners=aligned)


def _scaled(mode: str, scale: float, aligned: bool | None = None) -> Callable[[Tensor], Tensor]:
    return lambda x: F.interpolate(x, scale_factor=scale, mode=mode, align_corners=aligned)


MAPS, LINE, CUBE, ROWS = (2, 2, 5, 6), (2, 2, 7), (1, 2, 4, 4, 4), (3, 6)

CONVOLUTIONS: dict[str, Operation] = {
    "conv1d": layer(lambda: nn.Conv1d(2, 3, 3), LINE),
    "conv1d strided": layer(lambda: nn.Conv1d(2, 2, 3, stride=2, padding=1), LINE),
    "conv2d": layer(lambda: nn.Conv2d(2, 3, 3), MAPS),
    "conv2d 1x1": layer(lambda: nn.Conv2d(2, 3, 1), MAPS),
    "conv2d without bias": layer(lambda: nn.Conv2d(2, 2, 2, bias=False), MAPS),
    "conv2d padded": layer(lambda: nn.Conv2d(2, 2, 3, padding=1), MAPS),
    "conv2d strided": layer(lambda: nn.Conv2d(2, 2, 3, stride=2), MAPS),
    "conv2d uneven": layer(lambda: nn.Conv2d(2, 2, (2, 3), stride=(1, 2), padding=(1, 0)), MAPS),
    "conv2d dilated": layer(lambda: nn.Conv2d(2, 2, 2, dilation=2), MAPS),
    "conv2d all": layer(lambda: nn.Conv2d(2, 4, 3, 2, padding=2, dilation=2, groups=2), MAPS),
    "conv2d grouped": layer(lambda: nn.Conv2d(4, 6, 3, padding=1, groups=2), (2, 4, 4, 4)),
    "conv2d depthwise": layer(lambda: nn.Conv2d(3, 3, 3, groups=3), (1, 3, 5, 5)),
    "conv2d same": layer(lambda: nn.Conv2d(2, 2, 3, padding="same"), MAPS),
    "conv3d": layer(lambda: nn.Conv3d(2, 2, 2, stride=2, padding=1), CUBE),
    "transposed 1d": layer(lambda: nn.ConvTranspose1d(2, 3, 3, stride=2), LINE),
    "transposed 2d": layer(lambda: nn.ConvTranspose2d(2, 3, 2, stride=2), (2, 2, 3, 3)),
    "transposed 2d padded": layer(
        lambda: nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1, output_padding=1), (1, 2, 3, 4)
    ),
    "transposed 2d dilated": layer(lambda: nn.ConvTranspose2d(2, 2, 2, dilation=2), (1, 2, 3, 3)),
    "transposed 2d grouped": layer(
        lambda: nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), (1, 4, 3, 3)
    ),
    "transposed 3d": layer(lambda: nn.ConvTranspose3d(2, 1, 2, stride=2), (1, 2, 2, 2, 2)),
}

POOLS: dict[str, Operation] = {
    "max 1d": applied(lambda x: F.max_pool1d(x, 2), LINE),
    "max 2d": applied(lambda x: F.max_pool2d(x, 2), MAPS),
    "max 2d overlapping": applied(lambda x: F.max_pool2d(x, 3, 1, padding=1), MAPS),
    "max 2d ceil": applied(lambda x: F.max_pool2d(x, 2, ceil_mode=True), MAPS),
    "max 2d dilated": applied(lambda x: F.max_pool2d(x, 2, 1, dilation=2), MAPS),
    "max 3d": applied(lambda x: F.max_pool3d(x, 2), CUBE),
    "adaptive max 2d": applied(lambda x: F.adaptive_max_pool2d(x, (2, 4)), MAPS),
    "average 1d": applied(lambda x: F.avg_pool1d(x, 2), LINE),
    "average 2d": applied(lambda x: F.avg_pool2d(x, 2), MAPS),
    "average 2d overlapping": applied(lambda x: F.avg_pool2d(x, 3, 2, 1), MAPS),
    "average 2d ceil": applied(lambda x: F.avg_pool2d(x, 2, ceil_mode=True), MAPS),
    "average 2d padded ceil": applied(lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), MAPS),
    "average 2d without padding": applied(
        lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), MAPS
    ),
    "average 2d divisor": applied(lambda x: F.avg_pool2d(x, 2, divisor_override=3), MAPS),
    "average 3d": applied(lambda x: F.avg_pool3d(x, 2), CUBE),
    "adaptive average 1d": applied(lambda x: F.adaptive_avg_pool1d(x, 3), LINE),
    "adaptive average 2d": applied(lambda x: F.adaptive_avg_pool2d(x, (2, 4)), MAPS),
    "adaptive average 3d": applied(lambda x: F.adaptive_avg_pool3d(x, 3), CUBE),
    "global average": applied(lambda x: F.adaptive_avg_pool2d(x, 1), MAPS),
    "max unpool": applied(_unpooled, (1, 2, 4, 6)),
}

RESAMPLING: dict[str, Operation] = {
    "nearest 1d": applied(_scaled("nearest", 2), LINE),
    "nearest 2d": applied(_scaled("nearest", 2), MAPS),
    "nearest 2d uneven": applied(_resampled("nearest", (7, 9)), MAPS),
    "nearest 2d smaller": applied(_resampled("nearest", (3, 4)), MAPS),
    "nearest 3d": applied(_scaled("nearest", 2), CUBE),
    "nearest exact": applied(_resampled("nearest-exact", (7, 9)), MAPS),
    "nearest exact 1d": applied(_resampled("nearest-exact", (11,)), LINE),
    "nearest exact 3d": applied(_resampled("nearest-exact", (7, 3, 5)), CUBE),
    "linear": applied(_scaled("linear", 2, False), LINE),
    "linear aligned": applied(_scaled("linear", 2, True), LINE),
    "bilinear": applied(_scaled("bilinear", 2, False), MAPS),
    "bilinear aligned": applied(_scaled("bilinear", 2, True), MAPS),
    "bilinear by 1.5": applied(_scaled("bilinear", 1.5, False), (1, 2, 4, 4)),
    "bilinear uneven": applied(_resampled("bilinear", (7, 5), False), MAPS),
    "bilinear smaller": applied(_resampled("bilinear", (3, 4), True), MAPS),
    "bicubic": applied(_scaled("bicubic", 2, False), MAPS),
    "bicubic aligned": applied(_scaled("bicubic", 2, True), MAPS),
    "trilinear": applied(_scaled("trilinear", 2, False), (1, 1, 2, 3, 2)),
    "trilinear aligned": applied(_scaled("trilinear", 2, True), (1, 1, 2, 3, 2)),
    "upsampling layer": layer(lambda: nn.UpsamplingBilinear2d(scale_factor=2), MAPS),
}

LINEAR: dict[str, Operation] = {
    "linear layer": layer(lambda: nn.Linear(6, 4), ROWS),
    "linear layer without bias": layer(lambda: nn.Linear(6, 4, bias=False), ROWS),
    "linear layer of steps": layer(lambda: nn.Linear(6, 4), (2, 3, 6)),
    "linear layer of steps without bias": layer(lambda: nn.Linear(6, 4, bias=False), (2, 3, 6)),
    "linear layer of one row": layer(lambda: nn.Linear(6, 4), (6,)),
    "bilinear layer": layer(lambda: nn.Bilinear(3, 4, 2), (2, 3), (2, 4)),
    "matrix product": applied(lambda x, y: x @ y, (3, 4), (4, 2)),
    "matrix with vector": applied(lambda x, y: x @ y, (3, 4), (4,)),
    "vector product": applied(lambda x, y: x @ y, (4,), (4,)),
    "batched product": applied(lambda x, y: x @ y, (2, 3, 4), (2, 4, 2)),
    "einsum": applied(lambda x, y: torch.einsum("bij,bkj->bik", x, y), (2, 3, 4), (2, 2, 4)),
}

POINTWISE: dict[str, Operation] = {
    name: applied(function, ROWS)
    for name, function in dict[str, Callable[..., Any]](
        {
            "relu": F.relu,
            "relu6": F.relu6,
            "leaky relu": F.leaky_relu,
            "tanh": torch.tanh,
            "sigmoid": torch.sigmoid,
            "elu": F.elu,
            "selu": F.selu,
            "silu": F.silu,
            "gelu": F.gelu,
            "gelu tanh": lambda x: F.gelu(x, approximate="tanh"),
            "softplus": F.softplus,
            "hardtanh": F.hardtanh,
            "clamp": lambda x: x.clamp(-0.5, 0.5),
            "abs": torch.abs,
            "sign": torch.sign,
            "round": torch.round,
            "floor": torch.floor,
            "ceil": torch.ceil,
            "negate": torch.neg,
            "exp": torch.exp,
            "log": lambda x: (x.abs() + 0.5).log(),
            "sqrt": lambda x: (x.abs() + 0.5).sqrt(),
            "rsqrt": lambda x: (x.abs() + 0.5).rsqrt(),
            "square": lambda x: x**2,
            "cube": lambda x: x**3,
            "sin": torch.sin,
            "cos": torch.cos,
            "mish": F.mish,
            "hardswish": F.hardswish,
            "log sigmoid": F.logsigmoid,
        }
    ).items()
}

ARITHMETIC: dict[str, Operation] = {
    "add": applied(lambda x, y: x + y, ROWS, ROWS),
    "add broadcast": applied(lambda x, y: x + y, ROWS, (6,)),
    "add scaled": applied(lambda x, y: torch.add(x, y, alpha=2), ROWS, (3, 1)),
    "subtract": applied(lambda x, y: x - y, ROWS, (1, 6)),
    "subtract from one": applied(lambda x: 1 - x, ROWS),
    "multiply": applied(lambda x, y: x * y, ROWS, ROWS),
    "multiply broadcast": applied(lambda x, y: x * y, (2, 3, 4), (3, 1)),
    "multiply itself": applied(lambda x: x * x, ROWS),
    "multiply by a number": applied(lambda x: 1.5 * x, ROWS),
    "divide": applied(lambda x, y: x / y.abs().add(1), ROWS, ROWS),
    "divide by a number": applied(lambda x: x / 3, ROWS),
    "sum": applied(lambda x: x.sum(), ROWS),
    "sum of rows": applied(lambda x: x.sum(1), ROWS),
    "mean": applied(lambda x: x.mean(), ROWS),
    "mean of rows": applied(lambda x: x.mean(1, keepdim=True), ROWS),
    "variance": applied(lambda x: x.var(1), ROWS),
    "norm": applied(lambda x: x.norm(dim=1), ROWS),
    "largest": applied(lambda x: x.max(1).values, ROWS),
    "largest of all": applied(lambda x: x.max(), ROWS),
    "sorted": applied(lambda x: x.sort(1).values, ROWS),
    "running sum": applied(lambda x: x.cumsum(1), ROWS),
    "where": applied(lambda x, y: torch.where(x > 0, x, y), ROWS, ROWS),
    "added in place": applied(_added_in_place, ROWS, (6,)),
    "written into": applied(_written, ROWS),
    "relu in place": applied(lambda x: F.relu(x * 2, inplace=True), ROWS),
}

MOVES: dict[str, Operation] = {
    "view": applied(lambda x: x.view(2, 9), ROWS),
    "flatten": applied(lambda x: x.flatten(1), MAPS),
    "reshape": applied(lambda x: x.t().reshape(2, 9), ROWS),
    "permute": applied(lambda x: x.permute(0, 2, 3, 1), MAPS),
    "transpose": applied(lambda x: x.transpose(0, 1), ROWS),
    "squeeze": applied(lambda x: x.unsqueeze(1).squeeze(1), ROWS),
    "squeeze all": applied(lambda x: x.unsqueeze(1).squeeze(), ROWS),
    "squeeze some": applied(lambda x: x.unsqueeze(1).squeeze((1,)), ROWS),
    "slice": applied(lambda x: x[:, 1:5:2], ROWS),
    "select": applied(lambda x: x[1], ROWS),
    "index": applied(lambda x: x[torch.tensor([0, 2, 0])], ROWS),
    "gather": applied(lambda x: x.gather(1, torch.tensor([[1, 1], [0, 2], [3, 5]])), ROWS),
    "expand": applied(lambda x: x.unsqueeze(0).expand(4, 3, 6), ROWS),
    "repeat": applied(lambda x: x.repeat(2, 2), ROWS),
    "cat": applied(lambda x, y: torch.cat([x, y], 1), ROWS, (3, 2)),
    "stack": applied(lambda x, y: torch.stack([x, y], 1), ROWS, ROWS),
    "split": applied(lambda x: x.split(2, 1)[1], ROWS),
    "split by sizes": applied(lambda x: x.split([2, 4], 1)[1], ROWS),
    "split all": applied(lambda x: x.split(4, 1), ROWS),
    "unbind": applied(lambda x: x.unbind(0)[1], ROWS),
    "zero padding": applied(lambda x: F.pad(x, (1, 2, 0, 1)), MAPS),
    "reflection padding": applied(lambda x: F.pad(x, (1, 2, 1, 1), mode="reflect"), MAPS),
    "replication padding": applied(lambda x: F.pad(x, (1, 2, 1, 1), mode="replicate"), MAPS),
    "reflection padding 1d": applied(lambda x: F.pad(x, (2, 1), mode="reflect"), LINE),
    "replication padding 1d": applied(lambda x: F.pad(x, (2, 1), mode="replicate"), LINE),
    "index select": applied(lambda x: x.index_select(1, torch.tensor([5, 0, 5])), ROWS),
    "reflection padding 3d": applied(lambda x: F.pad(x, (2, 1) * 3, mode="reflect"), CUBE),
    "replication padding 3d": applied(lambda x: F.pad(x, (2, 1) * 3, mode="replicate"), CUBE),
    "circular padding": applied(lambda x: F.pad(x, (1, 2, 1, 1), mode="circular"), MAPS),
    "pixel shuffle": applied(lambda x: F.pixel_shuffle(x, 2), (1, 4, 2, 3)),
    "unfold": applied(lambda x: F.unfold(x, 2), MAPS),
    "roll": applied(lambda x: x.roll(2, 1), ROWS),
    "flip": applied(lambda x: x.flip(1), ROWS),
    "embedding": Operation(
        lambda: nn.Sequential(Applied(lambda x: x.long() % 5), nn.Embedding(5, 3)), ((2, 4),), False
    ),
}

NORMS: dict[str, Operation] = {
    "batch norm": layer(lambda: nn.BatchNorm2d(2), MAPS),
    "batch norm of rows": layer(lambda: nn.BatchNorm1d(6), ROWS),
    "batch norm without affine": layer(lambda: nn.BatchNorm2d(2, affine=False), MAPS),
    "batch norm evaluated": evaluated(lambda: nn.BatchNorm2d(2), MAPS),
    "layer norm": layer(lambda: nn.LayerNorm(6), ROWS),
    "layer norm of maps": layer(lambda: nn.LayerNorm([5, 6]), MAPS),
    "group norm": layer(lambda: nn.GroupNorm(2, 4), (2, 4, 3, 3)),
    "group norm without affine": layer(lambda: nn.GroupNorm(2, 4, affine=False), (2, 4, 3)),
    "instance norm": layer(lambda: nn.InstanceNorm2d(2, affine=True), MAPS),
    "rms norm": layer(lambda: nn.RMSNorm(6), ROWS),
    "softmax": applied(lambda x: x.softmax(1), ROWS),
    "softmax of maps": applied(lambda x: x.softmax(1), (1, 3, 2, 2)),
    "log softmax": applied(lambda x: x.log_softmax(1), ROWS),
    "dropout": layer(lambda: nn.Dropout(0.5), ROWS),
    "dropout of channels": layer(lambda: nn.Dropout2d(0.5), MAPS),
    "prelu": layer(nn.PReLU, ROWS),
}

LOSSES: dict[str, Operation] = {
    "mse": applied(lambda x, y: F.mse_loss(x, y), ROWS, ROWS),
    "mse sum": applied(lambda x: F.mse_loss(x, torch.ones_like(x), reduction="sum"), ROWS),
    "mse none": applied(lambda x: F.mse_loss(x, torch.ones_like(x), reduction="none"), ROWS),
    "l1": applied(lambda x: F.l1_loss(x, torch.ones_like(x)), ROWS),
    "smooth l1": applied(lambda x: F.smooth_l1_loss(x, torch.ones_like(x)), ROWS),
    "huber": applied(lambda x: F.huber_loss(x, torch.ones_like(x), delta=0.7), ROWS),
    "cross entropy": applied(lambda x: F.cross_entropy(x, _labels(3, 6)), ROWS),
    "cross entropy weighted": applied(
        lambda x: F.cross_entropy(x, _labels(3, 6), torch.arange(1, 7).to(x)), ROWS
    ),
    "cross entropy smoothed": applied(
        lambda x: F.cross_entropy(x, _labels(3, 6), label_smoothing=0.1), ROWS
    ),
    "cross entropy of probabilities": applied(
        lambda x: F.cross_entropy(x, torch.full((3, 6), 1 / 6).to(x)), ROWS
    ),
    "cross entropy of maps": applied(
        lambda x: F.cross_entropy(x, torch.zeros(2, 5, 6, dtype=torch.long)), MAPS
    ),
    "nll ignoring": applied(lambda x: F.nll_loss(x, torch.tensor([1, 0, 1]), ignore_index=0), ROWS),
    "binary": applied(lambda x: F.binary_cross_entropy(x.sigmoid(), torch.ones_like(x)), ROWS),
    "binary with logits": applied(
        lambda x: F.binary_cross_entropy_with_logits(x, torch.ones_like(x)), ROWS
    ),
}

COMPOSED: dict[str, Operation] = {
    "lstm": layer(lambda: nn.LSTM(3, 4, batch_first=True), (2, 3, 3)),
    "gru": layer(lambda: nn.GRU(3, 4, batch_first=True), (2, 3, 3)),
    "rnn": layer(lambda: nn.RNN(3, 4, batch_first=True), (2, 3, 3)),
    "attention": layer(
        lambda: nn.MultiheadAttention(4, 2, batch_first=True), (2, 3, 4), (2, 3, 4), (2, 3, 4)
    ),
    "scaled dot product": applied(_attention, (1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4)),
    "scaled dot product causal": applied(
        lambda x, y, z: F.scaled_dot_product_attention(x, y, z, is_causal=True),
        *[(1, 2, 3, 4)] * 3,
    ),
    "stacked lstm": layer(lambda: nn.LSTM(3, 4, 2, bias=False), (3, 2, 3)),
    "encoder": layer(
        lambda: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True), (2, 3, 4)
    ),
    "residual": applied(lambda x: x + torch.tanh(x), ROWS),
}

GROUPS: Sequence[dict[str, Operation]] = (
    CONVOLUTIONS,
    POOLS,
    RESAMPLING,
    LINEAR,
    POINTWISE,
    ARITHMETIC,
    MOVES,
    NORMS,
    LOSSES,
    COMPOSED,
)
OPERATIONS: dict[str, Operation] = {
    name: operation for group in GROUPS for name, operation in group.items()
}
