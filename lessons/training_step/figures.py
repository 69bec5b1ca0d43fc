"""The maps of the small network: values to the right, gradients to the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lessons.asking.exercise import Array
from lessons.by_hand import network
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.running.trial import Trial
from lessons.showing.figure import Figure, kernel_map, map_of
from lessons.showing.grid import Grid
from lessons.showing.shown import FORWARD, Shown, named
from lessons.training_step.small import Ran, Small
from viz.language import Say, english
from viz.maps.rows import Map
from viz.maps.sums import Link
from viz.theme import format_number

AT = ("o", "out.weight", "h", "z", "hidden.weight", "x")
"""The gradients in the order in which they are made, by what they are of."""
OF = {"o": "o", "out.weight": "weight", "h": "h", "z": "z", "hidden.weight": "weight", "x": "x"}
"""Which section is about each."""
MAKES = {"out.weight": "out", "h": "out", "z": "relu", "hidden.weight": "hidden", "x": "hidden"}
"""Which layer makes it."""
VALUES = {
    "x": english("Input x"),
    "z": english("z, out of hidden"),
    "h": english("h = ReLU(z)"),
    "o": english("Output o"),
}
OWN = {
    "hidden.weight": english("hidden weight"),
    "hidden.bias": english("hidden bias"),
    "out.weight": english("out weight"),
    "out.bias": english("out bias"),
}
BACKWARD: Mapping[str, tuple[str, str]] = {
    "out": (english("Downstream ∂L/∂h"), english("Upstream ∂L/∂o")),
    "relu": (english("Downstream ∂L/∂z"), english("Upstream ∂L/∂h")),
    "hidden": (english("Downstream ∂L/∂x"), english("Upstream ∂L/∂z")),
}


def small(study: Study) -> Small:
    """Return the network with the rate that is set."""
    return Small(study.seed, study["rate"])


def _ran(study: Study) -> Ran:
    return ran(small(study))


def forward(study: Study) -> Figure:
    """Show every value, and what it is made of."""
    found, drawn = _ran(study), small(study).numbers
    values = {
        key: map_of(key, VALUES[key], cells, value=True, scale=key)
        for key, cells in zip(VALUES, found.whole.values, strict=True)
    }
    own = {name: _parameter(name, cells) for name, cells in network.every(drawn.network).items()}
    row = [
        *(values["x"], own["hidden.weight"], own["hidden.bias"], values["z"], values["h"]),
        *(own["out.weight"], own["out.bias"], values["o"], _target(drawn.target)),
    ]
    links = [
        _made(found.layers["hidden"], "z", "x", "hidden.weight"),
        _made(found.layers["relu"], "h", "z"),
        _made(found.layers["out"], "o", "h", "out.weight"),
    ]
    return Figure([row], links)


def _made(trial: Trial, made: str, of: str, weight: str = "") -> Link:
    (link,) = Link.of_forward(trial.made, made, [of], words=FORWARD)
    if weight:
        link = link.tapping(weight, trial.parameters["weight"].value.shape)
    return named(link)


def _parameter(name: str, cells: Array) -> Map:
    return kernel_map(name, OWN[name], cells, name, symbol="w")


def _target(cells: Array) -> Map:
    return map_of("target", english("Target"), cells, value=True, scale="o")


# Backward


def backward(study: Study) -> Figure:
    """Show how the gradient that is chosen is made of the one that arrives."""
    at = study["at"]
    if at == "o":
        return _begun(study)
    layer = MAKES[at]
    shown = _shown(layer, _ran(study).layers[layer])
    return shown.weight_gradient_sum if OF[at] == "weight" else _handed(layer, shown)


def _shown(layer: str, trial: Trial) -> Shown:
    downstream, upstream = BACKWARD[layer]
    value = VALUES[{"out": "h", "relu": "z", "hidden": "x"}[layer]]
    return Shown(trial, {"downstream": downstream, "upstream": upstream, "value": value})


def _begun(study: Study) -> Figure:
    """Show the gradient of the output, made of output and target."""
    drawn, made = small(study).numbers, _ran(study).whole
    begun = map_of("begun", english("∂L/∂o"), made.gradients[-1])
    output = map_of("o", VALUES["o"], made.values[-1], value=True, scale="o")
    return Figure([[begun, output, _target(drawn.target)]])


def _handed(layer: str, shown: Shown) -> Figure:
    """Show what a layer hands on, and the weight or the values that decide it."""
    decides = shown.value
    if "weight" in shown.trial.parameters:
        cells = shown.trial.parameters["weight"].value
        decides = kernel_map("weight", OWN[f"{layer}.weight"], cells, "w", "w")
    row = [shown.downstream, shown.upstream, decides]
    return Figure([row], [named(shown.backward())], arrow="backward")


def rule(study: Study) -> Figure:
    """Show the gradient of the first layer's weight, and the sums behind it."""
    return _shown("hidden", hidden(_ran(study))).weight_gradient_sum


