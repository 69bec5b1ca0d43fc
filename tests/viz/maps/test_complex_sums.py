"""A sum of complex numbers is told in a sentence, with numbers that a hand can check."""

from __future__ import annotations

import torch

import flow
from tests.flow.operations import Applied
from viz.maps.complex_sums import number
from viz.maps.sums import Answer, Side

UPSTREAM = (Side("upstream", 0),)


def test_complex_numbers_are_written_with_an_i() -> None:
    assert [number(1 - 2j), number(0.5 + 0j), number(-1.23456)] == ["1-2i", "0.5+0i", "-1.235"]


def test_a_complex_sum_is_a_sentence() -> None:
    """By hand: conj(1 + 2i)(3 + i) = 5 - 5i."""
    x = torch.tensor([1 + 1j], requires_grad=True)
    w = torch.tensor([1 + 2j], requires_grad=True)
    with flow.run(Applied(torch.mul), (x, w), upstream=torch.tensor([3 + 1j])) as run:
        answer = Answer.of_sum(run.explain("n0", (0,)), "downstream", UPSTREAM, (1,))
    assert answer.links == ()
    assert answer.note == "(1-2i) · (3+1i) = 5-5i; autograd 5-5i."


def test_parts_are_named_and_long_sums_shortened() -> None:
    """By hand: the fifth of eight numbers has the coefficients e^(-pi i k) = 1, -1, ...."""
    x = torch.ones(8, requires_grad=True)
    upstream = torch.arange(8) * (1 + 0j)
    with flow.run(Applied(torch.fft.fft), x, upstream=upstream) as run:
        note = Answer.of_sum(run.explain("n0", (4,)), "downstream", UPSTREAM, (8,)).note
        fed = Answer.of_reach(run.reach("n0", (2,)), "downstream", "upstream", (8,))
    assert note.startswith("(-1) · (7) (real part) + (1) · (6) (real part)")
    assert "more terms that add up to" in note
    assert "= -4; autograd -4." in note
    assert "linear over the real numbers only" in note
    assert fed.links == ()
    assert fed.note.startswith("2+0i is multiplied by complex numbers")


def test_real_sums_stay_links() -> None:
    with flow.run(
        Applied(torch.exp), torch.ones(2, requires_grad=True), upstream=torch.ones(2)
    ) as run:
        answer = Answer.of_sum(run.explain("n0", (1,)), "downstream", UPSTREAM, (2,))
        fed = Answer.of_reach(run.reach("n0", (1,)), "downstream", "upstream", (2,))
    assert [len(link.coefficients) for link in (*answer.links, *fed.links)] == [1, 1]
    assert answer.note == fed.note == ""
