"""Who records gradients: nobody, Backlight, hand-written hooks, TorchLens, torchexplorer."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import MagicMock

from torch import Tensor, nn

import flow
from benchmarks.measure import Contestant
from benchmarks.networks import Case


def plain(case: Case) -> None:
    """One forward and one backward, nothing recorded."""
    case.loss(case.module(case.input)).backward()  # type: ignore[no-untyped-call]


@contextmanager
def without_gradients(case: Case) -> Iterator[None]:
    """Begin with no gradient on any parameter: freeing the last call's is not measured."""
    case.module.zero_grad(set_to_none=True)
    yield


def backlight(case: Case) -> int:
    """Everything: values and gradients of every node, layer and parameter, the graph kept."""
    with flow.run(case.module, case.input, loss=case.loss) as run:
        return len(run.capture.nodes)


def module_hooks(case: Case) -> int:
    """What a notebook does: a full backward hook on each leaf module, its gradients kept."""
    seen: list[tuple[object, object]] = []

    def keep(_module: nn.Module, inputs: object, outputs: object) -> None:
        seen.append((inputs, outputs))

    leaves = [module for module in case.module.modules() if not list(module.children())]
    with ExitStack() as hooks:
        for module in leaves:
            hooks.callback(module.register_full_backward_hook(keep).remove)
        plain(case)
    return len(seen)


def torchlens(case: Case) -> Contestant:
    """TorchLens' trace with gradients and its backward log; it patches torch in all threads."""
    library = importlib.import_module("torchlens")
    options = importlib.import_module("torchlens.options")
    patches = importlib.import_module("torchlens.backends.torch.wrappers")
    capture = options.CaptureOptions(save_grads=True, backward_ready=True)

    def act() -> object:
        trace = library.trace(case.module, case.input, capture=capture)
        output: Tensor = trace[trace.output_layers[0]].out
        return trace.log_backward(case.loss(output))

    @contextmanager
    def patched() -> Iterator[None]:
        patches.wrap_torch()
        try:
            with without_gradients(case):
                yield
        finally:
            patches.unwrap_torch()

    return Contestant(act, patched)


def torchexplorer(case: Case) -> Contestant:
    """Watch every pass with torchexplorer, which also makes histograms and, once, a layout."""
    with stubbed("wandb", "flask", "loguru"):
        library = importlib.import_module("torchexplorer")
    library.watch(case.module, log_freq=1, backend="none", verbose=False)
    return Contestant(lambda: plain(case), lambda: without_gradients(case))


@contextmanager
def stubbed(*names: str) -> Iterator[None]:
    """Let `import name` succeed for packages that are imported there but not used by us."""
    missing = [name for name in names if name not in sys.modules]
    sys.modules.update({name: MagicMock() for name in missing})
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


def simple(act: Callable[[Case], object]) -> Callable[[Case], Contestant]:
    """A contestant that needs nothing around its calls but a network without gradients."""
    return lambda case: Contestant(lambda: act(case), lambda: without_gradients(case))


CONTESTANTS: dict[str, Callable[[Case], Contestant]] = {
    "plain": simple(plain),
    "Backlight": simple(backlight),
    "module hooks": simple(module_hooks),
    "TorchLens": torchlens,
    "torchexplorer": torchexplorer,
}
