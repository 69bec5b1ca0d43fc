"""Fixes for a draft that cannot run: each one offered has been tried and helps.

Proposals come from the problem's own sentence (``Set in_channels=4``, ``Turn inplace off``), from
the shapes that come in and from the layers above, so new kinds of layers need no entry here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from models.draft import changes
from models.draft.diagnosis import Diagnosis, diagnose
from models.draft.draft import INPUT_KEY, Draft, DraftLayer
from models.fields import Field, Value
from models.spec import MAX_LAYERS, NAME

MAX_OFFERED = 4
"""More choices than this are no help."""
MAX_TRIED = 24
"""Proposals that are tried, each on torch's meta device."""
NAMED_VALUE = re.compile(r"\b([a-z_]+)=(\d+)")
AT_MOST = re.compile(r"\buse (\d+) or less")
FLATTEN = "Flatten"
WHOLE = ("int", "pair", "sizes")
"""Kinds of fields that take a whole number."""


FIX_TEXT: Mapping[str, str] = {
    "remove": "Remove {name}",
    "rename": "Rename it to {name}",
    "put": "Put {kind} before {name}",
    "read": "Let {name} read {source}",
    "set": "Set {field}={value} in {name}",
    "on": "Turn {field} on in {name}",
    "off": "Turn {field} off in {name}",
}
"""What each way out is called, in English."""


@dataclass(frozen=True)
class Fix:
    """A way out: what it is called, with ``words`` to fill in, and the draft after it."""

    way: str
    """Name in ``FIX_TEXT``."""
    words: dict[str, str] = field(hash=False)
    draft: Draft


def fixes(draft: Draft, diagnosis: Diagnosis | None = None) -> tuple[Fix, ...]:
    """Return at most MAX_OFFERED changes after which the first problem is gone, likeliest first.

    ``diagnosis`` is that of the draft, where it is known already. A draft that works, or whose
    problem lies with no layer or only with its price, gets none.
    """
    found = diagnosis or diagnose(draft)
    problem = found.problem
    if problem is None or problem.too_large or problem.key == INPUT_KEY:
        return ()
    proposals = {fix.draft: fix for fix in _proposals(draft, found, problem.sentence)}
    likeliest = list(proposals.values())[:MAX_TRIED]
    helpful = (fix for fix in likeliest if _helps(fix.draft, problem.key, found.training))
    offered = tuple(islice(helpful, MAX_OFFERED))
    return offered or _removal(draft, problem.key)


def _removal(draft: Draft, key: int) -> tuple[Fix, ...]:
    """Offer to remove the layer, for when nothing else helps."""
    words = {"name": draft.name_of(key)}
    return (Fix("remove", words, changes.remove(draft, key)),)


def fitted(draft: Draft, key: int, training: bool = True) -> Draft:
    """Return the draft with a new layer set to what comes in, where that makes it work.

    What comes out gets the same size when another layer reads it.
    """
    sized = _sized(draft, key, training)
    return draft if sized == draft else _handed_on(sized, key)


def all_fitted(draft: Draft, fresh: Collection[int], training: bool = True) -> Draft:
    """Return the draft with each of its new layers set to what comes in, from the first on."""
    left = set(fresh)
    while left:
        problem = diagnose(draft, training).problem
        if problem is None or problem.key not in left:
            break
        left.discard(problem.key)
        draft = fitted(draft, problem.key, training)
    return draft


def _sized(draft: Draft, key: int, training: bool) -> Draft:
    """Set what the problem with a layer says, where that makes the layer work."""
    found = diagnose(draft, training)
    if found.problem is None or found.problem.key != key:
        return draft
    layer = draft.layer(key)
    proposals = (
        *_named_values(draft, layer, found.problem.sentence),
        *_equal_shapes(draft, layer, found),
    )
    return next((fix.draft for fix in proposals if _helps(fix.draft, key, training)), draft)