def hidden(found: Ran) -> Trial:
    """Take the first layer."""
    return found.layers["hidden"]


# The step


def before_step(study: Study) -> Figure:
    """Show the weight, the gradient of each sample's loss, and what was left in .grad."""
    weight = network.every(small(study).numbers.network)["hidden.weight"]
    return Figure([[_parameter("hidden.weight", weight), *_of_samples(study)]])


def _of_samples(study: Study) -> Sequence[Map]:
    found = _ran(study)
    titles = (english("∂L/∂w of sample 0"), english("∂L/∂w of sample 1"))
    own = [
        kernel_map(f"sample{n}", title, cells + 0.0, "kernel gradient")
        for n, (title, cells) in enumerate(zip(titles, found.samples, strict=True))
    ]
    left = english(".grad, of the batch before")
    return [*own, kernel_map("earlier", left, found.earlier, "kernel gradient")]


def after_step(study: Study) -> Figure:
    """Show the weight before and after, and the gradient along which it moved."""
    found, before = _ran(study), network.every(small(study).numbers.network)["hidden.weight"]
    mean = kernel_map(
        "mean",
        english("∂L/∂w of the batch"),
        found.whole.parameters["hidden"][0],
        "kernel gradient",
    )
    begun, ends = (
        kernel_map(key, title, cells, "weights", "w")
        for key, title, cells in (
            ("before", english("hidden weight before"), before),
            ("after", english("hidden weight after"), found.after["hidden.weight"]),
        )
    )
    return Figure([[begun, mean, ends]])


def losses(study: Study, say: Say) -> Grid:
    """List the loss before and after the step."""
    found = _ran(study)
    rows = [
        (say("before the step"), format_number(found.whole.loss)),
        (say("after the step"), format_number(found.loss_after)),
    ]
    return Grid((say("the batch"), say("loss")), rows, frozenset({1}))


def overshot(study: Study) -> bool:
    """Tell whether the loss is larger after the step."""
    found = _ran(study)
    return found.loss_after > found.whole.loss


def of_step(study: Study) -> Mapping[str, str]:
    """Return the learning rate."""
    return {"rate": study["rate"]}


def of_loss(study: Study) -> Mapping[str, str]:
    """Return the loss, and the squares of which it is the mean."""
    drawn, made = small(study).numbers, _ran(study).whole
    apart = (made.values[-1] - drawn.target).reshape(-1)
    squares = " + ".join(f"{_factor(each)}²" for each in apart.tolist())
    return {"squares": squares, "count": str(apart.size), "loss": format_number(made.loss)}


def _factor(value: float) -> str:
    """Write a number that is squared; a negative one stands in brackets."""
    return f"({format_number(value)})" if value < 0 else format_number(value)


def is_made(section: str, study: Study) -> bool:
    """Tell whether the gradient that is chosen is one that this section is about."""
    return OF[study["at"]] == section
