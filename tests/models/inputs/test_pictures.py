"""Pictures as inputs: photographs, and files that a visitor brings."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from sklearn.datasets import load_digits, load_sample_image

from models.inputs import pictures
from models.inputs.pictures import MAX_FILE_BYTES, fit, photo, read, shrink
from models.inputs.shape import InputError
from scripts.served import ROOT


def file(picture: Image.Image, kind: str = "PNG") -> bytes:
    kept = io.BytesIO()
    picture.save(kept, kind)
    return kept.getvalue()


def halves(width: int = 4, height: int = 2) -> Image.Image:
    """Red at the left, blue at the right."""
    cells = np.zeros((height, width, 3), dtype=np.uint8)
    cells[:, : width // 2, 0] = 255
    cells[:, width // 2 :, 2] = 255
    return Image.fromarray(cells)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "WEBP"])
def test_a_file_is_read_as_red_green_and_blue(kind: str) -> None:
    pixels = read(file(halves(), kind))
    assert pixels.shape == (2, 4, 3)
    if kind != "WEBP":  # which is lossy
        assert np.array_equal(pixels, np.asarray(halves()))


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (2, 2), (255, 0, 0, 0))
    assert read(file(clear)).min() == 255


def test_a_photograph_held_sideways_is_turned_upright() -> None:
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    halves(16, 8).save(kept, "PNG", exif=exif)
    assert read(kept.getvalue()).shape == (16, 8, 3)


def test_files_of_other_kinds_of_colour_are_read_as_they_look() -> None:
    grey = Image.fromarray(np.full((2, 2), 128 * 257, np.uint16))
    assert read(file(grey))[0, 0].tolist() == [128] * 3
    printed = read(file(halves(16, 8).convert("CMYK"), "JPEG")).astype(int)
    assert np.abs(printed[4, [2, 13]] - [[255, 0, 0], [0, 0, 255]]).max() < 9
    few = halves().convert("P", palette=Image.Palette.ADAPTIVE)
    assert np.array_equal(read(file(few)), np.asarray(halves()))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_several_pictures_in_a_file_the_first_is_read(kind: str) -> None:
    kept, other = io.BytesIO(), Image.new("RGB", (4, 2), "white")
    halves().save(kept, kind, save_all=True, append_images=[other], lossless=True)
    assert np.array_equal(read(kept.getvalue()), np.asarray(halves()))


def test_fitting_cuts_the_longer_side_and_averages() -> None:
    pixels = np.asarray(halves(8, 2))
    values = fit(pixels, (2, 3, 1, 2))  # the middle 4x2 of 8x2
    assert values.shape == (2, 3, 1, 2)
    assert values[0].tolist() == [[[1, 0]], [[0, 0]], [[0, 1]]]
    assert torch.equal(values[0], values[1])
    grey = fit(pixels, (1, 1, 2, 2))
    luminance = [round(0.299 * 255) / 255, round(0.114 * 255) / 255]
    assert grey[0, 0].tolist() == [pytest.approx(luminance), pytest.approx(luminance)]
    assert shrink(pixels, (2, 2)).shape == (2, 2)


def test_the_photos_are_two_and_have_contrast() -> None:
    flower, house = photo((1, 3, 32, 32), 0), photo((1, 3, 32, 32), 1)
    assert not torch.equal(flower, house)
    for values in (flower, house):
        assert 0 <= values.min() < 0.2
        assert 0.8 < values.max() <= 1
    assert torch.equal(photo((1, 3, 32, 32), 2), flower)


@pytest.mark.parametrize("shape", [(8,), (1, 2, 8, 8), (1, 1, 1, 8, 8)])
def test_a_shape_without_room_for_a_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="a picture needs an input of batch x 1 x height"):
        photo(shape, 0)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be one of PNG, JPEG"),
        (bytes(MAX_FILE_BYTES + 1), "at most 10 MiB. It has 10.0"),
        (bomb(5000, 5000), "at most 16 million pixels. This one says 5000x5000"),
        (bomb(20000, 20000), "at most 16 million pixels. This one says that it has very many"),
        (bomb(2**31 - 1, 2**31 - 1), "at most 16 million pixels. This one says that it has very"),
        (bomb(100, 100), "is damaged and cannot be read"),
        (file(halves(64, 64))[:-40], "is damaged and cannot be read"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(data)


def test_a_large_claim_is_refused_before_a_pixel_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(ImageOps, "exif_transpose", never)
    with pytest.raises(InputError, match="million pixels"):
        read(bomb(4001, 4000))


def photograph(height: int, width: int, turned: bool = False) -> bytes:
    """A JPEG, white in its left half; a telephone held upright writes that it is turned."""
    cells = np.zeros((height, width), np.uint8)
    cells[:, : width // 2] = 255
    exif, held = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6 if turned else 1
    Image.fromarray(cells).convert("RGB").save(held, "JPEG", exif=exif)
    return held.getvalue()


def test_a_photograph_of_a_telephone_is_decoded_at_half_its_sides_where_it_has_many_pixels() -> (
    None
):
    assert read(photograph(3000, 4000)).shape == (3000, 4000, 3)
    found = read(photograph(4000, 6000, turned=True))
    assert found.shape == (3000, 2000, 3)
    assert found[100, 1000].tolist() == [255] * 3  # turned to the right: the left half is on top
    assert found[-100, 1000].tolist() == [0] * 3
    with pytest.raises(InputError, match=r"at most 64 million pixels\. This one says 8200x8000"):
        read(photograph(8000, 8200))


def test_digits_and_photographs_are_those_of_scikit_learn_which_is_not_imported() -> None:
    digits, (images, labels) = load_digits(), pictures._digits()
    assert np.array_equal(images, (digits.images / 16).astype(np.float32))
    assert np.array_equal(labels, digits.target)
    for name in pictures.PHOTOS:
        assert np.array_equal(pictures._photo(name), load_sample_image(name))
    imported = (
        "import sys; from models.inputs import pictures as p; p._digits(); p._photo(p.PHOTOS[0]);"
        "sys.exit('sklearn' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", imported], cwd=ROOT, check=True)
