"""The inspector: which maps belong to the chosen node, and the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from flow.record import INPUT, LOSS, ROOT, Array, Capture, LayerRecord, NodeRecord, ParameterRecord
from viz.detail import short_detail
from viz.language import Say
from viz.maps.heatmap import Choices, Role, choices
from viz.maps.rows import Arrow, Map
from viz.peak import shown_shape
from viz.scene.live import LiveRun

ABREAST = 2
"""Parameter gradients side by side: a weight and its bias. More leave no room for their names."""
TURNED = "TBackward0"
"""The node by which a linear layer hands on the gradient of its weight, transposed."""
UPSTREAM_MAPS = 6
"""Upstream gradients of one node that are drawn. The others are summed, and said to be there."""
Show = Literal["gradient", "values", "parameters"]


@dataclass(frozen=True, eq=False)
class Chosen:
    """The chosen node, its layer if it has one, and what of it is looked at."""

    live: LiveRun
    """Who answers questions about the run."""
    capture: Capture
    node: NodeRecord
    part: int
    sample: int
    channel: int | None
    show: Show
    say: Say
    """Says our words in the language of whoever looks."""

    @property
    def layer(self) -> LayerRecord | None:
        """The layer that made the node; None for the loss, inputs and functions between layers."""
        try:
            return self.capture.layer(self.node.layer)
        except KeyError:
            return None

    @property
    def order(self) -> int:
        """Place of the node in the backward pass, counted from 1."""
        return self.node.index + 1


def title(chosen: Chosen) -> str:
    """Name what is inspected: the layer, or the leaf, or the loss."""
    node = chosen.node
    if node.is_leaf:
        return node.parameter
    if node.layer == LOSS:
        return chosen.say("loss")
    return node.layer or node.call or chosen.say("model")


def subtitle(chosen: Chosen) -> str:
    """Say which call made the node, which one it is and when the engine ran it."""
    node = chosen.node
    parts = [node.name]
    if chosen.layer is not None and not node.is_leaf:
        parts.insert(0, short_detail(chosen.layer.kind, chosen.layer.detail))
    elif node.call:
        parts.append(node.call)
    place = chosen.say("node {place} of {count}")
    parts.append(place.format(place=chosen.order, count=len(chosen.capture.nodes)))
    return " · ".join(parts)


def default_part(node: NodeRecord) -> int:
    """Return the downstream gradient to look at first: one that goes on to another function."""
    for position, array in enumerate(node.downstream):
        if array is not None and array.ndim > 1:
            return position
    return next(iter(flowing(node)), 0)


def flowing(node: NodeRecord) -> list[int]:
    """Return the downstream gradients that there are."""
    return [place for place, array in enumerate(node.downstream) if array is not None]


def part_label(chosen: Chosen, part: int) -> str:
    """Say where one downstream gradient goes: ``to conv1``, ``to fc.weight``."""
    target = chosen.node.targets[part]
    if target is None:
        return chosen.say("input {position}: no gradient").format(position=part)
    return chosen.say("to {name}").format(name=whose(chosen.capture.node(target), chosen.say))


def handed_on(chosen: Chosen) -> str:
    """Write what the chosen downstream gradient is: of an input, or of a parameter."""
    parameter = ""
    if chosen.node.downstream:
        target, turned = chosen.node.targets[chosen.part], ""
        if target is not None and chosen.capture.node(target).name == TURNED:
            target, turned = chosen.capture.node(target).targets[0], "ᵀ"
        leaf = chosen.capture.node(target).parameter if target is not None else ""
        parameter = f"{leaf}{turned}" if leaf not in ("", INPUT) else ""
    return f"∂L/∂{parameter or 'input'}"


def pickers(shown: Sequence[Sequence[Map]]) -> Choices:
    """Return how many samples and channels the activations of the first row have."""
    maps = [
        each
        for row in shown[:1]
        for each in row
        if each.array is not None and each.role == "activation"
    ]
    samples = [choices(each.array.shape).samples for each in maps if each.array is not None]
    channels = [_channels(each) for each in maps if not each.together]
    return Choices(
        samples=min(filter(None, samples), default=0),
        channels=min(filter(None, channels), default=0),
    )


def rows(chosen: Chosen) -> list[list[Map]]:
    """Return the maps to draw, row by row."""
    return [[_of_magnitudes(each, chosen.say) for each in row] for row in _rows(chosen)]


def _of_magnitudes(drawn: Map, say: Say) -> Map:
    """Return a map that shows how large complex numbers are, for they have no sign."""
    if drawn.array is None or drawn.array.dtype.kind != "c":
        return drawn
    what = say("{subtitle} · magnitudes of complex numbers").format(subtitle=drawn.subtitle)
    return replace(drawn, array=np.abs(drawn.array), subtitle=what)


def _rows(chosen: Chosen) -> list[list[Map]]:
    if chosen.show == "values":
        return _value_rows(chosen)
    if chosen.show == "parameters":
        return _parameter_rows(_parameters(chosen), chosen.say, values=True)
    if chosen.node.is_leaf:
        return _leaf_rows(chosen)
    return [_gradient_row(chosen), *_further_upstreams(chosen), *_with_input(chosen)]


def flows(chosen: Chosen) -> Arrow:
    """Tell which way the first row goes from one map to the next, where it does."""
    if chosen.node.is_leaf or chosen.show == "parameters":
        return ""
    if chosen.show == "gradient":
        return "backward"
    layer = chosen.layer
    one_to_one = layer is not None and len(layer.inputs) == len(layer.outputs) == 1
    return "forward" if one_to_one else ""


def live_outputs(node: NodeRecord) -> list[int]:
    """Return the outputs of a node at which a gradient arrived."""
    return [place for place, array in enumerate(node.upstream) if array is not None]


def upstream_key(node: NodeRecord, output: int) -> str:
    """Return the key of the map of what arrived at one output; the first that got any is plain."""
    return "upstream" if output == next(iter(live_outputs(node)), 0) else f"upstream{output}"


def upstream_term(node: NodeRecord, output: int, say: Say) -> str:
    """Name the gradient at one output, by its number where others could be meant."""
    if live_outputs(node) in ([], [0]):
        return say("upstream ∂L/∂output")
    return say("upstream ∂L/∂output {number}").format(number=output)


def _gradient_row(chosen: Chosen) -> list[Map]:
    """Return what is handed on, on the left, and what arrives: gradients travel to the left."""
    node, say = chosen.node, chosen.say
    upstream = _upstream(chosen, next(iter(live_outputs(node)), 0))
    handed = node.downstream[chosen.part] if node.downstream else None
    role = _role(chosen, handed)
    term = say("downstream {gradient}").format(gradient=handed_on(chosen))
    downstream = Map(
        key="downstream",
        title=_handed_on_to(chosen),
        subtitle=f"{term} · {_shape(handed, say)}" if handed is not None else term,
        array=handed,
        missing=_why_none(chosen),
        group="gradient" if role == "activation" else "parameter gradient",
        term="downstream",
        sample=chosen.sample,
        channel=_fitting(handed, chosen.channel) if role == "activation" else None,
        role=role,
    )
    if len(node.targets) == 1:  # whatever arrives goes there, much of it as it is
        upstream = replace(upstream, group=downstream.group)
    if _channels(downstream) in (0, _channels(upstream)):
        return [downstream, upstream]
    # A cell of one channel has its terms in all channels of what arrived.
    return [downstream, replace(upstream, channel=None, together=True)]


def _handed_on_to(chosen: Chosen) -> str:
    """Say in plain words who gets what the node hands on."""
    target = chosen.node.targets[chosen.part] if chosen.node.targets else None
    if target is None:
        return chosen.say("Handed on")
    name = whose(chosen.capture.node(target), chosen.say)
    return chosen.say("Handed on to {name}").format(name=name)


def _channels(drawn: Map) -> int:
    if drawn.array is None or drawn.role != "activation":
        return 0
    return choices(drawn.array.shape, drawn.role).channels


def _upstream(chosen: Chosen, output: int) -> Map:
    """Describe what arrived at one output of the node."""
    arrived = chosen.node.upstream[output]
    term = upstream_term(chosen.node, output, chosen.say)
    return Map(
        key=upstream_key(chosen.node, output),
        title=_arrives_from(chosen, output),
        subtitle=f"{term} · {_shape(arrived, chosen.say)}" if arrived is not None else term,
        array=arrived,
        missing=chosen.say("No gradient arrived at this node; it counts as zeros."),
        term="upstream",
        sample=_fitting_sample(arrived, chosen.sample),
        channel=_fitting(arrived, chosen.channel),
    )


def _further_upstreams(chosen: Chosen) -> list[list[Map]]:
    """Return what arrived at the other outputs of a node that has several, as far as is drawn."""
    further = live_outputs(chosen.node)[1:]
    drawn, left = further[: UPSTREAM_MAPS - 1], further[UPSTREAM_MAPS - 1 :]
    found = [_upstream(chosen, output) for output in drawn]
    if left:
        sentence = chosen.say(
            "Not drawn, but part of every sum: the gradients that arrived at {outputs}."
        )
        named = chosen.say("output {number}").format(number=", ".join(map(str, left)))
        said = sentence.format(outputs=named)
        found.append(Map("upstream_left", chosen.say("Further outputs"), "", None, missing=said))
    return [found[place : place + ABREAST] for place in range(0, len(found), ABREAST)]


def _role(chosen: Chosen, handed: Array | None) -> Role:
    """A gradient on its way to a parameter has no batch axis."""
    target = chosen.node.targets[chosen.part] if chosen.node.targets else None
    if target is None or handed is None:
        return "activation"
    leaf = chosen.capture.node(target)
    return _leaf_role(leaf) if leaf.is_leaf else "activation"


def _leaf_rows(chosen: Chosen) -> list[list[Map]]:
    """AccumulateGrad: what arrived is what ``.grad`` holds; beside it the leaf's value."""
    node = chosen.node
    role = _leaf_role(node)
    arrived = Map(
        key="upstream",
        title=chosen.say("Gradient stored in .grad"),
        subtitle=f"∂L/∂{node.parameter} · {_shape(node.upstream[0], chosen.say)}",
        array=node.upstream[0],
        missing=chosen.say("No gradient arrived at this leaf."),
        term="accumulate_grad",
        role=role,
        sample=chosen.sample,
        channel=chosen.channel if role == "activation" else None,
    )
    return [[arrived, _leaf_value(chosen, role)]]


