"""What one operation on maps does to a gradient: pools, unpools, resampling, convolutions."""

from __future__ import annotations

from models.presets.preset import Preset, conv, layer, network
from models.spec import INPUT

POOL = layer("pool", "MaxPool2d", INPUT, kernel_size=2, return_indices=True)

ROUTING = network("Routing", layer("pool", "MaxPool2d", INPUT))

NEAREST_UNPOOLING = network(
    "NearestUnpooling", POOL, layer("unpool", "UpsamplingNearest2d", "pool", scale_factor=2)
)
NAILS_UNPOOLING = network(
    "NailsUnpooling", POOL, layer("unpool", "BedOfNails", "pool", scale_factor=2)
)
MAX_UNPOOLING = network(
    "MaxUnpooling", POOL, layer("unpool", "MaxUnpool2d", "pool", "pool", kernel_size=2)
)

LINEAR = network(
    "Linear",
    layer("plain", "Upsample", INPUT, mode="linear"),
    layer("aligned", "Upsample", INPUT, mode="linear", align_corners=True),
    layer("both", "Concat", "plain", "aligned"),
)

BILINEAR = network(
    "Bilinear",
    layer("plain", "Upsample", INPUT, mode="bilinear"),
    layer("aligned", "Upsample", INPUT, mode="bilinear", align_corners=True),
    layer("both", "Concat", "plain", "aligned"),
)

TRANSPOSED = network("Transposed", layer("up", "ConvTranspose2d", INPUT, kernel_size=3, stride=2))

KERNEL = network("Kernel", conv("conv", INPUT, (1, 1), kernel=2))

DILATION = network(
    "Dilation",
    conv("conv1", INPUT, (1, 1)),
    conv("conv2", "conv1", (1, 1), dilation=2, padding=2),
    conv("conv3", "conv2", (1, 1), dilation=4, padding=4),
)

MAPS = (
    Preset(
        key="routing",
        topic="pooling",
        title="Max pooling: a router",
        description="The winners of 1 to 16 are 6, 8, 14 and 16; 1, 2, 3 and 4 arrive at them.",
        spec=ROUTING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="given",
        target="counting",
        look_at="pool",
        why="1, 2, 3 and 4 go to the four winners; the other twelve cells get 0.",
        input_gradient=True,
    ),
    Preset(
        key="unpool_nearest",
        topic="pooling",
        title="Unpooling 1: nearest",
        description="The winners 6, 8, 14 and 16 are copied into whole blocks.",
        spec=NEAREST_UNPOOLING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="given",
        target="counting",
        look_at="unpool",
        why="Every copy counts: the first cell gets 1 + 2 + 5 + 6 = 14, the sum of its block.",
        input_gradient=True,
    ),
    Preset(
        key="unpool_nails",
        topic="pooling",
        title="Unpooling 2: bed of nails",
        description="6, 8, 14 and 16 stand at the first cell of each block; the others are 0.",
        spec=NAILS_UNPOOLING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="given",
        target="counting",
        look_at="unpool",
        why="Only the first cell of each block is read: 1, 3, 9, 11; the other gradients are lost.",
        input_gradient=True,
    ),
    Preset(
        key="unpool_max",
        topic="pooling",
        title="Unpooling 3: max",
        description="6, 8, 14 and 16 return to the cells where the pool found them.",
        spec=MAX_UNPOOLING,
        input="arange",
        input_shape=(1, 1, 4, 4),
        loss="given",
        target="counting",
        look_at="unpool",
        why="Each cell gets the gradient at its winner's own place: 6, 8, 14 and 16.",
        input_gradient=True,
    ),
    Preset(
        key="linear",
        topic="upsampling",
        title="Linear upsampling",
        description="The line 1, 2, 3 is doubled with and without aligned corners.",
        spec=LINEAR,
        input="arange",
        input_shape=(1, 1, 3),
        loss="given",
        target="ones",
        look_at="plain",
        why="The shares of 1/4 and 3/4 come back as a sum; with aligned corners they are fifths.",
        input_gradient=True,
    ),
    Preset(
        key="bilinear",
        topic="upsampling",
        title="Bilinear upsampling",
        description="The map 1, 2, 3, 4 is doubled with and without aligned corners.",
        spec=BILINEAR,
        input="arange",
        input_shape=(1, 1, 2, 2),
        loss="given",
        target="counting",
        look_at="plain",
        why="Each weight is the product of a share in height and one in width, such as 3/4 x 1/4.",
        input_gradient=True,
    ),
    Preset(
        key="transposed",
        topic="upsampling",
        title="Transposed convolution",
        description="1, 2, 3 and 4 each spread a 3x3 kernel with stride 2 over a 5x5 map.",
        spec=TRANSPOSED,
        input="arange",
        input_shape=(1, 1, 2, 2),
        loss="given",
        target="counting",
        look_at="up",
        why="Backward it is a convolution: each cell adds 3x3 cells, each times its kernel entry.",
        input_gradient=True,
    ),
    Preset(
        key="kernel",
        topic="convolution",
        title="Convolution: 3x3 by 2x2",
        description="Small enough to do by hand: nine cells, a 2x2 kernel, four upstream cells.",
        spec=KERNEL,
        input="arange",
        input_shape=(1, 1, 3, 3),
        loss="given",
        target="counting",
        look_at="conv",
        why="The middle cell was read four times, so it sums all four upstream cells.",
        input_gradient=True,
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
        input_gradient=True,
    ),
)
