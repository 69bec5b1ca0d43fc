"""Script, style sheets and words of the front end, and the address at which they are served.

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
BUNDLES = FOLDER / "bundle"
"""What is made from the modules, since one file comes faster than fifty that ask for each other."""
PAGE = "page.js"
"""The bundle for a page of the app."""
ALONE = BUNDLES / "alone.js"
"""The bundle for a notebook and for the file without a server."""
IMPORT = re.compile(r'@import url\("([^"]+)"\)( \([^;]+\))?;')
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
WORDS = re.compile(r"words/([\w-]{1,20})\.json")
"""Words of a language, as a browser names it."""


def sheets(folder: Path) -> dict[str, bytes]:
    """Return the style sheets in a folder, by the path below it, in order."""
    files = sorted(folder.rglob("*.css"))
    return {file.relative_to(folder).as_posix(): sheet(file).encode() for file in files}


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
    """Return script, style sheets and words as they were when somebody first asked."""
    words = {f"words/{name}.json": words_file(name) for name in languages()}
    script = (BUNDLES / PAGE).read_bytes()
    return MappingProxyType({PAGE: script, **sheets(FOLDER), **words})


def words_file(language: str) -> bytes:
    """Return the words of a language, as JSON."""
    return json.dumps(front_words(speaking(language)), ensure_ascii=False).encode()


def file_name(name: str) -> str:
    """Return the name of the file that a browser means: of words in a language that there is."""
    asked = WORDS.fullmatch(name)
    return f"words/{known(asked[1])}.json" if asked else name


@cache
def code_address() -> str:
    """Return the address of all of them, below that of the app: ``code/<hash>/``."""
    return f"code/{digest(files())}/"


def page_address() -> str:
    """Return the address of the script."""
    return code_address() + PAGE


def mount_code(name: str, sheet: str) -> str:
    """Return the script that Streamlit is given for a component of ``viz/front/page/page.js``.

    ``viz/front/host.js`` says when what is called. Streamlit takes a script of one line for a path.
    """
    page = f'import(new URL("{page_address()}", document.baseURI))'
    call = f'(await page).mount(component, "{name}", "./{sheet}")'
    return f"const page = {page};\nexport default async (component) => {call};\n"
