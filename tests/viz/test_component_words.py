"""The words of the components: each sentence says what its place means, and no other one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pytest

from viz.graphs.autograd import GRAPH_WORDS
from viz.graphs.boxes import BOX_TEXT
from viz.graphs.tint import TINT_TEXT
from viz.maps.heatmap import FigureLabels
from viz.maps.rows import Labels
from viz.maps.sums import SUM_WORDS
from viz.paint import PAINT_WORDS
from viz.pictures.line import LINE_WORDS
from viz.pictures.overlay import OVERLAY_WORDS
from viz.strip.steps import STATE_TEXT
from viz.strip.strip import STRIP_TEXT, STRIP_WORDS
from viz.words.editor import EDITOR_WORDS

OF_SUMS = {
    "hint": "Point at a cell",
    "large": "click a cell ~ its sum comes",
    "too_large": "too many terms to send",
    "asking": "Asking for this cell",
    "nothing": "No cell feeds this cell ~ every coefficient is 0",
    "more": "more adding up to {value}",
    "total": "total {value}",
    "recorded": "PyTorch says {value}",
    "agrees": "they agree",
    "differs": "they differ by {difference}",
    "feeds": "{value} feeds {count} cells:",
    "feeds_one": "{value} feeds 1 cell:",
    "feeds_none": "{value} feeds no cell here",
    "gets": "{cell} gets {term}",
    "more_cells": "{count} more",
    "mixed": "depends on {count} cells, but is not a sum",
    "slope": "{cell} with slope {value}",
    "pinned": "pinned",
}
OF_MAPS = {
    "all_zero": "all zero",
    "empty": "Empty: shape {shape} has no cells",
    "nan": "{count} NaN",
    "infinite": "{count} inf",
    "showing_channels": "{shown} of {total} channels",
    "showing_slices": "{shown} of {total} slices",
    "showing_kernels": "{shown} of {total} kernels",
    "showing_rows": "{shown} of {total} rows",
    "showing_cells": "{shown} of {total} cells",
    "summary": "{name}. Shape {shape}, {smallest} to {largest}, {zeros} zeros.",
}
OF_PAINT = {
    "brush_help": "Drag ~ to paint",
    "number_help": "Click ~ type its value",
    "eraser_help": "Drag ~ restore",
    "fill_help": "every cell of this map",
    "undo_help": "Undo ~ (Ctrl+Z)",
    "redo_help": "Redo ~ (Ctrl+Y)",
    "cell": "{index} = {value}",
    "changed": "{index} = {value}, was {before}",
    "undone": "Undone.",
    "redone": "Redone.",
    "nothing": "othing to undo",
    "nothing_again": "othing to redo",
    "cut": "first {shown} of {total} cells",
    "many": "At most {most} cells",
    "close": "Graph",
    "changed_cells": "{tensor} ~ {count} changed",
    "discard": "Discard ~ {tensor}",
    "discard_all": "Discard all",
}
OF_BOXES = {
    "say_function": "{name}, layer {layer}, node {order} of {count}",
    "say_parameter": "AccumulateGrad of {name}",
    "say_leaf": "leaf tensor {name}, shape {shape}",
    "say_output": "output {name}",
    "say_base": "base of a viewed output",
    "say_saved": "saved tensor",
    "say_group": "nodes {order} and on, {size} of {count}",
    "no_gradient": "no gradient",
}
OF_GRAPH = {
    "graph": "graph, {count} boxes",
    "zoom_in": "in",
    "zoom_out": "out",
    "fit": "Fit",
    "download": "SVG",
    "search": "Find",
    "matches": "{index} of {count}",
    "matches_some": "{count} found",
    "matches_none": "not found",
    "column_order": "#",
    "column_node": "Node",
    "column_layer": "Layer",
    "column_shape": "Shape",
    "column_peak": "max |gradient|",
}
OF_STATES = {
    "step_done": "done",
    "step_begun": "begun",
    "step_current": "current step",
    "step_ahead": "not reached yet",
}
OF_STRIP = {
    "operations": "{count} operations",
    "fine": "Nothing vanishes",
    "vanishes": "The gradient vanishes",
    "explodes": "The gradient explodes",
    "zero": "zero from {name} on ~ hands on is 0",
    "zero_start": "zero from the start",
    "not finite": "not finite from {name} on ~ NaN or infinity",
    "not_finite_start": "not finite from the start ~ NaN or infinity",
    "nothing": "none is asked for",
    "total": "{start} to {end} ~ {first} to {last}",
    "shrinks": "{start} to {end} ~ shrinks {times} times",
    "grows": "{start} to {end} ~ grows {times} times",
    "in_loss": "loss itself ~ {value}",
    "least": "**{name}** ~ least: {ratio} of what arrives",
    "none_less": "No layer ~ less than arrives",
    "most": "**{name}** ~ most: {ratio} times what arrives",
    "million": "{count} million",
    "billion": "{count} billion",
}
OF_STRIP_WORDS = {
    "strip": "forward order",
    "channel": "channel {number}",
    "sample_value": "value ~ sample {value}",
    "sample_gradient": "gradient ~ sample {value}",
    "batch_gradient": "max |gradient| of the whole batch {value}",
    "passes": "hands on ~ {ratio}",
    "inert": "owns no node",
    "not_asked": "no gradient is asked for",
    "nothing": "no gradient arrives",
    "not_kept": "not kept in this run",
    "unrecorded": "not recorded",
    "unsent": "not in this file",
    "one": "size 1",
    "thousandth": "thousandth",
    "millionth": "millionth",
    "billionth": "billionth",
    "unchanged": "no change ~ weight of 1",
    **OF_STATES,
}
OF_TINT = {
    "tint": "from {low} (pale) to {high} (full). Grey: zero, none or hidden. Yellow: not finite.",
    "tint_nothing": "of what passes through. Grey: zero, none or hidden. Yellow: not finite.",
}
OF_EDITOR = {
    "undo_help": "Undo ~ (Ctrl+Z)",
    "redo_help": "Redo ~ (Ctrl+Y)",
    "add": "Add after {name}",
    "replace": "Replace {name}",
    "duplicate": "Duplicate",
    "remove": "Remove",
    "up": "up",
    "down": "down",
    "fewer_reads": "no longer: {name}",
    "more_reads": "one more",
    "bounds": "From {low} to {high}",
    "shape_help": "Batch size first",
    "broken": "cannot work",
    "unknown": "not reached",
    "empty": "no layer yet",
    "show": "Show {name}",
    "column_field": "Receptive",
    "column_stride": "stride",
    "column_saved": "backward",
}
OF_LINE = {
    "summary": "{title}. {y} over {x}. {curves}",
    "curve": "{title}: from {first} to {last}",
    "empty_curve": "{title}: no points",
    "none": "no points",
    "move": "Drag ~ arrow keys",
}
OF_OVERLAY = {
    "opacity": "Opacity",
    "picture": "picture: row {row}, column {column} = {value}",
    "cells": "map: row {row}, column {column} = {value}",
    "point": "Point at a picture ~ arrow keys",
    "missing": "Nothing",
    "size": "{rows}×{columns} pixels",
    "map_size": "map of {rows}×{columns} ~ from {smallest} to {largest}",
}
OF_FIGURES = {
    "shape": "shape {shape}",
    "scale": "scale ±{value}",
    "all_zero": "all zero",
    "first": "first {shown} of {total} cells",
    "blank": "not finite, left blank",
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SUM_WORDS, OF_SUMS),
        (asdict(Labels()), OF_MAPS),
        (PAINT_WORDS, OF_PAINT),
        (BOX_TEXT, OF_BOXES),
        (GRAPH_WORDS, OF_GRAPH),
        (STATE_TEXT, OF_STATES),
        (STRIP_TEXT, OF_STRIP),
        (STRIP_WORDS, OF_STRIP_WORDS),
        (TINT_TEXT, OF_TINT),
        (EDITOR_WORDS, OF_EDITOR),
        (LINE_WORDS, OF_LINE),
        (OVERLAY_WORDS, OF_OVERLAY),
        (asdict(FigureLabels()), OF_FIGURES),
    ],
    ids=[
        "sums",
        "maps",
        "paint",
        "boxes",
        "graph",
        "states",
        "strip",
        "boxes of the strip",
        "tint",
        "editor",
        "lines",
        "overlays",
        "figures",
    ],
)
def test_no_two_sentences_can_be_exchanged(
    text: Mapping[str, str], words: Mapping[str, str]
) -> None:
    for key, parts in words.items():
        assert contains(text[key], parts), key
        for other in set(words) - {key}:
            both = contains(text[other], parts) and contains(text[key], words[other])
            assert not both, f"{key} and {other} could be exchanged"


def contains(sentence: str, parts: str) -> bool:
    return all(part in sentence for part in parts.split(" ~ "))
