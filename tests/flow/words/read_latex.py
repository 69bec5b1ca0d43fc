"""Read a printed formula back and compute it: an oracle for what a reader sees."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

import numpy as np
import torch

Values = Mapping[str, float | str]

FUNCTIONS: dict[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in ("log", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{name: getattr(math, name) for name in ("floor", "trunc", "erf")},
    "sigma": lambda x: 1 / (1 + math.exp(-x)),
    "Phi": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
    "varphi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "erfinv": lambda x: float(torch.erfinv(torch.tensor(x, dtype=torch.float64))),
    "digamma": lambda x: float(torch.digamma(torch.tensor(x, dtype=torch.float64))),
    "trigamma": lambda x: float(torch.polygamma(1, torch.tensor(x, dtype=torch.float64))),
    "I_1": lambda x: float(torch.special.i1(torch.tensor(x, dtype=torch.float64))),
}
SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": np.less,
    ">": np.greater,
    r"\le": np.less_equal,
    r"\ge": np.greater_equal,
    "=": lambda a, b: a == b,
    r"\ne": lambda a, b: a != b,
}
TOKEN = re.compile(
    r"\\(?:text|operatorname|bar|mathrm)\{[^{}]*\}|\\[A-Za-z]+|\\.|\d+\.?\d*|[A-Za-z](?:_\d)?|\S"
)
CLOSING = {")", "}", "&", r"\\", r"\end", r"\quad", ",", *SIGNS}


class Reader:
    """Computes one expression, part by part."""

    def __init__(self, text: str, values: Values) -> None:
        cleaned = text.replace(r"\left", "").replace(r"\right", "").replace(r"\,", " ")
        self.tokens = TOKEN.findall(cleaned)
        self.values = values
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ")"

    def take(self, wanted: str = "") -> str:
        found = self.next
        assert not wanted or found == wanted, f"{wanted} expected, {found} at {self.at}"
        self.at += 1
        return found

    def sum(self) -> float | str:
        if self.next == r"\begin":
            return self.cases()
        total = self.product()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            total = float(total) + sign * float(self.product())
        return total

    def product(self) -> float | str:
        if self.next == "-":
            self.take()
            return -float(self.product())
        found = self.power()
        while self.next not in CLOSING | {"+", "-", "|"} and not self.next.startswith(r"\text{ "):
            if self.next == r"\cdot":
                self.take()
            found = float(found) * float(self.power())
        return found

    def power(self) -> float | str:
        base = self.atom()
        if self.next == "^":
            self.take()
            base = math.pow(float(base), float(self.group()))
        return base

    def group(self, opening: str = "{", closing: str = "}") -> float | str:
        self.take(opening)
        found = self.sum()
        self.take(closing)
        return found

    def atom(self) -> float | str:
        part = self.next
        if part in ("(", "|"):
            found = self.group(part, ")" if part == "(" else "|")
            return abs(float(found)) if part == "|" else found
        self.take()
        if part == r"\frac":
            top = float(self.group())
            return top / float(self.group())
        if part == r"\sqrt":
            return math.sqrt(float(self.group()))
        if part == "e":
            self.take("^")
            return math.exp(float(self.group()))
        name = re.sub(r"^\\(?:text|operatorname|mathrm)\{(.*)\}$|^\\", r"\1", part)
        if self.next == "(" and name in FUNCTIONS:
            return FUNCTIONS[name](float(self.group("(", ")")))
        if part[0].isdigit():
            return float(part)
        return (
            {"pi": math.pi, "infty": math.inf}[name]
            if name in ("pi", "infty")
            else self.value(name)
        )

    def value(self, name: str) -> float | str:
        return self.values.get(name, name)

    def cases(self) -> float | str:
        """Return the row whose condition holds; exactly one must."""
        self.take()
        self.group_of_letters()
        rows = []
        while True:
            begin = self.at
            depth = self.skip_to("&")
            assert depth == 0
            middle = self.at
            self.take("&")
            holds = self.condition()
            after = self.at
            if holds:
                self.at = begin
                rows.append(self.sum())
                assert self.at == middle
                self.at = after
            if self.take() == r"\end":
                self.group_of_letters()
                break
        (found,) = rows
        return found

    def group_of_letters(self) -> None:
        while self.take() != "}":
            pass

    def skip_to(self, part: str) -> int:
        while self.next != part:
            self.take()
        return 0

    def condition(self) -> bool:
        found = self.comparison()
        while self.next.startswith(r"\text{ "):
            word = self.take()
            other = self.comparison()
            found = (found and other) if "and" in word else (found or other)
        return found

    def comparison(self) -> bool:
        left, found = self.sum(), True
        while self.next in SIGNS:
            sign = self.take()
            right = self.sum()
            found, left = found and bool(SIGNS[sign](left, right)), right  # type: ignore[arg-type]
        return found


def computed(formula: str, values: Values) -> dict[str, float]:
    """Return every gradient that a formula defines, by its letter, for an upstream of 1."""
    known: dict[str, float | str] = {"bar{y}": 1.0, "bar{L}": 1.0, **values}
    parts = [part.partition(" = ") for part in formula.split(r", \quad ")]
    found: dict[str, float] = {}
    for name, _, text in reversed(parts):  # abbreviations stand behind what uses them
        if name.startswith(r"\bar") and "f'(x)" in text:
            found["x"] = float(known["f'(x)"])
        elif name.startswith(r"\bar"):
            found[name.removeprefix(r"\bar{").removesuffix("}")] = float(Reader(text, known).sum())
        elif name not in known:
            known[name] = Reader(text, known).sum()
    return found
