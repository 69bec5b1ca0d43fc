"""The smallest Streamlit app with a rerun to time: the floor that Backlight is compared with."""

import streamlit as st

st.session_state.setdefault("count", 0)
if st.button("Again"):
    st.session_state["count"] += 1
st.text(f"Run {st.session_state['count']}")