def _handed_on(draft: Draft, key: int) -> Draft:
    """Set ``out_channels`` to ``in_channels`` and the like in a layer that others read."""
    if not any(key in layer.reads for layer in draft.layers):
        return draft
    fields = draft.layer(key).fields
    for name, value in fields.items():
        out = name.replace("in_", "out_", 1)
        if name.startswith("in_") and out in fields:
            draft = changes.set_field(draft, key, out, value)
    return draft


def _helps(draft: Draft, key: int, training: bool) -> bool:
    """Whether the layer works now, and with it every layer above it."""
    problem = diagnose(draft, training).problem
    if problem is None or problem.too_large:
        return True
    return problem.key != INPUT_KEY and draft.place(problem.key) > draft.place(key)


def _proposals(draft: Draft, found: Diagnosis, sentence: str) -> Iterator[Fix]:
    assert found.problem is not None  # noqa: S101 - tells the type checker what the caller asked
    layer = draft.layer(found.problem.key)
    if "name" in sentence:
        yield from _names(draft, layer)
    yield from _bounds(draft, layer)
    yield from _connections(draft, layer)
    yield from _named_values(draft, layer, sentence)
    yield from _switches(draft, layer, sentence)
    yield from _kernels(draft, layer, found, sentence)
    yield from _flatten(draft, layer, found)
    yield from _defaults(draft, layer, sentence)
    yield from _equal_shapes(draft, layer, found)


def _names(draft: Draft, layer: DraftLayer) -> Iterator[Fix]:
    """Propose a name that is free and can stand in source code."""
    letters = re.sub(r"\W", "_", layer.name, flags=re.ASCII).rstrip("0123456789")
    stem = letters[:30] if NAME.fullmatch(letters) else "layer"
    name = changes.free_name(draft, stem)
    yield Fix("rename", {"name": name}, changes.rename(draft, layer.key, name))


def _bounds(draft: Draft, layer: DraftLayer) -> Iterator[Fix]:
    """Propose the nearest value within bounds for a field that is out of them."""
    for each in layer.layer_kind.fields:
        value = layer.fields[each.name]
        try:
            each.accept(value)
        except ValueError:
            yield _setting(draft, layer, each, _nearest(each, value))


def _nearest(each: Field, value: Value) -> Value:
    if each.kind not in ("int", "float") or not isinstance(value, int | float):
        return each.default
    near = min(max(value, each.low), each.high)
    return int(near) if each.kind == "int" else float(near)


def _connections(draft: Draft, layer: DraftLayer) -> Iterator[Fix]:
    """Propose inputs that exist above the layer, as many as its kind reads."""
    above = draft.above(layer.key)
    fewest, most = layer.layer_kind.inputs
    known = tuple(key if key in above else above[-1] for key in layer.reads)
    if layer.layer_kind.takes_indices and known:
        for pool in changes.pools(draft, above):
            yield _reading(draft, layer, (known[0], pool))
    reads = (*known, *[above[-1]] * fewest)[: max(fewest, min(len(known), most))]
    if reads != layer.reads:
        yield _reading(draft, layer, reads)


def _named_values(draft: Draft, layer: DraftLayer, sentence: str) -> Iterator[Fix]:
    """Propose what the sentence itself says."""
    for name, digits in NAMED_VALUE.findall(sentence):
        yield from _possible(draft, layer, name, int(digits[:9]))
    for digits in AT_MOST.findall(sentence):
        for each in _mentioned(layer, sentence):
            yield from _possible(draft, layer, each.name, int(digits[:9]))


def _possible(draft: Draft, layer: DraftLayer, name: str, value: int) -> Iterator[Fix]:
    """Propose a whole number, when the field takes it and it is another one."""
    each = layer.layer_kind.field(name)
    if each is None or each.kind not in WHOLE or layer.fields[name] == value:
        return
    if each.low <= value <= each.high:
        yield _setting(draft, layer, each, value)


def _switches(draft: Draft, layer: DraftLayer, sentence: str) -> Iterator[Fix]:
    """Propose to flip a switch that the sentence names, here or on what the layer reads."""
    sources = [draft.layer(key) for key in layer.reads if key in draft.keys]
    for owner in (layer, *sources):
        for each in _mentioned(owner, sentence):
            if each.kind == "bool":
                yield _setting(draft, owner, each, not owner.fields[each.name])


