"""Correct networks of many seeds: no red mark, and no sentence that doubts them."""

from __future__ import annotations

import os

import pytest

from tests.flow.sweep.networks import NETWORKS, alarms

MANY = "FUZZ" in os.environ
SEEDS = range(16 if MANY else 1)
NODES = 10_000 if MANY else 8
"""Nodes of each network that are looked at, evenly spread."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_looks_wrong_in_a_correct_network(name: str, seed: int) -> None:
    with NETWORKS[name].run(seed) as run:
        assert [str(complaint) for complaint in alarms(run, NODES)] == []
