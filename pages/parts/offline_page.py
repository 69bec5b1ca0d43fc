"""What is on screen, gathered for one file that works without this server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

from flow.record import Capture, Check, LayerRecord, NodeRecord
from models.fitting import shape_text
from models.inputs import INPUTS
from models.losses import LOSSES
from pages.parts import cells, inspector, targets
from pages.parts.choice import choose
from pages.parts.execute import drawing, proof
from pages.parts.experiment import Experiment
from pages.parts.inspector import Chosen
from pages.parts.text import _, translated
from viz.arrays import captured, total_bytes
from viz.graph import GRAPH_TEXT, DrawOptions, graph_data
from viz.layout import LayoutError
from viz.links import Link
from viz.maps import Labels, pack
from viz.offline import OFFLINE_TEXT, Page, View, html
from viz.peak import peak, peak_text
from viz.strip import STRIP_TEXT, strip_data
from viz.theme import format_number

GRAPH_HEIGHT = 640
SMALL_RUN = 2**20
"""Bytes of a run of which the file holds every node; of a larger one it holds what is shown."""
MAPS_LIMIT = 500_000
"""Bytes of maps in the file, so that with everything else it stays below 1 MB."""


def offline_page(experiment: Experiment, chosen: Chosen, link: str) -> str:
    """Return the HTML file of what is on screen.

    Of a small run it holds the maps of the other nodes too, as many as MAPS_LIMIT lets in.
    """
    capture = chosen.capture
    return html(
        Page(
            title=f"Backlight · {experiment.name} · {inspector.title(chosen)}",
            facts=_facts(experiment, capture),
            link=link,
            strip=strip_data(capture, chosen.node.id, translated(STRIP_TEXT)),
            graph=_graph(experiment),
            node=chosen.node.id,
            views=_views(experiment, chosen),
            nodes=len(capture.nodes),
            layers=[_row(layer) for layer in capture.layers],
            text=translated(OFFLINE_TEXT),
        )
    )


def _facts(experiment: Experiment, capture: Capture) -> list[str]:
    """Say what was run, in the order of the sidebar."""
    kind = INPUTS.get(experiment.input)
    loss = LOSSES[experiment.loss]
    facts = [
        f"{_('Input')}: {_(kind.label) if kind else experiment.input} "
        f"({shape_text(experiment.shape)})",
        f"{_('Loss')}: {_(loss.label)}",
    ]
    if loss.targets:
        facts.append(f"{_('Target')}: {targets.described(experiment.target)}")
    if capture.loss is not None:
        facts.append(_("loss = {value}").format(value=repr(capture.loss)))
    return [*facts, f"{_('Seed')}: {experiment.seed}", f"{_('Device')}: {capture.device}"]


def _graph(experiment: Experiment) -> dict[str, object] | None:
    text = translated(GRAPH_TEXT)
    options = DrawOptions(tint=experiment.tint, collapsed=experiment.collapsed, text=text)
    try:
        drawn = drawing(experiment.setting, options, experiment.saved, experiment.attributes)
    except LayoutError:
        return None
    return graph_data(drawn, GRAPH_HEIGHT, text)


def _views(experiment: Experiment, chosen: Chosen) -> dict[str, View]:
    """Return the chosen node first, then as many others as have room."""
    views = {chosen.node.id: _view(experiment, chosen)}
    room = MAPS_LIMIT - len(views[chosen.node.id].maps)
    if total_bytes(captured(chosen.capture)) > SMALL_RUN:
        return views
    for other in _others(experiment, chosen):
        view = _view(experiment, other)
        room -= len(view.maps)
        if room < 0:
            break
        views[other.node.id] = view
    return views


def _others(experiment: Experiment, chosen: Chosen) -> Iterator[Chosen]:
    """Yield the other nodes, each as a click on it would show it."""
    for node in chosen.capture.nodes:
        if node.id != chosen.node.id:
            wanted = replace(experiment, node=node.id, part=None, channel=None, step=None)
            yield choose(wanted, chosen.capture)[0]


def _view(experiment: Experiment, chosen: Chosen) -> View:
    shown = inspector.rows(chosen, experiment.show)
    found = [_without_server(link) for link in cells.links(experiment, chosen, shown)]
    arrow = inspector.flows(chosen, experiment.show)
    labels = Labels(**translated(asdict(Labels())))
    return View(
        heading=inspector.title(chosen),
        subtitle=inspector.subtitle(chosen),
        maps=pack(shown, links=found, arrow=arrow, labels=labels, limit=MAPS_LIMIT),
        proof=_proof(experiment, chosen.node),
    )


def _without_server(link: Link) -> Link:
    """Say that nobody answers where a sum is too large for the file."""
    sentence = _("This sum is too large for the file. Open the link to see it.")
    return replace(link, words=replace(link.words, large=sentence, asking=sentence))


def _proof(experiment: Experiment, node: NodeRecord) -> tuple[str, ...]:
    if node.is_leaf or experiment.show != "gradient":
        return ()
    return tuple(_verdict(check) for check in proof(experiment.setting, node.id).checks)


def _verdict(check: Check) -> str:
    names = {
        "closed form": _("closed form"),
        "finite differences": _("finite differences"),
        "sum of terms": _("sum of terms"),
    }
    if check.passed is None or check.difference is None or check.tolerance is None:
        return f"{names[check.name]}: {_('not run')}"
    return _("{sign} autograd vs {name}: max |Δ| {difference}, tolerance {tolerance}").format(
        sign="✓" if check.passed else "✗",
        name=names[check.name],
        difference=format_number(check.difference, 2),
        tolerance=format_number(check.tolerance, 2),
    )


def _row(layer: LayerRecord) -> tuple[str, ...]:
    shape = " + ".join(shape_text(shape) for shape in layer.output_shapes)
    sizes = (layer.outputs, layer.upstreams, layer.downstream)
    return (layer.name, layer.kind, shape, *(_size(arrays) for arrays in sizes))


def _size(arrays: tuple[object, ...]) -> str:
    return peak_text(peak(arrays), "-")  # type: ignore[arg-type]
