"""One forward and one backward of any module, with everything recorded."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import _get_sequence_nr as sequence_number  # type: ignore[attr-defined]

from flow import explain as explaining
from flow.assemble import Assembly, Forward
from flow.check import check
from flow.collector import paused_collector
from flow.errors import ClosedRunError, LossError, NoGradientError, RunError, UpstreamError
from flow.graph import Names, draw
from flow.preserve import RandomState, Snapshot, preserved
from flow.record import Capture, Check, CoefficientTable, Explanation, GraphPicture, Reach, Shape
from flow.recorder import Recorder, tensors_in
from flow.replay import Stage
from flow.seeded import Seeded
from flow.table import table
from flow.walk import LiveGraph, Start, run_backward

Loss = Callable[[Any], Tensor]
Vector = Tensor | tuple[Tensor, ...]


def run(
    module: nn.Module,
    inputs: Tensor | tuple[Tensor, ...],
    loss: Loss | None = None,
    upstream: Vector | None = None,
    device: str | torch.device = "cpu",
    *,
    seed: int = 0,
) -> Run:
    """Run ``module`` forward and backward once and record both.

    Args:
        module: any module; it is left as it was found (attributes, buffers, ``.grad``,
            ``requires_grad``, ``training``, hooks). If its parameters are on another device,
            a copy of it is run.
        inputs: one tensor or a tuple of them. They are copied; one that asks for a gradient
            appears in the graph as the leaf ``(input)``.
        loss: callable(output) -> tensor with one element. Without ``loss`` and ``upstream``
            the output itself must have one element.
        upstream: instead of a loss, the vector(s) for ``backward(gradient=...)``: shaped like
            the output, one per output.
        device: where to run.
        seed: governs random numbers that the forward draws (dropout); the global generators
            are left alone.

    Raises:
        LossError: the loss does not have exactly one element.
        UpstreamError: ``upstream`` does not fit the output, or both were given.
        NoGradientError: nothing computed depends on a value that asks for a gradient.
        BackwardError: the backward failed.
        Whatever the forward raises, with a note that names the layer.

    """
    if loss is not None and upstream is not None:
        raise UpstreamError("Give either a loss or an upstream vector, not both.")
    place = torch.device(device)
    module = _on_device(module, place)
    request = Request(module, _as_tuple(inputs), loss, upstream, place, seed)
    with paused_collector():
        with preserved(module) as snapshot:
            forward = _forward(request, snapshot)
            graph = run_backward(_start(forward, upstream))
        return Run(forward, graph, loss)


@dataclass(frozen=True, eq=False)
class Request:
    """What was asked of ``run``."""

    module: nn.Module
    inputs: tuple[Tensor, ...]
    loss: Loss | None
    upstream: Vector | None
    device: torch.device
    seed: int


class Run:
    """A finished run: its ``capture``, and the live graph to ask further questions of.

    Holds the graph and its tensors until ``close()``; use it as a context manager.
    """

    def __init__(self, forward: Forward, graph: LiveGraph, loss: Loss | None = None) -> None:
        drawn = forward.outputs if forward.loss is None else (forward.loss,)
        self._graph: LiveGraph | None = graph
        self._names: Names | None = Names(graph, drawn)
        assembly = Assembly(forward, graph, self._names)
        self._leaves: dict[str, Tensor] = {
            assembly.leaf_names[id(leaf)]: leaf
            for leaf in graph.variables
            if leaf is not None and id(leaf) in assembly.leaf_names
        }
        self._stage = Stage(
            {call.name: (call.module, call.module.training) for call in forward.recorder.layers},
            forward.snapshot.held,
            loss,
        )
        self.capture: Capture = assembly.capture()

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

        Raises:
            ExplainError: there is no such node, input or cell, or no gradient flows there.
            ClosedRunError: the run was closed.

        """
        return explaining.explain(self._live(), self.capture, node, cell, of, input)

    def reach(self, node: str, cell: Shape, output: int = 0) -> Reach:
        """Return how one upstream cell feeds every downstream cell of its node.

        Raises ExplainError and ClosedRunError as ``explain`` does.
        """
        return explaining.reach(self._live(), self.capture, node, cell, output)

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

        Too large a table comes back without rows and with a ``note`` that says so.

        Raises:
            ExplainError: there is no such node, input or sample, or no gradient flows there.
            ClosedRunError: the run was closed.

        """
        return table(self._live(), self.capture, node, input, sample)

    def check(self, node: str) -> tuple[Check, ...]:
        """Compare what a node handed on with its closed form, with differences, with its sums.

        Always three checks; one that could not be run has ``passed`` None and says why. The
        module is not touched: its layer runs again as a copy in float64.

        Raises:
            ExplainError: there is no such node.
            ClosedRunError: the run was closed.

        """
        return check(self._live(), self.capture, self._stage, node)

    def picture(self, *, saved: bool = False, attributes: bool = False) -> GraphPicture:
        """Return the graph as ``torchviz.make_dot`` draws it.

        Args:
            saved: also the tensors that built-in nodes saved.
            attributes: also the nodes' other saved attributes, in their labels.

        Raises:
            RecursionError: the graph is deeper than torchviz can draw.
            ClosedRunError: the run was closed.

        """
        self._live()
        assert self._names is not None
        return draw(self._names, self._leaves, saved=saved, attributes=attributes)

    def close(self) -> None:
        """Free the graph and everything it saved; the capture stays."""
        self._graph = None
        self._names = None
        self._leaves = {}
        self._stage = Stage({}, {}, None)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _live(self) -> LiveGraph:
        if self._graph is None:
            raise ClosedRunError("This run was closed and its graph freed. Run the module again.")
        return self._graph


def _forward(request: Request, snapshot: Snapshot) -> Forward:
    """Run the forward plainly; should it draw random numbers, once more with the seed's own."""
    before = RandomState(request.device)
    try:
        forward = _record(request, snapshot, nullcontext())
    finally:
        moved = before.moved()
        if moved:
            before.restore()
    if not moved:
        return forward
    snapshot.restore()
    return _record(request, snapshot, Seeded(request.seed))


