r"""The written rule of every operation: what its node does to the gradient that arrives.

In the formulas a bar is a gradient: :math:`\bar{y}` is dL/dy, the upstream gradient, and
:math:`\bar{x}` is dL/dx, the downstream gradient. Adding an operation is one entry in the
table it belongs to (``flow.pointwise.POINTWISE`` for a function of single cells). The closed
form, where there is one, is computed in numpy and float64 without autograd; ``flow.check``
compares the two.
"""

from __future__ import annotations

from flow.rule import Rule
from flow.rules_of_cells import ARITHMETIC
from flow.rules_of_layers import MAPS, WEIGHTED
from flow.rules_of_moves import MOVES
from flow.rules_of_norms import NORMS_AND_LOSSES

__all__ = ["RULES", "Rule"]

RULES: dict[str, Rule] = {**MOVES, **WEIGHTED, **MAPS, **ARITHMETIC, **NORMS_AND_LOSSES}
"""Class name of a node -> its rule."""
