"""What a component sent is read with care: it may be gone when its message is read."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.test_playground_page import PATIENCE


def test_a_message_of_a_component_that_left_the_page_says_nothing() -> None:
    def script() -> None:
        import streamlit as st

        from pages.parts import components as of_the_page

        st.session_state["here"] = {"select": {"id": "n3"}}
        st.text(
            f"{of_the_page.message_of('gone', 'select')} {of_the_page.message_of('here', 'select')}"
        )
        st.text(str(of_the_page.message_of("here", "stroke")))

    page = AppTest.from_function(script, default_timeout=PATIENCE).run()
    assert not page.exception
    assert [each.value for each in page.text] == ["None {'id': 'n3'}", "None"]
