"""What the steps of the lesson are about, and what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from experiment.setting import Setting
from experiment.view import View
from experiment.written.address import Experiment
from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.nearest_upsampling.leaves import kept_gradients, warning_of_a_map
from lessons.nearest_upsampling.recipe import (
    Enlarging,
    Pooling,
    predictions,
)
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, also_lighting, also_lighting_own, map_of, worded
from lessons.showing.grid import Grid, judged
from lessons.showing.shown import Shown
from viz.language import Say, english
from viz.maps.rows import Map
from viz.maps.sums import Link
from viz.markdown import plain
from viz.scene.inspector import Chosen
from viz.theme import format_number

ANSWERS = {
    "sum": english("their sum"),
    "mean": english("their mean"),
    "first": english("one of them"),
    "max": english("the largest"),
}
TITLES = {
    "value": english("Small map x"),
    "output": english("Large map y"),
    "upstream": english("Upstream ∂L/∂y"),
    "downstream": english("Downstream ∂L/∂x"),
}
ROUTED = {"upstream": english("Pooling: ∂L/∂o"), "downstream": english("Pooling: ∂L/∂x")}
SCATTERED = {
    "upstream": english("Upsampling: ∂L/∂y"),
    "downstream": english("Upsampling: ∂L/∂x"),
}
COPIED = english("Point at a cell: its copies light up, or the cell that it copies.")

# What the steps are about


def first(_study: Study) -> Enlarging:
    """Return the upsampling of the question."""
    return Enlarging()


def enlarging(study: Study) -> Enlarging:
    """Return the upsampling that is set."""
    return Enlarging(study["scale"], study["size"], study["flat"], study.seed)


def pooling(study: Study) -> Pooling:
    """Return the max pooling with these numbers."""
    return Pooling(study.seed)


def network(study: Study) -> Experiment:
    """Return the Test network at its upsampling, as the playground shows it."""
    return Experiment(Setting(seed=study["weights"]), View(node="n9", sample=study["sample"]))


def walked_network(study: Study) -> Experiment:
    """Return the Test network at a step of its backward pass, while somebody walks."""
    turn = study["turn"]
    found = network(study)
    return found.changed(node=f"n{turn - 1}", step=turn - 1) if turn else found


# What they show


def scattered(shown: Shown) -> Link:
    """Explain the copies, without a word of sums: what comes back is still a question."""
    return worded(shown.forward(), hint=COPIED)


def copies(study: Study) -> Figure:
    """Show what is copied where."""
    shown = Shown(ran(first(study)), TITLES)
    return Figure([[shown.value, shown.output]], [scattered(shown)], arrow="forward")


def block_sums(chosen: Chosen) -> Map:
    """Add up the 2x2 blocks of what arrived, in the sample that is looked at.

    The subtitle says how far all samples are from autograd.
    """
    found = predictions(_array(chosen.node.upstream[0]))["sum"]
    apart = format_number(float(np.abs(found - _array(chosen.node.downstream[0])).max()))
    say = chosen.say
    same = say("equal: difference 0" if apart == "0" else "not equal: difference {apart}")
    drawn = map_of("sums", say("2x2 sums"), found)
    return replace(drawn, subtitle=same.format(apart=apart), sample=chosen.sample)


def answers(study: Study, chosen: Chosen) -> Grid:
    """Compare every answer to the question with what autograd computed in one sample."""
    found = predictions(_array(chosen.node.upstream[0])[[chosen.sample]])
    named = {chosen.say(ANSWERS[key]): cells for key, cells in found.items()}
    vote = chosen.say(ANSWERS.get(study["vote"], ""))
    recorded = _array(chosen.node.downstream[0])[[chosen.sample]]
    return judged(named, recorded, vote, chosen.say)


def _array(gradient: Array | None) -> Array:
    assert gradient is not None  # noqa: S101 - the preset's gradient flows
    return gradient


def before(study: Study) -> Figure:
    """Show what is known before the small map's gradient is."""
    shown = Shown(ran(enlarging(study)), TITLES)
    row = [shown.value, shown.output, shown.upstream]
    return Figure([row], [scattered(shown)], arrow="forward")


def both_gradients(study: Study) -> Figure:
    """Show the sums between the gradients; the copies light up too."""
    shown = Shown(ran(enlarging(study)), TITLES)
    sums = also_lighting(shown.backward(), "output")
    row = [shown.downstream, shown.upstream, shown.output]
    return Figure([row], [sums], arrow="backward")


def sizes(study: Study) -> Mapping[str, str]:
    """Return the sizes of both maps."""
    recipe = enlarging(study)
    return {"scale": f"{recipe.scale:g}", "large": str(recipe.large), "size": str(recipe.size)}


def counted(study: Study) -> Figure:
    """Show how many copies each cell has beside the sums of their gradients."""
    shown = Shown(ran(enlarging(study)), TITLES)
    counts = np.diff(shown.trial.table.offsets).astype(np.float32)
    many = counts.reshape(shown.trial.value.shape)
    copied = map_of("copies", english("Copies of each cell"), many, value=True)
    return Figure([[shown.downstream, shown.upstream, copied]], [shown.backward()])


def unrouted(study: Study) -> Figure:
    """Show what goes into the max pooling, and what arrived at it."""
    shown = Shown(ran(pooling(study)))
    return Figure([[shown.value, shown.upstream]])


def routed(study: Study) -> Figure:
    """Show where the gradient went."""
    shown = Shown(ran(pooling(study)))
    row = [shown.value, shown.output, shown.downstream, shown.upstream]
    return Figure([row], [also_lighting_own(shown.backward(), "value")])


def both_ways(study: Study) -> Figure:
    """Show the gradients of the max pooling; right of them those of an upsampling."""
    pooled, enlarged = (
        Shown(ran(pooling(study)), ROUTED),
        Shown(ran(Enlarging()), SCATTERED, "enlarged"),
    )
    row = [each for shown in (pooled, enlarged) for each in (shown.downstream, shown.upstream)]
    return Figure([row], [pooled.backward(), enlarged.backward()])


def kept(study: Study, say: Say) -> Grid:
    """List the tensors of the Test network, and which of them hold a gradient afterwards."""
    rows = [
        (
            f"`{each.name}`",
            str(each.requires_grad),
            str(each.leaf),
            f"**{say('a gradient')}**" if each.grad else "None",
        )
        for each in kept_gradients(study["weights"], retain=study["retain"])
    ]
    return Grid((say("tensor"), "requires_grad", "is_leaf", ".grad"), rows)


def warned(study: Study) -> Mapping[str, str]:
    """Return what PyTorch says when the gradient of an intermediate is read."""
    return {"warning": plain(warning_of_a_map(retain=study["retain"]))}


def warns(study: Study) -> bool:
    """Tell whether PyTorch says something then."""
    return bool(warning_of_a_map(retain=study["retain"]))
