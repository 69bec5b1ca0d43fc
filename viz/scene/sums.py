"""What stands behind the shown cells: the sums they are, and answers about single cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

from flow.record import Array, is_cell
from flow.sparse import CoefficientTable, ForwardTable
from viz.hidden import is_hidden
from viz.maps.heatmap import Shape, choices
from viz.maps.rows import Map
from viz.maps.sums import Answer, Link, Rule
from viz.scene import inspector, stored
from viz.scene.inspector import Chosen
from viz.scene.live import Unshown
from viz.scene.stored import UPSTREAM, Seen

DOWNSTREAM, OUTPUT = "downstream", "output0"

Shown = Sequence[Sequence[Map]]


def links(chosen: Chosen, shown: Shown) -> list[Link]:
    """Return the sums behind the shown cells: of gradients, parameter gradients or values.

    Empty where no two of the shown maps are the sides of one node or layer. A sum that would tell
    hidden numbers is left out.
    """
    found: list[Link] = []
    for made in _made(chosen, shown):
        with suppress(Unshown):
            found += made()
    return found


def _made(chosen: Chosen, shown: Shown) -> Iterator[Callable[[], list[Link]]]:
    """Yield what makes the sums behind one map."""
    arrays = _arrays(shown)
    if chosen.show == "values":
        yield partial(_values, chosen, shown)
    if chosen.show != "gradient" or UPSTREAM not in arrays:
        return
    seen = Seen(chosen, arrays, _words(chosen, shown))
    if DOWNSTREAM in arrays:
        yield partial(_handed_on, seen, shown)
    for key, leaf in seen.leaves().items():
        yield partial(stored.links, seen, key, leaf)


def _handed_on(seen: Seen, shown: Shown) -> list[Link]:
    """Return the sums behind the downstream gradient."""
    chosen, sums = seen.chosen, _table(seen.chosen, shown)
    sides, rule = seen.sides(chosen.node.id), _between(chosen)
    made = Link.of_outputs(sums, DOWNSTREAM, sides, words=seen.words, rule=rule)
    return [_tapped(link, chosen, seen.arrays) for link in made]


def may_be(chosen: Chosen, shown: Shown) -> bool:
    """Whether there is something to ask ``links`` for; it may still find that there are none."""
    if chosen.show == "values":
        return bool(_summed_inputs(chosen, shown))
    arrays = _arrays(shown)
    if chosen.show != "gradient" or UPSTREAM not in arrays:
        return False
    return DOWNSTREAM in arrays or bool(Seen(chosen, arrays, {}).leaves())


def between(chosen: Chosen, shown: Shown) -> tuple[str, ...]:
    """Return what stands between the first two maps: the rule by which one is made of the other."""
    there = {each.key for row in shown for each in row if each.array is not None}
    whole = chosen.show == "gradient" and {UPSTREAM, DOWNSTREAM} <= there
    rule = _between(chosen) if whole else None
    return () if rule is None else rule.sentences


def _table(chosen: Chosen, shown: Shown) -> CoefficientTable:
    """Return the coefficients behind the downstream cells that are drawn: of a sample, or of all.

    Of a matrix that is too large the rows of one sample are returned; a click explains the others.
    """
    drawn = next(each for row in shown for each in row if each.key == DOWNSTREAM)
    shape = drawn.array.shape if drawn.array is not None else ()
    sample = chosen.sample if choices(shape, drawn.role).samples else None
    found = chosen.live.table(chosen.node.id, chosen.part, sample)
    if sample is None and found.note and len(shape) > 1 and chosen.sample < shape[0]:
        return chosen.live.table(chosen.node.id, chosen.part, chosen.sample)
    return found


def _arrays(shown: Shown) -> dict[str, Array]:
    """Return what has cells that can be pointed at."""
    maps = (each for row in shown for each in row)
    return {
        each.key: each.array
        for each in maps
        if each.array is not None and each.array.size and not is_hidden(each.array)
    }


def _values(chosen: Chosen, shown: Shown) -> list[Link]:
    """Return how the layer's output values are made of its input values."""
    inputs = _summed_inputs(chosen, shown)
    if chosen.layer is None or not inputs:
        return []
    made = chosen.live.forward(chosen.layer.name, chosen.sample)
    words = _forward_words(chosen, shown, made)
    if made.note:
        return [Link.asked(OUTPUT, key, words=words) for key in inputs] if made.shape else []
    return Link.of_forward(made, OUTPUT, inputs, words=words)


