"""Which node, downstream gradient, sample and channel of a run are looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Protocol

from flow.record import Capture
from viz.language import Say
from viz.markdown import plain
from viz.scene import inspector
from viz.scene.channels import first_channel
from viz.scene.inspector import Chosen, Show
from viz.scene.live import LiveRun

Channel = int | Literal["all"] | None
"""The place of a channel; None is the one with the largest gradient, where all are too many."""


class Look(Protocol):
    """What somebody wants to look at; not all of it need exist."""

    @property
    def node(self) -> str:
        """Id of the node; empty for the one to see first."""

    @property
    def step(self) -> int | None:
        """Place in the backward pass, which takes the node's place."""

    @property
    def part(self) -> int | None:
        """Which downstream gradient; None for the one to see first."""

    @property
    def sample(self) -> int:
        """Place in the batch."""

    @property
    def channel(self) -> Channel:
        """Which channel."""

    @property
    def show(self) -> Show:
        """Gradients, values or parameters."""


First = tuple[str, str]
"""The layer to look at first, and the class of its node; each empty for the first there is."""


def choose(look: Look, first: First, live: LiveRun, say: Say) -> tuple[Chosen, dict[str, str]]:
    """Find the chosen node, part, sample and channel.

    What does not exist is replaced, and a Markdown sentence under the field's name says so.
    """
    complaints: dict[str, str] = {}
    capture = live.capture
    node_id, ids = look.node, {node.id for node in capture.nodes}
    if look.step is not None and f"n{look.step}" in ids:
        node_id = f"n{look.step}"
    elif look.step is not None:
        sentence = say(
            "step: {step} does not exist, the last of this run is {last}. "
            "The whole backward pass is shown."
        )
        complaints["step"] = sentence.format(step=look.step, last=len(ids) - 1)
    if node_id not in ids:
        if node_id:
            sentence = say(
                "node: {node} does not exist, the last of this run is {last}. "
                "The preset's own is shown."
            )
            complaints["node"] = sentence.format(node=node_id, last=capture.nodes[-1].id)
        node_id = first_node(first, capture)
    node = capture.node(node_id)
    part = look.part
    if part is not None and part >= max(1, len(node.downstream)):
        sentence = say(
            "part: {part} does not exist, the last gradient that {node} hands on is {last}. "
            "The default is shown."
        )
        last = max(0, len(node.downstream) - 1)
        complaints["part"] = sentence.format(part=part, node=plain(node.name), last=last)
        part = None
    if part is None:
        part = inspector.default_part(node)
    channel = None if look.channel == "all" else look.channel
    chosen = _within(
        Chosen(live, capture, node, part, look.sample, channel, look.show, say), complaints
    )
    if look.channel is None:
        chosen = replace(chosen, channel=first_channel(chosen))
    return chosen, complaints


def _within(chosen: Chosen, complaints: dict[str, str]) -> Chosen:
    """Keep sample and channel inside what the chosen maps have."""
    whole = replace(chosen, sample=0, channel=None)
    available = inspector.pickers(inspector.rows(whole))
    sample, channel = chosen.sample, chosen.channel
    if sample >= max(1, available.samples):
        if available.samples:
            sentence = chosen.say(
                "sample: {sample} does not exist, the last of this batch is {last}. 0 is shown."
            )
            complaints["sample"] = sentence.format(sample=sample, last=available.samples - 1)
        sample = 0
    if channel is not None and channel >= available.channels:
        if available.channels:
            sentence = chosen.say(
                "channel: {channel} does not exist, the last one here is {last}. All are shown."
            )
            complaints["channel"] = sentence.format(channel=channel, last=available.channels - 1)
        channel = None
    return replace(whole, sample=sample, channel=channel)


def first_node(first: First, capture: Capture) -> str:
    """Return the node that the source wants to be seen first; without one, that of a layer."""
    names = {layer.name: layer for layer in capture.layers}
    layer = names.get(first[0])
    if layer is not None and layer.nodes:
        wanted = first[1]
        return next((n for n in layer.nodes if capture.node(n).name == wanted), layer.nodes[0])
    return next((node.id for node in capture.nodes if node.layer in names), capture.nodes[0].id)
