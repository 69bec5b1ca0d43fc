"""Words that only the right rule says, for layers, products, moves and lookups.

Each row was written from what the operation does, so that a sentence or a formula that stands at
another operation, or that lost the part that makes it true, is noticed.
"""

from __future__ import annotations

ONLY = "only "
"""Before a formula that is meant whole."""

OF_CHANNEL = {
    1: "each weight | cells of its channel | times the normalised input",
    2: "bias | every cell of its channel | adds up",
}
PARTS: dict[str, dict[int, str]] = {
    "ConvolutionBackward0 conv2d": {
        1: "each kernel entry | it helped to make | input cell",
        2: "bias | every output cell of its channel",
    },
    "ConvolutionBackward0 conv_transpose2d": {
        1: "each kernel entry | it was laid on | it carried",
        2: "bias | every output cell of its channel",
    },
    "AddmmBackward0 linear": {0: "each bias | every row", 2: "each weight | over all rows"},
    "MmBackward0 linear": {1: "each weight | over all rows"},
    "NativeBatchNormBackward0": OF_CHANNEL,
    "NativeGroupNormBackward0": OF_CHANNEL,
    "NativeLayerNormBackward0": {
        1: "each weight | every normalised row | times the normalised input",
        2: "bias | every normalised row | adds up",
    },
    "FusedRmsNormBackward0": {1: "each weight | every normalised row"},
}
"""Of rules whose sentence is about one input: words about the others, by their position."""
WORDS: dict[str, tuple[str, str]] = {
    "ConvolutionBackward0": ("every kernel entry | joints", r"\text{ that tap } | x_i\,\bar{y}_j"),
    "ConvolutionBackward0 conv2d": (
        "all outputs it fed | kernel entry",
        r"s q + d t - p = i | \bar{y}_o * W_{o,c} | x_c \star",
    ),
    "ConvolutionBackward0 conv_transpose2d": (
        "laid each input cell out | kernel",
        r"\bar{y}_o \star W_{c,o} | \bar{y}_{s q + d t - p}",
    ),
    "AddmmBackward0": (
        "beta | each matrix gets alpha | transposed",
        r"\beta \text | \alpha\,\bar{y}\,B^{\top} | c + \alpha\,A B",
    ),
    "AddmmBackward0 linear": ("each input feature | weight", r"\bar{y}\,W | \bar{b} = \sum_n"),
    "MmBackward0": ("each matrix | other matrix, transposed", r"\bar{y}\,B^{\top} | y = A B"),
    "MmBackward0 linear": (
        "each input feature | weight",
        r"only \bar{x} = \bar{y}\,W, \quad \bar{W}^{\top} = x^{\top}\bar{y}",
    ),
    "BmmBackward0": ("every pair | transposed", r"\bar{y}_n\,B_n^{\top} | y_n"),
    "BaddbmmBackward0": (
        "every pair of the batch | beta",
        r"\beta | \bar{y}_n B_n^{\top} | \alpha\,A_n B_n",
    ),
    "AddbmmBackward0": ("products of all pairs were added", r"\beta | \sum_n A_n B_n"),
    "MvBackward0": ("matrix gets the gradient times the vector", r"\bar{y}\,v^{\top} | y = A v"),
    "AddmvBackward0": (
        "matrix and vector get alpha | beta",
        r"c + \alpha\,A v | \alpha\,A^{\top}\bar{y}",
    ),
    "AddrBackward0": ("outer product | alpha | beta", r"\alpha\,u v^{\top} | \beta"),
    "DotBackward0": ("each vector gets the other one", r"u \cdot v"),
    "LinalgCrossBackward0": ("cross product | the other one", r"\bar{a} = b \times \bar{y}"),
    "LinalgInvExBackward0": ("transposed inverse | negated", r"A^{-1}"),
    "TrilinearBackward0": ("three factors | other two", r"\sum a\,b\,c"),
    "MaxPool2DWithIndicesBackward0": ("winner | largest | losers", r"\arg\max_j = i"),
    "AvgPool2DBackward0": (
        "divided by what its window's mean | share",
        r"\frac{1}{n_j}\,\bar{y}_j | \ni i",
    ),
    "MaxUnpool2DBackward0": (
        "fetches | where its value was put",
        r"\bar{x}_j = \bar{y}_{\mathrm{index}(j)}",
    ),
    "UpsampleNearest2DBackward0": (
        "copied one input cell | copies add up",
        r"\text{copies } j \text{ of }",
    ),
    "UpsampleBilinear2DBackward0": (
        "mixed neighbours | fixed weights",
        r"A^{\top} | fixed by the sizes",
    ),
    "UpsampleBicubic2DAaBackward0": ("smoothing filter | weight", r"A^{\top} | a filter of sum"),
    "ConstantPadNdBackward0": ("frame | cut off | nowhere", r"\operatorname{crop}"),
    "ReflectionPad2DBackward0": ("frame mirrors", r"\mathrm{mirror}(j) = i"),
    "ReplicationPad2DBackward0": ("frame repeats the border", r"\mathrm{nearest}(j) = i"),
    "NativeBatchNormBackward0": (
        "mean over each channel | in evaluation it is only scaled",
        r"over each channel | evaluation",
    ),
    "NativeLayerNormBackward0": (
        "last axes | part along the normalised",
        r"last axes | \gamma \odot",
    ),
    "NativeGroupNormBackward0": (
        "each group | part along the normalised",
        r"each group | \gamma \odot",
    ),
    "FusedRmsNormBackward0": ("root mean square | part along it", r"x / r | \frac{1}{r}"),
    "ScaledDotProductFlashAttentionForCpuBackward0": (
        "attended | queries and keys | softmax",
        r"P \odot | P^{\top}\,\bar{y} | \frac{1}{\sqrt{d}}",
    ),
    "MkldnnRnnLayerBackward0": ("back through time | every step", r"h_{t-1}"),
    "ThnnFusedLstmCellBackward0": ("one step | every gate", r"all gates of one step"),
    "ViewBackward0": ("another shape | reshaped back", r"\operatorname{reshape}"),
    "TBackward0": ("two axes were swapped", r"only \bar{x} = \bar{y}^{\top}"),
    "PermuteBackward0": ("another order | put back", r"permute}^{-1}"),
    "FlipBackward0": ("reverse order | flipped back", r"\operatorname{flip}"),
    "RollBackward0": ("shifted around in a circle", r"roll}_{-n}"),
    "Rot90Backward0": ("quarter turns", r"rot}_{-90 k}"),
    "PixelShuffleBackward0": (
        "channels were laid out as blocks of cells",
        r"\operatorname{unshuffle}_r",
    ),
    "PixelUnshuffleBackward0": ("cells were laid out as channels", r"\operatorname{shuffle}_r"),
    "ChannelShuffleBackward0": ("groups were interleaved", r"\bar{x}_{g,c} = \bar{y}_{c,g}"),
    "CloneBackward0": ("a copy: | handed on as it is", r"only \bar{x} = \bar{y}"),
    "ToCopyBackward0": ("another type | cast", r"\operatorname{cast}"),
    "CopyBackwards": ("whole tensor was overwritten", r"\bar{x} = 0"),
    "ExpandBackward0": ("one value was read in many places", r"\text{places }"),
    "RepeatBackward0": ("like a tile", r"\text{tiles } k"),
    "UnfoldBackward0": ("windows along one axis", r"i - s j"),
    "AsStridedBackward0": ("memory", r"\mathrm{memory}(j) = i"),
    "AccumulateGrad": ("end of the way | .grad", r"\theta_{\mathrm{grad}} + \bar{\theta}"),
    "SliceBackward0": (
        "range that was taken | others get 0",
        r"from the range | 0 & \text{otherwise}",
    ),
    "SelectBackward0": (
        "slice at the index | others get 0",
        r"at the index | 0 & \text{otherwise}",
    ),
    "DiagonalBackward0": (
        "on the diagonal that was taken",
        r"from the diagonal | 0 & \text{otherwise}",
    ),
    "DiagEmbedBackward0": ("put on a diagonal among zeros", r"\bar{y}_{i,\,i+k}"),
    "TrilBackward0": ("lower triangle", r"j - i \le k"),
    "TriuBackward0": ("upper triangle", r"j - i \ge k"),
    "SplitBackward0": ("cut into parts: | side by side again", r"\operatorname{cat}"),
    "UnbindBackward0": ("taken apart | stacked again", r"\operatorname{stack}"),
    "CatBackward0": ("inputs stand side by side", r"\operatorname{split}"),
    "StackBackward0": ("inputs were stacked | own slice", r"\dots k \dots"),
    "BlockDiagBackward0": ("blocks along a diagonal", r"in block"),
    "IndexBackward0": ("by index or mask", r"\bar{x}_i = \sum_{j:\, \mathrm{index}(j) = i}"),
    "GatherBackward0": ("named the cell it reads", r"\mathrm{gather}"),
    "IndexSelectBackward0": ("whole slices were looked up", r"\mathrm{select}"),
    "TakeBackward0": ("looked up by their row-major position", r"\mathrm{flat}"),
    "MaskedSelectBackward0": ("mask let through | others get 0", r"[m_i]"),
    "SortBackward0": ("sorted: | came from", r"\pi(j)"),
    "TopkBackward0": ("k cells that were chosen", r"came out as the } j"),
    "KthvalueBackward0": ("the one cell of each row", r"x_i \text{ came out} \\"),
    "IndexPutBackward0": (
        "put at an index | overwrote gets 0",
        r"\bar{v}_j = \bar{y}_{\mathrm{index}(j)}",
    ),
    "PutBackward0": ("put at a row-major position", r"flat position"),
    "ScatterBackward0": ("scattered along one axis", r"but } 0 \text{ where scatter wrote"),
    "ScatterAddBackward0": ("added along one axis", r"where scatter added"),
    "IndexAddBackward0": (
        "slices were added | times alpha",
        r"\alpha\,\bar{y} \text{ in the indexed slices",
    ),
    "IndexCopyBackward0": ("copied over the indexed", r"but } 0 \text{ in the indexed slices"),
    "IndexFillBackward0": ("slices were filled with one value", r"\sum_{\text{filled}}"),
    "MaskedFillBackward0": ("mask's cells were filled", r"\sum [m] \odot"),
    "MaskedScatterBackward0": ("overwritten one by one", r"[\neg m] | -th cell in mask"),
    "SliceScatterBackward0": ("a range was overwritten", r"but } 0 \text{ in the range"),
    "SelectScatterBackward0": ("one slice was overwritten", r"but } 0 \text{ at the index"),
    "DiagonalScatterBackward0": ("a diagonal was overwritten", r"but } 0 \text{ on the diagonal"),
    "CopySlices": ("changed in place | passes", r"\frac{\partial f}{\partial x_i}"),
    "EmbeddingBackward0": ("row of the table | averages | padding", r"c_r \sum | \text{count"),
    "EmbeddingBagBackward0": ("combined in bags | weight", r"w_j\,\bar{y}_{\mathrm{bag}(j)}"),
    "Im2ColBackward0": ("patches were laid out as columns", r"\bar{x} = \operatorname{fold}"),
    "Col2ImBackward0": ("columns were added into a map", r"\bar{x} = \operatorname{unfold}"),
    "GridSampler2DBackward0": (
        "grid point | weights | slope",
        r"\frac{\partial w_{ij}}{\partial g_j}",
    ),
    "AffineGridGeneratorBackward0": ("affine map", r"g_j = \theta\,p_j"),
    "CdistBackward0": ("every row of the other set | coincide", r"u_i - v_j | -\sum_i s_{ij}"),
    "PdistBackward0": ("every other row of its set", r"\sum_{j \ne i}"),
    "NativeDropoutBackward0": ("dropout kept | get 0", r"\frac{1}{1 - p}\,m"),
}
"""Node (and the torch function that made it) -> words of its sentence, parts of its formula."""
