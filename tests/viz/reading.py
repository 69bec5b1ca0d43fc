"""Reads what a browser is sent, as ``viz.maps.packet`` lays it out, and draws from it."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
NOWHERE = 2**32 - 1
KINDS = {"float32", "float64", "int8", "uint8", "uint16", "uint32"}


def read(packet: bytes) -> Any:
    """Return the header, with arrays in the places where it names them."""
    (length,) = struct.unpack_from("<I", packet)
    start = -(-(4 + length) // 8) * 8

    def taken(found: dict[str, Any]) -> Any:
        if found.get("type") not in KINDS:
            return found
        return np.frombuffer(packet, found["type"], found["count"], start + found["offset"])

    return json.loads(packet[4 : 4 + length], object_hook=taken)


def tiling_of(each: dict[str, Any], channel: int | None) -> dict[str, Any]:
    """Return how a map is laid out."""
    picked = channel is not None and channel < each["channels"]
    return each["one" if picked else "all"]  # type: ignore[no-any-return]


def start_of(each: dict[str, Any], sample: int, channel: int | None) -> int:
    """Return the first cell that is drawn, as a browser finds it."""
    at = sample if sample < each["samples"] else 0
    picked = channel if channel is not None and channel < each["channels"] else 0
    return int(at * each["strides"][0] + picked * each["strides"][1])


def drawn(each: dict[str, Any], sample: int, channel: int | None) -> Array:
    """Return the cells that a browser draws of a map."""
    start = start_of(each, sample, channel)
    values: Array = each["values"]
    return values[start : start + tiling_of(each, channel)["count"]]


def sums(
    links: list[dict[str, Any]], maps: dict[str, dict[str, Any]], sample: int, channel: int | None
) -> dict[str, dict[int, list[float]]]:
    """Return the terms by the key of the map and the place of the cell among those drawn."""
    found: dict[str, dict[int, list[float]]] = {}
    for link in links:
        if link["large"] or not link["adds"]:
            continue
        to = maps.get(link["to"])
        seen = np.zeros(0) if to is None else drawn(to, sample, channel)
        summed = np.concatenate([seen, link["hidden_values"], [1.0]]).astype(np.float64)
        slots = np.where(link["places"] == NOWHERE, len(summed) - 1, link["places"])
        factors = np.ones(1) if link["function"] else summed[slots]
        terms = np.append(link["coefficients"].astype(np.float64) * factors, 0)
        for row, cell in enumerate(link["cells"].tolist()):
            span = slice(link["offsets"][row], link["offsets"][row + 1])
            found.setdefault(link["from"], {}).setdefault(cell, []).extend(terms[span].tolist())
    return found
