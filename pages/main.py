"""A placeholder for the page registry."""

import streamlit as st

st.title("Backlight")
