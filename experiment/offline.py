"""What is on screen, gathered for one file that works without a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from experiment.answers import Answers
from experiment.setting import Setting
from experiment.view import View
from flow.record import Capture, Check, LayerRecord
from models.fitting import shape_text
from models.inputs import INPUTS
from models.losses import LOSSES
from models.targets import TARGETS, chosen_cell
from viz.arrays import captured, total_bytes
from viz.language import Say, speaking, translated
from viz.layout import LayoutError
from viz.links import Link
from viz.offline import OFFLINE_TEXT, Page, html
from viz.offline import View as Shown
from viz.peak import peak, peak_text
from viz.scene import inspector
from viz.scene.choice import choose
from viz.scene.inspector import Chosen
from viz.scene.packed import packed
from viz.theme import format_number

GRAPH_HEIGHT = 640
SMALL_RUN = 2**20
"""Bytes of a run of which the file holds every node; of a larger one it holds what is shown."""
NOWHERE = ("", "")
"""To look at first where a node is chosen anyway."""
MAPS_LIMIT = 500_000
"""Bytes of maps in the file, so that with everything else it stays below 1 MB."""


def offline_page(answers: Answers, view: View, link: str, language: str) -> str:
    """Return the HTML file of what is on screen.

    Of a small run it holds the maps of the other nodes too, as many as MAPS_LIMIT lets in.
    """
    setting, capture, say = answers.setting, answers.capture, speaking(language)
    chosen, _complaints = choose(view, setting.source.look_at, answers, say)
    return html(
        Page(
            title=f"Backlight · {setting.source.name} · {inspector.title(chosen)}",
            facts=_facts(setting, capture, say),
            link=link,
            strip=answers.strip(chosen.node.id, language),
            graph=_graph(answers, view, language),
            node=chosen.node.id,
            views=_views(view, chosen),
            nodes=len(capture.nodes),
            layers=[_row(layer) for layer in capture.layers],
            text=translated(OFFLINE_TEXT, say),
        )
    )


def _facts(setting: Setting, capture: Capture, say: Say) -> list[str]:
    """Say what was run, in the order of the sidebar."""
    kind, loss = INPUTS.get(setting.input), LOSSES[setting.loss]
    fed = say(kind.label) if kind else setting.input
    facts = [
        f"{say('Input')}: {fed} ({shape_text(setting.shape)})",
        f"{say('Loss')}: {say(loss.label)}",
    ]
    if loss.targets:
        facts.append(f"{say('Target')}: {_target(setting.target, say)}")
    if capture.loss is not None:
        facts.append(say("loss = {value}").format(value=repr(capture.loss)))
    return [*facts, f"{say('Seed')}: {setting.seed}", f"{say('Device')}: {capture.device}"]


def _target(name: str, say: Say) -> str:
    """Return what a target is called, with the cell that is chosen."""
    cell = chosen_cell(name)
    if cell is None:
        return say(TARGETS[name].label)
    return say("Cell {place}").format(place=", ".join(map(str, cell)))


def _graph(answers: Answers, view: View, language: str) -> dict[str, object] | None:
    try:
        return answers.graph(GRAPH_HEIGHT, language, view)
    except LayoutError:
        return None


def _views(view: View, chosen: Chosen) -> dict[str, Shown]:
    """Return the chosen node first, then as many others as have room."""
    views = {chosen.node.id: _shown(chosen)}
    room = MAPS_LIMIT - len(views[chosen.node.id].maps)
    if total_bytes(captured(chosen.capture)) > SMALL_RUN:
        return views
    for other in _others(view, chosen):
        shown = _shown(other)
        room -= len(shown.maps)
        if room < 0:
            break
        views[other.node.id] = shown
    return views


def _others(view: View, chosen: Chosen) -> Iterator[Chosen]:
    """Yield the other nodes, each as a click on it would show it."""
    for node in chosen.capture.nodes:
        if node.id != chosen.node.id:
            wanted = replace(view, node=node.id, part=None, channel=None, step=None)
            yield choose(wanted, NOWHERE, chosen.live, chosen.say)[0]


def _shown(chosen: Chosen) -> Shown:
    return Shown(
        heading=inspector.title(chosen),
        subtitle=inspector.subtitle(chosen),
        maps=packed(
            chosen,
            inspector.rows(chosen),
            adapt=partial(_without_server, say=chosen.say),
            limit=MAPS_LIMIT,
        ),
        proof=_proof(chosen),
    )


def _without_server(link: Link, say: Say) -> Link:
    """Say that nobody answers where a sum is too large for the file."""
    sentence = say("This sum is too large for the file. Open the link to see it.")
    return replace(link, words=replace(link.words, large=sentence, asking=sentence))


def _proof(chosen: Chosen) -> tuple[str, ...]:
    if chosen.node.is_leaf or chosen.show != "gradient":
        return ()
    checks = chosen.live.proof(chosen.node.id).checks
    return tuple(_verdict(check, chosen.say) for check in checks)


def _verdict(check: Check, say: Say) -> str:
    name = say(check.name)
    if check.passed is None or check.difference is None or check.tolerance is None:
        return f"{name}: {say('not run')}"
    return say("{sign} autograd vs {name}: max |Δ| {difference}, tolerance {tolerance}").format(
        sign="✓" if check.passed else "✗",
        name=name,
        difference=format_number(check.difference, 2),
        tolerance=format_number(check.tolerance, 2),
    )


def _row(layer: LayerRecord) -> tuple[str, ...]:
    shape = " + ".join(shape_text(shape) for shape in layer.output_shapes)
    sizes = (layer.outputs, layer.upstreams, layer.downstream)
    return (layer.name, layer.kind, shape, *(_size(arrays) for arrays in sizes))


def _size(arrays: tuple[object, ...]) -> str:
    return peak_text(peak(arrays), "-")  # type: ignore[arg-type]
