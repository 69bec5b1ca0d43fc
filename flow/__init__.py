"""Record one forward and one backward of any module, exactly, and explain every gradient cell.

run = flow.run(module, inputs, loss=torch.nn.functional.l1_loss)
run.capture.layer("conv1").upstream
"""

from flow.errors import (
    BackwardError,
    ClosedRunError,
    ExplainError,
    LossError,
    NoGradientError,
    RunError,
    UpstreamError,
)
from flow.run import Run, run
from flow.seeded import Seeded

__all__ = [
    "BackwardError",
    "ClosedRunError",
    "ExplainError",
    "LossError",
    "NoGradientError",
    "Run",
    "RunError",
    "Seeded",
    "UpstreamError",
    "run",
]