def _leaf_value(chosen: Chosen, role: Role) -> Map:
    node = chosen.node
    return Map(
        key="value",
        title=chosen.say("Value of the leaf"),
        subtitle=f"{node.parameter} · {_shape(node.value, chosen.say)}",
        array=node.value,
        role=role,
        group="value",
        symbol="v",
        sample=chosen.sample,
        channel=chosen.channel if role == "activation" else None,
    )


def _leaf_role(node: NodeRecord) -> Role:
    """An input has a batch axis, a parameter has none."""
    return "activation" if node.parameter.startswith("(") else "parameter"


def _value_rows(chosen: Chosen) -> list[list[Map]]:
    """Forward values of the leaf or layer; for the loss, what it was computed from."""
    if chosen.node.is_leaf:
        return [[_leaf_value(chosen, _leaf_role(chosen.node))]]
    layer = chosen.layer
    if layer is None:
        outputs = chosen.capture.outputs
        return [
            [
                _value(chosen, f"output{i}", chosen.say("Model output"), a)
                for i, a in enumerate(outputs)
            ]
        ]
    given, made = chosen.say("Input value"), chosen.say("Output value")
    named = [
        (f"input{i}", _called(layer, a, given, chosen.say), a) for i, a in enumerate(layer.inputs)
    ]
    named += [
        (f"output{i}", _called(layer, a, made, chosen.say), a) for i, a in enumerate(layer.outputs)
    ]
    return [[_value(chosen, *each) for each in named]]


