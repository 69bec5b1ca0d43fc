"""The code of our browser components, read from their folders: for the app and for one file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from viz import maps

FOLDER = Path(__file__).parent / "components"
SHARED: dict[str, tuple[str, ...]] = {
    "graph": ("svg", "save", "save_svg", "stepping"),
    "strip": ("stepping",),
}
"""Component -> scripts of the folder ``shared`` that come first in its module."""

JOINED = {"maps": maps.component}
"""Components of several scripts, which know their order themselves."""


@cache
def assets(name: str) -> dict[str, str]:
    """Return html, css and js of a component, for ``st.components.v2.component(name, **...)``."""
    if name in JOINED:
        return JOINED[name]()
    folder = FOLDER / name
    scripts = [*(FOLDER / "shared" / f"{part}.js" for part in SHARED.get(name, ()))]
    return {
        "html": f'<div class="{name}"></div>',
        "css": (folder / f"{name}.css").read_text(encoding="utf-8"),
        "js": "\n".join(
            script.read_text(encoding="utf-8") for script in (*scripts, folder / f"{name}.js")
        ),
    }
