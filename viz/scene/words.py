"""The words of the workbench that belong to no picture of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from viz.maps.rows import Labels

WORKBENCH_TEXT: Mapping[str, str] = {
    **asdict(Labels()),
    # Above the maps: which tab, sample, channel and downstream gradient.
    "pick_show": "What to show",
    "gradient": "gradient",
    "values": "values",
    "parameters": "parameters",
    "pick_part": "Downstream",
    "pick_sample": "Sample",
    "sample": "sample {index}",
    "pick_channel": "Channel",
    "all_channels": "all {count} channels",
    "pick_row": "Row",
    "row": "row {index}",
    "all_rows": "all {count} rows",
    "by_hand": "Change {tensor} by hand",
    "compare": "Show changes in the maps",
    "compare_help": "Below each row of maps: what it is now minus what it was before.",
    "nothing": "This node belongs to no layer with parameters.",
    # Below them, before they have come.
    "fetching": "Fetching these cells …",
    # In the head of the inspector.
    "pictures": "Save a picture",
    "maps_png": "Maps .png",
    "graph_svg": "Graph .svg",
    "graph_png": "Graph .png",
    # Above the graph.
    "graph": "Autograd graph",
    "show": "Show",
    "saved": "Saved tensors",
    "saved_help": "Also draw the tensors kept for the backward.",
    "attributes": "Attributes",
    "attributes_help": "Also write what each node saved: stride, …",
    "tint": "Tint by |gradient|",
    "tint_help": "Fill nodes by their largest gradient.",
    "collapsed": "Collapse by layer",
    "collapsed_help": "One box a layer.",
    "change": "Change",
    "change_help": "Change cells of the input, the target or a weight by hand.",
}
"""In English; pass a translated copy. ``hint``, ``channel`` and more are those of the maps."""
