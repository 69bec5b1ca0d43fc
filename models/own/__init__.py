"""A custom module: imported from a file that the command line names."""

from __future__ import annotations

from models.own.command_line import configured, read, rehearsed
from models.own.errors import OwnError
from models.own.module import Given, Own, tensors

__all__ = ["Given", "Own", "OwnError", "configured", "read", "rehearsed", "tensors"]
