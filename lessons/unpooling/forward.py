"""What the forward steps show: what was kept, where it stood, and where it is put."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of, worded
from lessons.unpooling.recipe import METHODS, POOLED, SIDE, Restored
from lessons.unpooling.shared import (
    NAMES,
    index_lights,
    index_map,
    indexing,
    made,
    places_of,
    placing,
    pooled,
    pooled_map,
    shown_way,
    targeted,
    unpooling,
    value_map,
    written,
)
from viz.language import english
from viz.maps.lights import Lights
from viz.maps.table import Entry, Table
from viz.theme import format_number

PUT = {
    "hint": english("Point at a cell: the pooled cell lights up that it holds."),
    "feeds": english("{value} was put into {count} cells:"),
    "feeds_one": english("{value} was put into 1 cell:"),
    "gets": english("{cell}"),
    "nothing": english("Nothing was put here."),
}
"""What is said of a way's maps: a value is put somewhere, and nothing is summed."""

# Keep, and put back


def chosen(study: Study) -> Figure:
    """Show the map and what the pooling kept of each window."""
    run = pooled(study)
    windows = np.array([_window_of(place) for place in range(POOLED**2)])
    lens = Lights("pooled", "value", np.repeat(np.arange(POOLED**2), 4), windows.reshape(-1))
    rows = [_window_row(run, place) for place in range(POOLED**2)]
    heads = (english("pooled"), english("chosen from"), english("it stood at"))
    return Figure(
        [[value_map(run), pooled_map(run)]],
        arrow="forward",
        lights=[lens],
        tables=[Table("windows", heads, rows)],
    )


def _window_of(place: int) -> list[int]:
    """Return the four places of which a pooled cell kept one."""
    row, column = np.divmod(place, POOLED)
    return [int((2 * row + i) * SIDE + 2 * column + j) for i in (0, 1) for j in (0, 1)]


def _window_row(run: Restored, place: int) -> list[Entry]:
    cells, winner = run.pool.value.reshape(-1), int(places_of(run)[place])
    kept, window = format_number(run.pool.output.flat[place]), _window_of(place)
    return [
        Entry(kept, "pooled", [place]),
        Entry(", ".join(format_number(cells[each]) for each in window), "value", window),
        Entry(written(winner, SIDE), "value", [winner]),
    ]


def unindexed(study: Study) -> Figure:
    """Show the map and the pooled one, without a word of where the winners stood."""
    run = ran(indexing(study))["max"]
    return Figure([[value_map(run), pooled_map(run)]])


def indexed(study: Study) -> Figure:
    """Show the indices; the cells that they name light up."""
    run = ran(indexing(study))["max"]
    every = np.arange(POOLED**2)
    lights = [index_lights(run, "value"), Lights("index", "pooled", every, every)]
    return Figure([[value_map(run), pooled_map(run), index_map(run)]], lights=lights)


def three_ways(study: Study) -> Figure:
    """Show what each way makes of the pooled map."""
    runs = ran(unpooling(study))
    shown = {name: shown_way(name, run) for name, run in runs.items()}
    row = [pooled_map(runs["max"]), *(each.output for each in shown.values())]
    links = [
        worded(replace(made(name, each), to_map="pooled"), explained=NAMES[name], **PUT)
        for name, each in shown.items()
    ]
    return Figure([row], links)


def lost(study: Study) -> Figure:
    """Show the map beside what each way restored, and how far apart they are."""
    runs = ran(unpooling(study))
    value = runs["max"].pool.value
    row = [value_map(runs["max"]), *(shown_way(name, run).output for name, run in runs.items())]
    lights = [
        Lights("value", f"output {name}", np.arange(value.size), np.arange(value.size))
        for name in METHODS
    ]
    rows = [_error_row(name, value, run.unpool.output) for name, run in runs.items()]
    heads = (
        english("way"),
        english("sum of squares"),
        english("largest difference"),
    )
    return Figure([row], lights=lights, tables=[Table("errors", heads, rows)])


def _error_row(name: str, value: Array, again: Array) -> list[Entry]:
    apart = np.abs(value - again).reshape(-1)
    key = f"output {name}"
    differ = np.flatnonzero(apart)
    largest = np.flatnonzero((apart == apart.max()) & (apart > 0))
    return [
        Entry(NAMES[name], key, range(value.size)),
        Entry(format_number(float((apart.astype(float) ** 2).sum()), 6), key, differ.tolist()),
        Entry(format_number(apart.max()), key, largest.tolist()),
    ]


# Another size


def to_place(study: Study) -> Figure:
    """Show what is to be placed, and where it stands in a map of the old size."""
    run = pooled(study)
    old = map_of("old", english("Unpooled to 4x4"), run.unpool.output, value=True)
    every = np.arange(POOLED**2)
    lights = [index_lights(run, "old"), Lights("index", "pooled", every, every)]
    return Figure([[pooled_map(run), index_map(run), old]], lights=lights)


def placed(study: Study) -> Figure:
    """Show both sizes: the same indices name other cells."""
    return _two_sizes(pooled(study), ran(placing(study)), "5x5")


def resized(study: Study) -> Figure:
    """Show the old size and the one that is asked for, and list where the indices are in both."""
    old, new = pooled(study), ran(targeted(study))
    maps = _two_sizes(old, new, study["target"])
    return replace(maps, tables=[_places(old, new.unpool.output.shape[-1])])


def _two_sizes(old: Restored, new: Restored, size: str) -> Figure:
    before = map_of("old", english("Unpooled to 4x4"), old.unpool.output, value=True)
    titles = {
        "4x4": english("output_size 4x4"),
        "4x5": english("output_size 4x5"),
        "5x4": english("output_size 5x4"),
        "5x5": english("output_size 5x5"),
    }
    after = map_of("new", titles[size], new.unpool.output, value=True)
    lights = [index_lights(old, "old"), index_lights(new, "new")]
    return Figure([[index_map(old), before, after]], lights=lights)


def _places(old: Restored, width: int) -> Table:
    rows = [
        [
            Entry(str(index), "index", [at]),
            Entry(format_number(old.pool.output.flat[at])),
            Entry(written(index, SIDE), "old", [index]),
            Entry(written(index, width), "new", [index]),
        ]
        for at, index in enumerate(places_of(old).tolist())
    ]
    wide = {4: english("now 4 columns"), 5: english("5 columns")}
    heads = (english("index"), english("value"), english("4 columns"), wide[width])
    return Table("places", heads, rows)
