"""What one forward and one backward left behind: frozen values, numpy only.

Nothing here holds a tensor, a module or an autograd graph, so every record can be
pickled, cached and drawn by code that has never heard of torch.

Words: a *node* is one ``grad_fn`` or ``AccumulateGrad``; a *layer* is one call of a
named module; the *upstream* gradient is dL/d(output), the *downstream* gradient is
dL/d(input), the part that this node or layer hands on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]

ROOT = ""
"""Layer name of nodes that the model itself made, outside every named module."""
LOSS = "(loss)"
"""Layer name of nodes that were made while the loss was computed."""
INPUT = "(input)"
"""Name of a leaf that is an input of the model rather than a parameter."""

GradientPlace = tuple[str, int]
"""Where the gradient of a tensor stands in the graph: (id of a node, which of its outputs)."""

Severity = Literal["error", "warning", "note"]
EdgeKind = Literal["gradient", "leaf", "output", "saved", "view"]


class Edge(NamedTuple):
    """One arrow of the autograd graph, in the direction torchviz draws it (forward)."""

    source: str
    target: str
    kind: EdgeKind = "gradient"


@dataclass(frozen=True, eq=False)
class ParameterRecord:
    """One parameter of the model. ``gradient`` is None where nothing arrived."""

    name: str
    """Full dotted name; tied names are joined: ``"a.weight = b.weight"``."""
    value: Array
    gradient: Array | None
    trainable: bool
    """Whether ``requires_grad`` was set during the run."""
    node: str | None
    """Id of its AccumulateGrad node, None when it is not in the graph."""

    @property
    def left_out(self) -> bool:
        """Whether it asked for a gradient, though no way of the graph leads to it."""
        return self.trainable and self.node is None and self.gradient is None


@dataclass(frozen=True, eq=False)
class LayerRecord:
    """One call of a named module, in the order in which the calls began."""

    name: str
    """Unique in a run: the module's path, with ``#2`` added for its second call."""
    path: str
    """Dotted path of the module, such as ``"body.0.conv1"``."""
    kind: str
    """Class name of the module, such as ``"Conv2d"``."""
    detail: str
    """The module's own ``extra_repr()``, such as ``"1, 1, kernel_size=(3, 3)"``."""
    leaf: bool
    """Whether no other named module ran inside this call."""
    inputs: tuple[Array | None, ...]
    """Value of every tensor given to the module; None where a later in-place op overwrote it."""
    outputs: tuple[Array | None, ...]
    input_shapes: tuple[Shape, ...]
    output_shapes: tuple[Shape, ...]
    upstreams: tuple[Array | None, ...]
    """dL/d(output), one per output; None where no gradient flows."""
    downstream: tuple[Array | None, ...]
    """dL/d(input) as this layer hands it on, one per input; None where no gradient flows."""
    parameters: tuple[ParameterRecord, ...]
    """The module's own parameters (not those of its children)."""
    nodes: tuple[str, ...]
    """Ids of the autograd nodes it owns, in execution order, leaves last."""
    input_places: tuple[GradientPlace | None, ...] = ()
    """Where each input's gradient stands; None where the input asks for none."""
    output_places: tuple[GradientPlace | None, ...] = ()
    shared: str = ""
    """For a layer that returns its input itself, such as ``Identity``: a sentence where several
    operations read that tensor after it, so that nothing tells which read it through the layer.

    The gradients of such a layer are what the operations after its call handed on; what ran
    before it, such as the convolution in ``conv(x) + short(x)``, is left out.
    """
    detaches: bool = False
    """Whether its forward took a tensor out of the graph, with ``detach()`` or ``.data``."""
    hooked: bool = False
    """Whether its module carries a backward hook, which may change what it hands on."""
    kept: bool = True
    """Whether its values and gradients were kept; where not, each of them is None."""
    asks: bool = False
    """Whether one of its outputs asked for a gradient, though none may have come."""
    cut: str | None = None
    """The layer that detached what came of its output, ``ROOT`` for the model itself; None where
    nobody did, or a way leads to the loss all the same."""

    @property
    def output(self) -> Array | None:
        """Value of the first output."""
        return self.outputs[0] if self.outputs else None

    @property
    def upstream(self) -> Array | None:
        """dL/d(first output)."""
        return self.upstreams[0] if self.upstreams else None


