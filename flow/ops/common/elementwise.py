"""Operations that work on each cell alone: everything follows from one written derivative.

The derivative by each input is written once, as an expression. It is printed for the rule and
for the coefficients' names, and evaluated in float64 for the closed form. Where it depends on
conditions, it is a dict ``condition -> expression``; its last entry also covers NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from flow.arrays import to_array
from flow.ops.common.closed import MEAN, Backward, Gradients, NoClosedFormError, summed_to
from flow.ops.common.expressions import Value, Values, evaluate, replaced, symbols
from flow.ops.common.printing import BAR, latex, plain
from flow.ops.common.terms import COPY, Index, Proposal, Terms, broadcast
from flow.record import Array
from flow.said import said

Cases = str | Mapping[str, str]
"""An expression, or one for each condition."""
Take = Callable[[Tensor], Array]
"""Reads the cells that are needed from a saved tensor."""

SAVED = {"x": "self", "y": "result", "a": "self", "b": "other"}
"""Under which name torch saves what a letter stands for; others have their own name."""
SLOPE_ROUNDINGS = 8
"""A slope near 0 is the difference of numbers of size 1, each rounded."""
GUARD = 1e-11
"""Some second derivatives of torch's add 1e-12 to what they divide by."""


@dataclass(frozen=True, eq=False)
class Evaluated:
    """A derivative at some cells."""

    cases: tuple[tuple[str, str], ...]
    chosen: Index
    """Which case holds at each cell."""
    slopes: Array
    values: Values


