"""The words that visitors see, gathered for translators: one catalogue a language.

``python -m scripts.words extract`` writes ``locale/backlight.pot``, the list of all of them, and
brings ``locale/<language>/LC_MESSAGES/backlight.po`` up to date: new words come without a
translation. ``compile`` makes the ``.mo`` beside each that the app reads. ``begin ko`` begins a
catalogue, here the Korean one.

In code, words are what is handed to ``_``, ``say`` or ``translated``; babel finds them there. In
the registries (layers, presets, losses, ...) they are fields such as ``label`` and ``help``.
"""

from __future__ import annotations

import ast
import importlib
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from flow.record import WORDS_IN_FORMULA, Rule
from flow.said import has_words
from scripts.served import ROOT

LOCALE = ROOT / "locale"
TEMPLATE = LOCALE / "backlight.pot"

SPOKEN = ("pages", "experiment", "viz", "lessons", "serving")
"""Packages whose code says something to visitors."""
ENGINE = ("flow", "models")
"""Packages that make sentences which others say."""
SAYING = frozenset(
    ("_", "say", "_say", "_refuse", "must", "matching", "whole", "translated", "english")
)
"""Functions that are handed words; ``english`` marks those that a page says later."""
MAKING = frozenset(("said", "chained"))
"""Functions that make a sentence with values, of words that are written out there."""
NAMED = frozenset(("hold", "sentence"))
"""Names that are given words before these are said."""
WORDY = ("Words", "Labels")
"""How classes end whose fields are words by default."""
REGISTRIES: Mapping[str, tuple[str, ...]] = {
    "models.layers": ("FAMILIES", "LAYERS"),
    "models.presets": ("TOPICS", "PRESETS"),
    "models.inputs": ("INPUTS",),
    "models.losses": ("LOSSES",),
    "models.targets": ("TARGETS",),
    "models.training.data": ("DATA",),
    "models.training.optimizers": ("OPTIMIZERS",),
    "flow.ops": ("OPS",),
    "lessons.catalogue": ("LESSONS",),
    "viz.words.glossary": ("GLOSSARY",),
}
"""Module -> what of it is read."""
FIELDS = frozenset(("label", "help", "hint", "title", "description", "why", "question", "sentence"))
"""Fields of what stands in them that hold words."""

NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""In the head of what is compiled: the same words give the same bytes."""

Found = tuple[int, str, str, list[str]]
"""Line, function, words and comments, as babel wants them."""


class Code:
    """The words in one module, as a method of babel's."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __call__(self, file: IO[bytes], *_what: object, **_how: object) -> Iterator[Found]:
        """Yield them in the order of the file."""
        for node in ast.walk(ast.parse(file.read())):
            for text in self._words(node):
                if any(letter.isalpha() for letter in text):
                    yield getattr(node, "lineno", 0), "_", text, []

    def _words(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in MAKING:
            yield from _made(node)
        elif self._module.__name__.split(".")[0] in ENGINE:
            return
        elif isinstance(node, ast.Call) and _is_saying(node.func):
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                yield from self._said(argument)
        elif isinstance(node, ast.ClassDef) and node.name.endswith(WORDY):
            lines = (line for line in node.body if isinstance(line, ast.AnnAssign))
            yield from (text for line in lines if line.value for text in self._said(line.value))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMED:
            yield from self._said(node.value)
        elif isinstance(node, ast.arguments):
            given = zip(reversed(node.args), reversed(node.defaults), strict=False)
            yield from (t for arg, text in given if arg.arg in NAMED for t in self._said(text))

    def _said(self, node: ast.expr) -> Iterator[str]:
        """Yield what an argument may be: texts, a choice of them, or constants that hold some."""
        if isinstance(node, ast.Constant):
            yield from [node.value] if isinstance(node.value, str) else []
        elif isinstance(node, ast.IfExp):
            yield from (*self._said(node.body), *self._said(node.orelse))
        elif isinstance(node, ast.Subscript):
            yield from self._said(node.value)
        elif isinstance(node, ast.Dict):
            yield from (text for value in node.values for text in self._said(value))
        elif isinstance(node, ast.Name | ast.Attribute):
            held = self._constant(ast.unparse(node).split("."))
            yield from [held] if isinstance(held, str) else []
            if isinstance(held, Mapping):
                yield from (text for text in held.values() if isinstance(text, str))

    def _constant(self, path: list[str]) -> object:
        """Return the value of a dotted name of the module; None where it is no constant."""
        value: object = self._module
        for name in path:
            value = getattr(value, name, None)
        return value if path[-1].isupper() else None


def _is_saying(function: ast.expr) -> bool:
    """Whether a function is handed words; a lesson's own ``say`` is handed names of sections."""
    whose, _dot, name = ast.unparse(function).rpartition(".")
    return name in SAYING and whose != "desk"


def _made(call: ast.Call) -> Iterator[str]:
    """Yield the words of a sentence with values; none where it is made of others alone."""
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield from [argument.value] if has_words(argument.value) else []


def registered(value: object, *, deep: bool = False) -> Iterator[str]:
    """Yield the words in a registry, however deep they stand; headings are those of families."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from [key] if isinstance(each, Mapping) and not deep else []
            yield from [each] if isinstance(each, str) and not deep else registered(each, deep=True)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from registered(each, deep=True)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _field(value, each.name, getattr(value, each.name))


def _field(owner: object, name: str, held: Any) -> Iterator[str]:
    """Yield the words in one field of an entry."""
    if name in FIELDS:
        yield from [held] if isinstance(held, str) and held else []
    elif isinstance(owner, Rule) and name == "parts":
        yield from (sentence for _part, sentence in held)
    elif isinstance(owner, Rule) and name == "formula":
        yield from WORDS_IN_FORMULA.findall(held)
    elif not isinstance(held, str):
        yield from registered(held, deep=True)


def template() -> Catalog:
    """Return all words, without translations."""
    catalogue = Catalog(project="Backlight", charset="utf-8")
    for file in sorted(
        file for package in (*ENGINE, *SPOKEN) for file in (ROOT / package).rglob("*.py")
    ):
        place = file.relative_to(ROOT)
        if place.parts[0] == "pages" and len(place.parts) == 2:
            module = ModuleType(place.stem)  # a page is run, not imported
        else:
            module = importlib.import_module(".".join(place.with_suffix("").parts))
        with file.open("rb") as code:
            for line, text, _comments, _context in extract(Code(module), code, {"_": None}):  # type: ignore[arg-type]
                catalogue.add(text, locations=[(place.as_posix(), line)])
    for name, held in REGISTRIES.items():
        place = Path(*name.split("."))
        module = importlib.import_module(name)
        for text in (text for each in held for text in registered(getattr(module, each))):
            catalogue.add(text, locations=[(place.as_posix(), 1)])
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as it stands in a file: sorted, without dates and line numbers."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return file.getvalue()


def catalogues() -> list[Path]:
    """Return the file of every language that is translated to."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/backlight.po"))


def read(file: Path) -> Catalog:
    """Return a catalogue that stands in a file."""
    with file.open("rb") as text:
        return read_po(text, locale=file.parts[-3], charset="utf-8")


def compiled(file: Path) -> bytes:
    """Return what the app reads of a catalogue."""
    made, catalogue = io.BytesIO(), read(file)
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    write_mo(made, catalogue)
    return made.getvalue()


def update() -> None:
    """Write the list of all words, and bring every catalogue up to date."""
    words = template()
    LOCALE.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written(words))
    for file in catalogues():
        catalogue = read(file)
        catalogue.update(words, no_fuzzy_matching=True)
        file.write_bytes(written(catalogue))


def begin(language: str) -> None:
    """Begin the catalogue of a language, which must not be there yet."""
    file = LOCALE / language / "LC_MESSAGES" / "backlight.po"
    if file.exists():
        sys.exit(f"{file.relative_to(ROOT)} is there already.")
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(locale=language, charset="utf-8")
    catalogue.update(template(), no_fuzzy_matching=True)
    file.write_bytes(written(catalogue))


def main(names: list[str]) -> None:
    """Do what is named."""
    match names:
        case ["extract"]:
            update()
        case ["compile"]:
            for file in catalogues():
                file.with_suffix(".mo").write_bytes(compiled(file))
        case ["begin", language]:
            begin(language)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
