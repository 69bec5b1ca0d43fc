"""Expressions written for a reader: in plain characters, and in LaTeX as KaTeX reads it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from flow.ops.common.expressions import ATOM, FUNCTIONS, POWER, PRODUCT, SUM, parsed

GREEK = frozenset({"alpha", "beta", "delta", "lambda", "pi"})
SPELLED = {"lambd": "lambda", "inf": "infinity", "sixth": "1/6"}
"""Names that Python or torch spell in another way than a reader does."""
BAR = "bar_"
"""Begins the name of a gradient, which is written with a bar."""
_SIGNS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<"),
    ast.LtE: ("<=", r"\le"),
    ast.Gt: (">", ">"),
    ast.GtE: (">=", r"\ge"),
    ast.Eq: ("=", "="),
    ast.NotEq: ("!=", r"\ne"),
}
"""How a comparison is written, plainly and in LaTeX."""


def plain(text: str, ones: frozenset[str] = frozenset()) -> str:
    """Write an expression in plain characters, leaving out settings that are 1."""
    return _Plain(ones).text(parsed(text))


def latex(text: str) -> str:
    """Write an expression as KaTeX reads it."""
    return _Latex(frozenset()).text(parsed(text))


@dataclass(frozen=True)
class _Plain:
    """Prints an expression in plain characters."""

    ones: frozenset[str]
    """Settings that are 1 and so need not be written as factors."""
    times = " "
    style = 0

    def text(self, node: ast.expr, level: int = SUM) -> str:
        """Write a part, in brackets where it would fall apart."""
        written, own = self.written(node)
        return written if own >= level else self.bracketed(written)

    def written(self, node: ast.expr) -> tuple[str, int]:
        """Write a part and say how tightly it holds together."""
        match node:
            case ast.Constant(value=value):
                return self.constant(value), ATOM
            case ast.Name(id=name):
                return ("1" if name in self.ones else self.symbol(name)), ATOM
            case ast.UnaryOp(operand=operand):
                return f"-{self.text(operand, PRODUCT)}", SUM
            case ast.BinOp(op=ast.Add() | ast.Sub() as op, left=left, right=right):
                sign = "+" if isinstance(op, ast.Add) else "-"
                return f"{self.text(left)} {sign} {self.text(right, PRODUCT)}", SUM
            case ast.BinOp():
                return self.scaled(node)
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                return self.call(name, argument), FUNCTIONS[name].level
        return self.condition(node), SUM

    def scaled(self, node: ast.BinOp) -> tuple[str, int]:
        """Write a product, a quotient or a power."""
        left, right = node.left, node.right
        if isinstance(node.op, ast.FloorDiv):
            return self.call("floor", ast.BinOp(left, ast.Div(), right)), ATOM
        if isinstance(node.op, ast.Pow):
            return self.power(left, right), POWER
        if self.is_one(right):
            return ("1", ATOM) if self.is_one(left) else self.written(left)
        if isinstance(node.op, ast.Div):
            return self.quotient(left, right), PRODUCT
        if self.is_one(left):
            return self.written(right)
        return f"{self.text(left, PRODUCT)}{self.times}{self.text(right, PRODUCT)}", PRODUCT

    def is_one(self, node: ast.expr) -> bool:
        """Whether a factor is a setting that is 1, or a product of such."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            return self.is_one(node.left) and self.is_one(node.right)
        return isinstance(node, ast.Name) and node.id in self.ones

    def condition(self, node: ast.expr) -> str:
        """Write a comparison, or several joined by words."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=sides):
                signs = [_SIGNS[type(op)][self.style] for op in ops]
                rest = [
                    f"{sign} {self.text(side)}" for sign, side in zip(signs, sides, strict=True)
                ]
                return " ".join([self.text(left), *rest])
            case ast.BoolOp(op=op, values=parts):
                word = "and" if isinstance(op, ast.And) else "or"
                return self.joined(word, [self.condition(part) for part in parts])
        raise ValueError(f"{ast.unparse(node)!r} is no expression that can be printed.")

    def bracketed(self, written: str) -> str:
        return f"({written})"

    def joined(self, word: str, parts: list[str]) -> str:
        return f" {word} ".join(parts)

    def constant(self, value: Any) -> str:
        return str(value)

    def symbol(self, name: str) -> str:
        return SPELLED.get(name, name)

    def power(self, base: ast.expr, exponent: ast.expr) -> str:
        return f"{self.text(base, ATOM)}^{self.text(exponent, ATOM)}"

    def quotient(self, top: ast.expr, bottom: ast.expr) -> str:
        return f"{self.text(top, PRODUCT)}/{self.text(bottom, POWER)}"

    def call(self, name: str, argument: ast.expr) -> str:
        return (FUNCTIONS[name].plain or f"{name}({{}})").replace("{}", self.text(argument))


@dataclass(frozen=True)
class _Latex(_Plain):
    """Prints an expression for KaTeX."""

    times = r"\,"
    style = 1

    def bracketed(self, written: str) -> str:
        return rf"\left({written}\right)" if r"\frac" in written else f"({written})"

    def joined(self, word: str, parts: list[str]) -> str:
        return rf" \text{{ {word} }} ".join(parts)

    def constant(self, value: Any) -> str:
        if isinstance(value, str):
            return rf"\mathrm{{{value}}}"
        digits, _, exponent = str(value).partition("e")
        factor = "" if digits == "1" else rf"{digits} \cdot "
        return f"{factor}10^{{{int(exponent)}}}" if exponent else digits

    def symbol(self, name: str) -> str:
        if name in {"inf", "sixth"}:
            return {"inf": r"\infty", "sixth": r"\frac{1}{6}"}[name]
        if name.startswith(BAR):
            return rf"\bar{{{name.removeprefix(BAR)}}}"
        name = SPELLED.get(name, name)
        if name in GREEK:
            return rf"\{name}"
        return name if len(name) == 1 else rf"\mathrm{{{name}}}"

    def power(self, base: ast.expr, exponent: ast.expr) -> str:
        return f"{self.text(base, ATOM)}^{{{self.text(exponent)}}}"

    def quotient(self, top: ast.expr, bottom: ast.expr) -> str:
        return rf"\frac{{{self.text(top)}}}{{{self.text(bottom)}}}"

    def call(self, name: str, argument: ast.expr) -> str:
        written = self.text(argument)
        template = FUNCTIONS[name].latex
        if r"\frac" in written and template.endswith("({})"):
            template = template.replace("({})", r"\left({}\right)")
        return template.replace("{}", written)