def _record(
    request: Request, snapshot: Snapshot, randomness: AbstractContextManager[Any]
) -> Forward:
    """Run module and loss once, recorded."""
    inputs = tuple(_own(tensor, request.device) for tensor in request.inputs)
    recorder = Recorder()
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        stack.enter_context(recorder.watching(snapshot.modules))
        stack.enter_context(randomness)
        stack.enter_context(recorder)
        try:
            output = request.module(*inputs)
        except Exception as error:
            _name_layer(error, recorder)
            raise
        recorder.loss_start = sequence_number()
        loss = _loss(request, output)
    return Forward(
        recorder=recorder,
        snapshot=snapshot,
        inputs=inputs,
        outputs=tuple(tensors_in(output)),
        loss=loss,
        loss_kind=_name_of(request.loss),
        device=str(request.device),
    )


def _name_layer(error: Exception, recorder: Recorder) -> None:
    """Add to an exception of the forward which layer it came from."""
    layer = recorder.raising_layer()
    if layer is not None:
        error.add_note(f"in layer {layer.name} ({type(layer.module).__name__})")


def _loss(request: Request, output: Any) -> Tensor | None:
    """Compute the loss and check that it is one number; None when a vector was given."""
    if request.upstream is not None:
        return None
    value = output if request.loss is None else request.loss(output)
    what = "The output, used as the loss," if request.loss is None else "The loss"
    if not isinstance(value, Tensor):
        raise LossError(
            f"{what} must be a tensor with one element; it is of type {type(value).__name__}. "
            "Give loss=, a function of the output."
        )
    if value.numel() != 1:
        raise LossError(
            f"{what} must be one number; it has shape {tuple(value.shape)}. "
            "Reduce it with .mean() or .sum(), or give upstream=, a vector of that shape."
        )
    return value


def _start(forward: Forward, upstream: Vector | None) -> Start:
    """Choose the tensors at which the backward begins."""
    if forward.loss is not None:
        _check_gradient_path(forward, [forward.loss])
        return Start((forward.loss,), (None,))
    assert upstream is not None
    vectors = _as_tuple(upstream)
    if len(vectors) != len(forward.outputs):
        raise UpstreamError(
            f"upstream: the model has {len(forward.outputs)} output tensors, "
            f"{len(vectors)} vectors came. Give one vector per output."
        )
    for position, (output, vector) in enumerate(zip(forward.outputs, vectors, strict=True)):
        if output.shape != vector.shape:
            raise UpstreamError(
                f"upstream: output {position} has shape {tuple(output.shape)}, "
                f"the vector has shape {tuple(vector.shape)}. Give a vector of the output's shape."
            )
    pairs = [
        (output, vector.detach().to(output).clone())
        for output, vector in zip(forward.outputs, vectors, strict=True)
        if output.grad_fn is not None
    ]
    _check_gradient_path(forward, [output for output, _ in pairs])
    return Start(tuple(output for output, _ in pairs), tuple(vector for _, vector in pairs))


def _check_gradient_path(forward: Forward, ends: list[Tensor]) -> None:
    """Raise NoGradientError, with the most likely reason, when no backward can begin."""
    if any(end.grad_fn is not None for end in ends):
        return
    parameters = list(forward.snapshot.parameters.values())
    asking = [*parameters, *forward.inputs]
    if not any(tensor.requires_grad for tensor in asking):
        reason = (
            "every parameter is frozen and no input asks for a gradient. "
            "Set requires_grad on a parameter or on the input."
            if parameters
            else "the model has no parameters and no input asks for a gradient. "
            "Set requires_grad on the input."
        )
    else:
        reason = (
            "the way to every parameter is cut: by detach(), no_grad(), an operation without "
            "derivative such as argmax, or because the output is a parameter itself. "
            "Let the loss depend on a parameter through differentiable operations."
        )
    raise NoGradientError(f"There is no gradient to show: {reason}")


def _on_device(module: nn.Module, device: torch.device) -> nn.Module:
    """Return the module itself when it lives on ``device``, else a copy that does."""
    tensors = (*module.parameters(), *module.buffers())
    if all(_same_device(tensor.device, device) for tensor in tensors):
        return module
    return copy.deepcopy(module).to(device)


def _same_device(one: torch.device, other: torch.device) -> bool:
    """Whether two devices are the same; one without an index means the current one."""
    return one.type == other.type and (
        one.index == other.index or other.index is None or one.index is None
    )


def _own(tensor: Tensor, device: torch.device) -> Tensor:
    """Return a copy on ``device`` that is a leaf and asks for a gradient if the original did."""
    if not isinstance(tensor, Tensor):
        raise RunError(
            f"inputs: a tensor or a tuple of tensors is needed, {type(tensor).__name__} came."
        )
    return tensor.detach().to(device, copy=True).requires_grad_(tensor.requires_grad)


def _as_tuple(value: Vector) -> tuple[Tensor, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _name_of(loss: Loss | None) -> str:
    """Return the name of a loss: of its class when it is a module, else of the function."""
    if loss is None:
        return ""
    if isinstance(loss, nn.Module):
        return type(loss).__name__
    return getattr(loss, "__name__", type(loss).__name__)
