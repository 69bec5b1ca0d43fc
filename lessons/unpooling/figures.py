"""What the steps of the lesson show: maps, tables and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.showing.grid import Grid
from lessons.showing.shown import Shown
from lessons.unpooling.errors import ManyMaps, running_means, squared
from lessons.unpooling.kept_bytes import kept_bytes
from lessons.unpooling.overlap import Overlapped, Overlapping
from lessons.unpooling.recipe import METHODS, POOLED, SIDE, Placing, Restored, Unpooling
from models.budget import bytes_text
from viz.language import Say, english
from viz.maps.lights import Lights
from viz.maps.rows import Map
from viz.maps.sums import Link
from viz.maps.table import Entry, Table
from viz.pictures.line import Curve, Line
from viz.theme import format_number

NAMES = {
    "nearest": english("Nearest"),
    "nails": english("Bed of nails"),
    "max": english("Max unpooling"),
}
HANDED = {
    "nearest": english("Nearest hands on"),
    "nails": english("Bed of nails hands on"),
    "max": english("Max unpooling hands on"),
}
LENS = english("Point at a pooled cell: the four cells that it was chosen from light up.")
PUT = english("Point at a cell: the pooled cell lights up that it holds.")
MOST_POINTS = 200
"""Of a curve; a thousand would be drawn on top of each other."""

# What the figures are about


def unpooling(study: Study) -> Unpooling:
    """Return the map that is set, and the three ways."""
    return Unpooling(study.seed, study["map"])


def placing(study: Study) -> Placing:
    """Return the unpooling to 5x5."""
    return Placing(study.seed, study["map"])


def targeted(study: Study) -> Placing:
    """Return the unpooling to the size that is asked for."""
    height, width = map(int, study["target"].split("x"))
    return Placing(study.seed, study["map"], height, width)


def overlapping(study: Study) -> Overlapping:
    """Return the pooling with overlapping windows."""
    return Overlapping(study["window"], study.seed)


def many(study: Study) -> ManyMaps:
    """Return the random maps."""
    return ManyMaps(study.seed, study["kind"])


# Maps that several figures share


def pooled(study: Study) -> Restored:
    """Return the max pooling and unpooling of the map that is set."""
    return ran(unpooling(study))["max"]


def value_map(run: Restored) -> Map:
    """Return what was pooled."""
    return map_of("value", english("Map x"), run.pool.value, value=True)


def pooled_map(run: Restored) -> Map:
    """Return what the pooling kept."""
    return map_of("pooled", english("Pooled p"), run.pool.output, value=True)


def index_map(run: Restored) -> Map:
    """Return the indices; they are places, so they get a colour scale of their own."""
    return map_of("index", english("Indices"), run.indices, value=True, scale="index")


def upstream_map(run: Restored) -> Map:
    """Return the gradient that arrives at the restored map."""
    return map_of("upstream", english("Upstream ∂L/∂y"), run.unpool.upstream)


def places_of(run: Restored) -> Array:
    """Return the indices as whole numbers in a row."""
    return run.indices.astype(int).reshape(-1)


def index_lights(run: Restored, key: str) -> Lights:
    """Light up the cells of a map that the indices name."""
    places = places_of(run)
    return Lights("index", key, np.arange(places.size), places)


def window_of(place: int) -> list[int]:
    """Return the four places of which a pooled cell kept one."""
    row, column = np.divmod(place, POOLED)
    return [int((2 * row + i) * SIDE + 2 * column + j) for i in (0, 1) for j in (0, 1)]


def hinted(link: Link, hint: str, **words: str) -> Link:
    """Say below the maps what one may point at."""
    return replace(link, words={**link.words, "hint": hint, **words})


def written(place: int, width: int) -> str:
    """Write row and column of a flat place."""
    row, column = divmod(place, width)
    return f"({row}, {column})"


# Forward


def chosen(study: Study) -> Figure:
    """Show the map and what the pooling kept of each window."""
    run = pooled(study)
    windows = np.array([window_of(place) for place in range(POOLED**2)])
    lens = Lights("pooled", "value", np.repeat(np.arange(POOLED**2), 4), windows.reshape(-1))
    (link,) = Link.of_forward(run.pool.made, "pooled", ["value"])
    words = {"explained": english("pooled"), "recorded": english("PyTorch {value}")}
    rows = [_window_row(run, place) for place in range(POOLED**2)]
    heads = (english("pooled"), english("chosen from"), "", "", "", english("it stood at"))
    return Figure(
        [[value_map(run), pooled_map(run)]],
        [hinted(link, LENS, **words)],
        arrow="forward",
        lights=[lens],
        tables=[Table("windows", heads, rows)],
    )


def _window_row(run: Restored, place: int) -> list[Entry]:
    cells, winner = run.pool.value.reshape(-1), int(places_of(run)[place])
    kept = format_number(run.pool.output.flat[place])
    return [
        Entry(kept, "pooled", [place]),
        *(Entry(format_number(cells[each]), "value", [each]) for each in window_of(place)),
        Entry(written(winner, SIDE), "value", [winner]),
    ]


def unindexed(study: Study) -> Figure:
    """Show the map and the pooled one, without a word of where the winners stood."""
    run = pooled(study)
    return Figure([[value_map(run), pooled_map(run)]])


def indexed(study: Study) -> Figure:
    """Show the indices; the cells that they name light up."""
    run = pooled(study)
    every = np.arange(POOLED**2)
    lights = [index_lights(run, "value"), Lights("index", "pooled", every, every)]
    return Figure([[value_map(run), pooled_map(run), index_map(run)]], lights=lights)


def three_ways(study: Study) -> Figure:
    """Show what each way makes of the pooled map."""
    runs = ran(unpooling(study))
    shown = {name: _shown(name, run) for name, run in runs.items()}
    row = [pooled_map(runs["max"]), *(each.output for each in shown.values())]
    links = [
        hinted(replace(each.forward(), to_map="pooled"), PUT, explained=NAMES[name])
        for name, each in shown.items()
    ]
    return Figure([row], links)


def _shown(name: str, run: Restored) -> Shown:
    titles = {
        "value": english("Pooled p"),
        "output": NAMES[name],
        "upstream": english("Upstream ∂L/∂y"),
        "downstream": HANDED[name],
    }
    return Shown(run.unpool, titles, name)


def lost(study: Study) -> Figure:
    """Show the map beside what each way restored, and how far apart they are."""
    runs = ran(unpooling(study))
    value = runs["max"].pool.value
    row = [value_map(runs["max"]), *(_shown(name, run).output for name, run in runs.items())]
    lights = [
        Lights("value", f"output {name}", np.arange(value.size), np.arange(value.size))
        for name in METHODS
    ]
    rows = [_error_row(name, value, run.unpool.output) for name, run in runs.items()]
    heads = (
        english("way"),
        english("cells that differ"),
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
        Entry(str(differ.size), key, differ.tolist()),
        Entry(format_number(float((apart.astype(float) ** 2).sum()), 6), key, differ.tolist()),
        Entry(format_number(apart.max()), key, largest.tolist()),
    ]


# Many maps


def error_curves(_study: Study, frames: Sequence[tuple[float, ...]], say: Say) -> Line:
    """Draw the mean squared error over the maps so far."""
    means = running_means(np.array(frames).reshape(-1, len(METHODS)))
    kept = np.unique(np.linspace(0, max(len(frames) - 1, 0), MOST_POINTS).astype(int))
    curves = [
        Curve(say(NAMES[name]), [(int(at) + 1, float(means[at, which])) for at in kept if frames])
        for which, name in enumerate(METHODS)
    ]
    axes = (say("maps"), say("mean squared error so far"))
    return Line(say("How far the restored maps are off"), axes, curves, height=220)


def error_grid(_study: Study, frames: Sequence[tuple[float, ...]], say: Say) -> Grid:
    """List the mean squared error of each way, and on how many maps it was the smallest."""
    errors = np.array(frames)
    means, best = running_means(errors)[-1], errors == errors.min(1, keepdims=True)
    rows = [
        (say(NAMES[name]), format_number(means[which]), f"{int(best[:, which].sum())}")
        for which, name in enumerate(METHODS)
    ]
    heads = (say("way"), say("mean squared error"), say("smallest on so many maps"))
    return Grid(heads, rows, frozenset({1, 2}))


def of_this_map(study: Study) -> Mapping[str, str]:
    """Return the mean squared errors of the map that is set."""
    runs = ran(unpooling(study))
    return {
        name: format_number(squared(run.pool.value, run.unpool.output))
        for name, run in runs.items()
    }


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
    """Show the old size and the one that is asked for."""
    return _two_sizes(pooled(study), ran(targeted(study)), study["target"])


def _two_sizes(old: Restored, new: Restored, size: str) -> Figure:
    before = map_of("old", english("Unpooled to 4x4"), old.unpool.output, value=True)
    titles = {
        "4x4": english("output_size 4x4"),
        "4x5": english("output_size 4x5"),
        "5x4": english("output_size 5x4"),
        "5x5": english("output_size 5x5"),
    }
    after = map_of("new", titles[size], new.unpool.output, value=True)
    width = new.unpool.output.shape[-1]
    rows = [
        [
            Entry(str(index), "index", [at]),
            Entry(format_number(old.pool.output.flat[at])),
            Entry(written(index, SIDE), "old", [index]),
            Entry(written(index, width), "new", [index]),
        ]
        for at, index in enumerate(places_of(old).tolist())
    ]
    wide = {4: english("in 4 columns"), 5: english("in 5 columns")}
    heads = (english("index"), english("value"), wide[SIDE], wide[width])
    lights = [index_lights(old, "old"), index_lights(new, "new")]
    maps = [index_map(old), before, after]
    return Figure([maps], lights=lights, tables=[Table("places", heads, rows)])


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
    shown = {name: _shown(name, run) for name, run in runs.items()}
    row = [*(each.downstream for each in shown.values()), upstream_map(runs["max"])]
    links = [replace(each.backward(), to_map="upstream") for each in shown.values()]
    return Figure([row], links)


def one_fetch(study: Study) -> Figure:
    """Show the sum behind one cell of the pooled map's gradient: a single term."""
    shown = _shown("max", pooled(study))
    return Figure([[shown.downstream, shown.upstream]], [shown.backward()], arrow="backward")


