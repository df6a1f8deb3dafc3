"""A page for test_policy.py: a Folium map with files of this machine only, and a Vega chart."""

import altair as alt
import folium
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from tests.examples import HOSTILE_NAMES
from ui import session
from ui.assets import ASSETS
from ui.plain_text import plain

who = session.current()
session.begin("trial")
session.tell()
for element in (folium.Map,):
    element.default_js = [(name, ASSETS[name]) for name, _ in element.default_js if name in ASSETS]
    element.default_css = [(name, ASSETS[name]) for name, _ in element.default_css if name in ASSETS]
chart = folium.Map(location=(-29.9, -71.25), zoom_start=12, tiles=None)
folium.CircleMarker((-29.9, -71.25), radius=9).add_to(chart)
st_folium(chart, height=300, key="map", returned_objects=[])
st.altair_chart(
    alt.Chart(pd.DataFrame({"x": [1, 2], "y": [1, 3]}))
    .transform_calculate(z="datum.y * 2")
    .mark_bar()
    .encode(x="x:O", y="z:Q", tooltip=["z:Q"])
)
for name in HOSTILE_NAMES:
    st.success(plain(f"{name} was registered: {name}"))
st.text(f"position {session.planner().plan.position}")
st.download_button("file", b"hello", "hello.txt", key="file")
