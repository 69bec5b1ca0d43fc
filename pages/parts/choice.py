"""Which node, downstream gradient, sample and channel of a run are looked at."""

from __future__ import annotations

from dataclasses import replace

from flow.record import Capture
from pages.parts import inspector
from pages.parts.experiment import Experiment, Show
from pages.parts.inspector import Chosen
from pages.parts.text import _, plain


def choose(experiment: Experiment, capture: Capture) -> tuple[Chosen, dict[str, str]]:
    """Find the chosen node, part, sample and channel.

    What does not exist is replaced, and a Markdown sentence under the field's name says so.
    """
    complaints: dict[str, str] = {}
    node_id = experiment.node if experiment.step is None else f"n{experiment.step}"
    if node_id not in {node.id for node in capture.nodes}:
        if node_id:
            sentence = _(
                "node: {node} does not exist, the last of this run is {last}. "
                "The preset's own is shown."
            )
            complaints["node"] = sentence.format(node=node_id, last=capture.nodes[-1].id)
        node_id = first_node(experiment, capture)
    node = capture.node(node_id)
    part = experiment.part
    if part is not None and part >= max(1, len(node.downstream)):
        sentence = _(
            "part: {part} does not exist, the last gradient that {node} hands on is {last}. "
            "The default is shown."
        )
        last = max(0, len(node.downstream) - 1)
        complaints["part"] = sentence.format(part=part, node=plain(node.name), last=last)
        part = None
    if part is None:
        part = inspector.default_part(node)
    chosen = Chosen(capture, node, part, experiment.sample, experiment.channel)
    return _within(chosen, experiment.show, complaints), complaints


def _within(chosen: Chosen, show: Show, complaints: dict[str, str]) -> Chosen:
    """Keep sample and channel inside what the chosen maps have."""
    plain = replace(chosen, sample=0, channel=None)
    available = inspector.pickers(inspector.rows(plain, show))
    sample, channel = chosen.sample, chosen.channel
    if sample >= max(1, available.samples):
        if available.samples:
            sentence = _(
                "sample: {sample} does not exist, the last of this batch is {last}. 0 is shown."
            )
            complaints["sample"] = sentence.format(sample=sample, last=available.samples - 1)
        sample = 0
    if channel is not None and channel >= available.channels:
        if available.channels:
            sentence = _(
                "channel: {channel} does not exist, the last one here is {last}. All are shown."
            )
            complaints["channel"] = sentence.format(channel=channel, last=available.channels - 1)
        channel = None
    return replace(plain, sample=sample, channel=channel)


def first_node(experiment: Experiment, capture: Capture) -> str:
    """Return the node that the preset wants to be seen first; without one, that of a layer."""
    names = {layer.name: layer for layer in capture.layers}
    layer = names.get(experiment.look_at)
    if layer is not None and layer.nodes:
        wanted = "" if experiment.own else experiment.preset.node
        return next((n for n in layer.nodes if capture.node(n).name == wanted), layer.nodes[0])
    return next((node.id for node in capture.nodes if node.layer in names), capture.nodes[0].id)
