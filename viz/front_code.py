"""The modules of the front end and its words, and the address at which they are served.

It names what they hold, so a browser may keep them for good, and a page always gets those it was
written for.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from viz.language import known, languages, speaking
from viz.words.front import front_words

FOLDER = Path(__file__).parent / "front"
BUNDLE = "bundle"
"""The folder of what is made from the modules for other hosts."""
ALONE = FOLDER / BUNDLE / "alone.js"
"""All modules in one, for a notebook and for the file without a server."""
IMPORT = re.compile(r'@import url\("([^"]+)"\)( \([^;]+\))?;')
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
WORDS = re.compile(r"words/([\w-]{1,20})\.json")
"""Words of a language, as a browser names it."""


def read(folder: Path) -> dict[str, bytes]:
    """Return what a folder has for a browser, by the path below it, in order."""
    found = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.suffix in MEDIA_TYPES and file.is_file()
    }
    return {name: found[name] for name in sorted(found) if not name.startswith(f"{BUNDLE}/")}


def sheet(file: Path) -> str:
    """Return a style sheet with those that it imports in their place."""

    def imported(found: re.Match[str]) -> str:
        text = sheet(file.parent / found[1])
        return f"@media{found[2]} {{\n{text}}}" if found[2] else text

    return IMPORT.sub(imported, file.read_text(encoding="utf-8"))


def digest(files: Mapping[str, bytes]) -> str:
    """Return a short text that tells files apart by their names and bytes."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode())
        whole.update(files[name])
    return whole.hexdigest()[:16]


@cache
def files() -> Mapping[str, bytes]:
    """Return modules and words as they were when somebody first asked."""
    words = {f"words/{name}.json": words_file(name) for name in languages()}
    return MappingProxyType({**read(FOLDER), **words})


def words_file(language: str) -> bytes:
    """Return the words of a language, as JSON."""
    return json.dumps(front_words(speaking(language)), ensure_ascii=False).encode()


def file_name(name: str) -> str:
    """Return the name of the file that a browser means: of words in a language that there is."""
    asked = WORDS.fullmatch(name)
    return f"words/{known(asked[1])}.json" if asked else name


@cache
def code_address() -> str:
    """Return the address of modules and words, below that of the app: ``code/<hash>/``."""
    return f"code/{digest(files())}/"


def mount_code(module: str, sheet: str) -> str:
    """Return the script that Streamlit is given for a component: it loads the module and the sheet.

    ``module`` has the default export ``({data, parentElement, setTriggerValue}) => clean-up``;
    ``viz/front/host.js`` says when it is called. Streamlit takes a script of one line for a path.
    """
    host = f'import(new URL("{code_address()}host.js", document.baseURI))'
    call = f'(await host).mount(component, "./{module}", "./{sheet}")'
    return f"const host = {host};\nexport default async (component) => {call};\n"
