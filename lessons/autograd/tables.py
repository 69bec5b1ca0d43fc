"""The small tables of the lesson: what PyTorch told, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.autograd.figures import begun, seen
from lessons.autograd.settings import batches, held, multiplied, pressed
from lessons.autograd.settings import called as calls_of
from lessons.autograd.tape.expression import Expression
from lessons.autograd.tape.observed import Numbers, Saved, Variable
from lessons.autograd.tape.programs import expression_of
from lessons.autograd.tried import cut, freed, in_place, kept, scalar, zero
from lessons.autograd.tried.batches import Gathered
from lessons.autograd.tripled import CALLS
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid, comparison, sign
from viz.language import Say, english
from viz.markdown import plain
from viz.theme import format_number

NARROW = "\N{NO-BREAK SPACE}"
FATES = {
    "held": english("held"),
    "freed": english("freed"),
    "changed": english("changed since"),
}


def written(numbers: Numbers | None) -> str:
    """Write cells, or None."""
    if numbers is None:
        return "`None`"
    shown = [format_number(each, 4) for each in numbers]
    return shown[0] if len(shown) == 1 else f"({f',{NARROW}'.join(shown)})"


def yes(value: bool) -> str:
    """Write what PyTorch says, as Python does."""
    return f"`{value}`"


def short(message: str) -> str:
    """Return the first sentence of a message, for a cell of a table; a tick for none."""
    return plain(message.partition(" (")[0].partition(": [")[0]) if message else "✓"


def agreed(study: Study, say: Say) -> Grid:
    """Compare the vector times the Jacobian with ``x.grad``."""
    found = ran(multiplied(study))
    name = say("v times J, and x.grad")
    return comparison({name: (found.product, found.grad)}, say)


def outcome(message: str, say: Say) -> str:
    """Return whether a call ran, where its message stands below the table."""
    return say("refused") if message else "✓"


def ways_to_begin(_study: Study, say: Say) -> Grid:
    """List the ways to begin backward."""
    rows = [
        (f"`{each.code}`", written(each.grad), short(each.message)) for each in ran(scalar.SCALAR)
    ]
    return Grid((say("call"), "`x.grad`", say("PyTorch says")), rows)


def variables(study: Study, _say: Say) -> Grid:
    """List what every variable tells of its place in the graph."""
    codes = lines(expression_of(held(study).program))
    rows = [
        (codes[each.name], yes(each.requires_grad), yes(each.is_leaf), *place(each))
        for each in begun(study).variables
    ]
    heads = ("", "`requires_grad`", "`is_leaf`", "`grad_fn`", "`next_functions`")
    return Grid(heads, rows)


def place(variable: Variable) -> tuple[str, str]:
    """Write a variable's node, and where that one hands gradients on to."""
    node = f"`{variable.grad_fn}`" if variable.grad_fn else "`None`"
    behind = ", ".join(f"`{each}`" for each in variable.following)
    return node, behind or "-"


def pressed_variables(study: Study, say: Say) -> Grid:
    """List all that there is to tell of every variable in the state that is looked at."""
    told = [
        (
            written(each.value),
            written(each.grad),
            yes(each.requires_grad),
            yes(each.is_leaf),
            *place(each),
            saved(each.saved, say),
            str(each.version),
        )
        for each in seen(study).variables
    ]
    names = (
        say("value"),
        "`.grad`",
        "`requires_grad`",
        "`is_leaf`",
        "`grad_fn`",
        "`next_functions`",
        say("saved for backward"),
        "`_version`",
    )
    rows = [(name, *row) for name, row in zip(names, zip(*told, strict=True), strict=True)]
    codes = lines(expression_of(pressed(study).program))
    return Grid(("", *(codes[each.name] for each in seen(study).variables)), rows)


def lines(expression: Expression) -> Mapping[str, str]:
    """Return how each variable is written: as the line that makes it, or a leaf by its name."""
    leaves = {name: f"`{name}`" for name in expression.leaves}
    return leaves | {line.name: f"`{line.code}`" for line in expression.lines}


def saved(tensors: Sequence[Saved], say: Say) -> str:
    """Write what nodes saved, how large it is, and whether it is still there."""
    names = [f"{each.node}.{each.name}" if each.node else each.name for each in tensors]
    told = [
        f"`{name}` {each.bytes} B, {say(FATES[each.fate])}"
        for name, each in zip(names, tensors, strict=True)
    ]
    return "; ".join(told) or say("nothing")


