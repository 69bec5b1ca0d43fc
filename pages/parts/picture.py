"""A picture's file that a visitor brings, or why it is not taken."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models.inputs.pictures import FORMATS, MAX_FILE_BYTES, Pixels, read
from models.inputs.shape import InputError
from pages.parts.text import _, say
from pages.parts.turns import runs
from viz.language import retold
from viz.markdown import plain


def ask_for_picture(
    label: str, key: str, take: Callable[[Pixels | None], None], hint: str | None = None
) -> None:
    """Ask for a file; ``take`` gets its pixels, or None where it is taken back.

    What it raises as InputError is what ``complain`` says. Visitors take turns: decoding a large
    picture takes much memory for a moment.
    """

    def brought() -> None:
        file = st.session_state[key]
        st.session_state[_problem(key)] = ""
        try:
            with runs().turn(always=True):
                take(None if file is None else read(file.getvalue()))
        except InputError as error:
            told = retold(str(error), say())
            st.session_state[_problem(key)] = _("Your picture: {problem}").format(problem=told)

    st.file_uploader(
        label,
        type=[name.lower() for name in (*FORMATS, "JPG")],
        max_upload_size=MAX_FILE_BYTES // 2**20,
        key=key,
        on_change=brought,
        help=hint,
    )


def forget(key: str) -> None:
    """Free a file that is asked for under this key no more: the server holds it until then."""
    file, context = st.session_state.get(key), get_script_run_ctx()
    if not isinstance(file, UploadedFile) or context is None:
        return
    if isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):  # others free nothing
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def complain(key: str) -> None:
    """Say why the file that was brought last is not taken, if it is not."""
    if st.session_state.get(_problem(key)):
        st.error(plain(st.session_state[_problem(key)]))


def _problem(key: str) -> str:
    return f"{key}_problem"
