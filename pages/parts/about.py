"""What a teacher asks before a class is sent here: what it is, whose, and what becomes of data."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

from pages.parts.held import arrived_at
from pages.parts.text import _

PROJECT = Path(__file__).parents[2] / "pyproject.toml"

BIBTEX = """\
@software{{backlight,
  title   = {{Backlight: gradients flow backward through PyTorch networks}},
  author  = {{{{Backlight contributors}}}},
  version = {{{version}}},
  year    = {{2026}},
  license = {{MIT}}
}}"""


def about() -> None:
    """Draw the page: a heading and a few sentences a question."""
    arrived_at("about")
    with st.container(key="about"):
        st.markdown(f"# {_('About Backlight')}")
        st.markdown(
            _(
                "Backlight runs a PyTorch network forward and backward once and shows the gradient "
                "that arrives at every layer and the one it hands on. Every number is what "
                "`loss.backward()` computes."
            )
        )
        _cite()
        st.markdown(f"## {_('Licence and source')}")
        st.markdown(
            _(
                "MIT licence, version {version}. The source is the repository from which this "
                "server was started; its README says how to run one."
            ).format(version=version())
        )
        _stays()


def _cite() -> None:
    st.markdown(f"## {_('How to cite')}")
    st.code(BIBTEX.format(version=version()), language="bibtex", wrap_lines=True)


def _stays() -> None:
    st.markdown(f"## {_('What stays on this server')}")
    st.markdown(
        _(
            "There are no accounts, and the pages fetch nothing from other servers. Networks, "
            "pictures and runs stay in the memory of this server as long as they are needed to "
            "answer you, and until newer runs need the room; the app writes none of them to a "
            "disk. What goes wrong is written to the server's log. Everything on screen stands in "
            "the address of the page: who has the link has the network, the picture and the "
            "answers in it."
        )
    )


@cache
def version() -> str:
    """Return the version of the product."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return str(project["version"])
