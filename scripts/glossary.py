"""Write ``docs/glossary.md``: the terms of ``viz/words/glossary.py``."""

from __future__ import annotations

from scripts.served import ROOT
from viz.words.glossary import document

FILE = ROOT / "docs" / "glossary.md"

if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
