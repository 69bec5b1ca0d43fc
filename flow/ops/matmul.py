"""Matrix products: each factor gets the gradient times the other factor.

A product is written in letters as torch.einsum reads them. Its backward swaps the output with the
factor in question, and the coefficient between two cells is the entry that has their letters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flow.ops.common.closed import Backward, Gradients, signed, summed_to
from flow.ops.common.operation import Operation, ruled
from flow.ops.common.terms import Proposal, Terms, entries, everywhere, scaled, unnamed
from flow.record import Array, Rule
from flow.said import said

BIAS = 0
"""Which input of addmm and its like is the added term; the factors come after it."""


@dataclass(frozen=True)
class _Product:
    """One product of two saved tensors, perhaps times alpha and added to beta x another."""

    letters: tuple[str, str, str]
    """Of the first factor, the second and the output."""
    saved: tuple[str, str]
    labels: tuple[str, str] = ("first", "second")
    """What the factors are called where they have no parameter's name."""
    added: bool = False

    def closed_form(self, backward: Backward) -> Gradients:
        """Return the gradients of the added term, if there is one, and of both factors."""
        found: list[Array | None] = []
        alpha = backward.setting("alpha") if self.added else 1
        if self.added:
            below = backward.wants(BIAS)
            beta = backward.setting("beta")
            found.append(None if below is None else beta * summed_to(backward.g, below))
        for side in (0, 1):
            wanted = backward.wants(side + self.added) is not None
            found.append(alpha * self._factor(backward, side) if wanted else None)
        return tuple(found)

    def _factor(self, backward: Backward, side: int) -> Array:
        mine, other = self.letters[side], self.letters[1 - side]
        factor = backward.tensor(self.saved[1 - side])
        turned = f"{self.letters[2]},{other}->{mine}"
        return np.asarray(np.einsum(turned, backward.g, factor, optimize=True))

    def names(self, terms: Terms) -> Proposal | None:
        """Name the entry of the other factor."""
        if self.added and terms.which == BIAS:
            return _added(terms.node._saved_beta)
        side = terms.which - self.added
        other = terms.saved(self.saved[1 - side])
        if other is None:
            return None
        known = {
            **dict(zip(self.letters[2], terms.above, strict=True)),
            **dict(zip(self.letters[side], terms.below, strict=True)),
        }
        index = tuple(known[letter] for letter in self.letters[1 - side])
        label, turned = self._label(terms, 1 - side)
        found = entries(label, other.T, index[::-1]) if turned else entries(label, other, index)
        return scaled(found, terms.node._saved_alpha) if self.added else found

    def _label(self, terms: Terms, side: int) -> tuple[str, bool]:
        """Return what a factor is called, and whether it is that thing transposed."""
        which = side + self.added
        if side == 1 and not terms.leaf(which):
            weight = _transposed_weight(terms, which)
            if weight:
                return weight, True
        return terms.leaf(which) or self.labels[side], False


def _added(beta: complex) -> Proposal:
    return everywhere(
        said("1 (bias)") if beta == 1 else said("{beta:g} (beta)", beta=beta), np.asarray(beta)
    )


def _transposed_weight(terms: Terms, which: int) -> str:
    """Return the name of the weight of which a right factor is the transpose; empty for none."""
    target = terms.record.targets[which]
    name = "weight" if terms.record.call.endswith("linear") else ""
    if target is not None and terms.capture.node(target).name == "TBackward0":
        before = terms.capture.node(target).targets[0]
        name = name if before is None else terms.capture.node(before).parameter or name
    return name


def trilinear(backward: Backward) -> Gradients:
    """Return the gradients of three factors: the other two times the upstream, summed."""
    places = [backward.setting(f"expand{which}") for which in (1, 2, 3)]
    summed = tuple(backward.setting("sumdim"))
    g = np.expand_dims(backward.g, tuple(signed(axis) for axis in summed))
    found: list[Array | None] = []
    for which in range(3):
        if backward.wants(which) is None:
            found.append(None)
            continue
        whole = g
        for other in {0, 1, 2} - {which}:
            whole = whole * np.expand_dims(backward.tensor(f"i{other + 1}"), tuple(places[other]))
        found.append(whole.sum(tuple(places[which])))
    return tuple(found)


_OF_WEIGHT = (
    "Each weight adds up, over all rows, the gradient of its output feature times the input "
    "feature that it met there."
)
_OF_BIAS = (
    "Each bias was added to its output feature in every row: it adds up that feature's gradients."
)
LINEAR = Rule(
    r"\bar{x} = \bar{y}\,W, \quad \bar{W}^{\top} = x^{\top}\bar{y}, \quad "
    r"\bar{b} = \sum_n \bar{y}_n",
    "Each input feature adds up the gradients of all outputs, each times the weight that "
    "joined them.",
    ((0, _OF_BIAS), (2, _OF_WEIGHT)),
)
LINEAR_WITHOUT_BIAS = Rule(
    r"\bar{x} = \bar{y}\,W, \quad \bar{W}^{\top} = x^{\top}\bar{y}",
    LINEAR.sentence,
    ((1, _OF_WEIGHT),),
)
"""Rows are samples: y = x W^T + b. The node hands on the gradient of W^T."""


