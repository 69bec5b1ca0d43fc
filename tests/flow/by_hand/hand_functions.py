"""Mathematical functions at a point, counted by hand."""

from __future__ import annotations

import math

import torch

from tests.flow.by_hand.hand import BELL, LN2, LN3, LN10, Hand, one, stairs

FUNCTIONS: dict[str, Hand] = {
    "ExpBackward0": one("exp(x)|own value", torch.exp, LN3, 3, "exp(x) = 3"),
    "Exp2Backward0": one("own value|log(2)", torch.exp2, 3, 8 * LN2, "2^x log(2) = 5.545"),
    "Expm1Backward0": one("exp(x)|plus 1", torch.expm1, LN3, 3, "y + 1 = 3"),
    "LogBackward0": one("divided by its x.", torch.log, 4, 0.25, "1/x = 0.25"),
    "Log2Backward0": one("its x|log(2)", torch.log2, 4, 0.25 / LN2, "1/(x log(2)) = 0.3607"),
    "Log10Backward0": one("its x|log(10)", torch.log10, 4, 0.25 / LN10, "1/(x log(10)) = 0.1086"),
    "Log1PBackward0": one("divided by 1 + x", torch.log1p, 4, 0.2, "1/(1 + x) = 0.2"),
    "PowBackward0": one("p times x|power of p - 1", lambda x: x**3, 2, 12, "p x^(p - 1) = 12", p=3),
    "SqrtBackward0": one("twice its root", torch.sqrt, 9, 1 / 6, "1/(2 sqrt(x)) = 0.1667"),
    "RsqrtBackward0": one("1 / sqrt(x)|negative", torch.rsqrt, 0.25, -4, "-y^3/2 = -4"),
    "ReciprocalBackward0": one(
        "minus the square of 1 / x", torch.reciprocal, 4, -0.0625, "-(1/x)^2 = -0.0625"
    ),
    "SinBackward0": one("by cos(x)", torch.sin, math.pi / 3, 0.5, "cos(x) = 0.5"),
    "CosBackward0": one("by -sin(x)", torch.cos, math.pi / 6, -0.5, "-sin(x) = -0.5"),
    "TanBackward0": one("1 + tan(x)^2", torch.tan, math.pi / 4, 2, "1 + tan(x)^2 = 2"),
    "AsinBackward0": one("asin|steep", torch.asin, 0.6, 1.25, "1/sqrt(1 - x^2) = 1.25"),
    "AcosBackward0": one("acos|negative", torch.acos, 0.6, -1.25, "-1/sqrt(1 - x^2) = -1.25"),
    "AtanBackward0": one("divided by 1 + x^2", torch.atan, 3, 0.1, "1/(1 + x^2) = 0.1"),
    "SinhBackward0": one("by cosh(x)", torch.sinh, LN2, 1.25, "cosh(x) = 1.25"),
    "CoshBackward0": one("by sinh(x)", torch.cosh, LN2, 0.75, "sinh(x) = 0.75"),
    "AsinhBackward0": one("root of x^2 + 1", torch.asinh, 0.75, 0.8, "1/sqrt(x^2 + 1) = 0.8"),
    "AcoshBackward0": one("root of x^2 - 1", torch.acosh, 1.25, 4 / 3, "1/sqrt(x^2 - 1) = 1.333"),
    "AtanhBackward0": one("divided by 1 - x^2", torch.atanh, 0.6, 1.5625, "1/(1 - x^2) = 1.562"),
    "Deg2RadBackward0": one(
        "Degrees became radians|pi/180", torch.deg2rad, 90, math.pi / 180, "pi/180 (factor)"
    ),
    "Rad2DegBackward0": one(
        "Radians became degrees|180/pi", torch.rad2deg, 1, 180 / math.pi, "180/pi (factor)"
    ),
    "SincBackward0": one(
        "sin(pi x) / (pi x)|at x = 0",
        torch.sinc,
        0.5,
        -4 / math.pi,
        "(pi x cos(pi x) - sin(pi x))/(pi x^2) = -1.273",
    ),
    "ErfBackward0": one(
        "bell curve, 2/sqrt(pi) exp(-x^2)", torch.erf, 0.5, BELL, "2/sqrt(pi) exp(-x^2) = 0.8788"
    ),
    "ErfcBackward0": one(
        "upside down|erfc falls", torch.erfc, 0.5, -BELL, "-2/sqrt(pi) exp(-x^2) = -0.8788"
    ),
    "ErfinvBackward0": one(
        "one over the bell curve at erfinv(x)",
        torch.erfinv,
        math.erf(0.5),
        1 / BELL,
        "sqrt(pi)/2 exp(erfinv(x)^2) = 1.138",
    ),
    "LgammaBackward0": one(
        "digamma(x)|log-gamma", torch.lgamma, 1, -0.5772156649015329, "digamma(x) = -0.5772"
    ),
    "DigammaBackward0": one(
        "trigamma(x)|slope of digamma", torch.digamma, 1, math.pi**2 / 6, "trigamma(x) = 1.645"
    ),
    "SpecialEntrBackward0": one(
        "minus its logarithm|and 1", torch.special.entr, 3, -LN3 - 1, "-log(x) - 1 = -2.099"
    ),
    "I0Backward0": one("Bessel|I_1(x)", torch.i0, 1, 0.5651591039924851, "i1(x) = 0.5652"),
    "LogitBackward0": one(
        "x (1 - x)|clamped to eps",
        lambda x: torch.logit(x, 0.1),
        0.8,
        6.25,
        "1/(x (1 - x)) = 6.25",
        eps=0.1,
        off=0.05,
    ),
    "AbsBackward0": one("keeps its sign|changes it", torch.abs, -3, -1, "-1 (x < 0)", off=0),
    "NegBackward0": one("gradient changes its sign.", torch.neg, 2, -1, "-1 (factor)"),
    **{
        f"{name.title()}Backward0": stairs(name)
        for name in ("round", "sign", "floor", "ceil", "trunc")
    },
    "FracBackward0": one("cut off is constant|unchanged", torch.frac, 2.25, 1, "1 (copy)"),
    "ClampBackward1": one(
        "between the two bounds, at them too",
        lambda x: x.clamp(0.5, 2),
        0.5,
        1,
        "1 (low <= x <= high)",
        low=0.5,
        high=2,
        off=2.5,
    ),
    "ClampMinBackward0": one(
        "reaches the lower bound",
        lambda x: x.clamp_min(0.5),
        0.5,
        1,
        "1 (x >= low)",
        low=0.5,
        off=0.25,
    ),
    "ClampMaxBackward0": one(
        "does not exceed the upper bound",
        lambda x: x.clamp_max(0.5),
        0.5,
        1,
        "1 (x <= high)",
        high=0.5,
        off=0.75,
    ),
    "NanToNumBackward0": one(
        "Finite cells pass|replaced",
        torch.nan_to_num,
        5,
        1,
        "1 (-infinity < x < infinity)",
        off=float("inf"),
    ),
}
