"""Everything that can be asked of a setting's run, as plain bytes that two runs can be told by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

import flow
from experiment.asking.answers import Answers
from experiment.running.runs import Runs
from experiment.setting import Setting


def everything(runs: Runs, setting: Setting) -> bytes:
    """Ask all questions about every node and layer."""
    return b"\n".join(plain(each) for each in answered(Answers(runs, setting)))


def everything_afresh(setting: Setting) -> bytes:
    """Ask the same of a store of its own; picklable, so that another process can do it."""
    return everything(Runs(), setting)


def answered(live: Answers) -> Iterator[object]:
    """Yield all answers; where there is none, why."""
    capture = live.capture
    yield capture.loss, live.graph("en")
    for node in capture.nodes:
        yield node.upstream, node.downstream, live.proof(node.id)
        for part, handed in enumerate(node.downstream):
            if handed is not None:
                yield or_why_not(live.table, node.id, part, None)
                yield or_why_not(live.explain, node.id, part, (0,) * handed.ndim)
        for output, arrived in enumerate(node.upstream):
            if arrived is not None and node.downstream:
                yield or_why_not(live.reach, node.id, (0,) * arrived.ndim, output)
    for layer in capture.layers:
        yield or_why_not(live.forward, layer.name, None)


def or_why_not(ask: Any, *question: Any) -> object:
    try:
        return ask(*question)
    except flow.ExplainError as reason:
        return str(reason)


def plain(value: Any) -> bytes:
    """Write a value with every bit of its arrays."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}".encode() + value.tobytes()
    if isinstance(value, Mapping):
        return b"{" + b",".join(plain(name) + b":" + plain(value[name]) for name in value) + b"}"
    if isinstance(value, tuple | list):
        return b"(" + b",".join(map(plain, value)) + b")"
    if is_dataclass(value):
        named = ((field.name, getattr(value, field.name)) for field in fields(value))
        return type(value).__name__.encode() + plain(dict(named))
    return repr(value).encode()
