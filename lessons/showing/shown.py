"""The maps of one layer's run, and the sums between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flow.record import INPUT
from flow.sparse import CoefficientTable
from lessons.asking.exercise import Array
from lessons.running.trial import LAYER, Trial
from lessons.showing.figure import Figure, kernel_map, map_of
from viz.language import english
from viz.maps.rows import Map
from viz.maps.sums import Link

TITLES = {
    "value": english("Input x"),
    "output": english("Output o"),
    "upstream": english("Upstream ∂L/∂o"),
    "downstream": english("Downstream ∂L/∂x"),
}
"""What the maps are called where a lesson has no names of its own."""
FORWARD = {"explained": english("output")}


@dataclass(frozen=True)
class Shown:
    """A layer's run on screen. The figures called ``..._sum`` explain what they make.

    That is the second map of a forward sum, and the first of a gradient.
    """

    trial: Trial
    titles: Mapping[str, str] = field(default_factory=lambda: TITLES)
    name: str = ""
    """Stands behind the keys of its maps, where several runs are on screen."""

    def key(self, which: str) -> str:
        """Return the key of one of its maps, such as ``upstream``."""
        return f"{which} {self.name}" if self.name else which

    @property
    def value(self) -> Map:
        """What went in."""
        return map_of(self.key("value"), self.titles["value"], self.trial.value, value=True)

    @property
    def output(self) -> Map:
        """What came out; products are larger than what went in and get a scale of their own."""
        scale = "output" if "weight" in self.trial.parameters else ""
        return map_of(
            self.key("output"), self.titles["output"], self.trial.output, value=True, scale=scale
        )

    @property
    def upstream(self) -> Map:
        """The gradient that arrived."""
        return map_of(self.key("upstream"), self.titles["upstream"], self.trial.upstream)

    @property
    def downstream(self) -> Map:
        """The gradient that was handed on."""
        return map_of(self.key("downstream"), self.titles["downstream"], self.trial.downstream)

    @property
    def weight(self) -> Map:
        """The kernel."""
        return kernel_map(
            self.key("weight"), english("Kernel w"), self._weight, "kernel", symbol="w"
        )

    @property
    def weight_gradient(self) -> Map:
        """The gradient of the kernel."""
        return self.gradient_of("weight", self.key("dweight"), english("∂L/∂w"), "kernel gradient")

    def gradient_of(self, parameter: str, key: str, title: str, group: str) -> Map:
        """Return a map of a parameter's gradient."""
        return kernel_map(key, title, self.trial.parameters[parameter].gradient, group)

    def forward(self) -> Link:
        """Explain the output; taps light up in the kernel, where there is one."""
        maps = self.key("output"), [self.key("value")]
        (link,) = Link.of_forward(self.trial.made, *maps, words=FORWARD)
        return self._tapped(link)

    def backward(self) -> Link:
        """Explain the downstream gradient; taps light up in the kernel, where there is one."""
        explained = english("∂L/∂x")
        return self._tapped(self._sums(self.trial.table, self.key("downstream"), explained))

    def backward_to(self, parameter: str, key: str, explained: str) -> Link:
        """Explain the gradient of a parameter, which stands in the map ``key``."""
        return self._sums(self.trial.parameters[parameter].table, key, explained)

    @property
    def output_sum(self) -> Figure:
        """The output of a layer with a kernel: input, output, kernel."""
        row = [self.value, self.output, self.weight]
        return Figure([row], [named(self.forward())], arrow="forward")

    @property
    def downstream_sum(self) -> Figure:
        """The downstream gradient of a layer with a kernel: downstream, upstream, kernel."""
        row = [self.downstream, self.upstream, self.weight]
        return Figure([row], [named(self.backward())], arrow="backward")

    @property
    def weight_gradient_sum(self) -> Figure:
        """The gradient of a kernel: gradient, upstream, input, whose cells light up too."""
        link = self.backward_to("weight", self.key("dweight"), "∂L/∂w")
        tapped = named(link.tapping(self.key("value"), self.trial.value.shape))
        row = [self.weight_gradient, self.upstream, self.value]
        return Figure([row], [tapped], arrow="backward")

    def _sums(self, table: CoefficientTable, key: str, explained: str) -> Link:
        """Explain a gradient by the cells of the upstream gradient."""
        return Link.from_table(table, key, self.key("upstream"), words={"explained": explained})

    def _tapped(self, link: Link) -> Link:
        if "weight" not in self.trial.parameters:
            return link
        return link.tapping(self.key("weight"), self._weight.shape)

    @property
    def _weight(self) -> Array:
        return self.trial.parameters["weight"].value


def named(link: Link) -> Link:
    """Return the link with the names of a lesson: ``w`` for the kernel, ``x`` for the input."""
    short = (
        name.replace(f"{LAYER}.weight", "w").replace(f"{LAYER}.bias", "b").replace(INPUT, "x")
        for name in link.names
    )
    return replace(link, names=tuple(short))
