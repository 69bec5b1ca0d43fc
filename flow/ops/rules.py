"""Every written rule, joined."""

from __future__ import annotations

from flow.ops.rules_of_cells import ARITHMETIC
from flow.ops.rules_of_norms import NORMS_AND_LOSSES
from flow.ops.written import Written

RULES: dict[str, Written] = {**ARITHMETIC, **NORMS_AND_LOSSES}
