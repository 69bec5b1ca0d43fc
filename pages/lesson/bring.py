"""A photograph of the visitor's own, taken into a lesson and its link, and given up again."""

from __future__ import annotations

import streamlit as st

from lessons.blocks import Bring
from lessons.choosing.pictured import Pictured
from models.inputs.compressed import to_text
from models.inputs.pictures import FORMATS, MAX_FILE_BYTES, read
from models.inputs.shape import InputError
from pages.lesson.desk import Desk
from pages.parts.text import _, say
from viz.language import retold
from viz.markdown import plain


def bring(desk: Desk, block: Bring) -> None:
    """Offer to bring a photograph, and to go back from it to the lesson's own.

    The file is asked for under another key each time one was taken: what is on screen is what the
    link holds, and never the name of a file that is held no more.
    """
    if not block.when(desk.study):
        return
    choice = desk.lesson.choices[block.choice]
    assert isinstance(choice, Pictured)  # noqa: S101 - the tests draw every step
    turns, problem, box = (
        desk.key(f"{block.choice}_{each}") for each in ("turns", "problem", "box")
    )
    key = desk.key(f"{block.choice}_{st.session_state.get(turns, 0)}")

    def take(picture: str) -> None:
        desk.change(**{block.choice: picture})
        st.session_state[turns] = st.session_state.get(turns, 0) + 1

    def brought() -> None:
        file = st.session_state[key]
        st.session_state[problem] = ""
        if file is None:
            return
        try:
            take(to_text(read(file.getvalue()), choice.side))
        except InputError as error:
            st.session_state[problem] = _("Your picture: {problem}").format(
                problem=retold(str(error), say())
            )
            return
        st.session_state[box] = False  # it would stand over the photograph

    icon = ":material/add_photo_alternate:"
    with st.popover(_(choice.label), icon=icon, key=box, on_change="rerun"):
        st.file_uploader(
            _("A photograph of your own"),
            type=[name.lower() for name in (*FORMATS, "JPG")],
            max_upload_size=MAX_FILE_BYTES // 2**20,
            key=key,
            on_change=brought,
        )
        sentence = _(
            "Its middle square is kept, {side}x{side} pixels, compressed; of several pictures in "
            "a file the first one. The link holds it; it is written to no disk."
        )
        st.caption(sentence.format(side=choice.side))
        if st.session_state.get(problem):
            st.error(plain(st.session_state[problem]))
    if desk.study[block.choice]:
        st.button(
            _(block.back),
            icon=":material/undo:",
            key=desk.key(f"{block.choice}_back"),
            on_click=take,
            args=("",),
        )
