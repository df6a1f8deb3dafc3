"""The map of one visit: venues, key points, routes and posts at any moment, and the forms for them."""

from __future__ import annotations

import dataclasses

import streamlit as st

from planner.text import Speaker
from ui import session
from ui.components import map_view, route_forms, venue_forms
from ui.components.choosing import visit_chooser

now = session.current()
plan = session.plan()
st.title(now.speaker("Map"))
visit = visit_chooser(now.speaker, plan, session.planner().clock())
if visit is None:
    st.stop()
here = dataclasses.replace(now, speaker=Speaker(now.account.look.language, visit.details.zone))
speaker = here.speaker
if not plan.venues:
    st.info(
        speaker("No venue is registered yet. Click the map where one is, or type its coordinates."),
        icon=":material/add_location_alt:",
    )
venue_forms.from_address(speaker, plan)
about_routes = route_forms.from_address(speaker, plan, visit)
drawn, forms = st.columns([3, 2], gap="medium")
with drawn:
    map_view.show(visit.key)
with forms:
    names = [speaker("Venues and key points"), speaker("Routes")]
    venues, routes = st.tabs(names, default=names[about_routes])
    with venues:
        venue_forms.show(here, plan, st.session_state.get(map_view.PICKED))
    with routes:
        route_forms.show(here, plan, visit)