def _called(layer: LayerRecord, array: Array | None, otherwise: str, say: Say) -> str:
    """Name what a layer reads or returns: whole numbers count rows of a table or cells of a map."""
    if array is None or array.dtype.kind not in "iu":
        return otherwise
    if layer.kind.startswith("Embedding"):
        return say("Token ids")
    return say("Indices of winners") if "Max" in layer.kind else otherwise


def _value(chosen: Chosen, key: str, name: str, array: Array | None) -> Map:
    """Describe a value; whole numbers, such as the places a max pool kept, get their own scale."""
    whole = array is not None and array.dtype.kind in "iu"
    return Map(
        key=key,
        title=name,
        subtitle=_shape(array, chosen.say) if array is not None else "",
        array=array,
        missing=chosen.say(
            "Overwritten by a later in-place operation, which saves memory. No gradient needs "
            "these values: where one does, PyTorch refuses to go backward."
        ),
        group=f"value {key}" if whole else "value",
        symbol="v",
        sample=_fitting_sample(array, chosen.sample),
        channel=_fitting(array, chosen.channel),
    )


def _parameters(chosen: Chosen) -> tuple[ParameterRecord, ...]:
    return chosen.layer.parameters if chosen.layer is not None else ()


def _parameter_rows(
    parameters: Sequence[ParameterRecord], say: Say, *, values: bool
) -> list[list[Map]]:
    """One row of parameter gradients, or one row a parameter with its value beside it."""
    gradients = [
        Map(
            key=f"gradient:{record.name}",
            title=f"∂L/∂{record.name}",
            subtitle=say("parameter gradient · {shape}").format(shape=_shape(record.value, say)),
            array=record.gradient,
            missing=say("No gradient: frozen.")
            if not record.trainable
            else say("Nothing arrived."),
            role="parameter",
            group="parameter gradient",
        )
        for record in parameters
    ]
    if not values:
        return [gradients[place : place + ABREAST] for place in range(0, len(gradients), ABREAST)]
    return [
        [gradient, _parameter_value(record, say)]
        for gradient, record in zip(gradients, parameters, strict=True)
    ]


