"""Record a forward pass: which module and which torch call made each autograd node.

Every autograd node carries the thread's sequence number at its birth. Reading that counter
before and after each module and each torch function gives intervals, and a node belongs to
the innermost interval that holds its number. Nothing is patched for others: the function mode
is local to this thread, and the modules' own calls are wrapped only while the context lasts.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import _get_sequence_nr as sequence_number  # type: ignore[attr-defined]
from torch.overrides import TorchFunctionMode

from flow.arrays import NESTED
from flow.errors import RunError
from flow.record import ROOT
from flow.recording.calls import Traits, traits_of
from flow.recording.keeping import Keeping
from flow.recording.ledger import CallNote
from flow.recording.preserve import Snapshot
from flow.recording.structure import ONE_TENSOR, Given, given, tensors_in
from flow.recording.walk import Kept
from flow.said import said

SKIPPED = (str(Path(torch.__file__).parent), str(Path(__file__).parent.parent), "<frozen")
"""Where the lines lie that are torch's or ours, not the visitor's."""

RAISED_IN = "in layer "
"""How the note begins that an error of the forward carries."""

CALL = "_call_impl"
COMPILED_CALL = "_compiled_call_impl"
"""What ``module(...)`` looks up on the module before it finds its class's own method."""


class Port:
    """One tensor that entered or left a layer: its value then, and where its gradient stands."""

    __slots__ = ("copy", "leaf", "node", "output", "shape", "tensor", "version")

    def __init__(self, tensor: Tensor) -> None:
        node = tensor.grad_fn
        self.tensor = tensor
        self.version = tensor._version
        self.copy: Tensor | None = None
        self.shape = tensor.shape
        self.node = node
        """grad_fn at that moment; None for leaves and tensors without gradient."""
        self.output = 0 if node is None else tensor.output_nr
        self.leaf = node is None and tensor.requires_grad

    @property
    def asks(self) -> bool:
        """Whether it asked for a gradient."""
        return self.node is not None or self.leaf

    def read(self) -> Tensor | None:
        """Return the value as it was recorded, None if an unseen write destroyed it."""
        if self.copy is not None:
            return self.copy
        return self.tensor.detach() if self.tensor._version == self.version else None

    def keep(self) -> None:
        """Copy the value now, because the next operation writes into its memory."""
        if self.copy is None and self.tensor._version == self.version:
            self.copy = self.tensor.detach().clone()


class LayerCall:
    """One call of a named module."""

    __slots__ = (
        "detaches",
        "end",
        "given",
        "inputs",
        "kept",
        "leaf",
        "module",
        "name",
        "outputs",
        "path",
        "start",
    )

    def __init__(self, name: str, path: str, module: nn.Module) -> None:
        self.name = name
        self.path = path
        self.module = module
        self.leaf = True
        self.kept = True
        self.detaches = False
        self.given: Given = ONE_TENSOR
        self.inputs: list[Port] = []
        self.outputs: list[Port] = []
        self.start = self.end = -1


