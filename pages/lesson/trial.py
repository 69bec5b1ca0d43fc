"""A trial on screen: its maps, the sums between them, and a window that walks through the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flow.sparse import CoefficientTable
from lessons.exercise import Array
from lessons.trial import Trial
from pages.lesson import maps
from pages.lesson.controls import walk
from pages.lesson.frame import Desk
from pages.parts.text import _
from viz.maps.rows import Map
from viz.maps.sums import Link

TITLES = {
    "value": "Input x",
    "output": "Output o",
    "upstream": "Upstream ∂L/∂o",
    "downstream": "Downstream ∂L/∂x",
}
"""What the maps are called where a lesson has no names of its own."""


Sum = tuple[Map, Map, Map, Link]
"""The map that is summed, the one that is explained, the one behind the terms, and the sums."""


@dataclass(frozen=True)
class Shown:
    """The maps of one trial, and the sums between them."""

    trial: Trial
    titles: Mapping[str, str] = field(default_factory=lambda: TITLES)

    @property
    def value(self) -> Map:
        """What went in."""
        return maps.map_of("value", _(self.titles["value"]), self.trial.value, value=True)

    @property
    def output(self) -> Map:
        """What came out; products are larger than what went in and get a scale of their own."""
        scale = "output" if "weight" in self.trial.parameters else ""
        title = _(self.titles["output"])
        return maps.map_of("output", title, self.trial.output, value=True, scale=scale)

    @property
    def upstream(self) -> Map:
        """The gradient that arrived."""
        return maps.map_of("upstream", _(self.titles["upstream"]), self.trial.upstream)

    @property
    def downstream(self) -> Map:
        """The gradient that was handed on."""
        return maps.map_of("downstream", _(self.titles["downstream"]), self.trial.downstream)

    @property
    def weight(self) -> Map:
        """The kernel."""
        return maps.kernel_map("weight", _("Kernel w"), self._weight, "kernel", symbol="w")

    @property
    def weight_gradient(self) -> Map:
        """The gradient of the kernel."""
        gradient = self.trial.parameters["weight"].gradient
        return maps.kernel_map("dweight", "∂L/∂w", gradient, "kernel gradient")

    def forward(self) -> Link:
        """Explain the output; taps light up in the kernel, where there is one."""
        return self._tapped(maps.forward_link(self.trial.made, "output", "value"))

    def backward(self) -> Link:
        """Explain the downstream gradient; taps light up in the kernel, where there is one."""
        return self._tapped(self._sums(self.trial.table, "downstream", "∂L/∂x"))

    def backward_to_weight(self) -> Link:
        """Explain the kernel's gradient; the input cells behind its terms light up."""
        table = self.trial.parameters["weight"].table
        return self._sums(table, "dweight", "∂L/∂w").tapping("value", self.trial.value.shape)

    @property
    def output_sum(self) -> Sum:
        """What ``walked`` draws of the output of a layer with a kernel."""
        return self.value, self.output, self.weight, self.forward()

    @property
    def downstream_sum(self) -> Sum:
        """What ``walked`` draws of the downstream gradient of a layer with a kernel."""
        return self.upstream, self.downstream, self.weight, self.backward()

    @property
    def weight_gradient_sum(self) -> Sum:
        """What ``walked`` draws of the gradient of a kernel."""
        return self.upstream, self.weight_gradient, self.value, self.backward_to_weight()

    def _sums(self, table: CoefficientTable, key: str, explained: str) -> Link:
        return maps.backward_link(table, key, "upstream", explained)

    def _tapped(self, link: Link) -> Link:
        if "weight" not in self.trial.parameters:
            return link
        return link.tapping("weight", self._weight.shape)

    @property
    def _weight(self) -> Array:
        return self.trial.parameters["weight"].value


def beside(shown: Shown) -> tuple[list[Map], list[Link]]:
    """Return the maps of a trial without parameters for a row below another trial's, and its sums.

    From left to right: input, output, upstream and downstream gradient.
    """
    row = [shown.value, shown.output, shown.upstream, shown.downstream]
    links = [
        replace(link, from_map=_below(link.from_map), to_map=_below(link.to_map))
        for link in (shown.forward(), shown.backward())
    ]
    return [replace(each, key=_below(each.key)) for each in row], links


def _below(key: str) -> str:
    return f"{key} below"


def walked(desk: Desk, choice: str, summed: Map, explained: Map, beside: Map, link: Link) -> None:
    """Draw a sum whose cells can be walked through, by the slider ``choice`` or by pointing."""
    array = explained.array
    assert array is not None  # noqa: S101 - a trial has every map
    place = walk(desk, choice, array.size)
    row, key = [summed, explained, beside], desk.key(explained.key)
    maps.draw_walked(key, row, maps.named(link), place, lambda at: desk.change(**{choice: at}))
