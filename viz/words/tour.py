"""The words of the tour of the playground: what each of its four stops is, and what to do there."""

from __future__ import annotations

from collections.abc import Mapping

TOUR_WORDS: Mapping[str, str] = {
    "start": "Tour",
    "start_help": "Four stops: the flow, a cell, its sum, the proof",
    "name": "Tour of the playground",
    "place": "{place} of {count}",
    "back": "Back",
    "next": "Next",
    "done": "Done",
    "skip": "Skip the tour",
    "flow": "The flow",
    "says_flow": "One box a layer. Values go right, gradients come back left from the loss. The "
    "line below tells how large the gradient is at each layer. Press a layer's box to look into "
    "it.",
    "cell": "A cell",
    "says_cell": "On the right the gradient that arrives at the layer, on the left what it hands "
    "on. Point at a cell, or go there with the arrow keys: cells that belong to it light up.",
    "says_cell_touched": "On the right the gradient that arrives at the layer, on the left what it "
    "hands on. Tap a cell: cells that belong to it light up.",
    "sum": "Its sum",
    "says_sum": "The outlined cell, written out: what it is made of, term by term. The result is "
    "compared with PyTorch's own number.",
    "says_sum_touched": "The outlined cell, written out: what it is made of, term by term.",
    "proof": "The proof",
    "says_proof": "PyTorch's gradients are compared with other ways to get the same numbers. Open "
    "this line to see which, and how closely they agree.",
}
"""In English."""
