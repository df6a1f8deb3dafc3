"""The programme of a visit: chart, table, conflicts, the form of an activity, import and downloads."""

from __future__ import annotations

import streamlit as st

from ui import session
from ui.components import findings, programme_forms, programme_views, workbook_import
from ui.components.choosing import visit_chooser
from ui.components.inputs import at_visit, opened
from ui.plain_text import plain

now = session.current()
plan, moment = session.plan(), session.planner().clock()
st.title(now.speaker("Programme"))
visit = visit_chooser(now.speaker, plan, moment)
if visit is None:
    st.stop()
here = at_visit(now, visit)
speaker = here.speaker
changes = session.may("schedule_activity", visit.key)

if visit.cancelled:
    st.warning(speaker("This visit is cancelled."), icon=":material/event_busy:")
with st.container(horizontal=True, gap="medium", key="programme_choices"):
    day = programme_views.day_chooser(speaker, visit, moment)
    shown = programme_views.part_chooser(speaker, plan, visit, day, moment)
    grouping = programme_views.grouping_chooser(speaker)
found, worst = programme_views.found_of(session.checked(visit.key), visit.key)
chosen = programme_views.Part(visit, shown, day, worst)

if visit.activities:
    programme_views.chart(speaker, plan, chosen, moment, grouping)
else:
    st.info(
        speaker("Nothing is planned yet. Add the first activity, or import a workbook."),
        icon=":material/edit_calendar:",
    )
writes = "add" in st.query_params or "activity" in st.query_params
shares = [5, 4] if writes else [2, 1]
listed, form = st.columns(shares, gap="medium") if changes else (st.container(), st.container())
with listed:
    if visit.activities:
        programme_views.table(speaker, plan, chosen)
        programme_views.downloads_row(speaker, visit)
    if found:
        st.subheader(speaker.counted("{n} conflict or hint", "{n} conflicts and hints", len(found)))
        findings.show(speaker, found, "programme_finding", most=4, beside=False)
    if changes and not visit.cancelled:
        part = opened(speaker("Import a workbook"), "programme_import", ":material/upload_file:")
        if part:
            with part:
                workbook_import.programme(here, plan, visit)
if changes:
    with form:
        programme_forms.chooser(speaker, visit, shown)
        code = st.query_params.get("activity")
        if code in {activity.code for activity in visit.activities}:
            programme_forms.panel(visit.key, code, day or visit.details.first_day)
        elif "add" in st.query_params:
            programme_forms.panel(visit.key, None, day or visit.details.first_day)
        elif code:
            st.warning(speaker("There is no «{code}» here.", code=plain(code)), icon=":material/search_off:")
