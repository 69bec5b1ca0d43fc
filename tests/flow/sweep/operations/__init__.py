"""Every operation that is tried, by family: plain data. Adding one is one entry in one file."""

from __future__ import annotations

from collections.abc import Mapping

from tests.flow.sweep.case import Case
from tests.flow.sweep.operations import (
    attention,
    binary,
    comparing,
    complex_numbers,
    convolution,
    decompositions,
    elementwise,
    embedding,
    extremes,
    functions,
    in_place,
    indexing,
    joining,
    losses,
    norms,
    ordering,
    pooling,
    precision,
    products,
    recurrent,
    reductions,
    resampling,
    scattering,
    views,
)

FAMILIES: Mapping[str, Mapping[str, Case]] = {
    "elementwise": elementwise.CASES,
    "binary": binary.CASES,
    "comparing": comparing.CASES,
    "reductions": reductions.CASES,
    "ordering": ordering.CASES,
    "indexing": indexing.CASES,
    "scattering": scattering.CASES,
    "in place": in_place.CASES,
    "views": views.CASES,
    "joining": joining.CASES,
    "products": products.CASES,
    "decompositions": decompositions.CASES,
    "norms": norms.CASES,
    "attention": attention.CASES,
    "recurrent": recurrent.CASES,
    "resampling": resampling.CASES,
    "pooling": pooling.CASES,
    "convolution": convolution.CASES,
    "embedding": embedding.CASES,
    "losses": losses.CASES,
    "functions": functions.CASES,
    "complex": complex_numbers.CASES,
    "precision": precision.CASES,
    "extremes": extremes.CASES,
}