@dataclass(frozen=True)
class Elementwise:
    """A function of single cells with its derivatives, as expressions."""

    function: Cases
    slopes: Mapping[str, Cases]
    """The derivative by each input, in the order of the node's inputs."""
    saved: Mapping[str, str] = field(default_factory=dict)
    """Name of the saved attribute of a letter, where ``SAVED`` does not say it; for a custom
    Function its position in ``saved_tensors``, such as ``"0"``."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations: letter -> expression. They are defined behind the formula."""
    missing: Mapping[str, float] = field(default_factory=dict)
    """What a setting is when the node has none."""
    loss: bool = False
    """Whether it is reduced by a mean, a sum or not at all."""

    def cases(self, letter: str) -> tuple[tuple[str, str], ...]:
        """Return the derivative by an input as pairs of condition and expression."""
        slope = self.slopes[letter]
        return (("", slope),) if isinstance(slope, str) else tuple(slope.items())

    @property
    def texts(self) -> tuple[str, ...]:
        """Every expression of a derivative."""
        return tuple(text for letter in self.slopes for _, text in self.cases(letter))

    @property
    def exact(self) -> bool:
        """Whether each derivative is 0, 1, -1 or alpha, so that forming it rounds nothing."""
        return set(self.texts) <= {"0", "1", "-1", "alpha", "-alpha"}

    def needed(self, *texts: str) -> frozenset[str]:
        """Return the letters that must be read, abbreviations resolved."""
        found: frozenset[str] = frozenset().union(*(symbols(text) for text in texts if text))
        short = (found & set(self.letters)) - set(self.saved)
        behind = self.needed(*(self.letters[letter] for letter in short)) if short else frozenset()
        return (found - short) | behind

    def read(self, node: Any, names: frozenset[str], take: Take) -> dict[str, Value]:
        """Return the values of letters and abbreviations; NoClosedFormError where one is gone."""
        values: dict[str, Value] = {name: self._value(node, name, take) for name in names}
        for letter, text in self.letters.items():
            if letter not in names and self.needed(text) <= names:
                values[letter] = evaluate(text, values)
        return values

    def _value(self, node: Any, name: str, take: Take) -> Value:
        attribute = self.saved.get(name) or SAVED.get(name, name)
        if attribute.isdigit():
            return take(node.saved_tensors[int(attribute)])
        value = getattr(node, f"_saved_{attribute}", None)
        value = self.missing.get(name) if value is None else value
        if isinstance(value, Tensor):
            return take(value)
        if value is None or isinstance(value, complex):
            raise NoClosedFormError(
                said(
                    "{kind} did not save a real {attribute}.",
                    kind=type(node).__name__,
                    attribute=attribute,
                )
            )
        return value if isinstance(value, str) else float(value)

    def at(self, node: Any, letter: str, take: Take) -> Evaluated:
        """Evaluate the derivative by one input."""
        cases = self.cases(letter)
        values = self.read(node, self.needed(*(text for case in cases for text in case)), take)
        slopes = [np.asarray(evaluate(text, values), np.float64) for _, text in cases]
        if len(cases) == 1:
            return Evaluated(cases, np.zeros((), np.int64), slopes[0], values)
        holds = [evaluate(condition, values) for condition, _ in cases[:-1]]
        chosen = np.select(holds, range(len(holds)), len(holds))
        return Evaluated(cases, chosen, np.choose(chosen, slopes), values)

    def closed_form(self, backward: Backward) -> Gradients:
        """Scale the upstream by each derivative, and undo broadcasting."""
        found: list[Array | None] = []
        for which, letter in enumerate(self.slopes):
            shape = backward.wants(which)
            if shape is None:
                found.append(None)
                continue
            slopes = self.at(backward.node, letter, backward.read).slopes
            if self.loss and backward.setting("reduction") == MEAN:
                slopes = slopes / slopes.size
            found.append(summed_to(backward.g * slopes, shape))
        return tuple(found)

    def names(self, terms: Terms) -> Proposal | None:
        """Name each coefficient by the case that holds, or by the expression with its value."""
        letter = tuple(self.slopes)[terms.which]
        reduction = getattr(terms.node, "_saved_reduction", 0) if self.loss else 0
        index = terms.below if reduction else terms.above
        try:
            found = self.at(terms.node, letter, lambda tensor: _taken(tensor, index))
        except NoClosedFormError:
            return None
        count = len(terms.cells)
        over = int(np.prod(terms.shape_below)) if reduction == MEAN else 1
        slopes = np.broadcast_to(found.slopes / over, count).astype(terms.coefficients.dtype)
        names: list[str] = []
        place = np.zeros(count, np.int64)
        chosen = np.broadcast_to(found.chosen, count)
        for number, case in enumerate(found.cases):
            mine = np.flatnonzero(chosen == number)
            distinct, inverse = np.unique(slopes[mine], return_inverse=True)
            place[mine] = inverse + len(names)
            write = self._writer(case, found.values, over)
            names += [write(value) for value in distinct.tolist()]
        allowed = np.maximum(SLOPE_ROUNDINGS * _unit(terms), GUARD * np.abs(slopes))
        return Proposal(tuple(names), place, slopes, allowed)

    def _writer(self, case: tuple[str, str], values: Values, over: int) -> Callable[[float], str]:
        """Return how a coefficient of one case is called, given its value."""
        condition, text = case
        ones = frozenset(
            name for name, value in values.items() if isinstance(value, float) and value == 1
        )
        shown = self._printed(text) if over == 1 else f"({self._printed(text)})/{over}"
        name, where = plain(shown, ones), plain(condition) if condition else ""
        needed = self.needed(text)
        if any(isinstance(values[letter], np.ndarray) for letter in needed):
            return lambda value: f"{name} = {value:.4g}"
        if not needed:
            if where:
                return lambda _: f"{name} ({where})"
            label = said("copy") if text == "1" else said("factor")
            return lambda _: said("{name} ({label})", name=name, label=label)
        return lambda value: _of_setting(name, where, value)

    def _printed(self, text: str) -> str:
        """Return an expression in its inputs: y is what the function makes of them."""
        if "y" in symbols(text) and "y" not in {*self.slopes, *self.letters}:
            return replaced(text, {"y": str(self.function)})
        return text

    @property
    def formula(self) -> str:
        """The rule in LaTeX."""
        if tuple(self.slopes) == ("x",):
            rule = rf"\bar{{x}} = \bar{{y}} \odot f'(x), \quad f'(x) = {self._set('x', str)}"
        else:
            times = self._times_loss if self.loss else self._times_upstream
            rule = r", \quad ".join(
                rf"\bar{{{letter}}} = {self._set(letter, times)}" for letter in self.slopes
            )
        used = frozenset().union(*(symbols(text) for text in self.texts))
        defined = "".join(
            rf", \quad {letter} = {latex(text)}"
            for letter, text in self.letters.items()
            if letter in used
        )
        mean = r", \quad c = \tfrac{1}{n} \text{ for a mean, else } 1" if self.loss else ""
        return rule + defined + mean

    def _set(self, letter: str, written: Callable[[str], str]) -> str:
        """Set the derivative by one input, each case behind its value."""
        rows = [(case, latex(written(self._printed(text)))) for case, text in self.cases(letter)]
        if len(rows) == 1:
            return rows[0][1]
        lines = r" \\ ".join(f"{value} & {latex(case)}" for case, value in rows)
        return rf"\begin{{cases}} {lines} \end{{cases}}"

    @staticmethod
    def _times_upstream(text: str) -> str:
        return _times(text, f"{BAR}y")

    @staticmethod
    def _times_loss(text: str) -> str:
        return _times(text, f"c*{BAR}L")


def _times(text: str, factor: str) -> str:
    """Multiply an expression, writing no 1."""
    short = {"0": "0", "1": factor, "-1": f"-{factor}"}
    return short.get(text, f"({text})*{factor}")


def _of_setting(name: str, where: str, value: float) -> str:
    """Name a coefficient that is a setting of the node, such as a slope."""
    if not where:
        return COPY if value == 1 else said("{number:g} (factor)", number=value)
    return f"{value:g} ({where})" if name == "1" else f"{value:g} ({name}, {where})"


def _taken(tensor: Tensor, index: tuple[Index, ...]) -> Array:
    """Return the cells of a tensor, which was broadcast, that some index reads, in float64."""
    if tensor.is_complex() or tensor.ndim > len(index):
        raise NoClosedFormError(said("These cells cannot be told from the saved tensor."))
    return np.asarray(to_array(tensor.detach())[broadcast(index, tensor.shape)], np.float64)


def _unit(terms: Terms) -> float:
    """Return the unit in the last place of the numbers that the node computed with."""
    kind = terms.node._input_metadata[0].dtype
    return float(torch.finfo(kind).eps) if kind.is_floating_point else 0.0
