"""The words of the editor of a network."""

from __future__ import annotations

from collections.abc import Mapping

EDITOR_WORDS: Mapping[str, str] = {
    "title": "Edit the network",
    "undo": "Undo",
    "undo_help": "Undo the last change (Ctrl+Z).",
    "redo": "Redo",
    "redo_help": "Redo the last undone change (Ctrl+Y).",
    "start": "Start from",
    "nothing": "Nothing: an input and no layer",
    "done": "Done",
    "done_help": "Close the editor. The network stays as it is.",
    # What is done with a layer as a whole.
    "chosen": "Layer",
    "add": "Add after {name}",
    "find": "Kind of layer",
    "replace": "Replace {name}",
    "full": "A model has at most {most} layers.",
    "up": "Move up",
    "down": "Move down",
    "duplicate": "Duplicate",
    "remove": "Remove",
    # The form.
    "network_name": "Name of the network",
    "network_name_help": "Its class in source code.",
    "shape": "Shape of the input",
    "shape_help": "Batch size first: 2x1x8x8 is two maps of one channel, 8 high and 8 wide.",
    "name": "Name",
    "reads": "Reads",
    "reads_place": "Reads {place}",
    "reads_help": "The layer whose output comes in.",
    "more_reads": "Read one more",
    "fewer_reads": "Read no longer: {name}",
    "nothing_read": "choose a layer",
    "several": "A whole number, or several such as 3x5.",
    "or_words": "Or one of {words}.",
    "bounds": "From {low} to {high}.",
    # The picture.
    "picture": "The network, {count} boxes",
    "output": "output",
    "broken": "cannot work",
    "unknown": "not reached",
    "box_reads": "reads {names}",
    # What is wrong, and how it is put right.
    "empty": "There is no layer yet. Add the first one; until then the last run stays below.",
    "stays": "The last run that worked stays below.",
    "show": "Show {name}",
    # The table.
    "table": "Every layer",
    "column_layer": "Layer",
    "column_kind": "Kind",
    "column_output": "Output",
    "column_parameters": "Parameters",
    "column_field": "Receptive field",
    "column_stride": "Output stride",
    "column_saved": "Kept for backward",
    "column_operations": "FLOPs",
}
"""In English; pass a translated copy."""
