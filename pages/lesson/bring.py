"""A photograph of the visitor's own, taken into a lesson and its link, and given up again."""

from __future__ import annotations

import streamlit as st

from lessons.blocks import Bring
from lessons.choosing.pictured import Pictured
from models.inputs.compressed import to_text
from models.inputs.pictures import FORMATS, MAX_FILE_BYTES, Pixels
from pages.lesson.desk import Desk
from pages.parts.picture import ask_for_picture, complain, forget
from pages.parts.text import _


def bring(desk: Desk, block: Bring) -> None:
    """Offer to bring a photograph, and to go back from it to the lesson's own.

    The file is asked for under another key each time one was taken: what is on screen is what the
    link holds, and never the name of a file that is held no more.
    """
    if not block.when(desk.study):
        return
    choice = desk.lesson.choices[block.choice]
    assert isinstance(choice, Pictured)  # noqa: S101 - the tests draw every step
    turns, box = (desk.key(f"{block.choice}_{each}") for each in ("turns", "box"))

    def take(picture: str) -> None:
        desk.change(**{block.choice: picture})
        st.session_state[turns] = st.session_state.get(turns, 0) + 1

    def brought(pixels: Pixels | None) -> None:
        if pixels is not None:
            take(to_text(pixels, choice.side))
            forget(key)
            st.session_state[box] = False  # it would stand over the photograph

    icon = ":material/add_photo_alternate:"
    with st.popover(_(choice.label), icon=icon, key=box, on_change="rerun"):
        key = desk.key(f"{block.choice}_{st.session_state.get(turns, 0)}")
        ask_for_picture(_("A photograph of your own"), key, brought)
        complain(key)
        taken = _("At most {most} MB, one of {names}. A file that turns red is not taken.")
        sentence = _(
            "Its middle square is kept, {side}x{side} pixels, compressed; of several pictures in "
            "a file the first one. The link holds it; it is written to no disk."
        )
        st.caption(taken.format(most=MAX_FILE_BYTES // 2**20, names=", ".join(FORMATS)))
        st.caption(sentence.format(side=choice.side))
    if desk.study[block.choice]:
        st.button(
            _(block.back),
            icon=":material/undo:",
            key=desk.key(f"{block.choice}_back"),
            on_click=take,
            args=("",),
        )
