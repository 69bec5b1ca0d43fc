"""One forward and one backward of any module, with everything recorded."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any

import torch
from torch import Tensor, nn

from flow.asking import explain as explaining
from flow.asking.forward import Ground, forward, forward_cell, forward_reach
from flow.asking.proof.check import check
from flow.asking.proof.handover import handover
from flow.asking.replay import Stage
from flow.asking.table import table
from flow.errors import ClosedRunError, ExplainError, RunError, UpstreamError
from flow.ops import rule_of, weighs
from flow.record import Capture, Check, Explanation, GraphPicture, Handover, Reach, Rule, Shape
from flow.recording.assemble import Assembly, Forward
from flow.recording.attempt import Loss, Request, forward_and_backward
from flow.recording.collector import paused_collector
from flow.recording.graph import Ends, Style, draw
from flow.recording.inputs import inputs_of
from flow.recording.keeping import not_kept
from flow.recording.preserve import preserved
from flow.recording.recorder import original_of
from flow.recording.walk import LiveGraph
from flow.said import said
from flow.sparse import CoefficientTable, ForwardTable

Vector = Tensor | tuple[Tensor, ...]


def run(
    module: nn.Module,
    inputs: Any,
    loss: Loss | None = None,
    upstream: Vector | None = None,
    device: str | torch.device = "cpu",
    *,
    kwargs: Mapping[str, Any] | None = None,
    seed: int = 0,
    keep: Sequence[str] | None = None,
) -> Run:
    """Run ``module`` forward and backward once and record both.

    Args:
        module: any module; it is left as it was found (attributes, buffers, ``.grad``,
            ``requires_grad``, ``training``, hooks). If its parameters are on another device, a
            copy of it is run. What ``torch.compile`` made of a module runs as that module does
            without it; a scripted module is one layer.
        inputs: the model's argument: a tensor, or a list, dict or dataclass that holds tensors;
            a tuple means several arguments. Tensors are copied, what else there is passes
            through. A tensor that asks for a gradient appears in the graph as the leaf
            ``(input)``, or ``(input 1)`` or ``(input mask)`` after where it stands.
        loss: callable(output) -> tensor with one element. Without ``loss`` and ``upstream``
            the output itself must have one element.
        upstream: instead of a loss, the vector(s) for ``backward(gradient=...)``: shaped like
            the output, one per output.
        device: where to run.
        kwargs: the model's keyword arguments, treated alike.
        seed: governs random numbers that the forward draws (dropout); they are those that
            ``torch.manual_seed(seed)`` would give. The global generators are left alone, except
            where a forward draws inside a checkpoint, draws by an operation that takes no
            generator, or seeds torch itself: then they are seeded for the run and put back, and
            no other thread should draw from them meanwhile. Python's and numpy's generators
            are the model's own affair.
        keep: names of layers; only their values and gradients are kept, with those of the layers
            inside them, which saves memory. Graph, names and shapes stay whole, and every bit
            that is kept is what it would be without.

    Raises:
        LossError: the loss does not have exactly one element.
        UpstreamError: ``upstream`` does not fit the output, or both were given.
        NoGradientError: nothing computed depends on a value that asks for a gradient.
        BackwardError: the backward failed.
        Whatever the forward raises, with a note that names the layer.

    """
    if loss is not None and upstream is not None:
        raise UpstreamError(said("Give either a loss or an upstream vector, not both."))
    place = available(device)
    vectors = None if upstream is None else _vectors(upstream)
    request = Request(
        original_of(module) or module,
        inputs_of(inputs, kwargs),
        loss,
        vectors,
        place,
        seed,
        None if keep is None else tuple(keep),
    )
    with paused_collector(), _outside_inference_mode():
        return _run(request)


def _run(request: Request) -> Run:
    """Run what was asked for, and leave the module as it was."""
    with preserved(request.module) as snapshot:
        if all(_same_device(there, request.device) for there in snapshot.devices()):
            forward, graph = forward_and_backward(request, snapshot)
            return Run(forward, graph, request.module, request.loss)
    return _run(replace(request, module=copy.deepcopy(request.module).to(request.device)))


def _outside_inference_mode() -> AbstractContextManager[Any]:
    return torch.inference_mode(False) if torch.is_inference_mode_enabled() else nullcontext()


class Run:
    """A finished run: its ``capture``, and the live graph to ask further questions of.

    Holds the graph and its tensors until ``close()``; use it as a context manager.
    """

    def __init__(
        self, forward: Forward, graph: LiveGraph, module: nn.Module, loss: Loss | None = None
    ) -> None:
        ends = Ends(graph, forward.outputs if forward.loss is None else (forward.loss,))
        recalled = module if forward.recorder.recomputed else None
        stage = Stage(
            {call.name: (call.module, call.module.training) for call in forward.recorder.layers},
            {call.name: call.given for call in forward.recorder.layers},
            forward.recorder.snapshot.held,
            loss,
        )
        self._keep = forward.recorder.keeping.names
        self._live: Live | None = Live(graph, ends, recalled, stage)
        self.capture: Capture = Assembly(forward, graph, ends).capture()
        forward.recorder.keeping.let_go()

    def explain(
        self,
        node: str,
        cell: Shape,
        of: str = "downstream",
        input: int = 0,  # noqa: A002
    ) -> Explanation:
        """Write one gradient cell as a sum of coefficient x upstream cell.

        Args:
            node: id of a node, such as ``"n5"``.
            cell: index into its downstream gradient.
            of: ``"downstream"``, ``"parameter"`` for what an AccumulateGrad node stored, or
                ``"upstream"`` for what arrived, as the sum of its consumers' parts.
            input: which input of the node; which output for ``"upstream"``.

        A gradient by a complex z is dL/dRe(z) + i dL/dIm(z), as torch has it. Its sum is one over
        the real numbers: where a node does not multiply a complex upstream cell as a whole, its
        real and its imaginary part are terms of their own, told by ``parts``.

        Raises:
            ExplainError: there is no such node, input or cell, or no gradient flows there.
            ClosedRunError: the run was closed.

        """
        with self._asking(node=node) as live:
            found = explaining.explain(live.graph, self.capture, node, cell, of, input)
        return replace(found, rule=rule_of(self.capture.node(found.node)))

    def reach(self, node: str, cell: Shape, output: int = 0) -> Reach:
        """Return how one upstream cell feeds every downstream cell of its node.

        A complex cell whose two parts are not multiplied alike has a map for each of them.

        Raises ExplainError and ClosedRunError as ``explain`` does.
        """
        with self._asking(node=node) as live:
            return explaining.reach(live.graph, self.capture, node, cell, output)

    def table(
        self,
        node: str,
        input: int = 0,  # noqa: A002
        sample: int | None = None,
    ) -> CoefficientTable:
        """Return all coefficients between a downstream gradient and the upstream at once.

        Args:
            node: id of a node; of an AccumulateGrad node for what it stored, explained at the
                node that made it.
            input: which input of the node.
            sample: index on axis 0 to restrict it to, where the node keeps samples apart;
                elsewhere, and without it, every cell is covered.

        A table that is too large, or of complex gradients, comes back without rows and with a
        ``note`` that says so.

        Raises:
            ExplainError: there is no such node, input or sample, or no gradient flows there.
            ClosedRunError: the run was closed.

        """
        with self._asking(node=node) as live:
            return table(live.graph, self.capture, node, input, sample)

    def forward(
        self, layer: str, sample: int | None = None, cell: Shape | None = None
    ) -> ForwardTable:
        """Return how the output cells of a layer are made of its input cells.

        Args:
            layer: name of a layer without layers inside.
            sample: index on axis 0 to restrict it to, where the layer keeps samples apart.
            cell: index into the layer's output, to look at that cell alone, however large the
                layer is.

        The layer's input must have asked for a gradient. What is unknown or too large comes
        back without rows and with a ``note`` that says so.

        Raises:
            ExplainError: there is no such layer or cell.
            ClosedRunError: the run was closed.

        """
        with self._asking(layer=layer) as live:
            ground = Ground(live.graph, self.capture, live.stage)
            if cell is not None:
                return forward_cell(ground, layer, cell)
            return forward(ground, layer, sample)

    def forward_reach(self, layer: str, cell: Shape, input: int = 0) -> ForwardTable:  # noqa: A002
        """Return every output cell of a layer that one input cell feeds, with its term alone.

        Raises ExplainError and ClosedRunError as ``forward`` does.
        """
        with self._asking(layer=layer) as live:
            ground = Ground(live.graph, self.capture, live.stage)
            return forward_reach(ground, layer, input, cell)

    def handover(
        self,
        node: str,
        input: int = 0,  # noqa: A002
    ) -> Handover:
        """Compare what a node and its siblings hand on with what arrived at the node behind.

        Every giver runs once more, alone, on its recorded upstream.

        Raises:
            ExplainError: there is no such node or input, or no gradient flows there.
            ClosedRunError: the run was closed.

        """
        with self._asking(node=node) as live:
            return handover(live.graph, self.capture, node, input)

    def check(self, node: str) -> tuple[Check, ...]:
        """Compare what a node handed on with its closed form, with differences, with its sums.

        Always three checks; one that could not be run has ``passed`` None and says why. The
        module is not touched: its layer runs again as a copy in float64.

        Raises:
            ExplainError: there is no such node.
            ClosedRunError: the run was closed.

        """
        with self._asking(node=node) as live:
            return check(live.graph, self.capture, live.stage, node)

    def rule(self, node: str) -> Rule | None:
        """Return what is written down about a node's backward; None for an unknown operation."""
        return rule_of(self.capture.node(node))

    def weighs(self, node: str) -> bool:
        """Whether a node multiplies what comes in by a weight."""
        return weighs(self.capture.node(node))

    def picture(self, *, saved: bool = False, attributes: bool = False) -> GraphPicture:
        """Return the graph as ``torchviz.make_dot`` draws it, however deep it is.

        Args:
            saved: also the tensors that built-in nodes saved.
            attributes: also the nodes' other saved attributes, in their labels.

        Raises:
            ClosedRunError: the run was closed.

        """
        with self._asking() as live:
            names = {node.index: node.parameter for node in self.capture.nodes if node.is_leaf}
            return draw(live.graph, live.ends, names, Style(saved, attributes))

    def close(self) -> None:
        """Free the graph and everything it saved; the capture stays."""
        self._live = None

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_unkept(self, keep: tuple[str, ...], node: str, layer: str) -> None:
        """Raise ExplainError where the node or layer that is asked about was not kept."""
        nodes = [one for one in self.capture.nodes if one.id == node and not one.kept]
        layers = [one for one in self.capture.layers if one.name == layer and not one.kept]
        if nodes or layers:
            raise ExplainError(not_kept(keep, node or layer))

    @contextmanager
    def _asking(self, node: str = "", layer: str = "") -> Iterator[Live]:
        """Hand out the live graph; a question may make checkpoint call the module again.

        That is done by one thread at a time. The caller's gradient mode does not matter.
        Raises ExplainError where the node or layer that is asked about was not kept.
        """
        live = self._live
        if live is None:
            raise ClosedRunError(
                said("This run was closed and its graph freed. Run the module again.")
            )
        if self._keep is not None:
            self._refuse_unkept(self._keep, node, layer)
        with torch.inference_mode(False), torch.enable_grad():
            if live.module is None:
                yield live
            else:
                with live.turn, preserved(live.module):
                    yield live


