"""Why a run could not be made, in words for the person who asked for it."""

from __future__ import annotations


class RunError(ValueError):
    """A run that cannot be made; the message says what must hold, what came and what to do."""


class LossError(RunError):
    """The loss is not one number."""


class UpstreamError(RunError):
    """The given upstream vector does not fit the output."""


class NoGradientError(RunError):
    """Nothing that was computed depends on a value that asks for a gradient."""


class BackwardError(RunError):
    """The backward pass cannot be recorded."""


class HookError(RunError):
    """A hook cannot be registered or run as it was asked for."""


class ClosedRunError(RunError):
    """The graph of this run was freed."""


class ExplainError(RunError):
    """A cell cannot be explained; the message says why."""
