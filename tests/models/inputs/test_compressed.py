"""A photograph in a link: what is run is what the link holds, and nothing that could do harm."""

from __future__ import annotations

import base64
import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from models.inputs import compressed
from models.inputs.compressed import HEAD, MAX_BYTES, MAX_TEXT, from_text, size_of, to_text
from models.inputs.pictures import PHOTOS, Pixels, _photo, shrink
from models.inputs.shape import InputError
from tests.models.work import at_most_bytes

SIDE = 224


def noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(0).integers(0, 2, (height, width, 3), dtype=np.uint8) * 255


def letters(file: bytes) -> str:
    return base64.urlsafe_b64encode(file).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def webp(side: int = 16, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(file, "WEBP", **options)
    return file.getvalue()


def changed(file: bytes, place: int, to: bytes) -> str:
    return letters(file[:place] + to + file[place + len(to) :])


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photograph_fits_into_a_link_and_stays_what_it_shows(name: str) -> None:
    text = to_text(_photo(name), SIDE)
    assert len(text) <= MAX_TEXT
    assert MAX_BYTES / 2 < size_of(text) == len(bytes_of(text)) <= MAX_BYTES
    kept = from_text(text, SIDE)
    sharp = shrink(_photo(name), (1, 3, SIDE, SIDE)).transpose(1, 2, 0)
    assert kept.shape == (SIDE, SIDE, 3)
    assert np.abs(kept.astype(float) - sharp).mean() < 12


def test_the_same_text_gives_the_same_pixels_and_a_better_quality_would_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = to_text(_photo(PHOTOS[0]), SIDE)
    assert np.array_equal(from_text(text, SIDE), from_text(text, SIDE))
    monkeypatch.setattr(compressed, "MAX_BYTES", 2_000)
    assert size_of(to_text(_photo(PHOTOS[0]), SIDE)) <= 2_000


@pytest.mark.parametrize(
    "pixels", [noise(300, 400), noise(1, 5000), noise(5000, 1), noise(1, 1)], ids=str
)
def test_whatever_a_picture_shows_it_fits(pixels: Pixels) -> None:
    text = to_text(pixels, SIDE)
    assert size_of(text) <= MAX_BYTES
    assert from_text(text, SIDE).shape == (SIDE, SIDE, 3)


def test_fine_noise_loses_its_detail_and_not_its_mean() -> None:
    """No quality of WebP makes it small enough."""
    squares = noise(SIDE, SIDE)
    sharp = io.BytesIO()
    Image.fromarray(squares).save(sharp, "WEBP", quality=0, method=6)
    assert len(sharp.getvalue()) > MAX_BYTES
    kept = from_text(to_text(squares, SIDE), SIDE)
    assert kept.std() < squares.std()
    assert abs(kept.mean() - squares.mean()) < 5


def test_what_fits_at_no_detail_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "MAX_BYTES", 30)
    with pytest.raises(InputError, match=r"at most 30 bytes\. Choose one with fewer details"):
        to_text(noise(SIDE, SIDE), SIDE)


LOSSY = webp()


@pytest.mark.parametrize(
    "text",
    [
        "%%%",
        "a",
        "é" * 8,
        letters(b""),
        letters(LOSSY[:20]),
        letters(LOSSY[:-2]),
        letters(LOSSY + b"more"),
        letters(LOSSY[: HEAD.size]),
        letters(webp(15)),
        letters(webp(lossless=True)),
        letters(webp(exif=b"Exif\0\0place")),
        letters(webp(save_all=True, append_images=[Image.new("RGB", (16, 16))])),
        changed(LOSSY, HEAD.size - 4, struct.pack("<HH", 16_000, 16_000)),
        changed(LOSSY, HEAD.size - 7, b"\0\0\0"),
        letters(b"\x89PNG\r\n\x1a\n" + bytes(40)),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="one of 16x16 pixels, as this page writes it"):
        from_text(text, 16)


def test_a_text_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(InputError, match=r"at most 5,334 characters; 9,999,999 came"):
        from_text("A" * 9_999_999, SIDE)


def test_a_large_claim_takes_no_memory() -> None:
    text = changed(LOSSY, HEAD.size - 4, struct.pack("<HH", 16_383, 16_383))
    with at_most_bytes(1_000_000), pytest.raises(InputError):
        from_text(text, 16)


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(HEAD.size, len(LOSSY) - 1))
def test_any_bytes_are_a_picture_or_a_sentence(plain: bytes, place: int) -> None:
    for text in (letters(plain), changed(LOSSY, place, plain[: len(LOSSY) - place])):
        try:
            pixels = from_text(text, 16)
        except InputError:
            continue
        assert pixels.shape == (16, 16, 3)
