"""The playground's experiment inside a lesson: the same run, maps, sums, proof and graph."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from experiment.address import Experiment
from experiment.setting import Setting
from experiment.view import PLAIN
from lessons.leaves import kept_gradients
from pages.lesson.frame import Desk
from pages.lesson.maps import also_lighting_own, short_labels
from pages.parts import components
from pages.parts.asking import answers
from pages.parts.text import _, language, say
from viz.answering.sent import Sent
from viz.graphs.tint import ink_on
from viz.language import known
from viz.maps.rows import Map, pack
from viz.scene import inspector, sums
from viz.scene.choice import choose
from viz.scene.inspector import Chosen
from viz.theme import ACCENT

MOST_TURNS = 32
"""Steps of a backward pass that a link can say; the Test network's has fewer."""


def at_node(experiment: Experiment) -> Chosen:
    """Run an experiment and look at its node."""
    setting = experiment.setting
    live = answers(setting)
    chosen, _complaints = choose(experiment.view, setting.source.look_at, live, say())
    return chosen


def gradients(chosen: Chosen, key: str, predicted: Map) -> None:
    """Draw upstream and downstream gradient of the node, and the sums between them.

    ``predicted``, shaped like the downstream gradient, stands beside it: the same cell lights up.
    The rule is not written: an experiment decides.
    """
    (found,) = inspector.rows(chosen)[:1]
    shown = [[*found, predicted]]
    links = [also_lighting_own(link, predicted.key) for link in sums.links(chosen, shown)]
    components.heatmaps(
        pack(shown, links=links, labels=short_labels(), between=()), key, lambda _sent: None
    )


def walk(desk: Desk, setting: Setting, choice: str) -> None:
    """Walk through the backward pass; ``choice`` counts its steps from 1, 0 while nobody walks."""
    live = answers(setting)
    turn = min(desk.setting[choice], len(live.capture.nodes))

    def go(place: int | None) -> None:
        desk.change(**{choice: 0 if place is None else min(place + 1, MOST_TURNS)})

    step, sent = turn - 1 if turn else None, Sent(live, known(language()))
    data = {
        "steps": json.loads(sent.steps(step or 0)),
        "graph": json.loads(sent.graph(PLAIN)),
        "theme": {"accent": ACCENT, "accent_ink": ink_on(ACCENT)},
        "view": replace(PLAIN, step=step, node="" if step is None else f"n{step}").plain(),
    }
    components.walk(data, desk.key("walk"), go)


def at_turn(experiment: Experiment, turn: int) -> Experiment:
    """Return the experiment at a step of its backward pass, counted from 1; 0 while nobody walks.

    A step past the last one is the last one.
    """
    if not turn:
        return experiment
    place = min(turn, len(answers(experiment.setting).capture.nodes)) - 1
    return experiment.changed(node=f"n{place}", step=place)


def kept(seed: int, *, retain: bool) -> None:
    """List the tensors of the Test network, and which of them hold a gradient afterwards."""
    lines = [f"| {_('tensor')} | {_('made by')} | .grad |", "|---|---|---|"]
    for each in kept_gradients(seed, retain=retain):
        kind = _("nobody: leaf") if each.leaf else _("operation: intermediate")
        if each.retains:
            kind = _("operation: intermediate, asked to keep it")
        grad = f"**{_('a gradient')}**" if each.grad else "None"
        lines.append(f"| `{each.name}` | {kind} | {grad} |")
    st.markdown("\n".join(lines))