@dataclass(frozen=True, eq=False)
class Live:
    """The live part of a run: what ``close()`` frees."""

    graph: LiveGraph
    ends: Ends
    module: nn.Module | None
    """The module, where running a node again would call it again."""
    stage: Stage
    """What is needed to run a layer again."""
    turn: RLock = field(default_factory=RLock)
    """Held by a question that may call the module."""


def _same_device(one: torch.device, other: torch.device) -> bool:
    """Whether two devices are the same; one without an index means the current one."""
    return one.type == other.type and (
        one.index == other.index or other.index is None or one.index is None
    )


def available(device: str | torch.device) -> torch.device:
    """Return the device; RunError when this machine does not have it."""
    try:
        place = torch.device(device)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise RunError(
            said(
                "device: {device} is not available here. Use 'cpu'. ({reason})",
                device=device,
                reason=reason,
            )
        ) from error
    return place


def _vectors(value: object) -> tuple[Tensor, ...]:
    """Return one vector or several as a tuple; UpstreamError when something else came."""
    members = tuple(value) if isinstance(value, tuple | list) else (value,)
    for member in members:
        if not isinstance(member, Tensor):
            raise UpstreamError(
                said(
                    "upstream: a tensor or a tuple of tensors is needed, {kind} came.",
                    kind=type(member).__name__,
                )
            )
    return members
