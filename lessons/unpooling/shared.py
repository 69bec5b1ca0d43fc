"""What several figures of the lesson share: what they are about, their maps, their words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.figure import map_of
from lessons.showing.shown import Shown
from lessons.unpooling.errors import ManyMaps
from lessons.unpooling.overlap import Overlapping
from lessons.unpooling.recipe import Placing, Restored, Unpooling
from viz.language import english
from viz.maps.lights import Lights
from viz.maps.rows import Map
from viz.maps.sums import Link

NAMES = {
    "nearest": english("Nearest"),
    "nails": english("Bed of nails"),
    "max": english("Max unpooling"),
}
HANDED = {
    "nearest": english("Nearest: ∂L/∂p"),
    "nails": english("Bed of nails: ∂L/∂p"),
    "max": english("Max: ∂L/∂p"),
}

SHUFFLED = 3
"""By how much the seed of the map is larger whose indices are asked for."""

# What the figures are about


def unpooling(study: Study) -> Unpooling:
    """Return the map that is set, and the three ways."""
    return Unpooling(study.seed, study["map"])


def indexing(study: Study) -> Unpooling:
    """Return a map whose values are not its places counted from 1, as 1 to 16 in order are."""
    return Unpooling(study.seed + SHUFFLED, study["map"])


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


def made(name: str, shown: Shown) -> Link:
    """Explain what one way makes of the pooled map."""
    return _nailed(name, shown.forward())


def handed_on(name: str, shown: Shown) -> Link:
    """Explain what one way hands to the pooled map, under the title of that map."""
    return replace(_nailed(name, shown.backward()), words={"explained": HANDED[name]})


def _nailed(name: str, link: Link) -> Link:
    """Name what a nail does: it is an unpooling, but puts nothing back to where it stood."""
    return replace(link, names=("1 (first cell)",)) if name == "nails" else link


def written(place: int, width: int) -> str:
    """Write row and column of a flat place."""
    row, column = divmod(place, width)
    return f"({row}, {column})"


def shown_way(name: str, run: Restored) -> Shown:
    """Return the maps of one way."""
    titles = {
        "value": english("Pooled p"),
        "output": NAMES[name],
        "upstream": english("Upstream ∂L/∂y"),
        "downstream": HANDED[name],
    }
    return Shown(run.unpool, titles, name)
