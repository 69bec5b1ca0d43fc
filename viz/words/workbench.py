"""The words of the workbench that belong to no picture of their own."""

from __future__ import annotations

from collections.abc import Mapping

WORKBENCH_WORDS: Mapping[str, str] = {
    # Above the maps: which tab, sample, channel and downstream gradient.
    "pick_show": "What to show",
    "gradient": "gradient",
    "values": "values",
    "parameters": "parameters",
    "pick_part": "Downstream",
    "pick_sample": "Sample",
    "sample": "sample {index}",
    "pick_channel": "Channel",
    "channel": "channel {index}",
    "all_channels": "all {count} channels",
    "pick_row": "Row",
    "row": "row {index}",
    "all_rows": "all {count} rows",
    "by_hand": "Change {tensor} by hand",
    "nothing": "This node belongs to no layer with parameters.",
    "no_parameters": "There are none: this node belongs to no layer with parameters.",
    "largest_channel": "Channel {index} has the largest gradient:",
    "chosen_channel": "Channel {index} of {count}:",
    # In the head of the inspector.
    "pictures": "Save a picture",
    "maps_png": "Maps .png",
    "graph_svg": "Graph .svg",
    "graph_png": "Graph .png",
    # What is pinned.
    "pin": "Pin",
    "pin_help": "Keep these maps below, beside those of other layers.",
    "unpin_help": "These maps are kept below. Press to let them go.",
    "pin_done": "Pinned below",
    "unpin_done": "Not pinned any more",
    "pin_most": "Four layers are pinned already. Close one of them first.",
    "pins": "Pinned",
    "pins_go": "Go to what is pinned: {count}",
    "pin_close": "Close {name}",
    "pin_lost": "Not in this network, so not pinned any more: {names}.",
    # Above the graph.
    "graph": "Graph",
    "graph_help": "The autograd graph, as torchviz draws it.",
    "show": "Show",
    "saved": "Saved tensors",
    "saved_help": "Also draw the tensors kept for the backward.",
    "attributes": "Attributes",
    "attributes_help": "Also write what each node saved: stride, …",
    "tint": "Tint by |gradient|",
    "tint_help": "Fill nodes by their largest gradient.",
    "names": "Names in the graph",
    "plain": "plain names",
    "plain_help": "One box a layer, called as in the network.",
    "pytorch": "PyTorch names",
    "pytorch_help": "Every node of the autograd graph, called as PyTorch calls it.",
    "change": "Change",
    "change_help": "Change cells of the input, the target or a weight by hand.",
}
"""In English."""
STATUS_WORDS: Mapping[str, str] = {
    "lost": "The server does not answer. It is asked again and again; nothing is lost.",
    "busy": "The server is busy with other visitors. This page waits for its turn.",
    "updated": "Backlight was updated. Reload the page: your settings are in the address.",
    "failed": "The server could not answer. Your settings are in the address.",
    "recovered": "The server answers again.",
    "again": "Try again",
    "reload": "Reload",
}
"""What is said while the server cannot be asked, in English."""
ROOM_WORDS: Mapping[str, str] = {
    "enter": "For a room",
    "help": "Larger type, controls folded away. Escape leads back.",
    "leave": "Leave the room",
    "controls": "Controls",
}
"""Of the view for a room, in English."""
