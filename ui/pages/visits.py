"""Visits: all of them, and one with its delegations and their members."""

from __future__ import annotations

import streamlit as st

from ui import session
from ui.components import (
    delegation_forms,
    emergency,
    erasing,
    findings,
    plain_table,
    visit_forms,
    visit_import,
    visit_members,
)
from ui.components.choosing import in_order, visit_chooser
from ui.components.inputs import at_visit, opened
from ui.components.plain_table import line

now = session.current()
plan, moment = session.plan(), session.planner().clock()
speaker = now.speaker
st.title(speaker("Visits"))

if session.may("register_visit"):
    part = opened(speaker("Register a visit"), "new_visit", ":material/add_circle:", expanded=not plan.visits)
    if part:
        with part:
            visit_forms.register(now, plan)
if session.may("import_visit"):
    part = opened(speaker("Import a visit"), "visit_import", ":material/upload_file:")
    if part:
        with part:
            visit_import.show(now, plan)
emergency.ask(now)
visit = visit_chooser(speaker, plan, moment)
if visit is None:
    st.stop()
here = at_visit(now, visit)
if len(plan.visits) > 1:
    with st.expander(speaker("All visits"), key="all_visits", icon=":material/list:"):
        plain_table.show(
            (speaker("Code"), speaker("Title of the visit"), speaker("Days"), speaker("Delegations"), speaker("State")),
            (
                plain_table.Row(
                    (
                        one.key,
                        one.details.title,
                        visit_forms.first_and_last(speaker, one.details.first_day, one.details.last_day),
                        ", ".join(held.details.name for held in plan.delegations(one.key) if not held.withdrawn),
                        speaker("cancelled") if one.cancelled else "",
                    ),
                    chosen=one.key == visit.key,
                )
                for one in in_order(plan.visits, moment)[:200]
            ),
            key="visits_table",
        )

details = visit.details
with st.container(border=True, key="visit_facts"):
    line(details.title, "visit-title")
    line(
        " · ".join(
            (
                visit.key,
                visit_forms.first_and_last(speaker, details.first_day, details.last_day),
                speaker("all times in {zone}", zone=speaker.zone_name(details.zone)),
            )
        )
    )
    if details.notes:
        st.text(details.notes)
    if visit.cancelled:
        st.warning(speaker("This visit is cancelled."), icon=":material/event_busy:")
    else:
        findings.counts(speaker, session.checked(visit.key))
    with st.container(horizontal=True, key="visit_ways"):
        findings.linked("programme", speaker("Programme"), ":material/calendar_month:", visit=visit.key)
        findings.linked("duty_board", speaker("Duty board"), ":material/view_timeline:", visit=visit.key)
        findings.linked("map", speaker("Map"), ":material/map:", visit=visit.key)
        findings.linked("history", speaker("History"), ":material/history:", visit=visit.key)

changes = session.may("amend_visit", visit.key)
if changes and visit.cancelled:
    visit_forms.reinstate(now, visit)
elif changes:
    if part := opened(speaker("Change the visit"), "amend_visit_form", ":material/edit:"):
        with part:
            visit_forms.amend(now, visit)
    if part := opened(speaker("Cancel the visit"), "cancel_visit_form", ":material/event_busy:"):
        with part:
            visit_forms.cancel(now, visit)

erasing.show_visit(now, visit)

if part := opened(speaker("Who belongs to this visit"), "visit_roll", ":material/badge:"):
    with part:
        visit_members.show(here, session.reader(), visit.key)

st.subheader(speaker("Delegation and members"))
delegation_forms.show(here, plan, visit)
