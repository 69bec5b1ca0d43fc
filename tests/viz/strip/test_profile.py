"""The depth profile: peaks and ratios as torch gives them, and a sentence that says no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.record import Array
from tests.viz.captures import capture, node
from viz.strip.chart import profile_figure
from viz.strip.profile import EXPLODED, UNCHANGED, VANISHED, Profile
from viz.strip.strip import STRIP_TEXT, Strip

Loss = Callable[[Tensor], Tensor]


def mean_square(output: Tensor) -> Tensor:
    return (output**2).mean()


def seen(model: nn.Module, inputs: Tensor, loss: Loss = mean_square) -> tuple[Strip, Profile, str]:
    """Return the strip of a run, its profile, and the sentence about it."""
    with flow.run(model, inputs, loss=loss) as run:
        strip = Strip(run.capture, STRIP_TEXT)
    said = "".join(each["text"] for each in strip.words()["verdict"])
    return strip, strip.profile, said


def largest(gradient: Tensor | Array) -> float:
    return float(np.abs(np.asarray(gradient)).max())


def chain(*factors: float) -> nn.Sequential:
    """Make layers that multiply by these numbers; the first has the input's gradient to itself."""
    layers = [nn.Linear(1, 1, bias=False) for _ in factors]
    for each, factor in zip(layers, factors, strict=True):
        nn.init.constant_(each.weight, factor)
    return nn.Sequential(*layers)


def test_peaks_and_ratios_are_those_of_torch() -> None:
    torch.manual_seed(0)
    first, second, last = nn.Linear(4, 5), nn.Linear(5, 6), nn.Linear(6, 2)
    model = nn.Sequential(first, nn.Tanh(), second, nn.Sigmoid(), last)
    inputs = torch.randn(3, 4)
    values = [first(inputs)]
    for each in list(model)[1:]:
        values.append(each(values[-1]))
    loss = mean_square(values[-1])
    wanted = [largest(each) for each in torch.autograd.grad(loss, values)]
    strip, found, _said = seen(model, inputs)
    assert found.peaks[0] is None
    assert found.peaks[1:] == pytest.approx([*wanted, 1.0])
    assert found.ratios[:2] == (None, None)  # the input asks for none, so the first hands none on
    steps = [*wanted, 1.0]
    assert found.ratios[2:] == pytest.approx([a / b for a, b in pairwise(steps)])
    assert found.path == (6, 5, 4, 3, 2, 1)
    layers = {at: found.ratios[at] or 0.0 for at in range(2, 6)}
    assert found.finding.marked == min(layers, key=lambda at: layers[at])
    assert strip.way[found.finding.marked].kind == "layer"


