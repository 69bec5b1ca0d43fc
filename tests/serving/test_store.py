"""What is made is kept up to a size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from serving.packed import Packed, pack
from serving.store import Key, Store
from tests.serving.calling import run

MOST = 20_000


@pytest.fixture
def store() -> Iterator[Store]:
    kept = Store(MOST)
    yield kept
    kept.close()


def noise(count: int) -> Packed:
    """Bytes that get no smaller."""
    return pack(np.random.default_rng(0).bytes(count), "application/octet-stream")


def make(store: Store, key: Key, packed: Packed) -> None:
    async def scene() -> Packed:
        return await store.made(key, lambda: packed)

    assert run(scene()) == packed


def held(store: Store, keys: list[Key]) -> list[Key]:
    """Those that are kept."""
    return [key for key in keys if store.kept(key) is not None]


def test_the_least_lately_asked_is_forgotten_first(store: Store) -> None:
    keys: list[Key] = [(f"seed={number}", "question") for number in range(5)]
    for key in keys[:3]:
        make(store, key, noise(6_000))
    store.kept(keys[0])
    make(store, keys[3], noise(6_000))
    assert held(store, keys) == [keys[0], keys[2], keys[3]]


def test_however_much_is_made_no_more_than_so_many_bytes_are_kept(store: Store) -> None:
    keys: list[Key] = [(f"seed={number}", "question") for number in range(200)]
    for place, key in enumerate(keys):
        make(store, key, noise(1_000 + 97 * place % 5_000))
    bytes_kept = sum(len(found.body) for key in keys if (found := store.kept(key)))
    assert MOST / 2 < bytes_kept <= MOST


def test_the_keys_count_too(store: Store) -> None:
    keys: list[Key] = [(str(number) * 6_000, "question") for number in range(9)]
    for key in keys:
        make(store, key, noise(10))
    assert held(store, keys) == keys[-3:]


def test_what_is_larger_than_the_store_is_sent_and_not_kept(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    small, large = ("small", "question"), ("large", "question")
    make(store, small, noise(100))
    make(store, large, noise(MOST + 1))
    assert held(store, [small, large]) == [small]
    assert store.idle
    assert caplog.records == []