def _sum(term: str, product: str, first: str, second: str) -> str:
    """Write the gradients of beta x term + alpha x product."""
    return (
        rf"\bar{{{term}}} = \beta \textstyle\sum_{{\text{{copies}}}} \bar{{y}}, \quad "
        rf"{first}, \quad {second} \quad \text{{for }} y = \beta\,{term} + \alpha\,{product}"
    )


_DOT = (
    r"\bar{u} = \bar{y}\,v, \quad \bar{v} = \bar{y}\,u \quad \text{for } y = u \cdot v",
    "Each vector gets the other one, scaled by the gradient of the product.",
)


def _operation(product: _Product, formula: str, sentence: str) -> Operation:
    return ruled(
        formula, sentence, product.closed_form, names=product.names, reads="sum", copies=True
    )


OPS = {
    "AddmmBackward0": replace(
        _operation(
            _Product(("ik", "kj", "ij"), ("mat1", "mat2"), ("x", "second"), added=True),
            _sum(
                "c",
                "A B",
                r"\bar{A} = \alpha\,\bar{y}\,B^{\top}",
                r"\bar{B} = \alpha\,A^{\top}\bar{y}",
            ),
            "The added term gets beta times the gradient; each matrix gets alpha times it, times "
            "the other matrix transposed.",
        ),
        weighs=True,
        bias_axis=-1,
        called={"linear": LINEAR},
    ),
    "MmBackward0": replace(
        _operation(
            _Product(("ik", "kj", "ij"), ("self", "mat2"), ("x", "second")),
            r"\bar{A} = \bar{y}\,B^{\top}, \quad \bar{B} = A^{\top}\bar{y} "
            r"\quad \text{for } y = A B",
            "Each matrix gets the gradient times the other matrix, transposed.",
        ),
        weighs=True,
        called={"linear": LINEAR_WITHOUT_BIAS},
    ),
    "BmmBackward0": _operation(
        _Product(("bik", "bkj", "bij"), ("self", "mat2")),
        r"\bar{A}_n = \bar{y}_n\,B_n^{\top}, \quad \bar{B}_n = A_n^{\top}\bar{y}_n "
        r"\quad \text{for } y_n = A_n B_n",
        "In every pair of the batch each matrix gets the gradient times the other, transposed.",
    ),
    "BaddbmmBackward0": _operation(
        _Product(("bik", "bkj", "bij"), ("batch1", "batch2"), added=True),
        _sum(
            "c",
            "A_n B_n",
            r"\bar{A}_n = \alpha\,\bar{y}_n B_n^{\top}",
            r"\bar{B}_n = \alpha\,A_n^{\top}\bar{y}_n",
        ),
        "In every pair of the batch each matrix gets alpha times the gradient times the other; the "
        "added term gets beta times it.",
    ),
    "AddbmmBackward0": _operation(
        _Product(("bik", "bkj", "ij"), ("batch1", "batch2"), added=True),
        _sum(
            "c",
            r"\textstyle\sum_n A_n B_n",
            r"\bar{A}_n = \alpha\,\bar{y}\,B_n^{\top}",
            r"\bar{B}_n = \alpha\,A_n^{\top}\bar{y}",
        ),
        "The products of all pairs were added, so every pair gets the same gradient times its "
        "other matrix.",
    ),
    "MvBackward0": _operation(
        _Product(("ik", "k", "i"), ("self", "vec"), ("matrix", "vector")),
        r"\bar{A} = \bar{y}\,v^{\top}, \quad \bar{v} = A^{\top}\,\bar{y} \quad \text{for } y = A v",
        "The matrix gets the gradient times the vector; the vector gets the transposed matrix "
        "times the gradient.",
    ),
    "AddmvBackward0": _operation(
        _Product(("ik", "k", "i"), ("mat", "vec"), ("matrix", "vector"), added=True),
        _sum(
            "c", "A v", r"\bar{A} = \alpha\,\bar{y}\,v^{\top}", r"\bar{v} = \alpha\,A^{\top}\bar{y}"
        ),
        "The added term gets beta times the gradient; matrix and vector get alpha times it, times "
        "each other.",
    ),
    "AddrBackward0": _operation(
        _Product(("i", "j", "ij"), ("vec1", "vec2"), added=True),
        _sum(
            "c",
            r"u v^{\top}",
            r"\bar{u} = \alpha\,\bar{y}\,v",
            r"\bar{v} = \alpha\,\bar{y}^{\top} u",
        ),
        "Each vector of the outer product gets alpha times the gradient times the other; the added "
        "term gets beta times it.",
    ),
    "DotBackward0": _operation(_Product(("k", "k", ""), ("self", "tensor")), *_DOT),
    "VdotBackward0": _operation(_Product(("k", "k", ""), ("self", "other")), *_DOT),
    "TrilinearBackward0": ruled(
        r"\bar{a} = \textstyle\sum \bar{y}\,b\,c, \quad \bar{b} = \sum \bar{y}\,a\,c, \quad "
        r"\bar{c} = \sum \bar{y}\,a\,b \quad \text{for } y = \sum a\,b\,c",
        "Three factors were multiplied and summed: each gets the gradient times the other two.",
        trilinear,
        names=unnamed,
    ),
}