class Skip(nn.Module):
    """A branch around a layer, added up again."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.branch, self.head = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        stem = self.stem(inputs)
        return self.head(self.branch(stem) + stem)  # type: ignore[no-any-return]


def test_of_a_branch_the_ratio_is_what_the_layer_itself_hands_on() -> None:
    torch.manual_seed(1)
    model, inputs = Skip(), torch.randn(2, 3)
    strip, found, _said = seen(model, inputs)
    names = [stop.name for stop in strip.way]
    assert names == ["input", "stem", "branch", "add", "head", "loss"]
    links = {(each.source, each.target): each.handed for each in found.links}
    assert links.keys() == {(0, 1), (1, 2), (1, 3), (2, 3), (3, 4), (4, 5)}
    assert links[0, 1] is None
    stem = model.stem(inputs)
    branch = model.branch(stem)
    total = branch + stem
    loss = mean_square(model.head(total))
    at_total, at_branch = torch.autograd.grad(loss, [total, branch], retain_graph=True)
    (handed,) = torch.autograd.grad(branch, stem, at_branch)
    assert links[1, 2] == pytest.approx(largest(handed))  # and not all that arrives at the stem
    assert links[1, 3] == pytest.approx(largest(at_total))
    assert found.ratios[2] == pytest.approx(largest(handed) / largest(at_branch))
    assert found.path == (5, 4, 3, 2, 1)  # the longest way: through the branch


def test_a_layer_that_returns_its_input_stands_on_the_way_and_not_beside_it() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Identity(), nn.Linear(2, 1))
    _strip, found, _said = seen(model, torch.ones(1, 2))
    assert [(each.source, each.target) for each in found.links] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert found.ratios[2] == 1


@pytest.mark.parametrize(
    ("factors", "verdict"),
    [
        ((1.0, 0.99 * VANISHED), "vanishes"),
        ((1.0, 1.01 * VANISHED), "fine"),
        ((1.0, 0.03, 0.03), "vanishes"),
        ((1.0, 1.01 * EXPLODED), "explodes"),
        ((1.0, 0.99 * EXPLODED), "fine"),
        ((1.0, 1e-4, 1e4), "explodes"),
        ((1.0, 1e4, 1e-4), "vanishes"),  # between them, though the first gets as much as the last
        ((1.0, 1e9, 1e-4), "explodes"),  # and the greater of the two is told
        ((5.0,), "fine"),
    ],
)
def test_the_thresholds_are_about_what_the_layers_do(
    factors: tuple[float, ...], verdict: str
) -> None:
    # The loss divides by 4096: that is not the layers' doing.
    for loss in (torch.sum, lambda output: output.sum() / 4096):
        assert seen(chain(*factors), torch.ones(1, 1), loss)[1].finding.verdict == verdict


def test_a_vanishing_gradient_is_said_with_its_factor_and_the_worst_layer() -> None:
    _strip, _found, said = seen(chain(1.0, 0.5, 2e-7), torch.ones(1, 1), torch.sum)
    assert said == (
        "The gradient vanishes. From 2 to 0 the largest gradient shrinks 10 million times. "
        "2 passes on the least: 2e−7 of what arrives."
    )


def test_an_exploding_gradient_is_said_with_the_layer_that_passes_on_the_most() -> None:
    _strip, _found, said = seen(chain(1.0, 50.0, 200.0), torch.ones(1, 1), torch.sum)
    assert said == (
        "The gradient explodes. From 2 to 0 the largest gradient grows 10000 times. "
        "2 passes on the most: 200 times what arrives."
    )


def test_layers_of_one_kind_that_share_a_fall_are_told_together() -> None:
    torch.manual_seed(0)
    layers = [nn.Sequential(nn.Linear(6, 6), nn.Sigmoid()) for _ in range(10)]
    strip, found, said = seen(nn.Sequential(*layers, nn.Linear(6, 1)), torch.ones(1, 6), torch.sum)
    sigmoids = [at for at, stop in enumerate(strip.way) if stop.detail == "Sigmoid"]
    ratios = [found.ratios[at] or 0.0 for at in sigmoids]
    assert found.finding.verdict == "vanishes"
    assert sorted(found.finding.spread) == sigmoids
    assert found.finding.marked == sigmoids[int(np.argmin(ratios))]
    low, high = f"{min(ratios):.2g}", f"{max(ratios):.2g}"
    assert f"Sigmoid stands on this way 10 times and each time passes on {low} to {high} of" in said
    assert f"together {float(np.prod(ratios)):.1e}".replace("e-0", "e−") in said


def two_digits(written: str) -> float:
    return float(written.replace("−", "-").rstrip("."))


def test_what_the_rest_of_the_way_does_is_said_and_makes_the_whole_with_the_spread() -> None:
    torch.manual_seed(0)
    layers = [each for _ in range(12) for each in (nn.Linear(8, 8), nn.Sigmoid())]
    model, inputs = nn.Sequential(*layers, nn.Flatten(), nn.Linear(8, 1)), torch.ones(1, 8)
    said = seen(model, inputs, torch.sum)[2]
    found = re.search(
        r"shrinks (\S+) billion times\. Sigmoid stands .* together (\S+)\. "
        r"The rest of this way, Linear, passes on (\S+) of that\.$",
        said,
    )
    assert found is not None, said
    whole, spread, rest = (two_digits(each) for each in found.groups())
    # Torch's own gradients at every layer, and what each layer makes of them.
    values = [inputs]
    for each in model:
        values.append(each(values[-1]))
    at = [largest(each) for each in torch.autograd.grad(values[-1].sum(), values[1:])]
    sigmoids, others = (
        float(np.prod([at[k - 1] / at[k] for k in range(1, len(at)) if is_so(model[k])]))
        for is_so in (
            lambda layer: isinstance(layer, nn.Sigmoid),
            lambda layer: not isinstance(layer, nn.Sigmoid),
        )
    )
    assert spread == pytest.approx(sigmoids, rel=0.05)
    assert rest == pytest.approx(others, rel=0.05)
    assert sigmoids * others == pytest.approx(at[0] / at[-1])
    assert spread * rest * whole * 1e9 == pytest.approx(1, rel=0.15)


def test_what_the_rest_adds_is_said_too_and_kinds_are_all_named() -> None:
    class Times(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * 3

    layers = [each for _ in range(4) for each in (nn.Linear(1, 1), Times(), nn.Dropout(0.0))]
    for each in layers[::3]:
        nn.init.constant_(each.weight, 0.01)  # type: ignore[arg-type]
    last = nn.PReLU(init=2.0)
    said = seen(nn.Sequential(*layers, last), torch.ones(1, 1), torch.sum)[2]
    assert said.endswith(
        "Linear stands on this way 3 times and each time passes on 0.01 of what arrives, together "
        "1e−6. The rest of this way, PReLU, Times, passes on 54 times that."
    ), said


def test_beside_a_branch_the_rest_is_not_put_down_to_kinds() -> None:
    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.deep = nn.Sequential(*(nn.Linear(1, 1, bias=False) for _ in range(4)))
            self.side = nn.Linear(1, 1, bias=False)
            for each in self.deep:
                nn.init.constant_(each.weight, 0.01)  # type: ignore[arg-type]
            nn.init.constant_(self.side.weight, 1e-8)

        def forward(self, x: Tensor) -> Tensor:
            stem = x * 1
            return self.deep(stem) + self.side(stem)  # type: ignore[no-any-return]

    inputs = torch.ones(1, 1, requires_grad=True)
    said = seen(Both(), inputs, torch.sum)[2]
    # Both ways bring 1e-8: together twice what the four layers do.
    assert said.endswith("together 1e−8. Everything else passes on 2 times that."), said


def test_a_single_layer_that_does_half_of_a_fall_is_told_alone() -> None:
    _strip, found, said = seen(chain(1.0, 0.5, 1e-5, 0.5, 0.5), torch.ones(1, 1), torch.sum)
    assert (found.finding.spread, found.finding.marked) == ((), 3)
    assert "2 passes on the least: 1e−5" in said


def test_growth_that_layers_share_is_told_together() -> None:
    said = seen(chain(1.0, 20.0, 30.0, 20.0), torch.ones(1, 1), torch.sum)[2]
    assert said == (
        "The gradient explodes. From 3 to 0 the largest gradient grows 12000 times. "
        "Linear stands on this way 3 times and each time passes on 20 to 30 times what arrives, "
        "together 12000 times."
    )


class Around(nn.Module):
    """A deep layer behind one that hands on a millionth, and a way around both."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.deep, self.thin, self.head = (nn.Linear(2, 2) for _ in range(4))
        with torch.no_grad():
            self.thin.weight.mul_(1e-6)

    def forward(self, inputs: Tensor) -> Tensor:
        stem = self.stem(inputs)
        return self.head(self.thin(self.deep(stem)) + stem)  # type: ignore[no-any-return]


