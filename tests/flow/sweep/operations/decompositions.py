"""Linear algebra: solutions, inverses, determinants and factors of matrices."""

from __future__ import annotations

import torch
from torch import Tensor

from tests.flow.sweep.case import Case, op

SQUARE = (3, 3)


def _definite(x: Tensor) -> Tensor:
    return x @ x.mT + 2 * torch.eye(x.shape[-1], dtype=x.dtype)


def _regular(x: Tensor) -> Tensor:
    return x + 3 * torch.eye(x.shape[-1], dtype=x.dtype)


def _lu_solved(x: Tensor, y: Tensor) -> Tensor:
    return torch.linalg.lu_solve(*torch.linalg.lu_factor(_regular(x)), y)


CASES: dict[str, Case] = {
    "inv": op(lambda x: torch.linalg.inv(_regular(x)), SQUARE, rounding=8),
    "inv alone": op(torch.linalg.inv, SQUARE, rounding=64),
    "inv of batches": op(lambda x: torch.linalg.inv(_regular(x)), (2, 2, 2), rounding=8),
    "pinv": op(torch.linalg.pinv, (4, 2), rounding=64),
    "solve": op(lambda x, y: torch.linalg.solve(_regular(x), y), SQUARE, (3, 2), rounding=8),
    "solve exchanged": op(
        lambda y, x: torch.linalg.solve(_regular(x), y), (3, 2), SQUARE, rounding=8
    ),
    "solve alone": op(torch.linalg.solve, SQUARE, SQUARE, rounding=64),
    "solve a vector": op(lambda x, y: torch.linalg.solve(_regular(x), y), SQUARE, (3,), rounding=8),
    "solve from the right": op(
        lambda x, y: torch.linalg.solve(_regular(x), y, left=False), SQUARE, (2, 3), rounding=8
    ),
    "solve triangular": op(
        lambda x, y: torch.linalg.solve_triangular(_regular(x), y, upper=False),
        SQUARE,
        (3, 2),
        rounding=8,
    ),
    "least squares": op(
        lambda x, y: torch.linalg.lstsq(x, y).solution, (4, 2), (4, 1), rounding=64
    ),
    "lu solve": op(_lu_solved, SQUARE, (3, 1), rounding=8),
    "cholesky": op(lambda x: torch.linalg.cholesky(_definite(x)), SQUARE, rounding=16),
    "cholesky upper": op(
        lambda x: torch.linalg.cholesky(_definite(x), upper=True), SQUARE, rounding=16
    ),
    "cholesky inverse": op(
        lambda x: torch.cholesky_inverse(torch.linalg.cholesky(_definite(x))), SQUARE, rounding=16
    ),
    "cholesky solve": op(
        lambda x, y: torch.cholesky_solve(y, torch.linalg.cholesky(_definite(x))),
        SQUARE,
        (3, 1),
        rounding=16,
    ),
    "qr": op(torch.linalg.qr, SQUARE, rounding=64),
    "q of qr": op(lambda x: torch.linalg.qr(x)[0], SQUARE, rounding=64),
    "r of qr, later output": op(lambda x: torch.linalg.qr(x)[1], SQUARE, rounding=64),
    "qr tall": op(lambda x: torch.linalg.qr(x)[0], (4, 2), rounding=64),
    "lu": op(lambda x: torch.linalg.lu(_regular(x))[1:], SQUARE, rounding=16),
    "u of lu, later output": op(lambda x: torch.linalg.lu(x)[2], SQUARE, rounding=64),
    "lu factor": op(lambda x: torch.linalg.lu_factor(_regular(x))[0], SQUARE, rounding=16),
    "eigh": op(lambda x: torch.linalg.eigh(_definite(x)), SQUARE, rounding=64),
    "eigenvalues of eigh": op(lambda x: torch.linalg.eigh(_definite(x))[0], SQUARE, rounding=32),
    "eigenvectors, later output": op(
        lambda x: torch.linalg.eigh(_definite(x))[1].abs(), SQUARE, rounding=64
    ),
    "eigvalsh": op(lambda x: torch.linalg.eigvalsh(_definite(x)), SQUARE, rounding=32),
    "eigvalsh alone": op(torch.linalg.eigvalsh, SQUARE, rounding=32, derivative=False),
    "eigvals": op(lambda x: torch.linalg.eigvals(x).abs(), SQUARE, rounding=64),
    "svd": op(lambda x: torch.linalg.svd(x, full_matrices=False)[1], (3, 2), rounding=32),
    "svd u": op(lambda x: torch.linalg.svd(x, full_matrices=False)[0].abs(), (3, 2), rounding=64),
    "svd v, later output": op(
        lambda x: torch.linalg.svd(x, full_matrices=False)[2].abs(), (3, 2), rounding=64
    ),
    "svdvals": op(torch.linalg.svdvals, (3, 2), rounding=32),
    "det": op(torch.linalg.det, SQUARE, rounding=16),
    "det singular": op(lambda x: torch.linalg.det(x[:, None] * x[None]), (2,), rounding=64),
    "logdet": op(lambda x: torch.logdet(_definite(x)), SQUARE, rounding=16),
    "slogdet": op(lambda x: torch.linalg.slogdet(x)[0] + x.sum(), SQUARE, rounding=16),
    "slogdet, later output": op(lambda x: torch.linalg.slogdet(x)[1], SQUARE, rounding=16),
    "matrix exp": op(torch.linalg.matrix_exp, SQUARE, rounding=8),
    "matrix rank weighted": op(lambda x: x * torch.linalg.matrix_rank(x), SQUARE),
    "condition": op(torch.linalg.cond, SQUARE, rounding=64),
    "householder": op(
        lambda x, y: torch.linalg.householder_product(x, y), (3, 2), (2,), rounding=16
    ),
    "tensor inverse": op(
        lambda x: torch.linalg.tensorinv(_regular(x.reshape(4, 4)).reshape(2, 2, 2, 2)),
        (2, 2, 2, 2),
        rounding=16,
    ),
    "vecdot": op(torch.linalg.vecdot, (2, 3), (2, 3)),
    "solve in float64": op(torch.linalg.solve, SQUARE, (3, 1), dtype=torch.float64, rounding=64),
    "eigh in float64": op(
        lambda x: torch.linalg.eigh(_definite(x))[0], SQUARE, dtype=torch.float64, rounding=32
    ),
}
