"""How the chosen hook is registered, and what was called, with what, and what it returned."""

from __future__ import annotations

from collections.abc import Mapping

from flow.hooking.records import Fired, Given, Kind
from flow.record import Array
from lessons.choosing.study import Study
from lessons.hooks.changing import caught, typed
from lessons.hooks.doing import KINDS
from lessons.hooks.predicted.ordering import argument
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say
from viz.theme import format_number

CODE: Mapping[Kind, tuple[str, str]] = {
    "full backward": (
        "module, grad_input, grad_output",
        "network.{layer}.register_full_backward_hook(hook)",
    ),
    "full backward pre": (
        "module, grad_output",
        "network.{layer}.register_full_backward_pre_hook(hook)",
    ),
    "tensor": ("grad", "network.{layer}.register_forward_hook(on_output)"),
    "post accumulate grad": (
        "param",
        "network.{layer}.weight.register_post_accumulate_grad_hook(hook)",
    ),
    "parameter": ("grad", "network.{layer}.weight.register_hook(hook)"),
    "forward": ("module, args, output", "network.{layer}.register_forward_hook(hook)"),
    "forward pre": ("module, args", "network.{layer}.register_forward_pre_hook(hook)"),
}
"""By kind, the parameters of the hook and the call that registers it."""
ON_OUTPUT = """def on_output(module, args, output):
    output.register_hook(hook)

"""
"""Registers a tensor hook anew in each forward."""

MOST_CELLS = 4
"""Of a tensor, that the log writes; the maps show them all."""


def code(study: Study, _say: Say) -> str:
    """Write how the chosen hook is registered."""
    parameters, call = CODE[study["kind"]]
    within = ON_OUTPUT if study["kind"] == "tensor" else ""
    return f"def hook({parameters}): ...\n\n{within}handle = {call.format(layer=study['layer'])}"


def log(study: Study, say: Say) -> Grid:
    """List what was called with what, what its action got, and what it returned."""
    fired: tuple[Fired, ...] = ran(caught(study)).hooked.fired
    prints, keeps = (study["action"] == each for each in ("print", "keep"))
    rows = [
        (
            say(KINDS[each.hook.kind]),
            ", ".join(map(_printed if prints else argument, each.given)),
            _cells(each.caught),
            _cells(each.returned),
        )
        for each in fired
    ]
    return Grid(
        (
            say("called"),
            say("printed") if prints else say("with"),
            say("in its list") if keeps else say("it got"),
            say("it returned"),
        ),
        rows,
    )


def _printed(given: Given) -> str:
    """Write an argument with its type, too."""
    name, *shapes = argument(given).split(" ", 1)
    return " ".join((name, typed(given), *shapes))


def _cells(arrays: tuple[Array | None, ...]) -> str:
    """Write the first cells of tensors, one after the other."""
    return "; ".join("`None`" if each is None else _first(each) for each in arrays)


def _first(array: Array) -> str:
    more = ", …" if array.size > MOST_CELLS else ""
    return ", ".join(map(format_number, array.ravel()[:MOST_CELLS].tolist())) + more
