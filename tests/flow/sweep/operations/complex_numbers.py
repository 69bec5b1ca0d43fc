"""Operations with complex numbers in them; a real input and output wherever that is usual."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tests.flow.sweep.case import Case, complex_, layer, op

LINE, ROWS = (4,), (2, 4)
Z, ZZ = complex_(3), complex_(2, 3)


class _ComplexLinear(nn.Module):
    """Weights in two real parts, as many libraries keep them."""

    def __init__(self) -> None:
        super().__init__()
        self.real = nn.Parameter(torch.randn(2, 3))
        self.imag = nn.Parameter(torch.randn(2, 3))

    def forward(self, z: Tensor) -> Tensor:
        return nn.functional.linear(z, torch.complex(self.real, self.imag)).abs()


class _Spectral(nn.Module):
    """A Fourier layer: some modes multiplied by complex weights."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, 2, 2))

    def forward(self, x: Tensor) -> Tensor:
        modes = torch.fft.rfft(x)
        weight = torch.view_as_complex(self.weight)
        kept = torch.einsum("bm,mo->bo", modes[:, :2], weight)
        return torch.fft.irfft(kept, n=x.shape[-1])


def _stft(x: Tensor) -> Tensor:
    return torch.stft(
        x, 4, 2, window=torch.ones(4, dtype=x.dtype), return_complex=True, center=False
    ).abs()


def _istft(x: Tensor) -> Tensor:
    window = torch.hann_window(4, dtype=x.dtype)
    modes = torch.stft(x, 4, 1, window=window, return_complex=True)
    return torch.istft(modes * 0.5, 4, 1, window=window)


CASES: dict[str, Case] = {
    "fft magnitude": op(lambda x: torch.fft.fft(x).abs(), LINE),
    "fft real part": op(lambda x: torch.fft.fft(x).real, ROWS),
    "fft imaginary part": op(lambda x: torch.fft.fft(x).imag, ROWS),
    "fft": op(torch.fft.fft, LINE),
    "ifft real part": op(lambda x: torch.fft.ifft(x).real, LINE),
    "rfft magnitude": op(lambda x: torch.fft.rfft(x).abs(), ROWS),
    "rfft": op(torch.fft.rfft, LINE),
    "rfft and back": op(lambda x: torch.fft.irfft(torch.fft.rfft(x), n=4), LINE),
    "irfft": op(lambda z: torch.fft.irfft(z, n=4), Z),
    "hfft": op(lambda z: torch.fft.hfft(z, n=4), Z),
    "fft2 real part": op(lambda x: torch.fft.fft2(x).real, (2, 2, 3)),
    "rfft2 and back": op(lambda x: torch.fft.irfft2(torch.fft.rfft2(x), s=(2, 4)), ROWS),
    "fftn power": op(lambda x: torch.fft.fftn(x).abs() ** 2, (2, 2, 2)),
    "fft shifted": op(lambda x: torch.fft.fftshift(torch.fft.fft(x)).abs(), LINE),
    "fourier mixing": op(lambda x: torch.fft.fft(torch.fft.fft(x, dim=-1), dim=-2).real, (2, 3, 4)),
    "filter": op(
        lambda x, y: torch.fft.irfft(torch.fft.rfft(x) * torch.fft.rfft(y), n=4), LINE, LINE
    ),
    "spectral layer": layer(_Spectral, ROWS),
    "stft": op(_stft, (8,)),
    "stft and back": op(_istft, (8,)),
    "abs": op(torch.abs, ZZ),
    "angle": op(torch.angle, ZZ),
    "real": op(torch.real, ZZ),
    "imag": op(torch.imag, ZZ),
    "conj": op(lambda z: z.conj().real, ZZ),
    "conj product": op(lambda z: (z * z.conj()).real, ZZ),
    "exp": op(torch.exp, ZZ),
    "log": op(torch.log, ZZ),
    "sqrt": op(torch.sqrt, ZZ),
    "square": op(lambda z: z**2, ZZ),
    "sin": op(torch.sin, ZZ),
    "tanh": op(torch.tanh, ZZ),
    "reciprocal": op(torch.reciprocal, ZZ),
    "sgn": op(torch.sgn, ZZ),
    "add": op(torch.add, ZZ, ZZ),
    "sub exchanged": op(lambda x, y: y - x, ZZ, ZZ),
    "mul": op(torch.mul, ZZ, ZZ),
    "mul by real": op(torch.mul, ZZ, (2, 3)),
    "mul by a number": op(lambda z: z * 2j, ZZ),
    "div": op(torch.div, ZZ, ZZ),
    "sum": op(torch.sum, ZZ),
    "mean": op(lambda z: z.mean(1), ZZ),
    "prod": op(lambda z: z.prod(1), ZZ),
    "mm": op(torch.mm, ZZ, complex_(3, 2)),
    "bmm": op(torch.bmm, complex_(1, 2, 2), complex_(1, 2, 2)),
    "vdot": op(torch.vdot, Z, Z),
    "norm": op(lambda z: torch.linalg.vector_norm(z), ZZ),
    "view as real": op(torch.view_as_real, ZZ),
    "view as complex": op(torch.view_as_complex, (3, 2)),
    "view as complex, magnitude": op(lambda x: torch.view_as_complex(x).abs(), (3, 2)),
    "polar": op(torch.polar, (3,), (3,)),
    "polar real part": op(lambda r, a: torch.polar(r, a).real, (3,), (3,)),
    "complex": op(torch.complex, (3,), (3,)),
    "complex magnitude": op(lambda x, y: torch.complex(x, y).abs(), (3,), (3,)),
    "to complex": op(lambda x: (x.to(torch.complex64) * 1j).imag, (3,)),
    "indexed": op(lambda z: z[:, 1], ZZ),
    "transposed": op(lambda z: z.t(), ZZ),
    "adjoint": op(lambda z: z.mH, ZZ),
    "linear": layer(_ComplexLinear, ZZ),
    "linear layer": layer(lambda: nn.Linear(3, 2), ZZ, dtype=torch.complex64),
    "eigenvalues": op(lambda x: torch.linalg.eigvals(x).real, (3, 3), rounding=64),
    "solve": op(
        lambda z, y: torch.linalg.solve(z + 3 * torch.eye(2), y),
        complex_(2, 2),
        complex_(2, 1),
        rounding=16,
    ),
    "detour over a real node": op(lambda x: (x * 2 + torch.fft.fft(x).real) * x, LINE),
}
