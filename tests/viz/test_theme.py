"""The number format is honest, and the colours are readable and told apart by everyone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from viz import theme
from viz.graphs.tint import make_tint
from viz.peak import log_share
from viz.theme import colour_table, format_number

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
RGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
Numbers = NDArray[np.float64]


def linear(colours: NDArray[np.uint8]) -> Numbers:
    """Linear light of sRGB bytes (IEC 61966-2-1)."""
    scaled = colours / 255.0
    return np.where(scaled <= 0.04045, scaled / 12.92, ((scaled + 0.055) / 1.055) ** 2.4)


def lab(light: Numbers) -> Numbers:
    """CIE L*a*b* under D65 of linear RGB."""
    xyz = np.clip(light, 0, 1) @ RGB_TO_XYZ.T / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack(
        [
            116 * root[..., 1] - 16,
            500 * (root[..., 0] - root[..., 1]),
            200 * (root[..., 1] - root[..., 2]),
        ],
        axis=-1,
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "−0"),
        (1.0, "1"),
        (-3.0, "−3"),
        (0.1, "0.1"),
        (np.float32(0.1), "0.1"),
        (0.0579, "0.0579"),
        (0.019, "0.019"),
        (123.4, "123"),
        (1234.4, "1234"),
        (999.7, "1000"),
        (99999.7, "100000"),
        (0.0001, "0.0001"),
        (0.000099, "9.9e−5"),
        (1e6, "1e6"),
        (-1.234e9, "−1.23e9"),
        (1.2e-30, "1.2e−30"),
        (5e-324, "4.94e−324"),
        (float("nan"), "NaN"),
        (float("inf"), "inf"),
        (float("-inf"), "−inf"),
    ],
)
def test_a_number_is_written_in_three_digits(value: float, text: str) -> None:
    assert format_number(value) == text


def test_halves_round_away_from_zero_as_in_the_browser() -> None:
    assert format_number(0.03125) == "0.0313"
    assert format_number(-2.125) == "−2.13"
    assert format_number(1234.5) == "1235"


def test_a_number_that_is_not_zero_is_never_written_as_zero() -> None:
    random = np.random.default_rng(0)
    for exponent in random.uniform(-44, 38, size=2000):
        value = float(np.float32(random.choice([-1, 1]) * 10.0**exponent))
        if value == 0:
            continue
        text = format_number(value)
        read = text.replace("−", "-")
        assert math.isclose(float(read), value, rel_tol=0.005001)
        assert math.copysign(1, float(read)) == math.copysign(1, value)
        assert len(text) <= 9


@pytest.mark.parametrize("dark", [False, True])
def test_zero_is_neutral_and_in_the_middle(dark: bool) -> None:
    table = colour_table(dark)
    assert table.shape == (2 * theme.LUT_HALF + 1, 4)
    scale = theme.diverging(dark)
    assert tuple(table[theme.LUT_HALF, :3]) == theme.rgb(scale.zero)
    assert tuple(table[0, :3]) == theme.rgb(scale.negative[-1])
    assert tuple(table[-1, :3]) == theme.rgb(scale.positive[-1])
    assert np.ptp(table[theme.LUT_HALF, :3].astype(int)) <= 12


@pytest.mark.parametrize("dark", [False, True])
def test_text_on_every_colour_has_a_contrast_of_at_least_4_5(dark: bool) -> None:
    table = colour_table(dark)
    weights = np.array([0.2126, 0.7152, 0.0722])
    background = linear(table[:, :3]) @ weights
    inks = np.array([theme.rgb(ink) for ink in theme.INKS], dtype=np.uint8)
    text = (linear(inks) @ weights)[table[:, 3]]
    brighter, darker = np.maximum(background, text), np.minimum(background, text)
    assert ((brighter + 0.05) / (darker + 0.05)).min() >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_a_larger_magnitude_is_always_further_from_the_page_in_lightness(dark: bool) -> None:
    lightness = lab(linear(colour_table(dark)[:, :3]))[:, 0]
    outwards = 1 if dark else -1
    negative, positive = lightness[theme.LUT_HALF :: -1], lightness[theme.LUT_HALF :]
    for side in (negative, positive):
        assert (outwards * np.diff(side) > -0.35).all()
        assert outwards * (side[-1] - side[0]) > 40


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sight", [np.eye(3), DEUTERANOPIA, PROTANOPIA])
def test_negative_and_positive_differ_for_every_sight(sight: Numbers, dark: bool) -> None:
    seen = lab(linear(colour_table(dark)[:, :3]) @ sight.T)
    for magnitude in (0.25, 0.5, 0.75, 1.0):
        step = round(magnitude * theme.LUT_HALF)
        difference = seen[theme.LUT_HALF + step] - seen[theme.LUT_HALF - step]
        assert np.linalg.norm(difference) > 15


def test_what_is_not_finite_has_a_colour_far_from_the_scale() -> None:
    odd = lab(linear(np.array(theme.rgb(theme.NON_FINITE), dtype=np.uint8)))
    for dark in (False, True):
        table = lab(linear(colour_table(dark)[:, :3]))
        assert np.linalg.norm(table - odd, axis=1).min() > 25


def test_a_share_is_the_place_between_two_powers_of_ten() -> None:
    assert [log_share(value, 1e-4, 1) for value in (1e-4, 1e-3, 1e-2, 1)] == [0, 0.25, 0.5, 1]
    assert [log_share(value, 1e-4, 1) for value in (1e-9, 1e9)] == [0, 1]


def test_equal_gradients_have_the_whole_share() -> None:
    """One gradient is its own largest: its node is drawn full, not pale."""
    assert log_share(0.5, 0.5, 0.5) == 1
    assert make_tint([0.5, None, 0.0, math.inf]).fill(0.5) == theme.ACCENT
