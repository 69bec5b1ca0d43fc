"""The graphs that variables hold, and what every box of them is."""

from __future__ import annotations

from collections.abc import Mapping

from flow.record import GraphPicture
from lessons.autograd.figures import begun, seen
from lessons.autograd.settings import followed
from lessons.autograd.tape.play import State
from lessons.autograd.tape.programs import VECTOR
from lessons.autograd.tape.taped import Taped
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from viz.language import Say, english

MADE_BY = english("The grad_fn of {name}: through it {name} holds the graph.")
BETWEEN = english("A node of the graph that no variable names as its grad_fn.")
STORES = english("Stores what arrives in {name}.grad. The way of this gradient ends here.")
DROPS = english("{name} asks for no gradient now: what arrives here is not stored.")
LEAF = english("{name} is a leaf: no operation made it, so it has no grad_fn.")
BARE = english("{name} holds no graph: it has no grad_fn and asks for no gradient.")
MADE = english("{name} was made by an operation, and holds the graph through its grad_fn.")


def pressed_graph(study: Study) -> GraphPicture:
    """Return the graph of the state that is looked at."""
    return seen(study).picture


def held_graph(study: Study) -> GraphPicture:
    """Return the graph of the variables before any action."""
    return begun(study).picture


def path_graph(study: Study) -> GraphPicture:
    """Return the graph of the loss whose paths are followed."""
    return _loss(study).picture


def pressed_help(study: Study, say: Say) -> Mapping[str, str]:
    """Say what the boxes are."""
    return told(seen(study), say)


def held_help(study: Study, say: Say) -> Mapping[str, str]:
    """Say what the boxes are."""
    return told(begun(study), say)


def path_help(study: Study, say: Say) -> Mapping[str, str]:
    """Say what the boxes are."""
    return told(_loss(study), say)


def _loss(study: Study) -> State:
    return ran(Taped(followed(study).expression, VECTOR, ()))[0]


def told(state: State, say: Say) -> Mapping[str, str]:
    """Say of each box what it is, by its id."""
    asks = {each.name: each.requires_grad for each in state.variables}
    found = {node.id: say(BETWEEN) for node in state.picture.nodes if node.kind == "function"}
    for edge in state.picture.edges:
        if edge.kind == "output":
            found[edge.source] = say(MADE_BY).format(name=edge.target.removeprefix("v"))
        elif edge.kind == "leaf":
            name = edge.source.removeprefix("v")
            found[edge.target] = say(STORES if asks[name] else DROPS).format(name=name)
    for each in state.variables:
        sentence = MADE if each.grad_fn else LEAF if each.requires_grad else BARE
        found[f"v{each.name}"] = say(sentence).format(name=each.name)
    return found