def _kernels(draft: Draft, layer: DraftLayer, found: Diagnosis, sentence: str) -> Iterator[Fix]:
    """Propose the largest kernel that fits the padded map."""
    kernel = layer.layer_kind.field("kernel_size")
    if kernel is None or "does not fit" not in sentence or not layer.reads:
        return
    shape = found.shape(draft, layer.reads[0])[2:]
    dilation, padding = (layer.fields.get(*each) for each in (("dilation", 1), ("padding", 0)))
    if shape and isinstance(dilation, int) and isinstance(padding, int) and dilation > 0:
        padded = min(shape) + 2 * padding
        yield from _possible(draft, layer, kernel.name, (padded - 1) // dilation + 1)


def _flatten(draft: Draft, layer: DraftLayer, found: Diagnosis) -> Iterator[Fix]:
    """Propose a Flatten before the layer, or the layer before a Flatten."""
    if found.problem is None or FLATTEN not in found.problem.sentence or not layer.reads:
        return
    source = layer.reads[0]
    if len(draft.layers) < MAX_LAYERS:
        longer = changes.add(draft, FLATTEN, after=source)
        flatten = max(longer.keys)
        reads = (flatten, *layer.reads[1:])
        rewired = changes.rewire(_undisturbed(draft, longer, flatten), layer.key, reads)
        words = {"name": layer.name, "kind": FLATTEN}
        yield Fix("put", words, _sized(rewired, layer.key, found.training))
    if source in draft.keys and draft.layer(source).kind == FLATTEN:
        earlier = changes.rewire(draft, layer.key, draft.layer(source).reads)
        words = {"name": layer.name, "source": draft.name_of(earlier.layer(layer.key).reads[0])}
        yield Fix("read", words, earlier)


def _undisturbed(before: Draft, after: Draft, new: int) -> Draft:
    """Undo the rewiring of other readers that adding a layer brought."""
    for layer in before.layers:
        if new in after.layer(layer.key).reads:
            after = changes.rewire(after, layer.key, layer.reads)
    return after


def _defaults(draft: Draft, layer: DraftLayer, sentence: str) -> Iterator[Fix]:
    """Propose the usual value of a field that the sentence names."""
    for each in _mentioned(layer, sentence):
        if layer.fields[each.name] != each.default:
            yield _setting(draft, layer, each, each.default)


def _equal_shapes(draft: Draft, layer: DraftLayer, found: Diagnosis) -> Iterator[Fix]:
    """Propose, for a layer that joins, another source with the shape of one that it has."""
    if len(layer.reads) < 2 or layer.layer_kind.takes_indices:
        return
    above = draft.above(layer.key)
    for place, old in reversed(tuple(enumerate(layer.reads))):
        wanted = {found.shape(draft, key) for key in layer.reads if key != old}
        for key in reversed(above):
            if key not in layer.reads and found.shape(draft, key) in wanted:
                yield _reading(draft, layer, (*layer.reads[:place], key, *layer.reads[place + 1 :]))
                break


def _mentioned(layer: DraftLayer, sentence: str) -> list[Field]:
    """Return the fields whose names stand in the sentence."""
    words = set(re.findall(r"\w+", sentence))
    return [each for each in layer.layer_kind.fields if each.name in words]


def _setting(draft: Draft, layer: DraftLayer, each: Field, value: Value) -> Fix:
    words = {"field": each.name, "value": str(value), "name": layer.name}
    way = "set"
    if each.kind == "bool":
        way = "on" if value else "off"
    return Fix(way, words, changes.set_field(draft, layer.key, each.name, value))


def _reading(draft: Draft, layer: DraftLayer, reads: tuple[int, ...]) -> Fix:
    names = " + ".join(draft.name_of(key) for key in reads)
    words = {"name": layer.name, "source": names}
    return Fix("read", words, changes.rewire(draft, layer.key, reads))
