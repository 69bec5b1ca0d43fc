"""What can be set in the lesson, and what its steps are about."""

from __future__ import annotations

from lessons.autograd.jacobian import Jacobian
from lessons.autograd.paths import Paths
from lessons.autograd.tape.expression import LONGEST
from lessons.autograd.tape.play import LABELS
from lessons.autograd.tape.programs import NAMES, OWN, VECTORS, WAY_NAMES, WAYS, chosen, vector
from lessons.autograd.tape.taped import Taped
from lessons.autograd.tried.batches import PARTS, Batches
from lessons.autograd.tripled import CALLS, TWICE, Called, Tripled
from lessons.choosing.choice import Actions, Choice, Settable, Written
from lessons.choosing.study import Study

PRESSED = ("bvr", "bv")
"""What is pressed to begin with."""
MOST_PRESSED = 12
MOST_CALLS = 6

CHOICES: dict[str, Settable] = {
    "expression": Choice("triple", list(NAMES), "Expression", words=NAMES, looks=True),
    "typed": Written("exp(x * x / 4) + x", LONGEST, "Your own, of x and y", looks=True),
    "vector": Choice(
        "100_0.1",
        list(VECTORS),
        "Vector v",
        lambda key: "({:g}, {:g})".format(*VECTORS[key]),
        looks=True,
    ),
    "program": Choice("two", list(NAMES), "Variables of", words=NAMES, looks=True),
    "way": Choice("two", list(WAYS), "Loss", WAY_NAMES.__getitem__, looks=True),
    "cell": Choice(0, range(2), "Cell of x", looks=True),
    "calls_done": Actions(CALLS, TWICE, MOST_CALLS, "Calls"),
    "pressed": Actions(LABELS, PRESSED, MOST_PRESSED, "Actions", looks=True),
    "after": Choice(MOST_PRESSED, range(MOST_PRESSED + 1), "State after action number", looks=True),
    "parts": Choice("3+3", list(PARTS), "Parts of the batch"),
}


def tripled(_study: Study) -> Tripled:
    """Return y = 3x with the vector."""
    return Tripled()


def multiplied(study: Study) -> Jacobian:
    """Return the expression and the vector that are set."""
    return Jacobian(chosen(study, "expression"), vector(study))


def held(study: Study) -> Taped:
    """Return the variables of which the table tells, before any action."""
    return Taped(chosen(study, "program"), vector(study), ())


def followed(study: Study) -> Paths:
    """Return the loss whose paths are followed."""
    return Paths(WAYS[study["way"]], study["cell"])


def called(study: Study) -> Called:
    """Return the list of calls after which ``x.grad`` is predicted."""
    return Called(study["calls_done"])


def pressed(study: Study) -> Taped:
    """Return the expression and the actions on it."""
    return Taped(chosen(study, "expression"), vector(study), study["pressed"])


def batches(study: Study) -> Batches:
    """Return the batch in parts."""
    return Batches(PARTS[study["parts"]])


def is_own(name: str, study: Study) -> bool:
    """Tell whether an expression is typed."""
    return bool(study[name] == OWN)


def looked_at(study: Study) -> int:
    """Return after how many actions one looks."""
    return min(int(study["after"]), len(study["pressed"]))
