"""The words of the field that a beginner lacks, each explained in a line: the one source.

The browser has them among its words, texts of pages and lessons point at them by a link, and
``docs/glossary.md`` lists them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from viz.language import Say


@dataclass(frozen=True)
class Entry:
    """A term, what it means, and where it helps an example."""

    title: str
    sentence: str
    help: str = ""
    """An example."""


GLOSSARY: Mapping[str, Entry] = {
    "loss": Entry(
        "Loss",
        "one number that says how wrong the output of a network is. The backward pass begins "
        "with it.",
    ),
    "gradient": Entry(
        "Gradient",
        "for every number of a tensor, the derivative of the loss by that number: how much the "
        "loss would change, per unit, if it grew a little. A gradient has the shape of its tensor.",
        "If a cell's gradient is 0.9, making the cell 0.001 larger makes the loss about 0.0009 "
        "larger.",
    ),
    "forward": Entry(
        "Forward pass",
        "the network computes its output from the input, layer by layer, and then the loss.",
    ),
    "backward": Entry(
        "Backward pass",
        "autograd goes through what was computed in the opposite order, from the loss on, and "
        "works out every gradient.",
    ),
    "upstream": Entry(
        "Upstream gradient",
        "dL/d output of a layer or node: the gradient that arrives there on the way back from the "
        "loss. It has the shape of the output.",
    ),
    "downstream": Entry(
        "Downstream gradient",
        "dL/d input of a layer or node: the gradient that it hands on. It has the shape of the "
        "input.",
    ),
    "parameter_gradient": Entry(
        "Parameter gradient",
        "dL/d parameter, such as a weight: what loss.backward() adds to its .grad, and what an "
        "optimizer goes by.",
    ),
    "autograd_graph": Entry(
        "Autograd graph",
        "what PyTorch notes down while it computes: a node for each operation, joined to the nodes "
        "of its inputs. The backward pass walks through it, from the loss to the leaves.",
    ),
    "node": Entry(
        "Node",
        "one operation of the autograd graph. It takes the upstream gradient and makes a "
        "downstream gradient for each of its inputs that needs one.",
        "ConvolutionBackward0, AddmmBackward0",
    ),
    "leaf": Entry(
        "Leaf",
        "a tensor that was not computed from others that need a gradient, such as a parameter or "
        "the input. If it asks for a gradient, loss.backward() stores it in .grad.",
    ),
    "accumulate_grad": Entry(
        "AccumulateGrad",
        "the node at the end of a way back: it adds the gradient that arrives to .grad of its "
        "leaf.",
    ),
    "grad_fn": Entry(
        "grad_fn",
        "an attribute of a tensor: the node of the operation that made it. A leaf has None there.",
    ),
    "vjp": Entry(
        "Vector-Jacobian product",
        "what every node computes on the way back: the upstream gradient, as a row, times the "
        "matrix of all derivatives of the outputs by the inputs. The matrix itself is not built.",
    ),
    "sum_of_terms": Entry(
        "Sum of terms",
        "one cell of a gradient written out: for every upstream cell that it feeds, a coefficient "
        "times that cell, all added up.",
        "0.185 ≈ −0.424 × −0.245 + −0.294 × −0.274",
    ),
    "term": Entry(
        "Term",
        "one summand of a gradient cell: a coefficient, such as a weight, times one upstream cell.",
    ),
    "closed_form": Entry(
        "Closed form",
        "a formula for the whole gradient of an operation, derived by hand and computed here "
        "without autograd.",
        "For y = tanh(x) the downstream gradient is the upstream gradient times 1 − y².",
    ),
    "finite_differences": Entry(
        "Finite differences",
        "a derivative that is measured: make one number slightly larger and slightly smaller, and "
        "divide the difference of the results by the distance.",
        "(f(x + h) − f(x − h)) / 2h",
    ),
    "agree": Entry(
        "Agree",
        "two ways to compute the same gradient differ in no cell by more than rounding explains.",
    ),
    "layer": Entry(
        "Layer",
        "a part of the network that computes something itself, an nn.Module without others inside.",
        "nn.Conv2d, nn.ReLU",
    ),
    "weight": Entry(
        "Weight",
        "a parameter that a layer multiplies its input by. Training changes it.",
    ),
    "sample": Entry("Sample", "one example of a batch: one index of a tensor's first axis."),
    "channel": Entry(
        "Channel",
        "one of the maps that a tensor holds for every sample: one index of its second axis.",
        "A colour picture has three: red, green and blue.",
    ),
    "cell": Entry("Cell", "one number of a tensor, named by its index."),
    "target": Entry("Target", "what the output ought to be. The loss compares the output with it."),
    "seed": Entry(
        "Seed",
        "the number from which all random numbers follow. The same seed gives the same weights.",
    ),
}
"""In English, by the key under which a text points at them."""
MARK = "#term-"
"""Before the key in the address of a link that stands for an explanation."""


def explained(key: str, words: str) -> str:
    """Return words as a Markdown link that shows, on a page, what the term with this key means.

    Raises KeyError where there is no such term.
    """
    assert GLOSSARY[key]  # noqa: S101 - a test would notice
    return f"[{words}]({MARK}{key})"


def glossary_words(say: Say) -> Mapping[str, str]:
    """Return every explanation in a visitor's language, by its key."""
    return {key: _line(entry, say) for key, entry in GLOSSARY.items()}


def document() -> str:
    """Return the glossary as a page of Markdown, in English."""
    entries = sorted(GLOSSARY.items(), key=lambda item: item[1].title.lower())
    lines = [
        f'- <a id="{MARK[1:]}{key}"></a>**{entry.title}**: {entry.sentence}'
        + (f" *Example:* {entry.help}" if entry.help else "")
        for key, entry in entries
    ]
    return "\n".join(("# Glossary", "", *lines, ""))


def _line(entry: Entry, say: Say) -> str:
    line = f"{say(entry.title)}: {say(entry.sentence)}"
    return f"{line} {say('Example:')} {say(entry.help)}" if entry.help else line
