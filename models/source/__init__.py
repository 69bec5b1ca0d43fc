"""Networks as PyTorch code: a spec written as a class, and a pasted class read back."""

from __future__ import annotations

from models.source.files import to_notebook, to_script
from models.source.reader import classes_in, from_source
from models.source.script import Exact, Setting
from models.source.syntax import MAX_SOURCE, SourceError
from models.source.writer import to_source

__all__ = [
    "MAX_SOURCE",
    "Exact",
    "Setting",
    "SourceError",
    "classes_in",
    "from_source",
    "to_notebook",
    "to_script",
    "to_source",
]