# The same index again


def overlapped(study: Study) -> Overlapped:
    """Return the run with overlapping windows."""
    return ran(overlapping(study))


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
        tables=[Table("counted", COUNTED, _counted_rows(found))],
    )


COUNTED = (
    english("cell of x"),
    english("windows it won"),
    english("upstream there"),
    english("autograd's chain"),
    english("measured"),
)


def _counted_rows(found: Overlapped) -> list[list[Entry]]:
    won, run = found.won.reshape(-1), found.restored
    rows = []
    for place in map(int, np.flatnonzero(won > 1)):
        cells = (run.unpool.upstream, found.chained, found.nudged)
        maps = ("upstream", "downstream", "nudged")
        numbers = zip(cells, maps, strict=True)
        windows = np.flatnonzero(places_of(run) == place).tolist()
        rows.append(
            [
                Entry(written(place, SIDE)),
                Entry(str(won[place]), "upstream pooled", windows),
                *(Entry(format_number(each.flat[place]), key, [place]) for each, key in numbers),
            ]
        )
    return rows


# What it costs


def shares(_study: Study, say: Say) -> Grid:
    """List the bytes of the indices beside other things that a U-net holds."""
    found = kept_bytes()
    named = {
        say("the pooled maps"): found.pooled,
        say("the maps before the pools"): found.before,
        say("the network's input"): found.input,
        say("all that is kept for backward, with the indices"): found.kept,
    }
    rows = [
        (name, bytes_text(count), f"{100 * found.indices / count:.0f} %")
        for name, count in named.items()
    ]
    heads = (say("beside"), say("bytes"), say("the indices are"))
    first = (f"**{say('the indices')}**", bytes_text(found.indices), "")
    return Grid(heads, [first, *rows], frozenset({1, 2}))
