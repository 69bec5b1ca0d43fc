"""What the backward steps show: what is fetched, and what is counted again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.unpooling.overlap import Overlapped
from lessons.unpooling.recipe import SIDE, Restored
from lessons.unpooling.shared import (
    handed_on,
    index_lights,
    index_map,
    overlapping,
    places_of,
    pooled,
    pooled_map,
    shown_way,
    unpooling,
    upstream_map,
    value_map,
)
from viz.language import english
from viz.maps.lights import Lights
from viz.maps.rows import Map
from viz.maps.sums import Link

# Backward


def arrived(study: Study) -> Figure:
    """Show what arrived at the restored map, and the indices."""
    run = pooled(study)
    return Figure([[upstream_map(run), index_map(run)]])


def fetched(study: Study) -> Figure:
    """Show what the unpooling hands on, and what the pooling hands on of that."""
    run = pooled(study)
    return Figure([backward_row(run)], backward_links(run))


def backward_row(run: Restored) -> list[Map]:
    """Return the gradients of the map, the pooled one and the restored one, from left to right."""
    return [
        map_of("downstream", english("∂L/∂x"), run.pool.downstream),
        map_of("upstream pooled", english("∂L/∂p"), run.pool.upstream),
        upstream_map(run),
    ]


def backward_links(run: Restored) -> list[Link]:
    """Explain the gradients of the map and of the pooled one."""
    p, x = {"explained": english("∂L/∂p")}, {"explained": english("∂L/∂x")}
    return [
        Link.from_table(run.pool.table, "downstream", "upstream pooled", words=x),
        Link.from_table(run.unpool.table, "upstream pooled", "upstream", words=p),
    ]


def three_ways_back(study: Study) -> Figure:
    """Show what each way hands to the pooled map of the same upstream gradient."""
    runs = ran(unpooling(study))
    shown = {name: shown_way(name, run) for name, run in runs.items()}
    row = [*(each.downstream for each in shown.values()), upstream_map(runs["max"])]
    links = [replace(handed_on(name, each), to_map="upstream") for name, each in shown.items()]
    return Figure([row], links)


def one_fetch(study: Study) -> Figure:
    """Show the sum behind one cell of the pooled map's gradient: a single term."""
    shown = shown_way("max", pooled(study))
    return Figure([[shown.downstream, shown.upstream]], [handed_on("max", shown)], arrow="backward")


def overlapped(study: Study) -> Overlapped:
    """Return the run with overlapping windows."""
    found: Overlapped = ran(overlapping(study))
    return found


def repeated(study: Study) -> Figure:
    """Show that one cell wins several windows and is restored once."""
    run = overlapped(study).restored
    places, every = places_of(run), np.arange(run.indices.size)
    restored = map_of("restored", english("Restored y"), run.unpool.output, value=True)
    lights = [
        index_lights(run, "value"),
        index_lights(run, "restored"),
        Lights("index", "pooled", every, every),
        Lights("pooled", "restored", every, places),
    ]
    maps = [value_map(run), pooled_map(run), index_map(run), restored]
    return Figure([maps], lights=lights)


def counted_again(study: Study) -> Figure:
    """Show what autograd's chain gives beside what nudges of the map's cells measure."""
    found = overlapped(study)
    run = found.restored
    nudged = map_of("nudged", english("Measured by nudges"), found.nudged.astype(np.float32))
    apart = np.arange(SIDE**2)
    return Figure(
        [[nudged, *backward_row(run)]],
        backward_links(run),
        lights=[Lights("nudged", "downstream", apart, apart)],
    )
