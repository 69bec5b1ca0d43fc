"""Networks as PyTorch code: a spec written as a class, and a pasted class read back."""

from __future__ import annotations

from models.source_reader import MAX_SOURCE, SourceError, from_source
from models.source_writer import to_source

__all__ = ["MAX_SOURCE", "SourceError", "from_source", "to_source"]
