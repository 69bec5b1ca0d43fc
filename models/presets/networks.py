"""Parts of well-known networks, small enough to follow a gradient through."""

from __future__ import annotations

from models.presets.preset import Preset, conv, layer, linear, network
from models.spec import INPUT, LayerSpec

UNET = network(
    "UNet",
    conv("down1", INPUT, (1, 4)),
    layer("relu1", "ReLU", "down1"),
    layer("pool1", "MaxPool2d", "relu1", kernel_size=2, return_indices=True),
    conv("down2", "pool1", (4, 4)),
    layer("relu2", "ReLU", "down2"),
    layer("pool2", "MaxPool2d", "relu2", kernel_size=2, return_indices=True),
    conv("bottom", "pool2", (4, 4)),
    layer("relu3", "ReLU", "bottom"),
    layer("unpool2", "MaxUnpool2d", "relu3", "pool2", kernel_size=2),
    layer("concat2", "Concat", "unpool2", "relu2"),
    conv("up2", "concat2", (8, 4)),
    layer("relu4", "ReLU", "up2"),
    layer("unpool1", "MaxUnpool2d", "relu4", "pool1", kernel_size=2),
    layer("concat1", "Concat", "unpool1", "relu1"),
    conv("up1", "concat1", (8, 4)),
    layer("relu5", "ReLU", "up1"),
    conv("head", "relu5", (4, 1), kernel=1),
)

FPN = network(
    "FeaturePyramid",
    conv("down1", INPUT, (1, 4), stride=2),
    layer("relu1", "ReLU", "down1"),
    conv("down2", "relu1", (4, 4), stride=2),
    layer("relu2", "ReLU", "down2"),
    conv("down3", "relu2", (4, 4), stride=2),
    layer("relu3", "ReLU", "down3"),
    conv("lateral3", "relu3", (4, 4), kernel=1),
    conv("lateral2", "relu2", (4, 4), kernel=1),
    conv("lateral1", "relu1", (4, 4), kernel=1),
    layer("up3", "UpsamplingNearest2d", "lateral3", scale_factor=2),
    layer("merge2", "Add", "lateral2", "up3"),
    layer("up2", "UpsamplingNearest2d", "merge2", scale_factor=2),
    layer("merge1", "Add", "lateral1", "up2"),
    conv("smooth", "merge1", (4, 2)),
)


def _pooled(size: int) -> tuple[LayerSpec, ...]:
    """Return one branch of a pyramid pooling: pool, reduce, enlarge."""
    return (
        layer(f"pool{size}", "AdaptiveAvgPool2d", "features", output_size=size),
        conv(f"reduce{size}", f"pool{size}", (4, 2), kernel=1),
        layer(
            f"up{size}", "Upsample", f"reduce{size}", size=8, mode="bilinear", align_corners=True
        ),
    )


PSP = network(
    "PyramidPooling",
    conv("stem", INPUT, (1, 4)),
    layer("features", "ReLU", "stem"),
    *_pooled(1),
    *_pooled(2),
    *_pooled(4),
    layer("all", "Concat", "features", "up1", "up2", "up4"),
    conv("head", "all", (10, 1)),
)


def _bottleneck(
    name: str, reads: str, channels: tuple[int, int], stride: int = 1, dilation: int = 1
) -> tuple[LayerSpec, ...]:
    """Return a bottleneck: 1x1, 3x3 with a stride or a dilation, 1x1, and a way around them."""
    wide, inner = channels[1], channels[1] // 2
    step = {"stride": stride, "dilation": dilation, "padding": dilation}
    around, short = reads, tuple[LayerSpec, ...]()
    if stride != 1 or channels[0] != wide:
        around = f"{name}_short"
        short = (conv(around, reads, channels, kernel=1, stride=stride),)
    return (
        conv(f"{name}_conv1", reads, (channels[0], inner), kernel=1),
        layer(f"{name}_relu1", "ReLU", f"{name}_conv1"),
        conv(f"{name}_conv2", f"{name}_relu1", (inner, inner), **step),
        layer(f"{name}_relu2", "ReLU", f"{name}_conv2"),
        conv(f"{name}_conv3", f"{name}_relu2", (inner, wide), kernel=1),
        *short,
        layer(f"{name}_add", "Add", f"{name}_conv3", around),
        layer(f"{name}_relu3", "ReLU", f"{name}_add"),
    )


