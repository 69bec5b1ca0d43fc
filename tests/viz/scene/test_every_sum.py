"""Every sum behind a shown gradient is autograd's own number, whatever the node is like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from experiment import source
from experiment.asking.answers import Answers
from experiment.running.runs import Runs
from experiment.setting import of_preset, with_network
from experiment.source import OWN
from flow.record import Array, Capture
from models.own import Given, Own
from models.presets.preset import layer
from models.spec import INPUT, ModelSpec
from tests.experiment.runs import answers
from viz.language import english
from viz.maps.rows import Map, pack
from viz.maps.sums import Answer, Link
from viz.scene import inspector, sums
from viz.scene.inspector import Chosen
from viz.scene.live import LiveRun


@dataclass(frozen=True, eq=False)
class Page:
    """What the inspector shows of one node, and the sums behind it."""

    chosen: Chosen
    shown: list[list[Map]]
    links: list[Link]

    @classmethod
    def of(cls, live: LiveRun, node: str, part: int = 0) -> Page:
        capture = live.capture
        chosen = Chosen(live, capture, capture.node(node), part, 0, None, "gradient", english)
        shown = inspector.rows(chosen)
        links = sums.links(chosen, shown)
        assert pack(shown, links=links)  # the browser can be told so
        return cls(chosen, shown, links)

    @property
    def arrays(self) -> dict[str, Array]:
        return {
            each.key: each.array for row in self.shown for each in row if each.array is not None
        }

    def drawn(self, key: str) -> set[int]:
        """Return the row-major positions of the cells of a map that are on screen."""
        (tiles,) = (each.tiles for row in self.shown for each in row if each.key == key)
        assert tiles is not None
        return {*range(tiles.start, tiles.start + tiles.count)}

    def totals(self, key: str) -> dict[int, float]:
        """Add up the terms of every explained cell of a map."""
        return added([link for link in self.links if link.from_map == key], self.arrays)

    def answered(self, key: str, cell: tuple[int, ...]) -> Answer:
        """Return what a click on a cell is answered with."""
        found = sums.answer(self.chosen, self.shown, key, cell)
        assert found is not None
        assert pack(self.shown, links=self.links, answer=found)
        return found


def added(links: list[Link], arrays: Mapping[str, Array]) -> dict[int, float]:
    found: dict[int, float] = {}
    for link in links:
        summed = link.undrawn.array if link.undrawn is not None else arrays[link.to_map]
        for row, cell in enumerate(link.cells.tolist()):
            terms = slice(link.offsets[row], link.offsets[row + 1])
            products = link.coefficients[terms] * summed.reshape(-1)[link.places[terms]]
            found[cell] = found.get(cell, 0.0) + float(products.sum())
    return found


def network(kind: str, steps: int = 2) -> Answers:
    """Run a recurrent layer of three features over some steps of three samples."""
    rec = layer("rec", kind, INPUT, input_size=2, hidden_size=3, batch_first=True)
    begun = replace(of_preset("test"), loss="sum", input_gradient=True, input="random")
    return answers(with_network(begun, ModelSpec(name="Recurrent", layers=(rec,)), (3, steps, 2)))


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answers]:
    """Return a function that runs a module as the command line would name it."""

    def run(forward: Callable[[Tensor], Tensor], *shape: int) -> Answers:
        class Net(nn.Module):
            def forward(self, x: Tensor) -> Tensor:
                return forward(x)

        named = Own("n:Net", (Given(shape),), "", Net)
        monkeypatch.setattr(source, "configured", lambda: named)
        return Answers(Runs(), replace(of_preset(OWN), loss="sum", input_gradient=True))

    return run


def node_of(capture: Capture, name: str) -> str:
    return next(node.id for node in capture.nodes if node.name == name)


# Nodes with several outputs


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_every_sum_at_every_node_of_a_recurrent_layer_is_autograds(kind: str) -> None:
    live = network(kind)
    looked_at = set()
    for node in live.capture.nodes:
        for part, handed in enumerate(node.downstream or (None,)):
            page = Page.of(live, node.id, part)
            expected = {key: each for key, each in page.arrays.items() if key in explained(page)}
            assert ("downstream" in expected) == (handed is not None)
            for key, array in expected.items():
                looked_at.add(key)
                totals = page.totals(key)
                assert totals.keys() >= page.drawn(key)
                for cell, total in totals.items():
                    assert total == pytest.approx(float(array.reshape(-1)[cell]), abs=1e-5), key
    assert looked_at >= {"downstream", "upstream", "gradient:rec.weight_hh_l0"}


def explained(page: Page) -> set[str]:
    return {link.from_map for link in page.links if not link.large}


@pytest.mark.parametrize(
    ("node", "part", "what", "words"),
    [
        ("n6", 0, "∂L/∂input", "times the kernel entry"),
        ("n6", 1, "∂L/∂conv2.weight", "Each kernel entry adds up"),
        ("n6", 2, "∂L/∂conv2.bias", "The bias was added"),
        ("n10", 1, "∂L/∂conv1.weight", "Each kernel entry adds up"),
        ("n1", 0, "∂L/∂fc.bias", "Each bias was added"),
        ("n1", 1, "∂L/∂input", "times the weight that joined them"),
        ("n1", 2, "∂L/∂fc.weightᵀ", "Each weight adds up"),
    ],
)
def test_title_sum_and_sentence_say_of_what_the_gradient_is(
    node: str, part: int, what: str, words: str
) -> None:
    page = Page.of(Answers(Runs(), of_preset("test")), node, part)
    assert page.shown[0][0].subtitle.startswith(f"downstream {what} · ")
    assert {link.words["explained"] for link in page.links if link.from_map == "downstream"} == {
        what
    }
    (said,) = sums.between(page.chosen, page.shown)
    assert words in said


def test_each_part_of_a_split_has_its_map_and_its_own_terms(
    own: Callable[..., Answers],
) -> None:
    live = own(lambda x: torch.cat([p * (k + 2) for k, p in enumerate(x.chunk(3, 1))], 1), 1, 6)
    page = Page.of(live, node_of(live.capture, "SplitBackward0"))
    assert [each.subtitle.split(" · ")[0] for row in page.shown for each in row] == [
        "downstream ∂L/∂input",
        "upstream ∂L/∂output 0",
        "upstream ∂L/∂output 1",
        "upstream ∂L/∂output 2",
    ]
    assert page.totals("downstream") == {0: 2, 1: 2, 2: 3, 3: 3, 4: 4, 5: 4}
    fed = {link.to_map: link for link in page.links}
    assert [*fed] == ["upstream", "upstream1", "upstream2"]
    assert np.diff(fed["upstream2"].offsets).tolist() == [0, 0, 0, 0, 1, 1]
    answer = page.answered("downstream", (0, 5))
    assert added([*answer.links], page.arrays) == {5: 4}
    assert [len(link.places) for link in answer.links] == [0, 0, 1]
    answer = page.answered("upstream2", (0, 1))
    assert [link.cells.tolist() for link in answer.links] == [[5]]
    assert answer.links[0].to_map == "upstream2"


def test_where_only_the_second_part_is_used_its_gradient_is_the_one_that_is_shown(
    own: Callable[..., Answers],
) -> None:
    live = own(lambda x: 3 * x.split(2, 1)[1], 1, 4)
    page = Page.of(live, node_of(live.capture, "SplitBackward0"))
    assert [each.key for row in page.shown for each in row] == ["downstream", "upstream"]
    assert page.shown[0][1].subtitle.startswith("upstream ∂L/∂output 1 · ")
    assert page.totals("downstream") == {0: 0, 1: 0, 2: 3, 3: 3}
    assert added([*page.answered("downstream", (0, 3)).links], page.arrays) == {3: 3}
    reached = page.answered("upstream", (0, 1))
    assert [link.cells.tolist() for link in reached.links] == [[3]]


def test_of_many_outputs_some_are_drawn_and_all_are_summed(
    own: Callable[..., Answers],
) -> None:
    live = own(lambda x: torch.stack([(k + 1) * p for k, p in enumerate(x.unbind())]), 9)
    page = Page.of(live, node_of(live.capture, "UnbindBackward0"))
    drawn = [each for row in page.shown for each in row if each.key.startswith("upstream")]
    assert [each.key for each in drawn] == [
        "upstream",
        *(f"upstream{k}" for k in range(1, inspector.UPSTREAM_MAPS)),
        "upstream_left",
    ]
    assert drawn[-1].missing == (
        "Not drawn, but part of every sum: the gradients that arrived at output 6, 7, 8."
    )
    assert page.totals("downstream") == {k: k + 1 for k in range(9)}
    assert added([*page.answered("downstream", (8,)).links], page.arrays) == {8: 9}


# What leaves stored


def test_a_shared_weight_is_the_sum_of_what_every_step_handed_on() -> None:
    live = network("RNN", steps=3)
    weight = next(each for each in live.capture.parameters if each.name == "rec.weight_hh_l0")
    assert weight.node is not None
    assert weight.gradient is not None
    givers = [node for node in live.capture.nodes if weight.node in node.targets]
    page = Page.of(live, weight.node)
    assert [link.undrawn.title for link in page.links if link.undrawn] == [
        f"Handed on by {giver.id} TBackward0" for giver in givers
    ]
    assert len(givers) == 3
    expected = weight.gradient.reshape(-1).tolist()
    assert page.totals("upstream") == pytest.approx(dict(enumerate(expected)), rel=1e-5)
    total = added([*page.answered("upstream", (2, 1)).links], page.arrays)
    assert total == pytest.approx({7: expected[7]}, rel=1e-5)
    node = givers[0].id
    there = Page.of(live, node)
    assert there.totals("gradient:rec.weight_hh_l0") == page.totals("upstream")
    clicked = there.answered("gradient:rec.weight_hh_l0", (2, 1))
    assert added([*clicked.links], there.arrays) == total


def test_a_weight_of_one_node_is_the_sum_of_what_arrived_there() -> None:
    live = answers(of_preset("test"))
    weight = next(each for each in live.capture.parameters if each.name == "conv2.weight")
    assert weight.node is not None
    page = Page.of(live, weight.node)
    (link,) = page.links
    assert link.undrawn is not None
    assert link.undrawn.title == "n6 ConvolutionBackward0: upstream ∂L/∂output"
    assert weight.gradient is not None
    expected = dict(enumerate(weight.gradient.reshape(-1).tolist()))
    assert page.totals("upstream") == pytest.approx(expected, rel=1e-5)
    clicked = page.answered("upstream", (0, 0, 1, 2))
    assert added([*clicked.links], page.arrays) == pytest.approx({5: expected[5]}, rel=1e-5)


def test_a_shared_weight_too_large_to_send_is_answered_by_a_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("viz.scene.stored.MOST_ADDED", 8)
    live = network("RNN")
    weight = next(each for each in live.capture.parameters if each.name == "rec.weight_hh_l0")
    assert weight.node is not None
    page = Page.of(live, weight.node)
    assert [link.large for link in page.links] == [True]
    assert weight.gradient is not None
    total = added([*page.answered("upstream", (1, 1)).links], page.arrays)
    assert total == pytest.approx({4: float(weight.gradient[1, 1])}, rel=1e-5)


# What is special about a sum


def test_only_the_cells_that_are_dead_say_that_nothing_is_handed_on(
    own: Callable[..., Answers],
) -> None:
    live = own(torch.relu, 2, 8)
    page = Page.of(live, node_of(live.capture, "ReluBackward0"))
    (link,) = page.links
    alive = (live.capture.inputs[0] > 0).reshape(-1)
    assert 0 < alive.sum() < alive.size
    said = [link.notes[which] if which >= 0 else "" for which in link.note_of]
    dead = "x is not positive in this cell, so ReLU hands nothing on: its gradient is 0."
    assert said == ["" if live else dead for live in alive]
    assert page.answered("downstream", (0, int(np.argmin(alive[:8])))).note == dead
