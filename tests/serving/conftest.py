"""An app for each test of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving.asking import Asked, opened


@pytest.fixture
def asked() -> Iterator[Asked]:
    with opened() as running:
        yield running
