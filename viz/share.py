"""Links that are handed out: data of the ``share`` component, with a code that a phone can scan."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import segno

from viz.language import Say, english

MAX_CODE = 700
"""Bytes of a link that a code is made for: of more its dots are too small to scan from a seat."""
QUIET = 4
"""Dots of white around a code, without which a camera does not find it."""
SHARE_WORDS: Mapping[str, str] = {
    "choice": english("Which link"),
    "link": english("The link"),
    "copy": english("Copy the link"),
    "copied": english("Copied"),
    "selected": english("Not copied: it is selected now, copy it with Ctrl+C or ⌘C"),
    "code": english("QR code of the link"),
}
"""What the browser says around a link."""


@dataclass(frozen=True)
class Offer:
    """A link that is offered."""

    label: str
    about: str
    """What whoever opens it finds."""
    address: str


def share_data(offers: Iterable[Offer], say: Say) -> dict[str, Any]:
    """Return the data of the ``share`` component, ready for JSON; the first is shown first."""
    return {
        "offers": [
            {
                "label": each.label,
                "about": each.about,
                "address": each.address,
                "code": code(each.address),
                "note": note(each.address, say),
            }
            for each in offers
        ]
    }


def code(address: str) -> str:
    """Return a QR code as the address of a picture, dark on white; empty where it is too long."""
    if len(address.encode()) > MAX_CODE:
        return ""
    made = segno.make(address, error="l", micro=False)
    return str(made.svg_data_uri(border=QUIET, dark="#000", light="#fff"))


def note(address: str, say: Say) -> str:
    """Say why there is no code, or why a phone that scans it finds nothing; mostly empty."""
    size = len(address.encode())
    if size > MAX_CODE:
        sentence = say(
            "This link has {size:,} characters. Only up to {most} fit into a code whose dots a "
            "camera can tell apart from a seat. Cells changed by hand, a picture and a network of "
            "your own take the most."
        )
        return sentence.format(size=size, most=MAX_CODE)
    if not is_of_this_machine(address):
        return ""
    sentence = say(
        "Phones cannot open this link: {host} is, on each of them, the phone itself. Start the "
        "server with make run HOST=0.0.0.0 and open this page by the address that your computer "
        "has in the network, such as http://192.168.0.10:8501."
    )
    return sentence.format(host=_host(address))


def is_of_this_machine(address: str) -> bool:
    """Whether an address leads only from a machine to itself."""
    host = _host(address)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def _host(address: str) -> str:
    """Return the host that an address names, in small letters; empty where it names none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
