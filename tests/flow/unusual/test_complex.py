"""Complex gradients: the terms are the derivatives over the real numbers, and say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.asking.matrix.summands import IN_PARTS
from flow.record import Explanation, NodeRecord
from flow.run import Run
from tests.flow.operations import Applied

REAL, COMPLEX = torch.float64, torch.complex128
EIGHT = torch.ones(8, dtype=REAL)

FUNCTIONS: dict[str, tuple[Callable[..., Tensor], list[tuple[tuple[int, ...], torch.dtype]]]] = {
    "fft of real numbers": (torch.fft.fft, [((4,), REAL)]),
    "fft": (torch.fft.fft, [((4,), COMPLEX)]),
    "rfft": (torch.fft.rfft, [((5,), REAL)]),
    "irfft": (torch.fft.irfft, [((3,), COMPLEX)]),
    "fft2": (torch.fft.fft2, [((2, 3), COMPLEX)]),
    "stft": (lambda x: torch.stft(x, 8, 4, window=EIGHT, return_complex=True), [((16,), REAL)]),
    "abs": (torch.abs, [((3,), COMPLEX)]),
    "angle": (torch.angle, [((3,), COMPLEX)]),
    "angle of real numbers": (torch.angle, [((3,), REAL)]),
    "polar": (torch.polar, [((3,), REAL), ((3,), REAL)]),
    "complex": (torch.complex, [((3,), REAL), ((3,), REAL)]),
    "real": (lambda z: z.real.clone(), [((3,), COMPLEX)]),
    "imaginary": (lambda z: z.imag.clone(), [((3,), COMPLEX)]),
    "conjugate": (lambda z: z.conj().clone(), [((3,), COMPLEX)]),
    "view as real": (lambda z: torch.view_as_real(z).clone(), [((2,), COMPLEX)]),
    "view as complex": (lambda x: torch.view_as_complex(x).clone(), [((3, 2), REAL)]),
    "product": (torch.mul, [((3,), COMPLEX), ((3,), COMPLEX)]),
    "product with real numbers": (torch.mul, [((3,), COMPLEX), ((3,), REAL)]),
    "quotient": (torch.div, [((3,), COMPLEX), ((3,), COMPLEX)]),
    "exp": (torch.exp, [((3,), COMPLEX)]),
    "tanh": (torch.tanh, [((3,), COMPLEX)]),
    "square": (torch.square, [((3,), COMPLEX)]),
    "sum": (lambda z: z.sum(0), [((2, 3), COMPLEX)]),
    "product of all": (torch.prod, [((3,), COMPLEX)]),
    "matrices": (torch.mm, [((2, 3), COMPLEX), ((3, 2), COMPLEX)]),
    "convolution": (
        lambda x, w: torch.nn.functional.conv1d(x, w),
        [((1, 2, 4), COMPLEX), ((2, 2, 3), COMPLEX)],
    ),
    "inverse": (torch.linalg.inv, [((2, 2), COMPLEX)]),
    "sign": (torch.sgn, [((3,), COMPLEX)]),
    "singular values": (torch.linalg.svdvals, [((2, 2), COMPLEX)]),
}


def inputs_of(name: str) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(2)
    return tuple(
        torch.randn(shape, dtype=kind, generator=generator).requires_grad_()
        for shape, kind in FUNCTIONS[name][1]
    )


def run_of(name: str) -> Run:
    function, inputs = FUNCTIONS[name][0], inputs_of(name)
    output = function(*inputs)
    vector = torch.randn(
        output.shape, dtype=output.dtype, generator=torch.Generator().manual_seed(5)
    )
    return flow.run(Applied(function), inputs, upstream=vector)


def reals(tensor: Tensor) -> Tensor:
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def jacobian(name: str, which: int) -> Any:
    """Return d output / d input of the forward in real numbers, two for each complex cell."""
    function, inputs = FUNCTIONS[name][0], [x.detach() for x in inputs_of(name)]
    complexes = [x.is_complex() for x in inputs]

    def whole(*parts: Tensor) -> Tensor:
        given = [
            torch.view_as_complex(part) if pair else part
            for part, pair in zip(parts, complexes, strict=True)
        ]
        return reals(function(*given).resolve_conj())

    found = torch.autograd.functional.jacobian(  # type: ignore[no-untyped-call]
        whole, tuple(reals(x) for x in inputs)
    )[which]
    size = reals(inputs[which]).numel()
    return found.reshape(-1, size).numpy()


def row(explanation: Explanation, node: NodeRecord) -> Any:
    """Return the coefficients as one real matrix: parts of this cell by parts of upstream cells."""
    (arrived,) = node.upstream
    assert arrived is not None
    pairs = arrived.dtype.kind == "c"
    found = np.zeros((2, arrived.size * (2 if pairs else 1)))
    for term in explanation.terms:
        place = int(np.ravel_multi_index(term.cell, arrived.shape)) if term.cell else 0
        by_part = {0: term.coefficient, 1: 1j * term.coefficient}
        if not pairs:
            by_part = {0: term.coefficient}
        elif term.part:
            by_part = {int(term.part == "imaginary part"): term.coefficient}
        for part, coefficient in by_part.items():
            column = 2 * place + part if pairs else place
            found[:, column] = np.real(coefficient), np.imag(coefficient)
    return found


def made(run: Run) -> list[tuple[NodeRecord, int]]:
    """Return each input of a function that is one node with one output."""
    nodes = [node for node in run.capture.nodes if not node.is_leaf]
    if len(nodes) > 1 or len(nodes[0].shapes) > 1:
        return []
    return [(nodes[0], k) for k, part in enumerate(nodes[0].downstream) if part is not None]


SINGLE = [name for name in FUNCTIONS if made(run_of(name))]


def test_most_of_these_functions_are_one_node() -> None:
    assert len(SINGLE) >= 18


@pytest.mark.parametrize("name", SINGLE)
def test_coefficients_are_the_jacobian_of_the_forward_in_real_numbers(name: str) -> None:
    with run_of(name) as run:
        for node, which in made(run):
            expected, gradient = jacobian(name, which), node.downstream[which]
            assert gradient is not None
            for place, cell in enumerate(np.ndindex(gradient.shape)):
                found = row(run.explain(node.id, cell, input=which), node)
                if gradient.dtype.kind == "c":
                    columns = expected[:, 2 * place : 2 * place + 2].T
                else:
                    columns = np.stack([expected[:, place], np.zeros(len(expected))])
                np.testing.assert_allclose(found, columns, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_complex_sum_is_what_autograd_computed(name: str) -> None:
    with run_of(name) as run:
        for node in run.capture.nodes:
            for which, gradient in enumerate(node.downstream):
                for cell in [] if gradient is None else np.ndindex(gradient.shape):
                    explanation = run.explain(node.id, cell, input=which)
                    assert explanation.difference <= 1e-12 * max(1, abs(explanation.autograd))
                    assert "do not add up" not in explanation.note
                    assert ("real numbers only" in explanation.note) is bool(explanation.parts)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tables_of_complex_gradients_refuse_in_one_sentence(name: str) -> None:
    with run_of(name) as run:
        for node, which in made(run):
            kinds = {
                part.dtype.kind
                for part in (*node.upstream, node.downstream[which])
                if part is not None
            }
            note = run.table(node.id, which).note
            expected = "Complex gradients are explained one cell at a time." if "c" in kinds else ""
            assert note == expected


def test_a_complex_factor_multiplies_the_gradient_by_its_conjugate() -> None:
    """By hand: dL/dx = conj(w) g = (1 - 2i)(3 + i) = 5 - 5i."""
    x = torch.tensor([1 + 1j], requires_grad=True)
    w = torch.tensor([1 + 2j], requires_grad=True)
    with flow.run(Applied(torch.mul), (x, w), upstream=torch.tensor([3 + 1j])) as run:
        explanation = run.explain("n0", (0,))
        (term,) = explanation.terms
    assert (term.coefficient, term.part, term.upstream) == (1 - 2j, "", 3 + 1j)
    assert explanation.total == explanation.autograd == 5 - 5j
    assert explanation.note == ""


def test_a_gradient_holds_the_derivatives_by_both_parts() -> None:
    """By hand: |z|^2 = x^2 + y^2 has the derivatives 2x and 2y."""
    z = torch.tensor([3 + 4j], requires_grad=True)
    with flow.run(Applied(lambda x: x.abs().square().sum()), z) as run:
        (node,) = [node for node in run.capture.nodes if node.name == "AbsBackward0"]
        explanation = run.explain(node.id, (0,))
    assert explanation.autograd == explanation.total == 6 + 8j


def test_a_conjugate_turns_the_imaginary_part_round() -> None:
    """By hand: conj(g) = 1 Re(g) - i Im(g), which no complex factor of g is."""
    x = torch.tensor([1 + 1j], requires_grad=True)
    function = Applied(lambda z: z.conj().resolve_conj())
    with flow.run(function, x, upstream=torch.tensor([3 + 2j])) as run:
        (node,) = [node for node in run.capture.nodes if node.name == "ConjBackward0"]
        explanation = run.explain(node.id, (0,))
    terms = [(term.coefficient, term.part, term.upstream) for term in explanation.terms]
    assert terms == [(1, "real part", 3), (-1j, "imaginary part", 2)]
    assert explanation.total == explanation.autograd == 3 - 2j
    assert explanation.note == IN_PARTS


def test_the_reach_of_a_complex_cell_is_one_map_or_two() -> None:
    with run_of("matrices") as run:
        fed = run.reach("n0", (0, 1))
        assert fed.imaginary is None
        assert fed.inputs[0] is not None
        column = inputs_of("matrices")[1].detach().numpy()[:, 1]
        np.testing.assert_allclose(fed.inputs[0][0], column.conj())
    with run_of("fft of real numbers") as run:
        fed = run.reach("n0", (1,))
        assert fed.imaginary is not None
        # e^(-2 pi i k n / 4) for k = 1 is 1, -i, -1, i
        parts = np.array([fed.inputs[0], fed.imaginary[0]])
        np.testing.assert_allclose(parts, [[1, 0, -1, 0], [0, -1, 0, 1]], atol=1e-15)


class Mixing(nn.Module):
    """The Fourier mixing of FNet, and the spectral product of a Fourier neural operator."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 2, 2, dtype=torch.complex64))
        self.last = nn.Linear(3, 2, dtype=torch.complex64)

    def forward(self, x: Tensor) -> Any:
        mixed = torch.fft.fft(torch.fft.fft(x, dim=-1), dim=-2).real
        spectrum = torch.fft.rfft(mixed, dim=1)[:, :3]
        low = torch.einsum("bkc,kcd->bkd", spectrum, self.weight)
        return torch.fft.irfft(low, n=4, dim=1) + self.last(spectrum.transpose(1, 2)).abs().sum()


def test_every_cell_of_a_fourier_network_adds_up() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 4, 2, requires_grad=True)
    with flow.run(Mixing(), x, loss=lambda out: out.square().mean()) as run:
        kinds = set()
        for node in run.capture.nodes:
            for which, gradient in enumerate(node.downstream):
                for cell in [] if gradient is None else list(np.ndindex(gradient.shape))[:5]:
                    explanation = run.explain(node.id, cell, input=which)
                    assert explanation.difference <= 2e-5 * max(1, abs(explanation.autograd))
                    assert "do not add up" not in explanation.note
                    kinds.add(explanation.coefficients.dtype.kind + str(bool(explanation.parts)))
        for parameter in run.capture.parameters:
            assert parameter.gradient is not None
        assert {"fFalse", "fTrue", "cFalse"} <= kinds
