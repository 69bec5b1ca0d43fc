"""Every network comes back from its packed text, and nothing else that comes is believed."""

from __future__ import annotations

import base64
import re
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiment.packing import MAX_PACKED, pack, unpack
from experiment.written.address import Experiment, from_address
from models.presets import PRESETS
from models.spec import MAX_LAYERS, MAX_TEXT, LayerSpec, ModelSpec
from tests.models.networks import networks


@given(networks())
def test_every_network_comes_back_from_its_packed_text(spec: ModelSpec) -> None:
    packed = pack(spec)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", packed)
    assert unpack(packed) == spec


@pytest.mark.parametrize("key", PRESETS)
def test_a_presets_network_is_short(key: str) -> None:
    assert len(pack(PRESETS[key].spec)) < 600


def test_the_largest_network_fits_into_a_link() -> None:
    layer = {"kind": "ConvTranspose2d", "fields": {"in_channels": 4096, "out_channels": 4095}}
    names = [f"a_rather_long_name_of_a_layer_{n}" for n in range(MAX_LAYERS)]
    layers = tuple(LayerSpec.model_validate({"name": name, **layer}) for name in names)
    spec = ModelSpec(layers=layers)
    assert len(pack(spec)) < MAX_PACKED
    assert unpack(pack(spec)) == spec


def packed(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


CUT = "net: it is cut off or was changed on its way. The default is used."
REFUSED = [
    (packed(b"[" * 50_000_000), "net: it holds more than the 200000 characters of the largest"),
    ("a" * (MAX_PACKED + 1), "net: it has at most 100000 characters; 100001 came."),
    (pack(PRESETS["unet"].spec)[:-20], CUT),
    (pack(PRESETS["unet"].spec) + "AAAA", CUT),
    (base64.urlsafe_b64encode(b"no zlib").decode(), CUT),
    (packed(b"\xff\xfe"), CUT),
    (packed(b"{}"), "net: layers\\: this field is missing."),
    (packed(b'{"layers":[]}'), "net: a model has 1 to 256 layers, but 0 came."),
    (packed(b"[" * 1000), "net: the text\\: this is no JSON"),
    (
        packed(b'{"layers":[{"name":"a","kind":"os.system"}]}'),
        "net: a\\: there is no layer kind 'os.system'. Choose one of",
    ),
    (
        packed(b'{"layers":[{"name":"[x](http://e.example)","kind":"ReLU"}]}'),
        "net: a layer's name must be a letter, then letters, digits or underscores, at most 40 in "
        "all. It is '\\[x\\](http\\://e.example)'.",
    ),
]


@pytest.mark.parametrize(("net", "sentence"), REFUSED)
def test_a_network_that_cannot_be_read_is_refused_in_words(net: str, sentence: str) -> None:
    experiment, problems = from_address({"net": net, "seed": "3"})
    assert experiment == Experiment().changed(seed=3)
    (problem,) = problems
    assert problem.startswith(sentence)
    assert len(problem) < 400


def test_a_bomb_is_never_unpacked_whole() -> None:
    bomb = packed(bytes(50_000_000))
    assert len(bomb) < MAX_PACKED
    tracemalloc.start()
    try:
        from_address({"net": bomb})
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_TEXT
    finally:
        tracemalloc.stop()


@given(st.text(max_size=200) | st.binary(max_size=200).map(packed))
def test_nothing_that_stands_for_a_network_breaks_the_reader(net: str) -> None:
    experiment, problems = from_address({"net": net})
    assert (experiment.setting.spec is None) == bool(problems)
