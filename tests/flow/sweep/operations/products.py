"""Products of matrices and vectors of all ranks, in both orders."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import nn

from tests.flow.sweep.case import Case, layer, op

CASES: dict[str, Case] = {
    "mm": op(torch.mm, (2, 3), (3, 4)),
    "mm exchanged": op(lambda x, y: y @ x, (3, 3), (3, 3)),
    "mm exchanged, uneven": op(lambda x, y: y @ x, (3, 4), (2, 3)),
    "mm transposed": op(lambda x, y: x @ y.t(), (2, 3), (4, 3)),
    "mm transposed first": op(lambda x, y: x.t() @ y, (3, 2), (3, 4)),
    "mm with itself": op(lambda x: x @ x, (3, 3)),
    "gram": op(lambda x: x @ x.t(), (3, 2)),
    "mv": op(torch.mv, (2, 3), (3,)),
    "mv exchanged": op(lambda x, y: y @ x, (3,), (2, 3)),
    "vector times matrix": op(lambda x, y: x @ y, (2,), (2, 3)),
    "dot": op(torch.dot, (3,), (3,)),
    "dot exchanged": op(lambda x, y: torch.dot(y, x), (3,), (3,)),
    "vdot": op(torch.vdot, (3,), (3,)),
    "inner": op(torch.inner, (2, 3), (4, 3)),
    "bmm": op(torch.bmm, (2, 2, 3), (2, 3, 2)),
    "bmm exchanged": op(lambda x, y: torch.bmm(y, x), (2, 3, 3), (2, 3, 3)),
    "batch times matrix": op(lambda x, y: x @ y, (2, 2, 3), (3, 2)),
    "matrix times batch": op(lambda x, y: x @ y, (2, 3), (2, 3, 2)),
    "batch times vector": op(lambda x, y: x @ y, (2, 2, 3), (3,)),
    "vector times batch": op(lambda x, y: x @ y, (3,), (2, 3, 2)),
    "batches of batches": op(lambda x, y: x @ y, (2, 1, 2, 2), (2, 2, 2)),
    "batches exchanged": op(lambda x, y: y @ x, (2, 2, 2), (2, 1, 2, 2)),
    "addmm": op(torch.addmm, (2, 3), (2, 4), (4, 3)),
    "addmm beta": op(lambda b, x, y: torch.addmm(b, x, y, beta=0.5), (2, 3), (2, 4), (4, 3)),
    "addmm alpha": op(lambda b, x, y: torch.addmm(b, x, y, alpha=2.0), (3,), (2, 4), (4, 3)),
    "addmm both": op(
        lambda b, x, y: torch.addmm(b, x, y, alpha=2.0, beta=3.0), (2, 3), (2, 4), (4, 3)
    ),
    "addmm exchanged": op(lambda x, y, b: torch.addmm(b, x, y), (2, 3), (3, 3), (2, 3)),
    "addmm of one": op(lambda x: torch.addmm(x, x, x), (3, 3)),
    "addmm column bias": op(lambda b, x, y: torch.addmm(b, x, y), (2, 1), (2, 4), (4, 3)),
    "addmv": op(lambda b, x, y: torch.addmv(b, x, y, alpha=2.0), (2,), (2, 3), (3,)),
    "addr": op(lambda b, x, y: torch.addr(b, x, y, beta=0.5), (2, 3), (2,), (3,)),
    "baddbmm": op(torch.baddbmm, (2, 2, 2), (2, 2, 3), (2, 3, 2)),
    "baddbmm both": op(
        lambda b, x, y: torch.baddbmm(b, x, y, alpha=2.0, beta=0.3),
        (2, 2, 2),
        (2, 2, 3),
        (2, 3, 2),
    ),
    "addbmm": op(torch.addbmm, (2, 2), (2, 2, 3), (2, 3, 2)),
    "einsum bij,bjk": op(lambda x, y: torch.einsum("bij,bjk->bik", x, y), (2, 2, 3), (2, 3, 2)),
    "einsum transposed": op(lambda x, y: torch.einsum("bij,bjk->bki", x, y), (2, 2, 3), (2, 3, 2)),
    "einsum of equals, transposed": op(
        lambda x, y: torch.einsum("bij,bjk->bki", x, y), (2, 2, 2), (2, 2, 2)
    ),
    "einsum exchanged": op(lambda x, y: torch.einsum("ij,jk->ik", y, x), (3, 3), (3, 3)),
    "einsum outer": op(lambda x, y: torch.einsum("i,j->ij", x, y), (2,), (3,)),
    "einsum trace": op(lambda x: torch.einsum("ii->", x), (3, 3)),
    "einsum diagonal": op(lambda x: torch.einsum("ii->i", x), (3, 3)),
    "einsum attention": op(
        lambda x, y: torch.einsum("bhqd,bhkd->bhqk", x, y), (1, 2, 2, 3), (1, 2, 2, 3)
    ),
    "einsum of three": op(
        lambda x, y, z: torch.einsum("ij,jk,kl->il", x, y, z), (2, 2), (2, 3), (3, 2)
    ),
    "tensordot": op(lambda x, y: torch.tensordot(x, y, 1), (2, 3), (3, 2)),
    "tensordot of axes": op(lambda x, y: torch.tensordot(x, y, ([1], [0])), (2, 3, 2), (3, 2)),
    "chain": op(lambda x, y, z: torch.linalg.multi_dot([x, y, z]), (2, 2), (2, 3), (3, 2)),
    "matrix power": op(lambda x: torch.linalg.matrix_power(x, 3), (3, 3)),
    "linear": op(F.linear, (2, 3), (4, 3), (4,)),
    "linear without bias": op(F.linear, (2, 3), (4, 3)),
    "linear exchanged": op(lambda w, x, b: F.linear(x, w, b), (4, 3), (2, 3), (4,)),
    "linear layer": layer(lambda: nn.Linear(3, 4), (2, 3), forward="sum"),
    "linear layer without bias": layer(lambda: nn.Linear(3, 4, bias=False), (2, 3), forward="sum"),
    "linear layer of steps": layer(lambda: nn.Linear(3, 2), (2, 2, 3), forward="sum"),
    "linear layer of steps without bias": layer(
        lambda: nn.Linear(3, 2, bias=False), (2, 2, 3), forward="sum"
    ),
    "linear layer of one row": layer(lambda: nn.Linear(3, 4), (3,)),
    "linear layer without rows": layer(lambda: nn.Linear(3, 4), (0, 3)),
    "linear layers": layer(lambda: nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)), (2, 3)),
    "bilinear layer": layer(lambda: nn.Bilinear(2, 3, 2), (2, 2), (2, 3)),
    "bilinear layer exchanged": op(lambda y, x, w: F.bilinear(x, y, w), (2, 3), (2, 2), (2, 2, 3)),
    "chained matmul": op(lambda x, y, z: x @ y @ z, (2, 2), (2, 2), (2, 2)),
    "pairwise distance": op(F.pairwise_distance, (3, 4), (3, 4)),
    "cdist": op(torch.cdist, (3, 4), (2, 4)),
    "cdist exchanged": op(lambda x, y: torch.cdist(y, x), (3, 4), (3, 4)),
    "cdist 1": op(lambda x, y: torch.cdist(x, y, p=1.0), (3, 2), (2, 2)),
    "cdist 3": op(lambda x, y: torch.cdist(x, y, p=3.0), (3, 2), (2, 2)),
    "cdist infinite": op(lambda x, y: torch.cdist(x, y, p=torch.inf), (3, 2), (2, 2)),
    "cdist by products": op(
        lambda x, y: torch.cdist(x, y, compute_mode="use_mm_for_euclid_dist"),
        (3, 4),
        (2, 4),
        rounding=16,
    ),
    "cdist of batches": op(torch.cdist, (2, 2, 3), (2, 2, 3)),
    "pdist": op(F.pdist, (4, 3)),
}
