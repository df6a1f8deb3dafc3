"""The duty board of a visit: who stands where and when, what is not covered, and giving duties by hand."""

from __future__ import annotations

import streamlit as st

from planner.access import may
from planner.checks import Checked
from ui import downloads, session
from ui.components import board, findings, load_board, post_forms, post_panel, rostering, workbook_import
from ui.components.choosing import visit_chooser
from ui.components.inputs import at_visit

now = session.current()
plan, moment = session.planner().plan, session.planner().clock()
st.title(now.speaker("Duty board"))
visit = visit_chooser(now.speaker, plan, moment)
if visit is None:
    st.stop()
here = at_visit(now, visit)
speaker = here.speaker

if visit.cancelled:
    st.warning(speaker("This visit is cancelled."), icon=":material/event_busy:")
views = {"board": speaker("Board"), "post": speaker("One post"), "findings": speaker("Conflicts")}
if may(now.actor, "assign_officer"):
    views |= {"roster": speaker("Proposal")}
views |= {"load": speaker("Load and gaps")}
if may(now.actor, "create_post") and not visit.cancelled:
    views |= {"new": speaker("New post"), "files": speaker("Import and export")}
else:
    views |= {"files": speaker("Export")}
if not plan.posts(visit.key):
    views = {name: label for name, label in views.items() if name in ("new", "files")}
    st.info(
        speaker("No post is planned yet. Create the first one, or import a workbook."), icon=":material/add_location:"
    )
if not {"post", "assignment"}.isdisjoint(st.query_params) and "view" not in st.query_params:
    st.query_params["view"] = "post"
asked = st.query_params.get("view", "")
view = asked if asked in views else next(iter(views))
st.session_state["duty_view"] = view


def _turn() -> None:
    st.query_params["view"] = st.session_state["duty_view"]


st.segmented_control(
    speaker("Show"),
    list(views),
    format_func=views.__getitem__,
    key="duty_view",
    on_change=_turn,
    required=True,
    label_visibility="collapsed",
)

match view:
    case "board":
        board.show(speaker, plan, visit, moment)
    case "post":
        post_panel.show(here, plan, visit, moment)
    case "findings":
        checked = session.planner().checks.of(plan, visit.key)
        found = board.conflicts(checked)
        findings.counts(speaker, Checked(tuple(found), checked.position, checked.fresh))
        findings.show(speaker, found, "duty_finding", most=15)
    case "roster":
        rostering.show(here, plan, visit, moment)
    case "load":
        load_board.show(speaker, plan, visit, moment)
    case "new":
        day = post_forms.morning(visit, board.days(plan, visit)[0])
        post_forms.new(here, plan, visit, day, board.open_post)
    case "files":
        asked_for = {"visit": visit.key, "language": speaker.language}
        workbook = downloads.address("posts.xlsx", **asked_for)
        st.link_button(speaker("Posts as a workbook (XLSX)"), workbook, icon=":material/table_view:")
        if may(now.actor, "import_posts") and not visit.cancelled:
            workbook_import.posts(here, plan, visit)
