"""Rules of arithmetic, reductions and functions of single cells."""

from __future__ import annotations

from flow.ops import closed_cells as cells
from flow.ops.pointwise import POINTWISE
from flow.ops.written import Written as Rule

_ADD = Rule(
    r"\bar{a} = \bar{y}, \quad \bar{b} = \alpha\,\bar{y}",
    "The gradient is handed to each summand unchanged, summed where it was broadcast.",
    cells.summed,
    linear=True,
)
_SUBTRACT = Rule(
    r"\bar{a} = \bar{y}, \quad \bar{b} = -\alpha\,\bar{y}",
    "What was added gets the gradient; what was taken away gets it with the other sign.",
    cells.summed,
    linear=True,
)
_SUM = Rule(
    r"\bar{x}_i = \bar{y}",
    "Every summand counts once, so each gets the upstream gradient unchanged.",
    cells.total,
    linear=True,
)
_MEAN = Rule(
    r"\bar{x}_i = \frac{\bar{y}}{n}",
    "Each of the n averaged cells gets the same share of the gradient.",
    cells.mean,
    linear=True,
)

ARITHMETIC = {
    **dict.fromkeys(("AddBackward0", "AddBackward1"), _ADD),
    **dict.fromkeys(("SubBackward0", "RsubBackward1"), _SUBTRACT),
    "MulBackward0": Rule(
        r"\bar{a} = \bar{y} \odot b, \quad \bar{b} = \bar{y} \odot a",
        "Each factor gets the gradient times the other factor, such as dropout's mask.",
        cells.multiplied,
        linear=True,
    ),
    "MulBackward1": Rule(
        r"\bar{x} = c\,\bar{y}",
        "The gradient is scaled by the same number as the value.",
        cells.multiplied_by_number,
        linear=True,
    ),
    "DivBackward0": Rule(
        r"\bar{a} = \frac{\bar{y}}{b}, \quad \bar{b} = -\frac{\bar{y}\,a}{b^2}",
        "The numerator's gradient is divided too; a larger divisor makes the result smaller.",
        cells.divided,
    ),
    "WhereBackward0": Rule(
        r"\bar{a} = [c] \odot \bar{y}, \quad \bar{b} = [\neg c] \odot \bar{y}",
        "Each gradient goes to the side its value was taken from.",
        cells.chosen,
    ),
    **dict.fromkeys(("SumBackward0", "SumBackward1"), _SUM),
    **dict.fromkeys(("MeanBackward0", "MeanBackward1"), _MEAN),
    "MaxBackward0": Rule(
        r"\bar{x}_i = \begin{cases} \bar{y} & i = \arg\max x \\ 0 & \text{otherwise} \end{cases}",
        "Only the largest cell gets the gradient.",
        cells.largest,
    ),
    **{
        name: Rule(
            rf"\bar{{x}} = \bar{{y}} \odot f'(x), \quad f'(x) = {function.latex}",
            function.sentence,
            cells.pointwise,
        )
        for name, function in POINTWISE.items()
    },
}
