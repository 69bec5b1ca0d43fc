"""What the browser says of two runs beside one another."""

from __future__ import annotations

from collections.abc import Mapping

BESIDE_WORDS: Mapping[str, str] = {
    "title": "Two runs",
    "losses": "loss: A {a}, B {b}",
    "no_loss": "none",
    "flows": "Layers of A and B in forward order",
    "profile": "The largest gradient at every layer of A and B",
    "both_names": "{a} and {b}",
    "only_a": "B has no such layer.",
    "only_b": "A has no such layer. Swap to look at it.",
    "ratio": "B : A = {ratio}",
    # How large the gradient is at the first layer that both have one at.
    "first_ratio": "At layer {layer}, B's largest gradient is {ratio} times A's.",
    "first_equal": "At layer {layer}, the largest gradients of A and B are equal.",
    "first_zero": "At layer {layer}, the gradients of A and B are all zero.",
    "first_a_zero": "At layer {layer}, A's gradient is all zero; B's is not.",
    "first_b_zero": "At layer {layer}, B's gradient is all zero; A's is not.",
    "first_none": "At no layer do both have a gradient to compare.",
    # Of the chosen layer.
    "largest": "Largest |gradient| of the whole batch: A {a}, B {b}.",
    "largest_short": "largest |gradient|:",
    "blank": "On one scale {name} looks blank: its largest is {factor} times smaller.",
    "map_a": "A: {title}",
    "map_b": "B: {title}",
    "map_minus": "B − A",
    "map_equal": "B − A: equal in every cell",
    "cell_by_cell": "cell by cell",
    "no_layer": "B has no such layer.",
    "no_difference": "There is no difference: only one of the two is there.",
    "other_shape": "There is no difference: A has {a} cells and B has {b}.",
}
"""In English."""
