"""Record a forward pass: which module and which torch call made each autograd node.

Every autograd node carries the thread's sequence number at its birth. Reading that counter
before and after each module and each torch function gives intervals, and a node belongs to
the innermost interval that holds its number. Nothing is patched: the function mode is local
to this thread, and the module hooks are removed when the context ends.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd import _get_sequence_nr as sequence_number  # type: ignore[attr-defined]
from torch.overrides import TorchFunctionMode

TORCH_FOLDER = str(Path(torch.__file__).parent)
OWN_FOLDER = str(Path(__file__).parent)


class Value:
    """A tensor as it was when a layer met it, kept even if it is overwritten later."""

    __slots__ = ("copy", "tensor", "version")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self.version = tensor._version
        self.copy: Tensor | None = None

    def read(self) -> Tensor | None:
        """Return the value as it was recorded, None if an unseen write destroyed it."""
        if self.copy is not None:
            return self.copy
        return self.tensor.detach() if self.tensor._version == self.version else None

    def keep(self) -> None:
        """Copy the value now, because the next operation writes into its memory."""
        if self.copy is None and self.tensor._version == self.version:
            self.copy = self.tensor.detach().clone()


@dataclass(slots=True, eq=False)
class Port:
    """One tensor that entered or left a layer, and where its gradient can be read."""

    value: Value
    shape: tuple[int, ...]
    node: Any
    """grad_fn at that moment; None for leaves and tensors without gradient."""
    output: int
    leaf: Tensor | None
    """The tensor itself when it is a leaf that asks for a gradient."""


@dataclass(slots=True, eq=False)
class LayerCall:
    """One call of a named module."""

    name: str
    path: str
    module: nn.Module
    start: int = -1
    end: int = -1
    leaf: bool = True
    inputs: list[Port] = field(default_factory=list)
    outputs: list[Port] = field(default_factory=list)


class TorchCall(NamedTuple):
    """One torch function that made autograd nodes ``start`` to ``end - 1``."""

    start: int
    end: int
    name: str
    source: str


class Recorder(TorchFunctionMode):
    """While active, note each torch call of this thread and each call of a hooked module."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[TorchCall] = []
        self.layers: list[LayerCall] = []
        self.loss_start = -1
        self._open: list[LayerCall] = []
        self._times_called: dict[str, int] = {}
        self._ports_of: dict[int, Port] = {}
        self._not_indexed: list[Value] = []
        self._by_storage: dict[int, list[Value]] = {}

    def __torch_function__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run one torch function and note the sequence numbers that it used."""
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if writes_in_place(name, kwargs):
            with torch._C.DisableTorchFunction():
                self._keep_values((*args, kwargs.get("out")))
        start = sequence_number()
        result = func(*args, **kwargs)
        end = sequence_number()
        if end != start:
            self.calls.append(TorchCall(start, end, name, source_line(sys._getframe(1))))
        return result

    @contextmanager
    def watching(self, modules: Mapping[str, nn.Module]) -> Iterator[None]:
        """Hook every module that has a path, and take every hook off again whatever happens."""
        handles = []
        try:
            for path, child in modules.items():
                if path:
                    handles.append(
                        child.register_forward_pre_hook(self._entering(path), with_kwargs=True)
                    )
                    handles.append(child.register_forward_hook(self._leave))
            yield
        finally:
            for handle in handles:
                handle.remove()

    def raising_layer(self) -> LayerCall | None:
        """Return the innermost layer that had begun and not ended."""
        return self._open[-1] if self._open else None

    def _entering(self, path: str) -> Any:
        def enter(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            times = self._times_called.get(path, 0) + 1
            self._times_called[path] = times
            if self._open:
                self._open[-1].leaf = False
            call = LayerCall(path if times == 1 else f"{path}#{times}", path, module)
            with torch._C.DisableTorchFunction():  # our own reading is not the model's
                call.inputs = self._ports((args, kwargs) if kwargs else args)
                call.start = sequence_number()
            self._open.append(call)
            self.layers.append(call)

        return enter

    def _leave(self, module: nn.Module, args: tuple[Any, ...], result: Any) -> None:  # noqa: ARG002
        call = self._open.pop()
        with torch._C.DisableTorchFunction():
            call.end = sequence_number()
            call.outputs = self._ports(result)

    def _ports(self, structure: Any) -> list[Port]:
        """Describe every distinct tensor in a nested structure."""
        if isinstance(structure, Tensor):
            return [self._port(structure)]
        found: dict[int, Tensor] = {id(tensor): tensor for tensor in tensors_in(structure)}
        return [self._port(tensor) for tensor in found.values()]

    def _port(self, tensor: Tensor) -> Port:
        """Describe a tensor; one layer's output is mostly the next one's input."""
        known = self._ports_of.get(id(tensor))
        if known is not None and known.value.version == tensor._version:
            return known
        value = Value(tensor)
        self._not_indexed.append(value)
        node = tensor.grad_fn
        port = Port(
            value,
            tuple(tensor.shape),
            node,
            0 if node is None else tensor.output_nr,
            tensor if node is None and tensor.requires_grad else None,
        )
        self._ports_of[id(tensor)] = port
        return port

    def _keep_values(self, structure: Any) -> None:
        """Copy the recorded values that share memory with a tensor about to be written."""
        for value in self._not_indexed:
            if value.tensor.layout is torch.strided:
                pointer = value.tensor.untyped_storage().data_ptr()
                self._by_storage.setdefault(pointer, []).append(value)
        self._not_indexed.clear()
        for tensor in tensors_in(structure):
            if tensor.layout is torch.strided:
                for value in self._by_storage.get(tensor.untyped_storage().data_ptr(), ()):
                    value.keep()


def writes_in_place(name: str, kwargs: Mapping[str, Any]) -> bool:
    """Whether a torch function of this name and these arguments writes into an argument."""
    if kwargs.get("inplace") or kwargs.get("out") is not None:
        return True
    if name.endswith("__"):
        return name == "__setitem__" or (name.startswith("__i") and name in IN_PLACE_OPERATORS)
    return name.endswith("_")


IN_PLACE_OPERATORS = frozenset(
    f"__i{operator}__"
    for operator in (
        "add and div floordiv lshift matmul mod mul or pow rshift sub truediv xor".split()  # noqa: SIM905
    )
)


def tensors_in(structure: Any) -> Iterator[Tensor]:
    """Yield the tensors of nested tuples, lists and mappings, in order."""
    if isinstance(structure, Tensor):
        yield structure
    elif isinstance(structure, Mapping):
        yield from _tensors_of_each(structure.values())
    elif isinstance(structure, tuple | list):
        yield from _tensors_of_each(structure)


def _tensors_of_each(members: Iterable[Any]) -> Iterator[Tensor]:
    for member in members:
        yield from tensors_in(member)


def source_line(frame: FrameType | None) -> str:
    """Return ``file.py:12`` of the nearest caller outside torch and outside this package."""
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((TORCH_FOLDER, OWN_FOLDER, "<frozen")):
            return f"{file.rpartition('/')[2]}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
