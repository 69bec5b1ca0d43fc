"""A module's class and settings in a few characters: ``Conv2d`` and what its kernel is."""

from __future__ import annotations

import re

from viz.peak import TIMES

ARROW = "\N{RIGHTWARDS ARROW}"
PAIR = re.compile(r"^(\w+)=(.*)$", re.S)
LONGEST = 40
"""Characters that fit a box of the strip; the class alone is shown when more would come."""


def short_detail(kind: str, detail: str) -> str:
    """Shorten a module's class name and ``extra_repr()`` to what tells it apart.

    Kernels (``/2`` is a stride of 2), features, factors and rates are kept; a class without a
    rule is its own name.
    """
    values, named = _arguments(detail)
    setting = _setting(kind, values, named)
    name = named["mode"].capitalize() if kind.startswith("Upsampl") and "mode" in named else kind
    text = f"{name} {setting}".strip()
    return text if len(text) <= LONGEST else name


def _setting(kind: str, values: list[str], named: dict[str, str]) -> str:
    if kind.startswith("Upsampl"):
        return _resize(named)
    if "kernel_size" in named:
        return _kernel(kind, named)
    if "in_features" in named and "out_features" in named:
        return f"{named['in_features']}{ARROW}{named['out_features']}"
    if kind.startswith(("Embedding", "RNN", "LSTM", "GRU")) and len(values) > 1:
        return f"{values[0]}{ARROW}{values[1]}"
    if kind.startswith("Adaptive") and "output_size" in named:
        return ARROW + _size(named["output_size"], kind)
    if "Norm" in kind and values:
        return _size(values[0], "")
    for key in ("p", "negative_slope", "dim", "alpha"):
        if key in named:
            return named[key] if key == "p" else f"{key.replace('_', ' ')} {named[key]}"
    return ""


def _kernel(kind: str, named: dict[str, str]) -> str:
    kernel = _size(named["kernel_size"], kind)
    stride = _size(named.get("stride", "1"), kind)
    usual = kernel if "Pool" in kind else _size("1", kind)
    return kernel if stride == usual else f"{kernel} /{_even(stride)}"


def _resize(named: dict[str, str]) -> str:
    if "scale_factor" in named:
        factors = [f"{float(factor):g}" for factor in _numbers(named["scale_factor"])]
        return TIMES + TIMES.join(factors)
    return ARROW + TIMES.join(_numbers(named.get("size", "")))


def _size(value: str, kind: str) -> str:
    """Write ``(3, 3)`` or, for a 2d class, ``3`` with multiplication signs."""
    sizes = re.findall(r"\w+", value)
    dimensions = re.search(r"(\d)d$", kind)
    if len(sizes) == 1 and dimensions:
        sizes *= int(dimensions[1])
    return TIMES.join(sizes)


def _even(size: str) -> str:
    """Write a size that is the same along all axes once."""
    parts = set(size.split(TIMES))
    return parts.pop() if len(parts) == 1 else size


def _numbers(value: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", value)


def _arguments(detail: str) -> tuple[list[str], dict[str, str]]:
    """Split an ``extra_repr()`` at its outer commas into values and named values."""
    parts = [part.strip() for part in re.split(r",(?![^(\[]*[)\]])", detail) if part.strip()]
    pairs = [(part, PAIR.match(part)) for part in parts]
    named = {pair[1]: pair[2].strip("'\"") for _, pair in pairs if pair}
    return [part for part, pair in pairs if not pair], named
