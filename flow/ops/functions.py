"""Mathematical functions of single cells: exponentials, roots, angles, staircases, clamps."""

from __future__ import annotations

from flow.ops.common.operation import Operation, pointwise
from flow.said import said


def _stairs(name: str, function: str) -> Operation:
    return pointwise(
        f"The function {name} is a staircase: its derivative is 0, so nothing is handed on.",
        function,
        "0",
        zero=said("The derivative of {name} is 0 everywhere, so nothing is handed on.", name=name),
    )


_CLAMPED = said("x is not within the bounds in this cell, so nothing is handed on.")

OPS: dict[str, Operation] = {
    # exponentials and logarithms
    "ExpBackward0": pointwise(
        "Each cell is scaled by exp(x), the function's own value.", "exp(x)", "y"
    ),
    "Exp2Backward0": pointwise(
        "Each cell is scaled by the function's own value times log(2).", "2**x", "y*log(2)"
    ),
    "Expm1Backward0": pointwise(
        "Each cell is scaled by exp(x), which is the function's value plus 1.",
        "exp(x) - 1",
        "y + 1",
        letters={"y": "exp(x) - 1"},
        saved={"y": "result"},
    ),
    "LogBackward0": pointwise("Each cell is divided by its x.", "log(x)", "1/x"),
    "Log2Backward0": pointwise(
        "Each cell is divided by its x and by log(2).", "log(x)/log(2)", "1/(x*log(2))"
    ),
    "Log10Backward0": pointwise(
        "Each cell is divided by its x and by log(10).", "log(x)/log(10)", "1/(x*log(10))"
    ),
    "Log1PBackward0": pointwise("Each cell is divided by 1 + x.", "log(1 + x)", "1/(1 + x)"),
    # powers and roots
    "PowBackward0": pointwise(
        "Each cell is scaled by p times x to the power of p - 1.",
        "x**p",
        {"p == 0": "0", "p != 0": "p*x**(p - 1)"},
        saved={"p": "exponent"},
    ),
    "SqrtBackward0": pointwise("Each cell is divided by twice its root.", "sqrt(x)", "1/(2*y)"),
    "RsqrtBackward0": pointwise(
        "Each cell is scaled by the slope of 1 / sqrt(x), which is negative.",
        "1/sqrt(x)",
        "-y**3/2",
        letters={"y": "1/sqrt(x)"},
        saved={"y": "result"},
    ),
    "ReciprocalBackward0": pointwise(
        "Each cell is scaled by minus the square of 1 / x.", "1/x", "-y**2"
    ),
    # angles
    "SinBackward0": pointwise("Each cell is scaled by cos(x).", "sin(x)", "cos(x)"),
    "CosBackward0": pointwise("Each cell is scaled by -sin(x).", "cos(x)", "-sin(x)"),
    "TanBackward0": pointwise("Each cell is scaled by 1 + tan(x)^2.", "tan(x)", "1 + y**2"),
    "AsinBackward0": pointwise(
        "Each cell is scaled by the slope of asin, which is steep near -1 and 1.",
        "asin(x)",
        "1/sqrt(1 - x**2)",
    ),
    "AcosBackward0": pointwise(
        "Each cell is scaled by the slope of acos, which is negative and steep near -1 and 1.",
        "acos(x)",
        "-1/sqrt(1 - x**2)",
    ),
    "AtanBackward0": pointwise(
        "Each cell is divided by 1 + x^2, the further out the more.", "atan(x)", "1/(1 + x**2)"
    ),
    "SinhBackward0": pointwise("Each cell is scaled by cosh(x).", "sinh(x)", "cosh(x)"),
    "CoshBackward0": pointwise("Each cell is scaled by sinh(x).", "cosh(x)", "sinh(x)"),
    "AsinhBackward0": pointwise(
        "Each cell is divided by the root of x^2 + 1.", "asinh(x)", "1/sqrt(x**2 + 1)"
    ),
    "AcoshBackward0": pointwise(
        "Each cell is divided by the root of x^2 - 1.", "acosh(x)", "1/sqrt(x**2 - 1)"
    ),
    "AtanhBackward0": pointwise("Each cell is divided by 1 - x^2.", "atanh(x)", "1/(1 - x**2)"),
    "Deg2RadBackward0": pointwise(
        "Degrees became radians: the gradient is scaled by the same pi/180.", "x*pi/180", "pi/180"
    ),
    "Rad2DegBackward0": pointwise(
        "Radians became degrees: the gradient is scaled by the same 180/pi.", "x*180/pi", "180/pi"
    ),
    "SincBackward0": pointwise(
        "Each cell is scaled by the slope of sin(pi x) / (pi x), which is 0 at x = 0.",
        {"x == 0": "1", "x != 0": "sin(pi*x)/(pi*x)"},
        {"x == 0": "0", "x != 0": "(pi*x*cos(pi*x) - sin(pi*x))/(pi*x**2)"},
    ),
    # the normal distribution and the gamma function
    "ErfBackward0": pointwise(
        "Each cell is scaled by a bell curve, 2/sqrt(pi) exp(-x^2).",
        "erf(x)",
        "2/sqrt(pi)*exp(-x**2)",
    ),
    "ErfcBackward0": pointwise(
        "Each cell is scaled by a bell curve turned upside down, since erfc falls where erf rises.",
        "erfc(x)",
        "-2/sqrt(pi)*exp(-x**2)",
    ),
    "ErfinvBackward0": pointwise(
        "Each cell is scaled by one over the bell curve at erfinv(x).",
        "erfinv(x)",
        "sqrt(pi)/2*exp(erfinv(x)**2)",
    ),
    "LgammaBackward0": pointwise(
        "Each cell is scaled by digamma(x), the slope of log-gamma.", "lgamma(x)", "digamma(x)"
    ),
    "DigammaBackward0": pointwise(
        "Each cell is scaled by trigamma(x), the slope of digamma.", "digamma(x)", "trigamma(x)"
    ),
    "SpecialEntrBackward0": pointwise(
        "Each cell is scaled by minus its logarithm and 1.", "-x*log(x)", "-log(x) - 1"
    ),
    "I0Backward0": pointwise(
        "Each cell is scaled by the next Bessel function, I_1(x).", "i0(x)", "i1(x)"
    ),
    "LogitBackward0": pointwise(
        "Each cell is divided by x (1 - x); where x was clamped to eps or 1 - eps, nothing passes.",
        {
            "x < eps": "log(eps/(1 - eps))",
            "x > 1 - eps": "log((1 - eps)/eps)",
            "eps <= x <= 1 - eps": "log(x/(1 - x))",
        },
        {"x < eps or x > 1 - eps": "0", "eps <= x <= 1 - eps": "1/(x*(1 - x))"},
        missing={"eps": float("-inf")},
        zero=said("x was clamped in this cell, so nothing is handed on."),
    ),
    # signs and staircases
    "AbsBackward0": pointwise(
        "The gradient keeps its sign where x is positive and changes it where x is negative.",
        "abs(x)",
        {"x > 0": "1", "x < 0": "-1", "x == 0": "0"},
        zero=said("x is 0 in this cell, where the slope of |x| is taken to be 0."),
    ),
    "NegBackward0": pointwise("The gradient changes its sign.", "-x", "-1"),
    "RoundBackward0": _stairs("round", "round(x)"),
    "SignBackward0": _stairs("sign", "sign(x)"),
    "SgnBackward0": _stairs("sgn", "sign(x)"),
    "FloorBackward0": _stairs("floor", "floor(x)"),
    "CeilBackward0": _stairs("ceil", "ceil(x)"),
    "TruncBackward0": _stairs("trunc", "trunc(x)"),
    "FracBackward0": pointwise(
        "What was cut off is constant, so the gradient passes unchanged.", "x - trunc(x)", "1"
    ),
    # bounds
    "ClampBackward1": pointwise(
        "The gradient passes between the two bounds, at them too, and is cut outside.",
        {"x < low": "low", "x > high": "high", "low <= x <= high": "x"},
        {"low <= x <= high": "1", "x < low or x > high": "0"},
        saved={"low": "min", "high": "max"},
        missing={"low": float("-inf"), "high": float("inf")},
        zero=_CLAMPED,
    ),
    "ClampMinBackward0": pointwise(
        "The gradient passes where x reaches the lower bound and is cut below it.",
        {"x < low": "low", "x >= low": "x"},
        {"x >= low": "1", "x < low": "0"},
        saved={"low": "min"},
        zero=_CLAMPED,
    ),
    "ClampMaxBackward0": pointwise(
        "The gradient passes where x does not exceed the upper bound and is cut above it.",
        {"x > high": "high", "x <= high": "x"},
        {"x <= high": "1", "x > high": "0"},
        saved={"high": "max"},
        zero=_CLAMPED,
    ),
    "NanToNumBackward0": pointwise(
        "Finite cells pass their gradient; those that were replaced by a number get nothing.",
        {"-inf < x < inf": "x", "x <= -inf or x >= inf": "replacement"},
        {"-inf < x < inf": "1", "x <= -inf or x >= inf": "0"},
        zero=said("x was not finite in this cell and was replaced, so its gradient is 0."),
    ),
}
"""Class name of a function's node -> all that is known of it."""