@dataclass(frozen=True, eq=False)
class NodeRecord:
    """One node of the autograd graph, with the gradients that went through it."""

    id: str
    """``"n0"`` is the first node the engine ran (the loss), ``"n1"`` the second, ..."""
    name: str
    """Class of the node: ``"ConvolutionBackward0"``, ``"AccumulateGrad"``, ..."""
    layer: str
    """Name of the innermost layer that made it, or ``ROOT``, ``LOSS``, ``INPUT``."""
    call: str
    """The torch function that made it, such as ``"conv2d"``; empty when unknown."""
    source: str
    """``"file.py:12"`` of the caller outside torch; empty when unknown."""
    parameter: str
    """For AccumulateGrad: the name of its leaf; empty for every other node."""
    shapes: tuple[Shape, ...]
    """Shape of every output of the forward op (so of every upstream gradient)."""
    upstream: tuple[Array | None, ...]
    """dL/d(output k); None where no gradient arrived."""
    downstream: tuple[Array | None, ...]
    """dL/d(input k) as this node hands it on; None where no gradient flows.

    AccumulateGrad has none: what arrives there is stored in ``.grad``.
    """
    targets: tuple[str | None, ...]
    """Id of the node each downstream gradient is handed to; None where none waits."""
    target_outputs: tuple[int, ...]
    """Which output of that target it is the (partial) gradient of."""
    value: Array | None = None
    """For AccumulateGrad: the value of the leaf."""
    hooked: tuple[int, ...] = ()
    """Outputs that carry a hook: ``upstream`` there is what the hook made of the gradient, the
    consumers' ``downstream`` what they handed on before it."""
    kept: bool = True
    """Whether its gradients were kept; where not, those that no kept layer has are None."""

    @property
    def index(self) -> int:
        """Place in the order in which the engine ran the nodes, counted from 0."""
        return int(self.id[1:])

    @property
    def is_leaf(self) -> bool:
        """Whether this is an AccumulateGrad node."""
        return self.name == "AccumulateGrad"


@dataclass(frozen=True)
class Problem:
    """One thing that is odd about a run: its kind, how serious it is, a sentence, and where."""

    kind: Literal[
        "non-finite loss",
        "non-finite input",
        "non-finite forward",
        "non-finite backward",
        "zero gradient",
        "vanished gradient",
        "not in the graph",
        "frozen",
        "detached",
        "dtype",
        "shared",
        "detach",
        "hook",
        "checkpoint",
    ]
    severity: Severity
    message: str
    node: str = ""
    layer: str = ""


class Notes(Protocol):
    """What a run noted, and the records that can be written from it."""

    @property
    def layers(self) -> tuple[LayerRecord, ...]:
        """Every call of a named module."""

    @property
    def nodes(self) -> tuple[NodeRecord, ...]:
        """Every node of the graph."""

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Every arrow of the graph."""

    @property
    def parameters(self) -> tuple[ParameterRecord, ...]:
        """Every parameter of the model."""

    def problems_of(self, capture: Capture) -> tuple[Problem, ...]:
        """Return what is odd about the run, most serious first."""


@dataclass(frozen=True, eq=False)
class Capture:
    """Everything one forward and one backward did.

    Layers, nodes, edges and parameters are written from the notes when they are first read.
    Arrays are read-only. They have the shape and dtype of the tensors they were read from
    (bfloat16 is widened to float32, sparse gradients are made dense).
    """

    notes: Notes = field(repr=False)
    loss: float | None
    """None when the backward began from a given upstream vector."""
    loss_kind: str
    """Name of the loss: a class (``"MSELoss"``), a function, or ``""``."""
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    device: str
    asks: bool = False
    """Whether an input asked for a gradient, though none may have come."""
    cut: str | None = None
    """The layer that detached what came of the first input, as of a ``LayerRecord``'s output."""

    @cached_property
    def layers(self) -> tuple[LayerRecord, ...]:
        """Every call of a named module, in the order in which the calls began."""
        return self.notes.layers

    @cached_property
    def nodes(self) -> tuple[NodeRecord, ...]:
        """Every node, in the order in which the engine ran them."""
        return self.notes.nodes

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Exactly the arrows torchviz draws.

        One name may differ: in a call of an attention layer that drops, torch reshapes with
        ``ViewBackward0`` while its random numbers are replaced, and with
        ``ReshapeAliasBackward0`` else. Both move the same cells.

        Ids: nodes ``n3``, leaf tensors ``v3`` (of node n3), outputs ``o0``, bases of viewed
        outputs ``b0``, tensors saved by custom functions ``s0``.
        """
        return self.notes.edges

    @cached_property
    def parameters(self) -> tuple[ParameterRecord, ...]:
        """Every parameter of the model."""
        return self.notes.parameters

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is odd about this run, most serious first, each with a sentence."""
        return self.notes.problems_of(self)

    @cached_property
    def _layers_by_name(self) -> dict[str, LayerRecord]:
        return {layer.name: layer for layer in self.layers}

    @cached_property
    def _nodes_by_id(self) -> dict[str, NodeRecord]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def givers(self) -> Mapping[GradientPlace, Sequence[tuple[NodeRecord, int]]]:
        """Which nodes lead to each output of a node, in the engine's order, and by which input."""
        found: dict[GradientPlace, list[tuple[NodeRecord, int]]] = {}
        for node in self.nodes:
            handed = zip(node.targets, node.target_outputs, strict=False)
            for which, (target, output) in enumerate(handed):
                if target is not None:
                    found.setdefault((target, output), []).append((node, which))
        return found

    def parts(self, node: str, output: int) -> list[tuple[NodeRecord, int]]:
        """Return the nodes that handed on a part of what arrived at an output, and which part."""
        givers = self.givers.get((node, output), ())
        return [(giver, which) for giver, which in givers if giver.downstream[which] is not None]

    def layer(self, name: str) -> LayerRecord:
        """Return the layer of that name; KeyError when there is none."""
        return self._layers_by_name[name]

    def node(self, id: str) -> NodeRecord:  # noqa: A002 - the field is called id everywhere
        """Return the node of that id; KeyError when there is none."""
        return self._nodes_by_id[id]


