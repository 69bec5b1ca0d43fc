"""A hook that saves features: what its list keeps alive, in bytes, after each forward."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english

SIDE, CHANNELS = 64, 8
"""Of the input, and of each map."""
MOST_FORWARDS = 8
SAVES: Mapping[str, str] = {
    "output": english("saved.append(output)"),
    "detached": english("saved.append(output.detach())"),
    "newest": english("saved[:] = [output.detach()]"),
}


@dataclass(frozen=True)
class Alive:
    """What is alive after a forward whose result was dropped."""

    features: int
    """How many tensors the list has."""
    saved: int
    """Bytes of them."""
    graph: int
    """Bytes of what their graphs keep besides, parameters not counted."""


@dataclass(frozen=True)
class Forgotten:
    """Bytes of features once the name of their list is deleted."""

    with_hook: int
    removed: int
    """After ``remove()``, too."""


@dataclass(frozen=True)
class Features:
    """Forwards of a network whose second convolution has a hook that saves."""

    saves: str = "output"
    forwards: int = 4

    def run(self) -> tuple[tuple[Alive, ...], Forgotten]:
        """Run forward several times and count what is alive, then forget the list."""
        network = _network()
        saved: list[Tensor] = []
        weights = {_memory(each) for each in network.parameters()}
        packed: weakref.WeakSet[_Packed] = weakref.WeakSet()
        handle = network[2].register_forward_hook(_saving(self.saves, saved))
        found = []
        for count in range(self.forwards):
            x = torch.full((1, 1, SIDE, SIDE), float(count))
            with torch.enable_grad(), saved_tensors_hooks(_packing(packed), _unpack):
                network(x)
            del x
            features = {_memory(each): _bytes(each) for each in saved}
            kept = {_memory(each.tensor): _bytes(each.tensor) for each in packed}
            graph = [size for at, size in kept.items() if at not in {*weights, *features}]
            found.append(Alive(len(saved), sum(features.values()), sum(graph)))
        tensors = [weakref.ref(each) for each in saved]
        del saved
        with_hook = _alive(tensors)
        handle.remove()
        return tuple(found), Forgotten(with_hook, _alive(tensors))

    def exercises(self) -> Mapping[str, Callable[[Any], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open a network whose features can be looked at."""
        return Experiment(of_preset("lenet"))


class _Packed:
    """Stands in a graph for a tensor that it saved."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor.detach()  # with its graph it would hold itself


def _packing(packed: weakref.WeakSet[_Packed]) -> Callable[[Tensor], _Packed]:
    def pack(tensor: Tensor) -> _Packed:
        held = _Packed(tensor)
        packed.add(held)
        return held

    return pack


def _unpack(held: _Packed) -> Tensor:
    return held.tensor


def _saving(saves: str, saved: list[Tensor]) -> Callable[..., None]:
    """Return the hook."""

    def hook(_module: nn.Module, _args: Any, output: Tensor) -> None:
        if saves == "newest":
            saved.clear()
        saved.append(output if saves == "output" else output.detach())

    return hook


def _network() -> nn.Sequential:
    """Return two convolutions with ReLUs, and a head; all weights are alike."""
    network = nn.Sequential()
    for name, inside, outside in (("conv1", 1, CHANNELS), ("conv2", CHANNELS, CHANNELS)):
        with torch.device("meta"):  # nothing is drawn
            conv = nn.Conv2d(inside, outside, 3, bias=False)
        conv.weight = nn.Parameter(torch.full(conv.weight.shape, 0.1))
        network.add_module(name, conv)
        network.add_module(f"relu{name[-1]}", nn.ReLU())
    return network


def _alive(tensors: list[weakref.ref[Tensor]]) -> int:
    return sum(_bytes(each) for ref in tensors if (each := ref()) is not None)


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _bytes(tensor: Tensor) -> int:
    return tensor.untyped_storage().nbytes()


# What it shows


def features(study: Study) -> Features:
    """Return what is saved."""
    return Features(study["saves"], study["forwards"])


def kib(count: int) -> str:
    """Write bytes in KiB."""
    return f"{count / 1024:,.1f}"


def alive(study: Study, say: Say) -> Grid:
    """List what is alive after each forward."""
    found, _forgotten = ran(features(study))
    rows = [
        (
            str(place),
            str(each.features),
            kib(each.saved),
            kib(each.graph),
            kib(each.saved + each.graph),
        )
        for place, each in enumerate(found, 1)
    ]
    heads = (
        say("forward"),
        say("in the list"),
        say("features, KiB"),
        say("their graphs, KiB"),
        say("alive, KiB"),
    )
    return Grid(heads, rows, frozenset(range(5)))


def forgotten(study: Study, say: Say) -> Grid:
    """List what of the features is alive once the list's name is deleted."""
    _found, gone = ran(features(study))
    rows = [
        (f"`del saved`, {say('the hook is live')}", kib(gone.with_hook)),
        ("`del saved`, `handle.remove()`", kib(gone.removed)),
    ]
    return Grid((say("after"), say("features alive, KiB")), rows, frozenset({1}))


def of_features(study: Study) -> Mapping[str, str]:
    """Return what is alive at the end, and how many forwards there were."""
    found, _forgotten = ran(features(study))
    return {"alive": kib(found[-1].saved + found[-1].graph), "forwards": str(len(found))}