def freed_twice(_study: Study, say: Say) -> Grid:
    """List what each expression saved, and what a second backward comes to."""
    rows = [
        (
            f"`{each.code}`",
            ", ".join(f"`{one.name}`" for one in each.before) or say("nothing"),
            f"{each.held} B",
            f"{each.left} B",
            outcome(each.message, say),
        )
        for each in ran(freed.FREED_TWICE).values()
    ]
    heads = (
        "",
        say("saved by its node"),
        say("before"),
        say("after one backward"),
        say("second backward"),
    )
    return Grid(heads, rows, frozenset({2, 3}))


def retained(_study: Study, say: Say) -> Grid:
    """List what each way of retaining keeps."""
    rows = [
        (f"`{each.code}`", written(each.x_grad), written(each.y_grad), outcome(each.message, say))
        for each in ran(kept.KEPT).values()
    ]
    heads = (say("call"), "`x.grad`", "`y.grad`", say("another y.backward(v)"))
    return Grid(heads, rows)


def reset(_study: Study, say: Say) -> Grid:
    """List ``x.grad`` over three rounds, with each way to reset it."""
    names = {
        "forgotten": say("forgotten"),
        "none": "`x.grad = None`",
        "zeros": "`x.grad.zero_()`",
    }
    rows = [
        (names[way], *map(written, each.after_backward), written(each.after_reset))
        for way, each in zero.rounds().items()
    ]
    heads = (
        say("reset after each round"),
        say("round 1"),
        say("round 2"),
        say("round 3"),
        say("in the end"),
    )
    return Grid(heads, rows)


def parts(study: Study, say: Say) -> Grid:
    """List what the mean of each part alone gives."""
    recipe = batches(study)
    found = ran(recipe)
    rows = [
        (str(place), str(size), format_number(mean, 5))
        for place, (size, mean) in enumerate(zip(recipe.parts, found.each, strict=True), 1)
    ]
    heads = (say("part"), say("samples"), say("w.grad of its mean alone"))
    return Grid(heads, rows, frozenset({1, 2}))


def gathered(study: Study, say: Say) -> Grid:
    """Compare what is gathered over parts with the whole batch."""
    found: Gathered = ran(batches(study))
    ways = (
        (say("sums, as they are"), found.parts_sum, found.whole_sum),
        (say("means, as they are"), found.parts_mean, found.whole_mean),
        (say("means, each divided by the number of parts"), found.divided, found.whole_mean),
        (say("means, each times its share of the samples"), found.weighted, found.whole_mean),
    )
    rows = [
        (
            name,
            format_number(own, 5),
            format_number(whole, 5),
            sign(np.array(own), np.array(whole)),
        )
        for name, own, whole in ways
    ]
    heads = (say("losses of the parts"), say("gathered"), say("whole batch"), "")
    return Grid(heads, rows, frozenset({1, 2}))


def cut_off(_study: Study, say: Say) -> Grid:
    """List what each pair of scissors cuts."""
    rows = [
        (
            f"`{each.code}`",
            yes(each.requires_grad),
            f"`{each.grad_fn or None}`",
            written(each.grad),
        )
        for each in ran(cut.CUT).values()
    ]
    heads = (
        say("line before z = y * x"),
        "`y.requires_grad`",
        "`y.grad_fn`",
        "`x.grad`",
    )
    return Grid(heads, rows)


def changed(_study: Study, say: Say) -> Grid:
    """List what a change in place does."""
    rows = [
        (
            f"`{each.code}`",
            "-" if each.version is None else str(each.version),
            written(each.grad),
            outcome(each.message, say),
        )
        for each in ran(in_place.IN_PLACE).values()
    ]
    heads = (say("lines"), "`y._version`", "`x.grad`", say("comes to"))
    return Grid(heads, rows, frozenset({1}))


def called(study: Study, say: Say) -> Grid:
    """List ``x.grad`` after every call of the list."""
    rows = [
        (
            str(place),
            f"`{CALLS[state.action]}`",
            written(state["x"].grad),
            written(state["y"].grad),
            short(state.message),
        )
        for place, state in enumerate(ran(calls_of(study))[1:], 1)
    ]
    heads = ("", say("call"), "`x.grad`", "`y.grad`", say("PyTorch says"))
    return Grid(heads, rows)
