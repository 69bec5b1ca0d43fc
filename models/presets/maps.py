"""What one operation on maps does to a gradient: pools, unpools, resampling, convolutions."""

from __future__ import annotations

from models.presets.preset import Preset, conv, layer, network
from models.spec import INPUT

STEM = conv("stem", INPUT, (1, 1), kernel=1)
"""Makes the map that is looked at, so that a gradient arrives there."""
POOLED = (STEM, layer("pool", "MaxPool2d", "stem", kernel_size=2, return_indices=True))

ROUTING = network("Routing", STEM, layer("pool", "MaxPool2d", "stem"))

NEAREST_UNPOOLING = network(
    "NearestUnpooling", *POOLED, layer("unpool", "UpsamplingNearest2d", "pool", scale_factor=2)
)
NAILS_UNPOOLING = network(
    "NailsUnpooling", *POOLED, layer("unpool", "BedOfNails", "pool", scale_factor=2)
)
MAX_UNPOOLING = network(
    "MaxUnpooling", *POOLED, layer("unpool", "MaxUnpool2d", "pool", "pool", kernel_size=2)
)

LINEAR = network(
    "Linear",
    layer("stem", "Conv1d", INPUT, kernel_size=1),
    layer("plain", "Upsample", "stem", mode="linear"),
    layer("aligned", "Upsample", "stem", mode="linear", align_corners=True),
    layer("both", "Concat", "plain", "aligned"),
)

BILINEAR = network(
    "Bilinear",
    STEM,
    layer("plain", "Upsample", "stem", mode="bilinear"),
    layer("aligned", "Upsample", "stem", mode="bilinear", align_corners=True),
    layer("both", "Concat", "plain", "aligned"),
)

TRANSPOSED = network(
    "Transposed", STEM, layer("up", "ConvTranspose2d", "stem", kernel_size=3, stride=2)
)

KERNEL = network("Kernel", STEM, conv("conv", "stem", (1, 1), kernel=2))

DILATION = network(
    "Dilation",
    STEM,
    conv("conv1", "stem", (1, 1)),
    conv("conv2", "conv1", (1, 1), dilation=2, padding=2),
    conv("conv3", "conv2", (1, 1), dilation=4, padding=4),
)

MAPS = (
    Preset(
        key="routing",
        topic="pooling",
        title="Max pooling: a router",
        description="Four windows, four winners; the upstream gradient is 1, 2, 3, 4.",
        spec=ROUTING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="vector",
        target="counting",
        look_at="pool",
        why="1, 2, 3 and 4 go to the four winners; the other twelve cells get 0.",
    ),
    Preset(
        key="unpool_nearest",
        topic="pooling",
        title="Unpooling 1: nearest",
        description="Pooled values are copied into whole blocks.",
        spec=NEAREST_UNPOOLING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="vector",
        target="counting",
        look_at="unpool",
        why="Every copy counts: each cell gets the sum of its block.",
    ),
    Preset(
        key="unpool_nails",
        topic="pooling",
        title="Unpooling 2: bed of nails",
        description="Pooled values stand at the first cell of each block, all others are 0.",
        spec=NAILS_UNPOOLING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="vector",
        target="counting",
        look_at="unpool",
        why="Only the first cell of each block is fetched; the gradients at the zeros are lost.",
    ),
    Preset(
        key="unpool_max",
        topic="pooling",
        title="Unpooling 3: max unpooling",
        description="Pooled values return to the cells where the pool had found them.",
        spec=MAX_UNPOOLING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="vector",
        target="counting",
        look_at="unpool",
        why="Each cell fetches the gradient at the winner's own place, not at a corner.",
    ),
    Preset(
        key="linear",
        topic="upsampling",
        title="Linear upsampling, both ways",
        description="A line of three cells, doubled with and without aligned corners.",
        spec=LINEAR,
        input="arange",
        input_shape=(1, 1, 3),
        loss="vector",
        target="ones",
        look_at="plain",
        why="The shares of 1/4 and 3/4 come back as a sum; with aligned corners they are fifths.",
    ),
    Preset(
        key="bilinear",
        topic="upsampling",
        title="Bilinear upsampling, both ways",
        description="A map of 2x2, doubled with and without aligned corners.",
        spec=BILINEAR,
        input="arange",
        input_shape=(1, 1, 2, 2),
        loss="vector",
        target="counting",
        look_at="plain",
        why="Each weight is the product of a share in height and one in width, such as 3/4 x 1/4.",
    ),
    Preset(
        key="transposed",
        topic="upsampling",
        title="Transposed convolution",
        description="Every cell of 2x2 spreads a 3x3 kernel with stride 2 over 5x5.",
        spec=TRANSPOSED,
        input="ones",
        input_shape=(1, 1, 2, 2),
        loss="vector",
        target="counting",
        look_at="up",
        why="Backward it is a convolution: each cell adds 3x3 cells, each times its kernel entry.",
    ),
    Preset(
        key="kernel",
        topic="convolution",
        title="Convolution: 3x3 image, 2x2 kernel",
        description="Small enough to do by hand: four upstream cells, four kernel taps.",
        spec=KERNEL,
        input="arange",
        input_shape=(1, 1, 3, 3),
        loss="vector",
        target="counting",
        look_at="conv",
        why="The middle cell was read four times, so it sums all four upstream cells.",
    ),
    Preset(
        key="dilation",
        topic="convolution",
        title="Dilation: a field of 15x15",
        description="Three 3x3 convolutions with dilation 1, 2 and 4; one output cell is asked.",
        spec=DILATION,
        input="random",
        input_shape=(1, 1, 17, 17),
        loss="cell",
        target="middle_cell",
        look_at="conv1",
        why="The gradient of one output cell covers its receptive field and nothing else.",
    ),
)
