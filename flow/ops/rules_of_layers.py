"""Rules of convolutions, matrix products, pools and resampling."""

from __future__ import annotations

from flow.ops import closed_convolution as convolutions
from flow.ops import closed_maps as maps
from flow.ops.written import Written as Rule

_MATRIX = r"\bar{A} = \bar{Y}\,B^{\top}, \quad \bar{B} = A^{\top}\,\bar{Y}"

WEIGHTED = {
    "ConvolutionBackward0": Rule(
        r"\bar{x} = \operatorname{stuff}_s(\bar{y}) * \operatorname{rot}_{180}(W), \quad "
        r"\bar{W} = x \star \operatorname{stuff}_s(\bar{y}), \quad \bar{b} = \sum \bar{y}",
        "Each input cell adds up the gradients of all outputs it fed, each times the kernel entry "
        "that joined them.",
        convolutions.convolution,
        linear=True,
    ),
    "AddmmBackward0": Rule(
        r"\bar{x} = \bar{y}\,W, \quad \bar{W}^{\top} = x^{\top}\bar{y}, \quad "
        r"\bar{b} = \sum_n \bar{y}_n",
        "Each input feature adds up the gradients of all outputs, each times the weight that "
        "joined them.",
        convolutions.addmm,
        linear=True,
    ),
    **dict.fromkeys(
        ("MmBackward0", "BmmBackward0"),
        Rule(
            _MATRIX,
            "Each factor gets the gradient times the other factor, transposed.",
            convolutions.product_of_matrices,
            linear=True,
        ),
    ),
    "MvBackward0": Rule(
        r"\bar{A} = \bar{y}\,v^{\top}, \quad \bar{v} = A^{\top}\,\bar{y}",
        "Each factor gets the gradient times the other factor.",
        convolutions.matrix_with_vector,
        linear=True,
    ),
    "DotBackward0": Rule(
        r"\bar{u} = \bar{y}\,v, \quad \bar{v} = \bar{y}\,u",
        "Each vector gets the other one, scaled by the gradient.",
        convolutions.product_of_vectors,
        linear=True,
    ),
}

_WINNER = Rule(
    r"\bar{x}_i = \sum_{\text{windows } j:\, \arg\max_j = i} \bar{y}_j",
    "Each upstream cell goes to the winner of its window; all other cells get 0.",
    maps.max_pool,
)
_SHARE = Rule(
    r"\bar{x}_i = \sum_{\text{windows } j \ni i} \frac{\bar{y}_j}{|\text{window } j|}",
    "Each upstream cell is shared equally among the cells of its window.",
    maps.average_pool,
    linear=True,
)
_UNPOOL = Rule(
    r"\bar{x}_j = \bar{y}_{\mathrm{index}(j)}",
    "Each cell fetches its gradient from the place where its value was put.",
    maps.max_unpool,
    linear=True,
)
_NEAREST = Rule(
    r"\bar{x}_i = \sum_{\text{copies } j \text{ of } i} \bar{y}_j",
    "Each cell was copied into a block: the gradients of its copies add up.",
    maps.resample,
    linear=True,
)
_WEIGHTED = Rule(
    r"\bar{x} = A^{\top}\,\bar{y} \quad \text{where } y = A\,x",
    "Each output mixed neighbours by fixed weights: each neighbour gets its share back.",
    maps.resample,
    linear=True,
)

MAPS = {
    **dict.fromkeys(
        (
            "MaxPool2DWithIndicesBackward0",
            "MaxPool3DWithIndicesBackward0",
            "AdaptiveMaxPool2DBackward0",
            "AdaptiveMaxPool3DBackward0",
        ),
        _WINNER,
    ),
    **dict.fromkeys(
        (
            "AvgPool2DBackward0",
            "AvgPool3DBackward0",
            "AdaptiveAvgPool2DBackward0",
            "AdaptiveAvgPool3DBackward0",
        ),
        _SHARE,
    ),
    **dict.fromkeys(("MaxUnpool2DBackward0", "MaxUnpool3DBackward0"), _UNPOOL),
    **{
        f"UpsampleNearest{exact}{axes}DBackward0": _NEAREST
        for exact in ("", "Exact")
        for axes in (1, 2, 3)
    },
    "UpsampleLinear1DBackward0": _WEIGHTED,
    "UpsampleBilinear2DBackward0": _WEIGHTED,
    "UpsampleTrilinear3DBackward0": _WEIGHTED,
    "UpsampleBicubic2DBackward0": _WEIGHTED,
}
