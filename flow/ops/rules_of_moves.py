"""Rules of operations that only move, copy, cut and join cells."""

from __future__ import annotations

from flow.ops import closed_cells as cells
from flow.ops import closed_maps as maps
from flow.ops.written import Written as Rule

_MOVED = r"\bar{x} = \operatorname{rearrange}^{-1}(\bar{y})"
_SAME_CELLS = "The same cells in another arrangement: each gradient goes back to its cell's place."

MOVES = {
    **dict.fromkeys(
        (
            "ViewBackward0",
            "UnsafeViewBackward0",
            "ReshapeAliasBackward0",
            "SqueezeBackward0",
            "SqueezeBackward1",
            "SqueezeBackward2",
            "UnsqueezeBackward0",
        ),
        Rule(
            r"\bar{x} = \operatorname{reshape}(\bar{y})",
            "The same cells in another shape: the gradient is only reshaped back.",
            cells.reshaped,
            linear=True,
        ),
    ),
    **dict.fromkeys(
        ("TBackward0", "TransposeBackward0", "TransposeBackward1"),
        Rule(
            r"\bar{x} = \bar{y}^{\top}",
            "Two axes were swapped: the gradient has them swapped back.",
            cells.transposed,
            linear=True,
        ),
    ),
    "PermuteBackward0": Rule(_MOVED, _SAME_CELLS, cells.permuted, linear=True),
    "PixelShuffleBackward0": Rule(_MOVED, _SAME_CELLS, maps.shuffled, linear=True),
    **dict.fromkeys(
        ("CloneBackward0", "AliasBackward0", "ToCopyBackward0"),
        Rule(
            r"\bar{x} = \bar{y}",
            "A copy: the gradient is handed on as it is.",
            cells.handed_on,
            linear=True,
        ),
    ),
    "ExpandBackward0": Rule(
        r"\bar{x}_i = \sum_{\text{copies } k} \bar{y}_{i,k}",
        "One value was read in many places: their gradients add up.",
        cells.expanded,
        linear=True,
    ),
    "RepeatBackward0": Rule(
        r"\bar{x}_i = \sum_{\text{copies } k} \bar{y}_{i,k}",
        "One value was read in many places: their gradients add up.",
        cells.repeated,
        linear=True,
    ),
    "CatBackward0": Rule(
        r"[\bar{x}_1, \dots, \bar{x}_n] = \operatorname{split}(\bar{y})",
        "The inputs stand side by side: the gradient is cut into the same parts.",
        cells.joined,
        linear=True,
    ),
    "StackBackward0": Rule(
        r"\bar{x}_k = \bar{y}_{\dots k \dots}",
        "The inputs were stacked: each gets its own slice of the gradient.",
        cells.stacked,
        linear=True,
    ),
    **dict.fromkeys(
        ("SplitBackward0", "SplitWithSizesBackward0", "UnsafeSplitBackward0"),
        Rule(
            r"\bar{x} = \operatorname{cat}(\bar{y}_1, \dots, \bar{y}_n)",
            "The input was cut into parts: their gradients are put side by side again.",
            cells.split,
            linear=True,
        ),
    ),
    "UnbindBackward0": Rule(
        r"\bar{x} = \operatorname{stack}(\bar{y}_1, \dots, \bar{y}_n)",
        "The input was taken apart: the gradients of its slices are stacked again.",
        cells.unbound,
        linear=True,
    ),
    "SliceBackward0": Rule(
        r"\bar{x}_i = \begin{cases} \bar{y}_j & x_i \text{ was taken as } y_j \\ "
        r"0 & \text{otherwise} \end{cases}",
        "Only the cells that were taken get a gradient; all others get 0.",
        cells.sliced,
        linear=True,
    ),
    "SelectBackward0": Rule(
        r"\bar{x}_i = \begin{cases} \bar{y}_j & x_i \text{ was taken as } y_j \\ "
        r"0 & \text{otherwise} \end{cases}",
        "Only the slice that was taken gets a gradient; all others get 0.",
        cells.selected,
        linear=True,
    ),
    **{
        name: Rule(
            r"\bar{x}_i = \sum_{j:\, \mathrm{index}(j) = i} \bar{y}_j",
            "Each cell adds up the gradients of all places where it was looked up.",
            closed_form,
            linear=True,
        )
        for name, closed_form in (
            ("IndexBackward0", cells.indexed),
            ("GatherBackward0", cells.gathered),
            ("IndexSelectBackward0", cells.index_selected),
        )
    },
    "ConstantPadNdBackward0": Rule(
        r"\bar{x} = \operatorname{crop}(\bar{y})",
        "The frame that was put around is cut off; its gradients go nowhere.",
        maps.constant_padding,
        linear=True,
    ),
    **dict.fromkeys(
        [f"{kind}Pad{n}DBackward0" for kind in ("Reflection", "Replication") for n in (1, 2, 3)],
        Rule(
            r"\bar{x}_i = \sum_{j:\, \mathrm{source}(j) = i} \bar{y}_j",
            "Cells that were repeated in the frame add up the gradients of all their copies.",
            maps.repeated_padding,
            linear=True,
        ),
    ),
    "EmbeddingBackward0": Rule(
        r"\bar{W}_r = \sum_{j:\, \mathrm{index}(j) = r} \bar{y}_j",
        "Each row of the table adds up the gradients of all places where it was looked up.",
        cells.looked_up,
        linear=True,
    ),
    "CopySlices": Rule(
        r"\bar{x}_i = \bar{y}_i \text{ where } x_i \text{ was not overwritten}",
        "A part was overwritten in place: the old value there gets nothing, the new one does.",
    ),
    "AccumulateGrad": Rule(
        r"\theta_{\text{grad}} \leftarrow \theta_{\text{grad}} + \bar{\theta}",
        "The end of the way: what arrives is added to the parameter's .grad.",
    ),
}
