"""In which layers two networks differ: what was exchanged, left out, put in or set otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from experiment.setting import Setting
from models.layers import LAYERS
from models.spec import LayerSpec, ModelSpec
from viz.language import Say

Pair = tuple[LayerSpec, LayerSpec]


def layers_text(one: Setting, other: Setting, say: Say) -> str:
    """Say what B has in the place of what A has; empty where the layers are the same."""
    if one.source.layers is None or other.source.layers is None:
        return say("network") if one.model != other.model else ""
    a, b = one.network, other.network
    same_length = len(a.layers) == len(b.layers)
    return ", ".join(_by_place(a, b, say) if same_length else _by_name(a, b, say))


def _by_place(a: ModelSpec, b: ModelSpec, say: Say) -> Iterator[str]:
    pairs = zip(a.layers, b.layers, strict=True)
    wired = zip(_sources(a), _sources(b), strict=True)
    apart = [
        (x, y)
        for (x, y), (read, now) in zip(pairs, wired, strict=True)
        if _plain(x) != _plain(y) or read != now
    ]
    yield from _of_pairs(apart, say)


def _by_name(a: ModelSpec, b: ModelSpec, say: Say) -> Iterator[str]:
    known = {layer.name: layer for layer in a.layers}
    now = {layer.name: layer for layer in b.layers}
    alone = {
        say("{layers} only in A"): [name for name in known if name not in now],
        say("{layers} only in B"): [name for name in now if name not in known],
    }
    for sentence, names in alone.items():
        if names:
            yield sentence.format(layers=_named(names, say))
    both = [(known[name], now[name]) for name in known if name in now]
    yield from _of_pairs([(x, y) for x, y in both if _plain(x) != _plain(y)], say)


def _of_pairs(apart: Sequence[Pair], say: Say) -> Iterator[str]:
    """Say what of each pair is another kind of layer, and what is the same kind otherwise set."""
    exchanged: Mapping[tuple[str, str], list[str]] = defaultdict(list)
    otherwise = []
    for x, y in apart:
        if x.kind == y.kind:
            otherwise.append(x.name)
        else:
            exchanged[x.kind, y.kind].append(x.name)
    for (kind, other), names in exchanged.items():
        yield say("{other} instead of {kind} in {layers}").format(
            other=say(LAYERS[other].label),
            kind=say(LAYERS[kind].label),
            layers=_named(names, say),
        )
    if otherwise:
        yield say("other settings or inputs of {layers}").format(layers=_named(otherwise, say))


def _named(names: Sequence[str], say: Say) -> str:
    return names[0] if len(names) == 1 else say("{count} layers").format(count=len(names))


def _plain(layer: LayerSpec) -> tuple[object, ...]:
    """Return what a layer does, whatever it reads and is called."""
    return layer.kind, layer.fields, layer.frozen


def _sources(network: ModelSpec) -> list[tuple[int, ...]]:
    """Return from which places each layer reads."""
    places = {layer.name: place for place, layer in enumerate(network.layers)}
    return [tuple(places.get(name, -1) for name in layer.inputs) for layer in network.layers]