def test_a_dip_that_a_skip_goes_around_is_found() -> None:
    strip, found, said = seen(Around(), torch.ones(1, 2), torch.sum)
    names = [stop.name for stop in strip.way]
    deep, head = names.index("deep"), names.index("head")
    assert (found.peaks[names.index("stem")] or 0.0) > 0.01 * (found.peaks[head] or 0.0)
    assert (found.finding.verdict, found.finding.span) == ("vanishes", (head, deep))
    assert found.finding.marked == names.index("thin")
    assert "From head to deep the largest gradient shrinks" in said


def test_of_a_batch_the_sentence_says_that_it_is_about_all_samples() -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 1))
    for samples, said in ((1, "largest gradient goes"), (2, "gradient of all samples goes")):
        assert said in seen(model, torch.ones(samples, 1, 2, 2), torch.sum)[2]


def test_a_healthy_gradient_is_said_with_both_ends() -> None:
    _strip, _found, said = seen(chain(1.0, 0.5), torch.ones(1, 1), torch.sum)
    assert said == (
        "Nothing vanishes here. From 1 to 0 the largest gradient goes from 1 to 0.5. "
        "1 passes on the least: 0.5 of what arrives."
    )
    assert seen(chain(1.0, 2.0), torch.ones(1, 1), torch.sum)[2].endswith(
        "No layer passes on less than arrives."
    )
    single = seen(chain(1.0), torch.ones(1, 1), lambda output: output.sum() / 4096)[2]
    assert single == (
        "Nothing vanishes here. From the loss to 0 the largest gradient goes from 1 to 0.000244. "
        "The loss itself hands on only 0.000244."
    )


def test_of_a_dead_layer_the_sentence_names_the_one_that_hands_on_zero() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 1))
    nn.init.constant_(model[0].bias, -100.0)  # type: ignore[arg-type]
    strip, found, said = seen(model, torch.ones(1, 3))
    assert [stop.state for stop in strip.way[1:]] == ["zero", "number", "number", "number"]
    assert (found.finding.verdict, found.finding.marked) == ("zero", 2)
    assert said.startswith("The gradient is exactly zero from 1 on. What 1 hands on is 0")


