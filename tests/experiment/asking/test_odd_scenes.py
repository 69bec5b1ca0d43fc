"""Scenes of modules that no layer of ours can be: complex, empty, double, with several outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from experiment import source
from experiment.asking.questions import answer
from experiment.running.runs import Runs
from experiment.setting import of_preset
from experiment.source import OWN
from models.own import Given, Own
from tests.viz.reading import drawn, read, sums
from viz.answering.questions import parse


def through_complex(x: Tensor) -> Tensor:
    return torch.fft.fft(x * 2).abs()


def with_nothing(x: Tensor) -> Tensor:
    return torch.cat([x * 3, x[:, :0] * 2], 1)


def in_parts(x: Tensor) -> Tensor:
    return torch.cat([part * (at + 2) for at, part in enumerate(x.chunk(3, 1))], 1)


def in_double(x: Tensor) -> Tensor:
    return x.double().tanh()


def in_half(x: Tensor) -> Tensor:
    return (x.half() * 2).float()


class Scene:
    """A run of a module of the command line, asked as a browser asks."""

    def __init__(self) -> None:
        self.setting = replace(of_preset(OWN), loss="sum", input_gradient=True)
        self.runs = Runs()
        self.nodes = self.asked("scene")["nodes"]

    def asked(self, name: str, **parts: str) -> Any:
        return read(answer(self.runs, self.setting, parse(name, parts))[0])

    def maps(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield node, tab and map."""
        for node, page in self.nodes.items():
            for tab, shown in page["pages"].items():
                for row in shown["rows"]:
                    yield from ((node, tab, each) for each in row)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Tensor], Tensor]], Scene]:
    """Return what makes the scene of a function of 2 x 6 numbers."""

    def run(forward: Callable[[Tensor], Tensor]) -> Scene:
        class Net(nn.Module):
            def forward(self, x: Tensor) -> Tensor:
                return forward(x)

        named = Own("n:Net", (Given((2, 6)),), "", Net)
        monkeypatch.setattr(source, "configured", lambda: named)
        return Scene()

    return run


@pytest.mark.parametrize("forward", [through_complex, with_nothing, in_parts, in_double, in_half])
def test_every_page_and_every_sum_of_it_can_be_asked_for(
    own: Callable[..., Scene], forward: Callable[[Tensor], Tensor]
) -> None:
    scene, compared = own(forward), 0
    for node, page in scene.nodes.items():
        for tab, shown in page["pages"].items():
            links = scene.asked("sums", node=node, page=tab)["links"]
            assert shown["sums"] or not links
            maps = {each["key"]: each for row in shown["rows"] for each in row}
            for key, found in sums(links, maps, 0, None).items():
                cells = drawn(maps[key], 0, None)
                for cell, terms in found.items():
                    assert sum(terms) == pytest.approx(float(cells[cell]), rel=1e-2)
                    compared += 1
    assert compared >= 12
    assert not any(page["hand"]["values"] for page in scene.nodes.values())


def test_complex_numbers_are_sent_as_their_magnitudes(own: Callable[..., Scene]) -> None:
    scene = own(through_complex)
    found = [each for _node, _tab, each in scene.maps() if "magnitudes" in each["subtitle"]]
    assert found
    for each in found:
        assert each["values"].dtype == np.float32
        assert (each["values"] >= 0).all()


def test_an_empty_array_is_a_sentence(own: Callable[..., Scene]) -> None:
    scene = own(with_nothing)
    (node, tab, each), *_ = (
        found for found in scene.maps() if found[2]["shape"] and 0 in found[2]["shape"]
    )
    assert each["missing"].startswith("Empty: shape 2")
    assert each["all"] is each["one"] is each["values"] is None
    with pytest.raises(ValueError, match="0 is none of the 0 cells"):
        scene.asked("cells", node=node, page=tab, map=each["key"])


def test_numbers_keep_their_precision(own: Callable[..., Scene]) -> None:
    kinds = {each["values"].dtype.name for *_place, each in own(in_double).maps() if each["shape"]}
    assert kinds == {"float32", "float64"}
    kinds = {
        each["values"].dtype.name
        for *_place, each in own(in_half).maps()
        if each["values"] is not None
    }
    assert kinds == {"float32"}


def test_each_output_of_a_node_has_its_map(own: Callable[..., Scene]) -> None:
    scene = own(in_parts)
    keys = {each["key"] for *_place, each in scene.maps()}
    assert {"upstream", "upstream1", "upstream2", "downstream"} <= keys
    several = [page for page in scene.nodes.values() if len(page["parts"]) == 3]
    assert several
    assert [*several[0]["pages"]][:3] == ["gradient 0", "gradient 1", "gradient 2"]
