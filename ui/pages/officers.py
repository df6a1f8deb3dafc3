"""The personnel register: who can be assigned, with qualifications, absences and load."""

from __future__ import annotations

import dataclasses

import streamlit as st

from planner.access import may
from planner.zones import speaker_of
from ui import downloads, session
from ui.components import officer_forms, officer_register, workbook_import

now = session.current()
plan, moment = session.plan(), session.planner().clock()
now = dataclasses.replace(now, speaker=speaker_of(now.speaker, plan))
speaker = now.speaker
writes = may(now.actor, "register_officer")
st.title(speaker("Officers"))

views = {"list": speaker("Register"), "officer": speaker("One officer")}
if not plan.officers:
    views.clear()
    st.info(speaker("No officer is registered yet. Register the first one, or import a workbook."))
if writes:
    views |= {"new": speaker("New officer"), "files": speaker("Import and export")}
elif views:
    views |= {"files": speaker("Export")}
if not views:
    st.stop()
if "officer" in st.query_params and "view" not in st.query_params:
    st.query_params["view"] = "officer"
asked = st.query_params.get("view", "")
view = asked if asked in views else next(iter(views))
st.session_state["officers_view"] = view


def _turn() -> None:
    st.query_params["view"] = st.session_state["officers_view"]


st.segmented_control(
    speaker("Show"),
    list(views),
    format_func=views.__getitem__,
    key="officers_view",
    on_change=_turn,
    required=True,
    label_visibility="collapsed",
)

match view:
    case "list":
        officer_register.show(speaker, plan, moment)
    case "officer":
        officer_register.one(now, plan, moment)
    case "new":
        officer_forms.new(now, plan, officer_register.open_officer)
    case "files":
        workbook = downloads.address("officers.xlsx", language=speaker.language)
        st.link_button(speaker("Officers as a workbook (XLSX)"), workbook, icon=":material/table_view:")
        if may(now.actor, "import_officers"):
            workbook_import.officers(now, plan)