class OneDead(nn.Module):
    """Two branches, one of which gets no gradient but zero."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.dead, self.live = nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, inputs: Tensor) -> Tensor:
        stem = self.stem(inputs)
        return self.dead(stem) * 0 + self.live(stem)  # type: ignore[no-any-return]


def test_a_branch_that_gets_zero_is_not_the_whole_run() -> None:
    strip, found, said = seen(OneDead(), torch.ones(1, 2))
    assert {stop.name: stop.state for stop in strip.way}["dead"] == "zero"
    assert (found.finding.verdict, found.finding.marked) == ("zero branch", 2)
    assert said.startswith("What arrives at dead is exactly 0. Past it the gradient takes other")
    assert "exactly zero from" not in said


class Root(nn.Module):
    """A square root, whose derivative at zero is infinite."""

    def forward(self, inputs: Tensor) -> Tensor:
        return torch.sqrt(inputs)


def test_what_is_not_finite_is_named_by_the_layer_that_hands_it_on() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), Root(), nn.Linear(2, 1))
    nn.init.constant_(model[0].bias, -100.0)  # type: ignore[arg-type]
    strip, found, said = seen(model, torch.ones(1, 2))
    states = {stop.name: stop.state for stop in strip.way}
    assert (states["1"], states["2"]) == ("not finite", "number")
    assert (found.finding.verdict, found.finding.marked) == ("not finite", 3)
    assert said.startswith("The gradient is not finite from 2 on.")


def test_a_backward_that_begins_with_zero_or_nan_is_said_to() -> None:
    for begun, said in ((0.0, "exactly zero from the start"), (float("nan"), "not finite from")):
        run = capture([node("AddBackward0", "", [begun], "n0", "add")], [], loss=None)
        words = Strip(run, STRIP_TEXT).words()["verdict"]
        assert said in words[0]["text"]


def test_a_first_layer_without_gradient_is_a_gap_and_not_zero() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model[0].requires_grad_(False)
    strip, found, said = seen(model, torch.ones(1, 2))
    assert [stop.state for stop in strip.way] == ["not asked", "not asked", "number", "number"]
    assert found.peaks[:2] == (None, None)
    assert "zero" not in said
    assert "From the loss to 1 " in said


@pytest.mark.parametrize("keep", [("0", "20"), ("0",), ("20",), ("5", "6"), ("19",)])
def test_of_what_was_not_kept_nothing_is_said(keep: tuple[str, ...]) -> None:
    layers = [nn.Sequential(nn.Linear(6, 6), nn.Sigmoid()) for _ in range(10)]
    model = nn.Sequential(*(each for pair in layers for each in pair), nn.Linear(6, 1))
    with flow.run(model, torch.ones(1, 6), loss=torch.sum, keep=keep) as run:
        strip = Strip(run.capture, STRIP_TEXT)
    said = "".join(each["text"] for each in strip.words()["verdict"])
    assert "shrinks" not in said
    assert strip.profile.finding.verdict in ("fine", "nothing")


def test_what_changes_no_weight_of_one_is_half_a_step_below_it() -> None:
    one = np.float32(1)
    assert one - np.float32(UNCHANGED) == one
    assert one - np.nextafter(np.float32(UNCHANGED), one) < one


def test_the_figure_has_every_number_and_the_fixed_axis() -> None:
    with flow.run(chain(1.0, 1e-12, 30.0), torch.ones(1, 1), loss=torch.sum) as run:
        figure = profile_figure(Strip(run.capture, STRIP_TEXT))
    axis = figure.layout.yaxis
    assert [shape.y0 for shape in figure.layout.shapes] == [UNCHANGED]
    assert (axis.type, axis.tickvals) == ("log", (1, 1e-3, 1e-6, 1e-9))
    points = figure.data[-1]
    # Points: layers 0, 1 and 2, then the loss; what is off the axis stands at its edge, named.
    assert list(points.y) == pytest.approx([1e-9, 10, 1, 1])
    assert list(points.marker.symbol) == ["triangle-down", "triangle-up", "circle", "circle"]
    notes = {note.text: note.y for note in figure.layout.annotations}
    assert notes["▲ above 10, up to 30"] == 1
    assert notes["▼ below 10⁻⁹, down to 3e−11"] == 0
    assert "max |gradient| 3e−11" in points.hovertext[0]
    assert "hands on at most 1e−12 of that" in points.hovertext[1]
    assert list(figure.data[0].x) == [1, 2, None, 2, 3, None, 3, 4, None]