DILATED = network(
    "DilatedBlocks",
    conv("stem", INPUT, (1, 4)),
    *_bottleneck("stage1a", "stem", (4, 8), stride=2),
    *_bottleneck("stage2a", "stage1a_relu3", (8, 8)),
    *_bottleneck("stage2b", "stage2a_relu3", (8, 8), dilation=2),
    layer("pool", "AdaptiveAvgPool2d", "stage2b_relu3", output_size=1),
    layer("flatten", "Flatten", "pool"),
    linear("fc", "flatten", (8, 3)),
)
"""Two stages of a ResNet, as ``replace_stride_with_dilation=[False, True]`` has them.

The first stage keeps its stride of 2. The second lost it: its first block keeps the dilation of
before, 1, and from the next block on the dilation is 2. Source: ``_make_layer`` in
``torchvision/models/resnet.py``; batch normalisation is left out.
"""

LSTM = network(
    "RowReader",
    linear("rows", INPUT, (8, 8)),
    layer("lstm", "LSTM", "rows", input_size=8, hidden_size=12, outputs="last"),
    linear("fc", "lstm", (12, 10)),
)

WORDS = network(
    "WordBag",
    layer("embedding", "Embedding", INPUT, num_embeddings=5, embedding_dim=4),
    layer("mean", "Mean", "embedding", dim=1),
    linear("fc", "mean", (4, 2)),
)

ATTENTION = network(
    "AttentionBlock",
    linear("tokens", INPUT, (8, 8)),
    layer("attention", "MultiheadAttention", "tokens", embed_dim=8, num_heads=2),
    layer("add1", "Add", "tokens", "attention"),
    layer("norm1", "LayerNorm", "add1", normalized_shape=8),
    linear("fc1", "norm1", (8, 16)),
    layer("gelu", "GELU", "fc1"),
    linear("fc2", "gelu", (16, 8)),
    layer("add2", "Add", "norm1", "fc2"),
    layer("norm2", "LayerNorm", "add2", normalized_shape=8),
    layer("mean", "Mean", "norm2", dim=1),
    linear("fc", "mean", (8, 10)),
)

NETWORKS = (
    Preset(
        key="unet",
        topic="networks",
        title="U-net: down, up, across",
        description="Max pools remember where; unpools put back; skips are concatenated.",
        spec=UNET,
        input="digit",
        input_shape=(1, 1, 8, 8),
        loss="mse",
        target="zeros",
        look_at="unpool1",
        why="Values went back to where they were found, so gradients are fetched from there.",
    ),
    Preset(
        key="fpn",
        topic="networks",
        title="Feature pyramid",
        description="High levels are enlarged by copying and added to lateral 1x1 convolutions.",
        spec=FPN,
        input="digit",
        input_shape=(1, 1, 16, 16),
        loss="mse",
        target="ones",
        look_at="up3",
        why="What the fine level wants reaches the coarse one as a sum over each copied block.",
    ),
    Preset(
        key="psp",
        topic="networks",
        title="Pyramid pooling head",
        description="Means over 1x1, 2x2 and 4x4 regions, enlarged bilinearly and concatenated.",
        spec=PSP,
        input="digit",
        input_shape=(1, 1, 8, 8),
        loss="mse",
        target="zeros",
        look_at="up2",
        why="Bilinear upsampling collects weighted shares; pooling then spreads them evenly.",
    ),
    Preset(
        key="dilated_blocks",
        topic="networks",
        title="Stride or dilation",
        description="Stage 1 halves the map with a stride; stage 2 dilates in place of a stride.",
        spec=DILATED,
        input="random",
        input_shape=(2, 1, 16, 16),
        loss="cross_entropy",
        target="class_1",
        look_at="stage2b_conv2",
        formerly="layer2_conv1",
        why="The nine taps lie two cells apart: a cell collects from afar; the map stays 8x8.",
    ),
    Preset(
        key="lstm",
        topic="sequences",
        title="LSTM: a digit row by row",
        description="Eight rows are read one after the other; the last state names the digit.",
        spec=LSTM,
        input="digit",
        input_shape=(1, 8, 8),
        loss="cross_entropy",
        target="class_3",
        look_at="lstm",
        why="Only the last state is asked; each earlier row gets some 60 % of the next one's.",
    ),
    Preset(
        key="words",
        topic="sequences",
        title="Embedding: a word table",
        description="Five token ids look up rows of a table; their mean is put into two classes.",
        spec=WORDS,
        input="tokens",
        input_shape=(1, 5),
        loss="cross_entropy",
        target="class_1",
        look_at="embedding",
        why="A row that was read twice sums two gradients; a row that was not read gets exactly 0.",
    ),
    Preset(
        key="attention",
        topic="sequences",
        title="Attention: one block",
        description="Eight rows of a digit attend to each other; two skips and normalisations.",
        spec=ATTENTION,
        input="digit",
        input_shape=(1, 8, 8),
        loss="cross_entropy",
        target="class_3",
        look_at="attention",
        why="Each row of attention weights sums to 1, so before softmax its gradient sums to 0.",
        node="SoftmaxBackward0",
    ),
)
