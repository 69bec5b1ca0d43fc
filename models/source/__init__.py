"""Networks as PyTorch code: a spec written as a class, and a pasted class read back."""

from __future__ import annotations

from models.source.files import to_notebook, to_script
from models.source.lines.losses import OF_THE_OUTPUT, SINGLE
from models.source.lines.outside import Outside
from models.source.lines.tensors import Written
from models.source.looping import Trained
from models.source.offers import Offer, offers_in, shapes_in
from models.source.on_shape import GuessError, read_on_shape
from models.source.reader import Reading, classes_in, from_source, read_source
from models.source.script import Exact, Setting
from models.source.syntax import MAX_SOURCE, SourceError
from models.source.writer import to_source

__all__ = [
    "MAX_SOURCE",
    "OF_THE_OUTPUT",
    "SINGLE",
    "Exact",
    "GuessError",
    "Offer",
    "Outside",
    "Reading",
    "Setting",
    "SourceError",
    "Trained",
    "Written",
    "classes_in",
    "from_source",
    "offers_in",
    "read_on_shape",
    "read_source",
    "shapes_in",
    "to_notebook",
    "to_script",
    "to_source",
]