class Recorder(TorchFunctionMode):
    """While active, note each torch call of this thread and each call of a watched module.

    ``drawing`` is entered around every call that announces that it draws.
    """

    def __init__(
        self, snapshot: Snapshot, drawing: AbstractContextManager[Any], keeping: Keeping
    ) -> None:
        super().__init__()
        self.calls: list[CallNote] = []
        self.layers: list[LayerCall] = []
        self.inputs: list[Port] = []
        self.outputs: list[Port] = []
        self.loss_start = -1
        self.recomputed = False
        """Whether a module was called again in the backward pass, as checkpoint does."""
        self.hooked: set[tuple[Any, int]] = set()
        """Where the forward hung a hook: (node, which of its outputs)."""
        self.detached: list[tuple[Any, str]] = []
        """What was detached, by its ``grad_fn``, and in which layer."""
        self.snapshot = snapshot
        self.keeping = keeping
        self._drawing = drawing
        self._over = False
        self._open: list[LayerCall] = []
        self._times_called: dict[str, int] = {}
        self._ports_of: dict[int, Port] = {}
        self._not_indexed: list[Port] = []
        self._by_storage: dict[int, list[Port]] = {}
        self._skipped: dict[str, bool] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one torch function and note the sequence numbers that it used."""
        traits = traits_of(func)
        start = sequence_number()
        if kwargs or not traits.plain:
            result = self._run_special(traits, func, args, kwargs or {})
        else:
            result = func(*args)
        end = sequence_number()
        if end != start:
            self.calls.append(CallNote(start, end, traits.name, self._source(sys._getframe(1))))
        return result

    def _run_special(
        self, traits: Traits, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """Run a function that may write into an argument or draw."""
        if traits.writes_now(args, kwargs):
            with torch._C.DisableTorchFunction():
                self._keep_values((*args, kwargs.get("out")), forget=traits.exposes)
        if traits.exposes:
            self.snapshot.touched = True
        if traits.cuts or traits.hooks:
            with torch._C.DisableTorchFunction():
                self._note_way_back(traits, args[0])
        if traits.sets_data:
            self.snapshot.replaced.append((args[0], args[0].detach()))
        if traits.draws is not None and traits.draws(args, kwargs):
            with self._drawing:
                return func(*args, **kwargs)
        return func(*args, **kwargs)

    def _note_way_back(self, traits: Traits, tensor: Tensor) -> None:
        """Note that a layer leaves a tensor's way back, or that a hook is hung on it."""
        if traits.hooks:
            if tensor.grad_fn is not None:
                self.hooked.add((tensor.grad_fn, tensor.output_nr))
        elif tensor.requires_grad and torch.is_grad_enabled():
            if tensor.grad_fn is not None:
                self.detached.append((tensor.grad_fn, self._open[-1].name if self._open else ROOT))
            if self._open:
                self._open[-1].detaches = True

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Wrap the call of every module that has a path, and unwrap it whatever happens.

        Compiled modules run as the eager ones that they were made of.
        """
        changed: list[tuple[dict[str, Any], str, Any]] = []
        try:
            for path, child in self.snapshot.modules.items():
                attributes = child.__dict__
                if CALL in attributes:
                    raise RunError(
                        said("{path}: another run is recording it. Give each a copy.", path=path)
                    )
                for name, substitute in self._substitutes(path, child):
                    changed.append((attributes, name, attributes.get(name)))
                    attributes[name] = substitute
            yield
        finally:
            for attributes, name, before in changed:
                if before is None:
                    attributes.pop(name, None)
                else:
                    attributes[name] = before

    def _substitutes(self, path: str, module: nn.Module) -> Iterator[tuple[str, Any]]:
        """Yield the attributes to set on a module while it is watched."""
        attributes = module.__dict__
        compiled = COMPILED_CALL in attributes
        if path or compiled:
            call = self._calling(path, module, module._call_impl) if path else module._call_impl
            yield COMPILED_CALL if compiled else CALL, call
        original = original_of(module)
        if original is not None:
            yield "forward", original

    def begin(self, inputs: tuple[Tensor, ...]) -> None:
        """Note the inputs of the model as they come."""
        with torch._C.DisableTorchFunction():
            self.inputs = [self._port(tensor) for tensor in inputs]

    def finish(self, output: Any) -> tuple[Tensor, ...]:
        """Note the outputs of the model before the loss sees them, and return them."""
        with torch._C.DisableTorchFunction():
            tensors = tuple(tensors_in(output))
            self.outputs = [self._port(tensor) for tensor in tensors]
            self.loss_start = sequence_number()
        return tensors

    def stop(self) -> None:
        """End the recording; calls from here on are the backward's own."""
        self._over = True

    def kept(self) -> Kept | None:
        """Return what the backward is to keep, None for everything."""
        if self.keeping.names is None:
            return None
        calls = [layer for layer in self.layers if layer.kept]
        ports = [port for call in calls for port in (*call.inputs, *call.outputs)]
        return Kept(
            spans=[(call.start, call.end) for call in calls],
            places={(port.node, port.output) for port in ports if port.node is not None},
            leaves={
                *(id(port.tensor) for port in ports if port.leaf),
                *(id(one) for call in calls for one in call.module.parameters()),
            },
        )

    def _calling(
        self, path: str, module: nn.Module, proceed: Callable[..., Any]
    ) -> Callable[..., Any]:
        """Return what stands for the module's call while it is watched."""

        def call(*args: Any, **kwargs: Any) -> Any:
            if self._over:
                self.recomputed = True
                return proceed(*args, **kwargs)
            layer = self._enter(path, module)
            with torch._C.DisableTorchFunction():  # our own reading is not the model's
                layer.inputs = self._ports((args, kwargs) if kwargs else args)
                layer.given = given(args, kwargs)
            layer.start = sequence_number()
            try:
                result = proceed(*args, **kwargs)
            except BaseException as error:
                self._abandon(layer, error)
                raise
            layer.end = sequence_number()
            with torch._C.DisableTorchFunction():
                layer.outputs = self._ports(result)
            self._leave()
            return result

        return call

    def _enter(self, path: str, module: nn.Module) -> LayerCall:
        times = self._times_called.get(path, 0) + 1
        self._times_called[path] = times
        layer = LayerCall(path if times == 1 else f"{path}#{times}", path, module)
        if self._open:
            self._open[-1].leaf = False
        if self.keeping.names is not None:
            layer.kept = self.keeping.inside = self.keeping.covers(path)
        self._open.append(layer)
        self.layers.append(layer)
        return layer

    def _leave(self) -> None:
        self._open.pop()
        if self.keeping.names is not None:
            self.keeping.inside = bool(self._open) and self._open[-1].kept

    def _abandon(self, layer: LayerCall, error: BaseException) -> None:
        """Close a call that raised, and let the error say so; the forward may yet catch it."""
        layer.end = sequence_number()
        self._leave()
        if not any(note.startswith(RAISED_IN) for note in getattr(error, "__notes__", ())):
            error.add_note(f"{RAISED_IN}{layer.name} ({type(layer.module).__name__})")

    def _ports(self, structure: Any) -> list[Port]:
        """Describe every distinct tensor in a nested structure."""
        if type(structure) is tuple and len(structure) == 1:
            structure = structure[0]
        if type(structure) is Tensor:
            return [self._port(structure)]
        found = {id(tensor): tensor for tensor in tensors_in(structure)}
        return [self._port(tensor) for tensor in found.values()]

    def _port(self, tensor: Tensor) -> Port:
        """Describe a tensor; one layer's output is mostly the next one's input."""
        key = id(tensor)
        port = self._ports_of.get(key)
        if port is None or port.version != tensor._version:
            if tensor.is_nested:
                where = self._open[-1].name if self._open else said("The model")
                raise RunError(said("{where}: {why}", where=where, why=NESTED))
            port = self._ports_of[key] = Port(tensor)
            self._not_indexed.append(port)
        return port

    def _keep_values(self, structure: Any, *, forget: bool) -> None:
        """Copy the recorded values that share memory with a tensor about to be written.

        ``forget``: the write will leave no new version, so these ports must not be found again.
        """
        for port in self._not_indexed:
            if port.tensor.layout is torch.strided:
                pointer = port.tensor.untyped_storage()._cdata
                self._by_storage.setdefault(pointer, []).append(port)
        self._not_indexed.clear()
        for tensor in tensors_in(structure):
            if tensor.layout is torch.strided:
                for port in self._by_storage.get(tensor.untyped_storage()._cdata, ()):
                    port.keep()
                    if forget:
                        self._ports_of.pop(id(port.tensor), None)

    def _source(self, frame: FrameType | None) -> str:
        """Return ``file.py:12`` of the nearest caller outside torch and outside this package."""
        skipped = self._skipped
        while frame is not None:
            file = frame.f_code.co_filename
            skip = skipped.get(file)
            if skip is None:
                skip = skipped[file] = file.startswith(SKIPPED)
            if not skip:
                return f"{file.rpartition('/')[2]}:{frame.f_lineno}"
            frame = frame.f_back
        return ""


def original_of(module: nn.Module) -> nn.Module | None:
    """Return the module of which ``torch.compile(module)`` made this one; None for others."""
    return module._orig_mod if "dynamo_ctx" in module.__dict__ else None  # type: ignore[return-value]
