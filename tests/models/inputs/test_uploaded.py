"""A picture in a link: the cells that are run, and nothing that could do harm."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.inputs.pictures import Pixels, fit, shrink
from models.inputs.shape import InputError
from models.inputs.uploaded import MAX_PICTURE, MAX_TEXT, from_text, to_text
from tests.models.work import at_most_bytes


def noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def letters(plain: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(plain)).decode().rstrip("=")


def sized(channels: int, height: int, width: int, cells: int) -> str:
    return letters(struct.pack("<BHH", channels, height, width) + bytes(cells))


@pytest.mark.parametrize("shape", [(2, 3, 5, 4), (1, 1, 8, 8), (1, 6, 9), (7, 3), (1, 3, 64, 64)])
def test_the_cells_that_are_run_are_those_of_the_file(shape: tuple[int, ...]) -> None:
    pixels = noise(120, 90)
    text = to_text(pixels, shape)
    assert len(text) <= MAX_TEXT
    assert np.array_equal(shrink(from_text(text), shape), shrink(pixels, shape))
    assert fit(from_text(text), shape).equal(fit(pixels, shape))
    assert to_text(from_text(text), shape) == text


@pytest.mark.parametrize("shape", [(1, 3, 224, 224), (1, 1, 2000, 2000), (1, 1, 1, 4_000_000)])
def test_a_large_inputs_picture_still_fits_into_a_link(shape: tuple[int, ...]) -> None:
    text = to_text(noise(300, 300), shape)
    assert len(text) <= MAX_TEXT
    height, width, _ = from_text(text).shape
    assert shape[1] * height * width <= MAX_PICTURE
    assert 0 <= fit(from_text(text), shape).min() <= fit(from_text(text), shape).max() <= 1


@pytest.mark.parametrize("shape", [(8,), (1, 2, 8, 8), (1, 1, 1, 8, 8)])
def test_an_input_without_room_for_a_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="a picture needs an input of batch x 1 x height"):
        to_text(noise(8, 8), shape)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("%%%", "cannot be read"),
        ("AAAA", "cannot be read"),
        ("a", "cannot be read"),
        ("é" * 8, "cannot be read"),
        (letters(b""), "cannot be read"),
        (letters(b"\x01\x02"), "cannot be read"),
        (sized(1, 2, 2, 4)[:-4], "cannot be read|cut off"),
        (sized(1, 2, 2, 3), "does not have the size that it says"),
        (sized(1, 2, 2, 5), "does not have the size that it says"),
        (sized(1, 0, 2, 0), "does not have the size that it says"),
        (sized(2, 2, 2, 8), "does not have the size that it says"),
        (sized(3, 65535, 65535, 12), "does not have the size that it says"),
        (sized(3, 64, 65, 3 * 64 * 65), "cut off, or too large"),
        ("A" * (MAX_TEXT + 1), "at most 17,000 characters; 17,001 came"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_text(text)


def test_a_bomb_is_refused_before_it_grows() -> None:
    bomb = letters(bytes(10_000_000))
    assert len(bomb) < MAX_TEXT
    with at_most_bytes(1_000_000), pytest.raises(InputError, match="cut off, or too large"):
        from_text(bomb)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_picture_or_a_sentence(plain: bytes) -> None:
    try:
        pixels = from_text(letters(plain))
    except InputError:
        return
    assert pixels.shape[2] == 3
