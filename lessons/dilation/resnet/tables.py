"""The tables of a ResNet's stages and children, for any picture and any switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lessons.choosing.study import Study
from lessons.dilation.resnet.build import POOL, STAGES, STEM, Net, Wide, as_python
from lessons.dilation.resnet.measured import STEM as LAST_OF_STEM
from lessons.dilation.resnet.measured import Stages, output_strides, sizes, stage_fields
from lessons.dilation.windows import fields
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.peak import shown_shape

ASKED = (473, 329, 217, 361, 505, 281, 409, 553)
"""Sides of pictures whose sizes are asked for; odd ones, so that rounding shows."""
CUT = 2
"""Children that a head takes with it."""

KEPT, CUT_OFF = english("kept"), english("dropped")


def asked(study: Study) -> Stages:
    """Return the network whose sizes are asked for."""
    return Stages(side=ASKED[study.seed % len(ASKED)])


def chosen(study: Study) -> Stages:
    """Return the network that is set."""
    return Stages(Net(int(study["depth"]), study["switches"]), study["side"])


# Sizes


def of_asked(study: Study) -> Mapping[str, str]:
    """Return the side of the picture, and the first size."""
    side = asked(study).side
    return {"side": str(side), "first": str(STEM.size(side)), "formula": STEM.formula(side)}


def strides(_study: Study, say: Say) -> Grid:
    """List the windows that could make a map smaller, and the switches."""
    rows = [
        ("`conv1`", "7x7", "2", "3", ""),
        ("`maxpool`", "3x3", "2", "1", ""),
        ("`layer1`", "3x3", "1", "1", ""),
        *(
            (f"`{name}`", "3x3", "2", "1", f"`{switch}`")
            for name, switch in zip(STAGES[1:], Net().switches, strict=True)
        ),
    ]
    heads = (say("layer"), say("kernel"), say("stride"), say("padding"), say("dilate instead?"))
    return Grid(heads, rows, frozenset({1, 2, 3}))


def filled_in(study: Study, say: Say) -> Grid:
    """Fill in the formula of each size with its numbers, beside what PyTorch made."""
    recipe = asked(study)
    made = ran(recipe)
    (stem, pool), *stages = recipe.net.windows()
    named = {"conv1": stem, "maxpool": pool}
    named |= {name: windows[0] for name, windows in zip(STAGES, stages, strict=True)}
    rows, before = [], recipe.side
    for name, window in named.items():
        (child,) = (each for each in made if each.name == name)
        rows.append((f"`{name}`", window.written(before), str(child.side)))
        before = child.side
    heads = (say("layer"), say("formula"), "PyTorch")
    return Grid(heads, rows, frozenset({2}))


# Stages


def stages(study: Study, say: Say) -> Grid:
    """List what is known of each stage."""
    recipe = chosen(study)
    made = {child.name: child for child in ran(recipe)}
    stem = [made[name] for name in ("conv1", "bn1", "relu", LAST_OF_STEM)]
    parts = [stem, *([made[name]] for name in STAGES)]
    first = ("", *map(_first, recipe.net.stages()))
    others = ("", *map(_others, recipe.net.stages()))
    columns = zip(
        (say("stem"), *STAGES),
        parts,
        output_strides(recipe.net),
        first,
        others,
        stage_fields(recipe.net),
        strict=True,
    )
    rows = [
        (
            name,
            f"**{part[-1].side}x{part[-1].side}**",
            str(field),
            f"{sum(each.parameters for each in part):,}",
            mebibytes(sum(each.map_bytes for each in part)),
            str(stride),
            *dilations,
        )
        for name, part, stride, *dilations, field in columns
    ]
    heads = (
        say("stage"),
        say("map"),
        say("field"),
        say("parameters"),
        say("MiB of maps"),
        say("output stride"),
        say("dilation in block 1"),
        say("in the others"),
    )
    return Grid(heads, rows, frozenset({1, 2, 3, 4, 5, 6, 7}))


def mebibytes(count: int) -> str:
    """Write a number of bytes in MiB: to a tenth, and less than one to two digits."""
    found = count / 2**20
    return f"{found:.1f}" if found >= 1 else f"{found:.2g}"


def _first(blocks: list[list[Wide]]) -> str:
    """Write the dilations of the 3x3 convolutions of a stage's first block."""
    return ", ".join(str(wide.dilation) for wide in blocks[0])


def _others(blocks: list[list[Wide]]) -> str:
    """Write the dilation of those of the other blocks."""
    return str(blocks[-1][-1].dilation)


def of_chosen(study: Study) -> Mapping[str, str]:
    """Return the switches and what they come to."""
    recipe = chosen(study)
    found = ran(recipe)
    total = sum(child.map_bytes for child in found)
    return {
        "switches": as_python(recipe.net.switches),
        "side": str(recipe.side),
        "last": str(sizes(found)[-1]),
        "field": str(stage_fields(recipe.net)[-1]),
        "less": str(kept_field(recipe.net)),
        "mib": mebibytes(total),
    }


def is_basic_and_dilated(study: Study) -> bool:
    """Tell whether torchvision would refuse what is set."""
    net = chosen(study).net
    return not net.has_bottlenecks and any(net.switches)


def kept_field(net: Net) -> int:
    """Return the field if both convolutions of a stage's first block kept the old dilation."""
    windows = [STEM, POOL]
    for stage in net.stages():
        first = stage[0]
        old = [first[0], *(replace(each, dilation=first[0].dilation) for each in first[1:])]
        windows += [each.window for each in old]
        windows += [each.window for block in stage[1:] for each in block]
    return fields(windows)[-1]


# The head


def children(study: Study, say: Say) -> Grid:
    """List the children of the classifier in their order, and what the cut keeps."""
    found = ran(chosen(study))
    rows = []
    for at, child in enumerate(found):
        kept = at < len(found) - CUT
        said = say(KEPT) if kept else f"**{say(CUT_OFF)}**"
        rows.append((str(at), f"`{child.name}`", shown_shape(child.shape[1:]), said))
    heads = ("", say("child"), say("it returns"), "`[:-2]`")
    return Grid(heads, rows, frozenset({2}))


def of_head(study: Study) -> Mapping[str, str]:
    """Return the shapes before and after the head's pool."""
    *_others, last, pooled, classes = ran(chosen(study))
    cells = int(np.prod(last.shape[2:]))
    net = chosen(study).net
    return {
        "depth": str(net.depth),
        "switches": as_python(net.switches),
        "last": shown_shape(last.shape[1:]),
        "cells": str(cells),
        "pooled": shown_shape(pooled.shape[1:]),
        "classes": str(classes.shape[-1]),
    }