def _with_input(chosen: Chosen) -> list[list[Map]]:
    """Return the parameter gradients; beside a weight's, the input values that it multiplies."""
    found = _parameter_rows(_parameters(chosen), chosen.say, values=False)
    layer = chosen.layer
    if found and layer is not None and chosen.live.weighs(chosen.node) and layer.inputs:
        found[0].append(_value(chosen, "input0", chosen.say("Input value x"), layer.inputs[0]))
    return found


def _parameter_value(record: ParameterRecord, say: Say) -> Map:
    return Map(
        key=f"value:{record.name}",
        title=record.name,
        subtitle=say("value · {shape}").format(shape=_shape(record.value, say)),
        array=record.value,
        role="parameter",
        group="parameter value",
        symbol="w",
    )


def _fitting(array: Array | None, channel: int | None) -> int | None:
    """Return the chosen channel where this array has it, else all of them."""
    if channel is None or array is None:
        return None
    return channel if channel < choices(array.shape, "activation").channels else None


def _fitting_sample(array: Array | None, sample: int) -> int:
    if array is None:
        return 0
    return sample if sample < choices(array.shape, "activation").samples else 0


def _arrives_from(chosen: Chosen, output: int) -> str:
    """Say in plain words who handed the gradient of an output on: ``Arrives from conv2``."""
    known = chosen.capture.givers.get((chosen.node.id, output), ())
    givers = dict.fromkeys(whose(node, chosen.say) for node, _which in known)
    if givers:
        return chosen.say("Arrives from {name}").format(name=" + ".join(givers))
    if chosen.capture.loss is not None:
        return chosen.say("Where it starts: ∂L/∂L = 1")
    return chosen.say("Arrives from outside: given")


def _why_none(chosen: Chosen) -> str:
    """Say why there is no downstream gradient."""
    node = chosen.node
    if not node.targets:
        return chosen.say("This node has no input that could receive a gradient.")
    if node.targets[chosen.part] is None:
        return chosen.say(
            "No gradient is asked for here: this input is the model's own input or a constant. "
            "Switch on 'gradient at the input' to see it."
        )
    return chosen.say("Nothing was handed on.")


def whose(node: NodeRecord, say: Say) -> str:
    """Name a node by what it belongs to: its leaf, its layer or its own call."""
    if node.is_leaf:
        return node.parameter
    if node.layer == LOSS:
        return say("loss")
    return node.layer if node.layer != ROOT else (node.call or node.name)


def _shape(array: Array | None, say: Say) -> str:
    if array is None:
        return ""
    return shown_shape(array.shape) if array.ndim else say("a single number")
