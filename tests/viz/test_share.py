"""Links that are handed out: what their codes say, when there is none, and who can open them."""

from __future__ import annotations

import re
from urllib.parse import unquote

import numpy as np
import pytest

from tests.viz.qr import Dots, decoded
from viz.language import english
from viz.share import MAX_CODE, QUIET, Offer, code, is_of_this_machine, note, share_data

LINK = "http://192.168.0.10:8501/nearest_upsampling?v=2&step=predict&seed=3"
LINE = re.compile(r"([Mm])(-?[\d.]+) (-?[\d.]+)|h(\d+)")


def drawn(picture: str) -> Dots:
    """Lay the strokes of the picture onto a grid, the white around them included."""
    svg = unquote(picture.removeprefix("data:image/svg+xml;charset=utf-8,"))
    found = re.search(r"width='(\d+)' height='\1'", svg)
    assert found
    size = int(found[1])
    paper, path = re.findall(r"<path ([^>]+)/>", svg)
    assert "fill='#fff'" in paper
    assert f"d='M0 0h{size}v{size}h-{size}z'" in paper
    assert "stroke='#000'" in path
    dots = np.zeros((size, size), dtype=bool)
    x, y = 0.0, 0.0
    strokes = re.search(r"d='([^']+)'", path)
    assert strokes
    for kind, across, down, length in LINE.findall(strokes[1]):
        if length:
            dots[int(y), int(x) : int(x) + int(length)] = True
            x += int(length)
        else:
            x = float(across) + (x if kind == "m" else 0)
            y = float(down) + (y if kind == "m" else 0)
    return dots


@pytest.mark.parametrize(
    "link",
    [
        "http://a.b/",
        LINK,
        f"{LINK}&scale=1.5&size=3&flat=1",
        "https://backlight.example.org/?v=2&model=lenet&seed=4294967295&sgd=0.1%2C3",
        "x" * MAX_CODE,
    ],
)
def test_a_code_says_the_link_and_has_white_around_it(link: str) -> None:
    dots = drawn(code(link))
    assert not np.concatenate([dots[:QUIET], dots[-QUIET:]]).any()
    assert not np.concatenate([dots[:, :QUIET], dots[:, -QUIET:]]).any()
    assert decoded(dots[QUIET:-QUIET, QUIET:-QUIET]) == link


def test_of_too_long_a_link_there_is_no_code_but_a_sentence() -> None:
    assert code("x" * (MAX_CODE + 1)) == ""
    assert code("ü" * (MAX_CODE // 2 + 1)) == ""  # bytes count
    sentence = note("http://a.b/" + "x" * 1000, english)
    assert sentence.startswith("This link has 1,011 characters. Only up to 700 fit into a code")
    assert note(LINK, english) == ""


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("http://127.0.0.1:8501/", True),
        ("http://127.9.9.9/", True),
        ("http://localhost:8501/x", True),
        ("http://LOCALHOST/", True),
        ("http://my.localhost/", True),
        ("http://[::1]:8501/", True),
        ("http://0.0.0.0:8501/", True),
        ("http://[::]/", True),
        (LINK, False),
        ("http://10.0.0.1/", False),
        ("http://localhost.example.org/", False),
        ("https://backlight.example.org/", False),
        ("http://[2001:db8::1]/", False),
        ("", False),
        ("?v=2", False),
        ("http://[bad", False),
    ],
)
def test_an_address_of_the_machine_itself_is_told(address: str, alone: bool) -> None:
    assert is_of_this_machine(address) == alone
    sentence = note(address, english)
    assert ("make run HOST=0.0.0.0" in sentence) == alone
    assert sentence.startswith("Phones cannot open this link: ") == alone


def test_what_is_offered_is_told_in_order_and_as_plain_text() -> None:
    hostile = 'http://<img src=x onerror="alert(1)">/?a=</script>'
    data = share_data([Offer("A", "about a", LINK), Offer("B", "about b", hostile)], english)
    assert [(each["label"], each["address"]) for each in data["offers"]] == [
        ("A", LINK),
        ("B", hostile),
    ]
    assert all("<img" not in each["code"] for each in data["offers"])
    assert decoded(drawn(data["offers"][1]["code"])[QUIET:-QUIET, QUIET:-QUIET]) == hostile
