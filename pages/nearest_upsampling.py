"""Lesson: copies forward, sums backward."""

from __future__ import annotations

import numpy as np
import streamlit as st

from experiment.address import Experiment
from experiment.setting import Setting as Run
from experiment.view import View
from lessons import nearest
from lessons.nearest import LARGEST_SCALE, SIZES, SMALLEST_SCALE, Enlarging, Pooling
from pages.lesson import experiment as experiments
from pages.lesson import maps, playground
from pages.lesson.controls import again, choose, walk
from pages.lesson.frame import Desk, Step, show
from pages.lesson.predict import predict
from pages.lesson.proof import proof
from pages.lesson.recipes import ask_enlarging, ask_pooling, enlarging_of
from pages.lesson.rule import derive
from pages.lesson.setting import MAX_SEED, Choice, Setting
from pages.lesson.trial import Shown, beside
from pages.parts.text import _

ANSWERS = {"sum": "their sum", "mean": "their mean", "first": "one of them", "max": "the largest"}
TITLES = {
    "value": "Small map x",
    "output": "Large map y",
    "upstream": "Upstream ∂L/∂y",
    "downstream": "Downstream ∂L/∂x",
}
SCATTERED = {
    "value": "Upsampling x",
    "output": "Upsampling y",
    "upstream": "Its upstream ∂L/∂y",
    "downstream": "Its downstream ∂L/∂x",
}
RETAINING = {False: "nothing is asked for", True: "retain_grad() on every output"}

CHOICES = {
    "vote": Choice(
        "", list(ANSWERS), "Your answer, before any experiment", ANSWERS.__getitem__, True
    ),
    "weights": Choice(0, range(MAX_SEED + 1), looks=True),
    "scale": Choice(2.0, (SMALLEST_SCALE, LARGEST_SCALE), "Scale"),
    "size": Choice(2, SIZES, "Cells a side"),
    "flat": Choice(False, (False, True), "Map", {False: "2-D", True: "1-D"}.__getitem__),
    "cell": Choice(0, range(max(SIZES) ** 2), "Cell of the small map", looks=True),
    "turn": Choice(0, range(experiments.MOST_TURNS + 1), looks=True),
    "retain": Choice(False, (False, True), "Before backward()", RETAINING.__getitem__, True),
}


def reference_network(setting: Setting) -> Experiment:
    """Return the Test network at its upsampling, as the playground shows it."""
    return Experiment(Run(seed=setting["weights"]), View(node="n9"))


def opened(setting: Setting) -> Experiment:
    """Return what the playground opens: the layer of the step, or the Test network."""
    if setting.step in ("", "question"):
        return playground.enlarging(Enlarging())
    if setting.step == "router":
        return playground.pooling(Pooling(setting.seed))
    if setting.step in ("predict", "rule"):
        return playground.enlarging(enlarging_of(setting))
    network = reference_network(setting)
    return experiments.at_turn(network, setting["turn"]) if setting.step == "leaf" else network


def question(desk: Desk) -> None:
    """Copy forward, and let the visitor commit to an answer."""
    left, right = st.columns([0.38, 0.62], gap="medium")
    with left:
        desk.say("question")
        choose(desk, "vote")
        if desk.setting["vote"]:
            desk.say("noted")
    shown = Shown(maps.trial(Enlarging()), TITLES)
    with right:
        maps.draw(desk.key("copies"), [[shown.value, shown.output]], [shown.forward()])


def experiment(desk: Desk) -> None:
    """Run the Test network, and compare each answer with what autograd computed."""
    with desk.controls():
        again(desk, "weights", "New weights")
    network = reference_network(desk.setting)
    found = experiments.at_node(network)
    node = found.node
    above, below = node.upstream[0], node.downstream[0]
    assert above is not None  # noqa: S101 - the preset's gradient flows
    assert below is not None  # noqa: S101
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        desk.say("experiment")
        answers = nearest.predictions(above)
        sums = maps.compared("sums", _("2x2 upstream sums"), answers["sum"], below)
        experiments.gradients(found, desk.key("test"), sums)
    with right:
        answered = {_(ANSWERS[key]): cells for key, cells in answers.items()}
        maps.judged(answered, below, _(ANSWERS.get(desk.setting["vote"], "")))
        desk.say("decided")
        proof(found)