def _summed_inputs(chosen: Chosen, shown: Shown) -> list[str]:
    """Return the keys of the layer's inputs, where all of them are shown with the output."""
    inputs = _inputs(chosen)
    return inputs if {OUTPUT, *inputs} <= set(_arrays(shown)) else []


def _inputs(chosen: Chosen) -> list[str]:
    """Return the keys of the layer's inputs that hold real numbers."""
    layer = chosen.layer
    if layer is None:
        return []
    return [
        f"input{which}"
        for which, value in enumerate(layer.inputs)
        if value is None or value.dtype.kind == "f"
    ]


def _words(chosen: Chosen, shown: Shown) -> dict[str, str]:
    """Return the words around a sum; where all channels are shown, one may be chosen."""
    words = {"explained": inspector.handed_on(chosen)}
    through = (*chosen.node.upstream, *chosen.node.downstream)
    if any(array is not None and array.dtype.kind == "c" for array in through):
        words["large"] = chosen.say(
            "These numbers are complex: click a cell (or press Enter), and its sum comes."
        )
    elif chosen.channel is None and inspector.pickers(shown).channels > 1:
        words["large"] = chosen.say(
            "All channels together are too many cells to point at: choose one channel above, or "
            "click a cell (or press Enter), and its sum comes."
        )
    return words


def _forward_words(chosen: Chosen, shown: Shown, made: ForwardTable) -> dict[str, str]:
    """Return the words around an output value."""
    say = chosen.say
    words = {
        **_words(chosen, shown),
        "explained": say("output"),
        "hint": say("Point at an output cell: the input cells it is made of light up."),
        "nothing": say("No input cell is read here, so it is 0."),
        "recorded": say("recorded {value}"),
    }
    return {**words, "total": say("computed alone {value}")} if made.function else words


def _tapped(link: Link, chosen: Chosen, arrays: Mapping[str, Array]) -> Link:
    """Let the kernel taps of a convolution light up in the map of the kernel's gradient."""
    for record in chosen.layer.parameters if chosen.layer is not None else ():
        key = f"gradient:{record.name}"
        if any(name.startswith(f"{record.name}[") for name in link.names) and key in arrays:
            return link.tapping(key, record.value.shape)
    return link


def _between(chosen: Chosen) -> Rule | None:
    rule = chosen.live.rule(chosen.node)
    return None if rule is None else Rule(sentences=(chosen.say(rule.about(chosen.part)),))


def answer(chosen: Chosen, shown: Shown, key: str, cell: Shape) -> Answer | None:
    """Return what stands behind one cell of a shown map; None where there is no such cell.

    Raises what the run raises where it cannot explain it.
    """
    arrays = _arrays(shown)
    if key not in arrays or not is_cell(cell, arrays[key].shape):
        return None
    if chosen.show == "values":
        return _forward_answer(chosen, shown, key, cell)
    return _answer(chosen, shown, key, cell)


def _answer(chosen: Chosen, shown: Shown, key: str, cell: Shape) -> Answer | None:
    """Explain one cell of a gradient, or follow one upstream cell."""
    seen = Seen(chosen, _arrays(shown), _words(chosen, shown))
    leaf = seen.leaves().get(key)
    if leaf is not None:
        return stored.answer(seen, key, leaf, cell)
    if DOWNSTREAM not in seen.arrays:
        return None
    node, shape = chosen.node, seen.arrays[key].shape
    if key == DOWNSTREAM:
        found = chosen.live.explain(node.id, chosen.part, cell)
        if stored.is_refused(found):
            return Answer(key, cell, (), found.note)
        sides = seen.sides(node.id)
        return Answer.of_sum(found, DOWNSTREAM, sides, shape, words=seen.words)
    for output in inspector.live_outputs(node):
        if key == inspector.upstream_key(node, output):
            fed = chosen.live.reach(node.id, cell, output)
            return Answer.of_reach(fed, DOWNSTREAM, key, shape, chosen.part, words=seen.words)
    return None


def _forward_answer(chosen: Chosen, shown: Shown, key: str, cell: Shape) -> Answer | None:
    """Explain one output value, or follow one input value."""
    inputs, layer = _summed_inputs(chosen, shown), chosen.layer
    if layer is None or not inputs or key not in (OUTPUT, *inputs):
        return None
    if key == OUTPUT:
        made = chosen.live.forward_cell(layer.name, cell)
    else:
        made = chosen.live.forward_reach(layer.name, inputs.index(key), cell)
    words = _forward_words(chosen, shown, made)
    found = Link.of_forward(made, OUTPUT, inputs, words=words) if not made.note else []
    return Answer(key, cell, tuple(found), made.note)
