"""What can be set in the lesson on hooks."""

from __future__ import annotations

from lessons.asking.vote import vote
from lessons.choosing.choice import Actions, Choice, Settable, Written
from lessons.hooks import asked, features, handing_on, network
from lessons.hooks.doing import ACTION_WORDS, FORWARD, KINDS
from lessons.hooks.predicted import removing
from lessons.hooks.surprises import gotchas, tried

LONGEST_LINK = 8000
"""Characters of a link that is pasted: it stands in the address of the page, too."""
MOST_LAYERS = 200
"""That a link can name; the playground takes fewer."""

CHOICES: dict[str, Settable] = {
    "vote": vote(asked.ANSWERS),
    "layer": Choice("conv2", network.LAYERS, "Layer", looks=True),
    "kind": Choice("full backward", tuple(KINDS), "Kind of hook", words=KINDS, looks=True),
    "action": Choice("times", tuple(ACTION_WORDS), "What it does", words=ACTION_WORDS, looks=True),
    "cell": Choice(0, range(handing_on.CELLS), "Cell of ∂L/∂x", looks=True),
    "before": Choice("forward", FORWARD[::-1], "Kind of forward hook", words=KINDS, looks=True),
    "tried": Choice("new", tuple(tried.TRIES), "What it tries", words=tried.TRY_WORDS, looks=True),
    "done": Actions(removing.DOING, (), removing.MOST, "What is done, in this order", looks=True),
    "saves": Choice(
        "output", tuple(features.SAVES), "What the hook does", words=features.SAVES, looks=True
    ),
    "forwards": Choice(4, (1, 2, 4, features.MOST_FORWARDS), "Forwards", looks=True),
    "gotcha": Choice(
        "inplace", tuple(gotchas.GOTCHAS), "Surprise", words=gotchas.GOTCHA_WORDS, looks=True
    ),
    "network": Written(
        "", LONGEST_LINK, "Link to a network", hint="paste a link of the playground", looks=True
    ),
    "at": Choice(3, range(MOST_LAYERS), "Layer by its place", looks=True),
}
