"""The playground's experiment inside a lesson: the same run, maps, sums, proof and graph."""

from __future__ import annotations

import json
from dataclasses import replace

from experiment.view import PLAIN
from experiment.written.address import Experiment
from lessons.blocks import Gradients, Judged, Proof, Walk
from lessons.choosing.study import Study
from lessons.showing.figure import Figure, also_lighting_own
from pages.lesson.desk import Desk
from pages.lesson.maps import packed
from pages.lesson.table import write
from pages.parts import components
from pages.parts.asking import answers
from pages.parts.held import is_whole
from pages.parts.text import language, say
from viz.answering.sent import Sent
from viz.graphs.tint import ink_on
from viz.language import known
from viz.scene import inspector, sums
from viz.scene.choice import choose
from viz.scene.inspector import Chosen
from viz.scene.proof import proof_data
from viz.theme import ACCENT


def at_node(experiment: Experiment) -> Chosen:
    """Run an experiment and look at its node."""
    setting = experiment.setting
    live = answers(setting)
    chosen, _complaints = choose(experiment.view, setting.source.look_at, live, say())
    return chosen


def gradients(desk: Desk, block: Gradients) -> None:
    """Draw downstream and upstream gradient of the node, and the sums between them.

    What is predicted, shaped like the downstream gradient, stands in the same row: the same cell
    lights up. The rule is not written: an experiment decides.
    """
    chosen = at_node(desk.experiment)
    (found,) = inspector.rows(chosen)[:1]
    predicted = block.predicted(chosen)
    shown = [[*found, predicted]]
    links = [also_lighting_own(link, predicted.key) for link in sums.links(chosen, shown)]
    figure = Figure(shown, links, arrow=inspector.flows(chosen))
    components.heatmaps(packed(figure), desk.key("gradients"))


def judged(desk: Desk, block: Judged) -> None:
    """Draw a table about the node."""
    write(block.grid(desk.study, at_node(desk.experiment)))


def proof(desk: Desk, _block: Proof) -> None:
    """Show how the gradients of the node compare with other ways to get the same numbers."""
    chosen = at_node(desk.experiment)
    found = chosen.live.proof(chosen.node.id)
    data = proof_data(chosen.capture, chosen.node.id, found, chosen.say)
    components.proof(data, desk.key("proof"), chosen.part)


def walk(desk: Desk, block: Walk) -> None:
    """Walk through the backward pass; the browser holds the step."""
    choice = block.choice
    most = desk.lesson.choice(choice).options[-1]

    def take(study: Study, step: object) -> Study:
        if step is None:
            return study.changed(**{choice: 0})
        return study.changed(**{choice: step + 1}) if is_whole(step, most - 1) else study

    heard = desk.hear("walk", take)
    experiment = within(desk.experiment)
    live, step = answers(experiment.setting), experiment.view.step
    sent = Sent(live, known(language()))
    data = {
        "steps": json.loads(sent.steps(step or 0)),
        "graph": json.loads(sent.graph(PLAIN)),
        "theme": {"accent": ACCENT, "accent_ink": ink_on(ACCENT)},
        "view": replace(PLAIN, step=step, node="" if step is None else f"n{step}").plain(),
        "heard": heard,
    }
    components.walk(data, desk.key("walk"))


def within(experiment: Experiment) -> Experiment:
    """Return the experiment at its last step where it is at one past that."""
    step = experiment.view.step
    if step is None:
        return experiment
    place = min(step, len(answers(experiment.setting).capture.nodes) - 1)
    return experiment.changed(node=f"n{place}", step=place)
