"""Record one forward and one backward of any module, exactly, and explain every gradient cell.

run = flow.run(module, inputs, loss=torch.nn.functional.l1_loss)
run.capture.layer("conv1").upstream
"""

from flow.errors import (
    BackwardError,
    ClosedRunError,
    ExplainError,
    HookError,
    LossError,
    NoGradientError,
    RunError,
    UpstreamError,
)
from flow.hooking.live import Hooking
from flow.hooking.records import Fired, Handle, Hook, Hooked
from flow.run import Run, run
from flow.seeded import Seeded

__all__ = [
    "BackwardError",
    "ClosedRunError",
    "ExplainError",
    "Fired",
    "Handle",
    "Hook",
    "HookError",
    "Hooked",
    "Hooking",
    "LossError",
    "NoGradientError",
    "Run",
    "RunError",
    "Seeded",
    "UpstreamError",
    "run",
]
