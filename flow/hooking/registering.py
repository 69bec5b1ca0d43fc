"""How each kind of hook is registered: one function a kind, and one call of PyTorch's in it.

Each is told what to ``fire``: a function of the arguments that PyTorch gave and of the values that
the hook may replace; it returns those that go on, or None where the hook returns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from flow.hooking.records import Given, Kind
from flow.record import Shape
from flow.recording.structure import tensors_in

Fire = Callable[[Sequence[Given], Sequence[Any]], tuple[Any, ...] | None]
Remove = Callable[[], None]


def given(name: str, value: Any) -> Given:
    """Say what an argument is."""
    kind = type(value).__name__
    if isinstance(value, Tensor):
        return Given(name, kind, shapes=(tuple(value.shape),))
    if isinstance(value, tuple):
        inside = tuple(type(each).__name__ for each in value)
        return Given(name, kind, inside, tuple(_shape(each) for each in value))
    return Given(name, kind)


def _shape(value: Any) -> Shape | None:
    return tuple(value.shape) if isinstance(value, Tensor) else None


def _forward_pre(module: nn.Module, fire: Fire) -> Remove:
    def hook(module: nn.Module, args: tuple[Any, ...]) -> Any:
        return fire((given("module", module), given("args", args)), args)

    return module.register_forward_pre_hook(hook).remove


def _forward(module: nn.Module, fire: Fire) -> Remove:
    def hook(module: nn.Module, args: Any, output: Any) -> Any:
        told = (given("module", module), given("args", args), given("output", output))
        several = type(output) is tuple
        found = fire(told, output if several else (output,))
        return found if several or found is None else found[0]

    return module.register_forward_hook(hook).remove


def _full_backward_pre(module: nn.Module, fire: Fire) -> Remove:
    def hook(module: nn.Module, grad_output: Any) -> Any:
        return fire((given("module", module), given("grad_output", grad_output)), grad_output)

    return module.register_full_backward_pre_hook(hook).remove


def _full_backward(module: nn.Module, fire: Fire) -> Remove:
    def hook(module: nn.Module, grad_input: Any, grad_output: Any) -> Any:
        told = (
            given("module", module),
            given("grad_input", grad_input),
            given("grad_output", grad_output),
        )
        return fire(told, grad_input)

    return module.register_full_backward_hook(hook).remove


def _on_tensor(tensor: Tensor, fire: Fire) -> Remove:
    def hook(grad: Tensor) -> Any:
        found = fire((given("grad", grad),), (grad,))
        return None if found is None else found[0]

    return tensor.register_hook(hook).remove  # type: ignore[no-any-return, no-untyped-call]


def _tensor(module: nn.Module, fire: Fire) -> Remove:
    """Register on the output of each call: the tensor is made by it, and its hook goes with it.

    Of several, also in lists and dicts, it is the first that asks for a gradient.
    """

    def hook(_module: nn.Module, _args: Any, output: Any) -> None:
        first = next((each for each in tensors_in(output) if each.requires_grad), None)
        if first is not None:
            _on_tensor(first, fire)

    return module.register_forward_hook(hook).remove


def _post_accumulate_grad(parameter: Tensor, fire: Fire) -> Remove:
    """Its hook returns nothing to PyTorch; what it replaces is ``.grad`` itself."""

    def hook(parameter: Tensor) -> None:
        found = fire((given("param", parameter),), (parameter.grad,))
        if found is not None:
            parameter.grad = found[0]

    removable = parameter.register_post_accumulate_grad_hook(hook)  # type: ignore[no-untyped-call]
    return removable.remove  # type: ignore[no-any-return]


ON_MODULES: Mapping[Kind, Callable[[nn.Module, Fire], Remove]] = {
    "forward pre": _forward_pre,
    "forward": _forward,
    "full backward pre": _full_backward_pre,
    "full backward": _full_backward,
    "tensor": _tensor,
}
ON_PARAMETERS: Mapping[Kind, Callable[[Tensor, Fire], Remove]] = {
    "parameter": _on_tensor,
    "post accumulate grad": _post_accumulate_grad,
}