WORDS_IN_FORMULA = re.compile(r"\\text\{([^{}]*)\}")
"""Where a formula speaks English between its signs."""


@dataclass(frozen=True)
class Rule:
    """What one operation's backward does to the gradient that arrives: its rule, written down."""

    formula: str
    """In LaTeX as KaTeX reads it, without dollar signs; a bar is a gradient. Names are no text."""
    sentence: str
    parts: tuple[tuple[int, str], ...] = ()
    """Inputs of the node, by position, that ``sentence`` is not about, each with its own one."""

    def about(self, part: int) -> str:
        """Return the sentence about the gradient of one input."""
        return dict(self.parts).get(part, self.sentence)


Part = Literal["", "real part", "imaginary part"]
"""Of a complex number; empty for the whole."""


@dataclass(frozen=True, eq=False)
class Term:
    """One summand of a gradient cell: coefficient x upstream cell."""

    coefficient: float | complex
    name: str
    """What the coefficient is, such as ``"conv2.weight[0,0,1,2]"``; empty when unnamed."""
    output: int
    """Which output of the node the upstream cell belongs to."""
    cell: Shape
    """Index of the upstream cell."""
    upstream: float | complex
    value: float | complex
    """coefficient x upstream."""
    part: Part = ""
    """Which part of a complex upstream cell ``upstream`` is."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """One cell of a downstream gradient, written as a sum over upstream cells.

    The summands stand in arrays, all of one length and in row-major order of the upstream
    cells; ``terms`` gives them one by one.
    """

    node: str
    input: int
    cell: Shape
    coefficients: Array
    """The non-zero coefficients."""
    names: tuple[str, ...]
    """What each coefficient is, such as ``"conv2.weight[0,0,1,2]"``; empty when unnamed."""
    outputs: Array
    """Which output of the node each upstream cell belongs to."""
    places: Array
    """Row-major position of each upstream cell in its output."""
    upstreams: Array
    """The upstream cells."""
    shapes: tuple[Shape, ...]
    """Shape of every output."""
    total: float | complex
    """The products added one after the other, in that order, in the gradient's own dtype."""
    autograd: float | complex
    """The same cell as autograd computed it."""
    method: Literal["double backward", "one-hot", "accumulate"]
    note: str
    """A sentence where the sum needs one (no term, infinite derivative); else empty."""
    rule: Rule | None = None
    """What is written down about the node: formula and sentence; None for unknown ones."""
    parts: tuple[Part, ...] = ()
    """Which part of its upstream cell each term multiplies; empty: all of them the whole cell.

    A backward is linear over the real numbers. Where it is not over the complex ones, the real
    and the imaginary part of a complex upstream cell have coefficients of their own.
    """
    unit: float = 0.0
    """Unit roundoff of the coarsest type in which the node computed; 0 where there is no sum."""
    slack: float = 0.0
    """By how much the sum may be off besides, as ``SparseRows.slack``."""

    @property
    def difference(self) -> float:
        """|total - autograd|; 0 where both are the same non-finite value."""
        if self.total == self.autograd or (self.total != self.total) & (
            self.autograd != self.autograd
        ):
            return 0.0
        return float(abs(self.total - self.autograd))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Every summand: coefficient, its name, the upstream cell and the product."""
        return tuple(self._term(i) for i in range(len(self.coefficients)))

    def largest(self, count: int) -> Largest:
        """Return the ``count`` terms of largest size, and what all the others add up to."""
        with np.errstate(all="ignore"):
            products = self.coefficients * self.upstreams
            order = np.argsort(-np.abs(products), kind="stable")
            rest = products[np.sort(order[count:])].sum().item()
        return Largest(
            terms=tuple(self._term(int(i)) for i in order[:count]),
            left=max(len(products) - count, 0),
            rest=rest,
        )

    def _term(self, i: int) -> Term:
        coefficient, upstream = self.coefficients[i], self.upstreams[i]
        with np.errstate(all="ignore"):
            product = coefficient * upstream
        return Term(
            coefficient=coefficient.item(),
            name=self.names[i] if self.names else "",
            output=int(self.outputs[i]),
            cell=cell_at(int(self.places[i]), self.shapes[int(self.outputs[i])]),
            upstream=upstream.item(),
            value=product.item(),
            part=self.parts[i] if self.parts else "",
        )


def is_cell(cell: Sequence[int], shape: Shape) -> bool:
    """Whether an array of this shape has this cell."""
    return len(cell) == len(shape) and all(
        0 <= at < size for at, size in zip(cell, shape, strict=True)
    )


def cell_at(place: int, shape: Shape) -> Shape:
    """Return the index of a row-major position."""
    return tuple(int(axis) for axis in np.unravel_index(place, shape)) if shape else ()


def place_of(cell: Shape, shape: Shape) -> int:
    """Return the row-major position of a cell."""
    return int(np.ravel_multi_index(cell, shape)) if cell else 0


@dataclass(frozen=True, eq=False)
class Reach:
    """One upstream cell and every downstream cell it feeds."""

    node: str
    output: int
    cell: Shape
    upstream: float | complex
    inputs: tuple[Array | None, ...]
    """d downstream[k] / d upstream cell, one map per input, shaped like that input."""
    imaginary: tuple[Array | None, ...] | None = None
    """Where ``inputs`` hold for the real part of the cell alone: the same for its imaginary part.

    None for a real cell, and for a complex one that is multiplied as a whole.
    """


@dataclass(frozen=True, eq=False)
class Largest:
    """The terms of a long sum that matter most, and what became of the others."""

    terms: tuple[Term, ...]
    """Largest |coefficient x upstream| first."""
    left: int
    """How many terms are not shown."""
    rest: float | complex
    """What those add up to."""


@dataclass(frozen=True, eq=False)
class Handover:
    """Whether what nodes hand on is what the node behind them received."""

    target: str
    """Id of the node behind."""
    givers: tuple[str, ...]
    """Ids of the nodes whose parts add up to it, in the order in which the engine ran them."""
    difference: float
    """max |sum of the parts - upstream of the target|; each part made by its node alone."""
    tolerance: float
    """What the order of additions may explain; 0 where there is one part."""
    note: str = ""
    """Which hook of the user's changed the gradient on the way; empty where none did."""

    @property
    def passed(self) -> bool:
        """Whether the two are equal up to the tolerance, or a hook made the difference."""
        return self.difference <= self.tolerance or bool(self.note)


@dataclass(frozen=True, eq=False)
class Check:
    """One comparison of the gradients that a node handed on with another way to get them."""

    name: Literal["closed form", "finite differences", "sum of terms"]
    difference: float | None
    """|difference| of the cell or gradient nearest to its tolerance; None when not run."""
    tolerance: float | None
    """What rounding may explain there."""
    passed: bool | None
    """None when the check was not run."""
    cells: int
    """How many cells were compared."""
    sentence: str
    """What was compared and where the tolerance comes from, or why the check was not run."""


@dataclass(frozen=True, eq=False)
class GraphNode:
    """One box of the picture that torchviz draws."""

    id: str
    label: str
    """Lines separated by newlines, as torchviz wrote them."""
    kind: Literal["function", "leaf", "output", "base", "saved"]
    fill: str
    """Colour name that torchviz gave it."""


@dataclass(frozen=True, eq=False)
class GraphPicture:
    """What ``torchviz.make_dot`` drew, with ids that are the same in every run."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[Edge, ...]
