"""What of a run is looked at. Nothing here changes a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from experiment.readers import read_plane
from models.cell_edits import NAME
from models.shapes import Shape, shape_text
from viz.answering.questions import MAX_INDEX, NODE
from viz.answering.readers import all_or_whole, flag, matching, one_of, whole
from viz.hidden import HIDDEN_MEANING, HIDDEN_NAMES, names_in
from viz.maps.rows import Scaling
from viz.scene.choice import Channel
from viz.scene.inspector import Show

PIN = r"n\d{1,6}(g\d{1,6}|v|p)?(s\d{1,6})?(c(\d{1,6}|all))?"
PINS = re.compile(rf"{PIN}(,{PIN}){{0,3}}", re.ASCII)


@dataclass(frozen=True)
class View:
    """What is chosen and how it is shown."""

    node: Annotated[str, matching(NODE, "a node's id such as n5")] = ""
    """Id of the chosen node; empty for the source's own choice."""
    part: Annotated[int | None, whole(MAX_INDEX)] = None
    """Which downstream gradient of a node that has several; None for the one to see first."""
    sample: Annotated[int, whole(MAX_INDEX)] = 0
    channel: Annotated[Channel, all_or_whole(MAX_INDEX, every="all")] = None
    show: Annotated[Show, one_of(dict.fromkeys(get_args(Show)))] = "gradient"
    scale: Annotated[Scaling, one_of(dict.fromkeys(get_args(Scaling)))] = "shared"
    """Whether maps that belong together share their colour scale, and whether it is logarithmic."""
    saved: Annotated[bool, flag] = False
    attributes: Annotated[bool, flag] = False
    tint: Annotated[bool, flag] = False
    collapsed: Annotated[bool, flag] = False
    step: Annotated[int | None, whole(MAX_INDEX)] = None
    """Place in the backward pass, counted from 0; None when the visitor is not stepping."""
    editing: Annotated[bool, flag] = False
    """Whether the editor of the network is open."""
    hand: Annotated[str, matching(NAME, "a tensor's name such as input or conv1.weight")] = ""
    """Name of the tensor whose cells are being changed by hand; empty when none are."""
    plane: Annotated[Shape, read_plane] = ()
    """Which matrix of that tensor: an index of its leading axes; empty for the first one."""
    compare: Annotated[bool, flag] = False
    """Whether boxes and maps show what the changes by hand did to them."""
    pins: Annotated[str, matching(PINS, "up to four pinned nodes such as n5,n3vs1c2")] = ""
    """What stays beside the chosen node: nodes, each with what is shown of it where that is not
    its first gradient (``g1``, ``v``, ``p``), the sample (``s1``) and the channel (``c2``,
    ``call``)."""

    hidden: Annotated[str, matching(HIDDEN_NAMES, HIDDEN_MEANING)] = ""
    """Names of maps whose numbers the page does not tell, with commas between."""

    @property
    def conceals(self) -> tuple[str, ...]:
        """The names of what is hidden, one by one."""
        return names_in(self.hidden)

    def plain(self) -> dict[str, Any]:
        """Return the fields as a browser holds them: a plane as it is written in an address."""
        return {**vars(self), "plane": shape_text(self.plane) if self.plane else ""}


PLAIN = View()
"""Nothing is chosen, and everything is as the source has it."""