def predicting(desk: Desk) -> None:
    """Fill in the gradient of the small map."""
    with desk.controls():
        choose(desk, "scale", "size", "flat")
        again(desk)
    recipe = enlarging_of(desk.setting)
    trial = maps.trial(recipe)
    shown = Shown(trial, TITLES)
    given = [[shown.value, shown.output, shown.upstream]]
    revealed = [[shown.upstream, shown.downstream, shown.output]]
    sums = maps.also_lighting(shown.backward(), "output")
    numbers = {"scale": f"{recipe.scale:g}", "large": str(recipe.large), "size": str(recipe.size)}
    predict(
        desk,
        ask_enlarging(desk.setting),
        given=lambda: maps.draw(desk.key("given"), given, [shown.forward()]),
        revealed=lambda: maps.draw(desk.key("both"), revealed, [sums]),
        numbers=numbers,
    )


def rule(desk: Desk) -> None:
    """Follow one cell through both maps, and write its sum with the numbers on screen."""
    with desk.controls():
        choose(desk, "scale", "size", "flat")
        trial = maps.trial(enlarging_of(desk.setting))
        cell = walk(desk, "cell", trial.value.size)
    shown = Shown(trial, TITLES)
    sums = maps.also_lighting(shown.backward(), "output")
    copies = np.diff(trial.table.offsets).astype(np.float32).reshape(trial.value.shape)
    counted = maps.map_of("copies", _("Copies of each small cell"), copies, value=True)
    row = [shown.output, counted, shown.upstream, shown.downstream]
    maps.draw_walked(desk.key("walk"), row, sums, cell, lambda at: desk.change(cell=at), False)
    derive(desk, "rule", trial, cell)


def router(desk: Desk) -> None:
    """Max pooling beside it: the winner takes all, and a tie has one winner."""
    with desk.controls():
        again(desk)
    recipe = Pooling(desk.setting.seed)
    trial = maps.trial(recipe)
    shown = Shown(trial)
    sums = maps.also_lighting_own(shown.backward(), "value")
    below, copies = beside(Shown(maps.trial(Enlarging()), SCATTERED))
    given = [[shown.value, shown.upstream]]
    revealed = [[shown.value, shown.output, shown.upstream, shown.downstream], below]
    done = predict(
        desk,
        ask_pooling(desk.setting),
        given=lambda: maps.draw(desk.key("pool"), given, arrow=False),
        revealed=lambda: maps.draw(desk.key("routed"), revealed, [sums, *copies], arrow=False),
        blank="0",
    )
    if done:
        desk.say("router beside")


def leaf(desk: Desk) -> None:
    """Ask PyTorch which gradients it keeps, and show leaves and intermediates in the graph."""
    left, right = st.columns([0.5, 0.5], gap="medium")
    with left:
        desk.say("leaf")
        with desk.controls():
            choose(desk, "retain")
        experiments.kept(desk.setting["weights"], retain=desk.setting["retain"])
    network = reference_network(desk.setting)
    with right:
        experiments.walk(desk, network.setting, "turn")
        desk.say("leaf graph")


show(
    "nearest_upsampling",
    {
        "question": Step("Question", question),
        "experiment": Step("Experiment", experiment),
        "predict": Step("Predict", predicting, {"predict": ask_enlarging}),
        "rule": Step("Rule", rule),
        "router": Step("Max pooling", router, {"router": ask_pooling}),
        "leaf": Step("Kept gradients", leaf),
        "end": Step("Take away", lambda desk: desk.say("take away")),
    },
    CHOICES,
    opened,
)
