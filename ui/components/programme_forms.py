"""The form of one activity: what would be wrong is said while choosing, before anything is saved."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain.base import Act, Decision
from domain.plan import Plan
from domain.references import known_activity
from domain.values import TimeWindow
from domain.venue import Room
from domain.visit import MAIN_PARTY, Activity, ActivityType, Journey, Layout, TravelMode, Visit
from planner.preview import standing
from planner.text import Speaker
from ui import session
from ui.charts.programme import in_time
from ui.charts.programme_parts import MANY
from ui.components import findings
from ui.components.inputs import at_visit, fresh, moment_input, next_code, placed, reason_input, window_input
from ui.components.plain_table import line
from ui.maps.places import venue_name
from ui.plain_text import plain
from ui.session import Session

_TRAVELLING = (ActivityType.ARRIVAL, ActivityType.DEPARTURE)


def chooser(speaker: Speaker, visit: Visit, shown: Sequence[Activity]) -> None:
    """Which activity is changed, or that one is added: ``?activity=A-05`` or ``?add=1`` in the address.

    Of a large visit those are offered that are shown.
    """
    asked = st.query_params.get("activity")
    offered = in_time(visit) if len(visit.activities) <= MANY else shown
    codes = {a.code: a for a in (*(a for a in visit.activities if a.code == asked), *offered)}
    st.session_state["chosen_activity"] = asked if asked in codes else None
    with st.container(horizontal=True, vertical_alignment="bottom", key="activity_chooser"):
        st.selectbox(
            speaker("Activity to change"),
            list(codes),
            format_func=lambda code: f"{code} · {codes[code].title}",
            key="chosen_activity",
            on_change=_chosen,
            placeholder=speaker("Choose an activity, here or in the chart"),
            width=320,
        )
        st.button(
            speaker("New activity"),
            key="new_activity",
            icon=":material/add:",
            on_click=_adding,
            disabled=visit.cancelled,
        )


def _chosen() -> None:
    st.query_params.pop("add", None)
    code = st.session_state["chosen_activity"]
    if code is None:
        st.query_params.pop("activity", None)
    else:
        st.query_params["activity"] = code


def _adding() -> None:
    st.query_params.pop("activity", None)
    st.query_params["add"] = "1"


@st.fragment
def panel(visit_code: str, code: str | None, day: date) -> None:
    """The form of an activity, of a new one on that day where no code is given; runs alone while somebody chooses."""
    plan = session.plan()
    visit = plan.visit(visit_code)
    here = at_visit(session.current(), visit)
    activity = next((a for a in visit.activities if a.code == code), None)
    with st.container(key="activity_form"):
        if activity is not None and (visit.cancelled or activity.code in visit.called_off):
            _reinstating(here, visit, activity)
        elif visit.cancelled:
            st.info(here.speaker("The visit is cancelled."), icon=":material/event_busy:")
        else:
            _amending(here, plan, visit, activity, day)


def _amending(here: Session, plan: Plan, visit: Visit, activity: Activity | None, day: date) -> None:
    speaker = here.speaker
    key = fresh("activity", visit.key, activity or len(visit.activities))
    typed = _typed(speaker, plan, visit, activity, day, key)
    if typed is None:
        return
    subject = f"activity/{visit.key}/{typed.code}"
    moment = session.planner().clock()
    found = None
    with session.refusals():
        found = standing(
            plan, lambda p, act: _decision(p, visit.key, activity, typed, act), here.actor, moment, subject
        )
    if found is None:
        return
    if found:
        line(speaker("As chosen here, this would be wrong:"))
        findings.show(speaker, found, "activity_conflicts", links=False)
    else:
        st.success(speaker("No conflict as chosen here."), icon=":material/check:")
    reason = reason_input(speaker, f"{key}_reason")
    same = typed == activity
    label = speaker("Add to the programme") if activity is None else speaker("Save the changes")
    # Never locked: what is typed counts once its field is left, and pressing the button is what leaves it.
    if st.button(label, key="activity_save", type="primary", icon=":material/save:"):
        _save(here, visit, activity, typed, reason)
    if same:
        line(speaker("Nothing has been changed yet."))
    if activity is not None:
        _reporting(here, visit, activity)
        _cancelling(here, visit, activity)


def _typed(
    speaker: Speaker, plan: Plan, visit: Visit, activity: Activity | None, day: date, key: str
) -> Activity | None:
    """The activity as the inputs say it; None (with the reason shown) where they make none."""
    facts: dict[str, Any] = {}
    with st.container(horizontal=True):
        if activity is None:
            free = next_code((a.code for a in visit.activities), "A")
            facts["code"] = (
                st.text_input(speaker("Code"), free, key=f"{key}_code", max_chars=40, width=110) or ""
            ).strip()
        types = list(ActivityType)
        index = types.index(activity.type) if activity else types.index(ActivityType.OTHER)
        facts["type"] = st.selectbox(
            speaker("Kind"), types, index=index, format_func=speaker.label, key=f"{key}_type", width=230
        )
    title = activity.title if activity else ""
    facts["title"] = st.text_input(speaker("Title"), title, key=f"{key}_title", max_chars=200)
    window = window_input(speaker, visit.details.zone, key, activity.window if activity else _next_hour(visit, day))
    facts |= _place(speaker, plan, activity, key)
    facts |= _guests(speaker, plan, visit, activity, key)
    if facts["type"] in _TRAVELLING or (activity and activity.journey):
        facts["journey"] = _journey(speaker, activity, key)
    with st.expander(speaker("Buffers, joint activities, notes"), key=f"{key}_more"):
        facts |= _buffers(speaker, plan, visit, activity, key)
    if window is None:
        return None
    if not facts["title"].strip():
        st.info(speaker("Give the activity a title."), icon=":material/edit:")
        return None
    with session.refusals():
        code = activity.code if activity else facts.pop("code")
        return Activity(**{**facts, "code": code, "window": window})
    return None


def _place(speaker: Speaker, plan: Plan, activity: Activity | None, key: str) -> dict[str, Any]:
    held = activity.venue if activity else None
    venues = {venue.key: venue for venue in plan.venues if not venue.retired or venue.key == held}
    with st.container(horizontal=True, key=f"{key}_place"):
        codes = [None, *venues]
        venue = st.selectbox(
            speaker("Venue"),
            codes,
            index=codes.index(held) if held in codes else 0,
            format_func=lambda code: (
                speaker("no venue yet") if code is None else f"{venue_name(venues[code], speaker)} ({code})"
            ),
            key=f"{key}_venue",
            width=420,
        )
        rooms = {room.code: room for room in venues[venue].rooms} if venue in venues else {}
        layouts = list(Layout)
        layout_key = f"{key}_layout"
        layout = st.session_state.get(layout_key) or (activity.layout if activity else Layout.THEATRE)
        choices = [None, *rooms]
        room_held = activity.room if activity and venue == held else None
        room = st.selectbox(
            speaker("Room"),
            choices,
            index=choices.index(room_held) if room_held in choices else 0,
            format_func=lambda code: speaker("no room") if code is None else _room(speaker, rooms[code], layout),
            key=f"{key}_room_{venue}",
            width=420,
            disabled=not rooms,
        )
        layout = st.selectbox(
            speaker("Seating"),
            layouts,
            index=layouts.index(activity.layout if activity else Layout.THEATRE),
            format_func=speaker.label,
            key=layout_key,
            width=160,
        )
        persons = st.number_input(
            speaker("Persons"),
            0,
            100_000,
            activity.headcount if activity else 0,
            key=f"{key}_headcount",
            help=speaker("Everybody in the room, hosts and press too. 0 counts the guests of the party."),
            width=110,
        )
    return {"venue": venue, "room": room, "layout": layout, "headcount": persons}


def _room(speaker: Speaker, room: Room, layout: Layout) -> str:
    holds = room.capacity(layout)
    if holds is None:
        return speaker("{code} {name} · not surveyed", code=room.code, name=room.name)
    return speaker("{code} {name} · holds {n}", code=room.code, name=room.name, n=holds)


def _guests(speaker: Speaker, plan: Plan, visit: Visit, activity: Activity | None, key: str) -> dict[str, Any]:
    delegations = {one.code: one for one in plan.delegations(visit.key)}
    parties = {MAIN_PARTY: None, **{member.party: None for one in delegations.values() for member in one.members}}
    parties |= {a.party: None for a in visit.activities}
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_guests"):
        codes = [None, *delegations]
        delegation = st.selectbox(
            speaker("Delegation"),
            codes,
            index=codes.index(activity.delegation) if activity and activity.delegation in codes else 0,
            format_func=lambda code: speaker("all") if code is None else f"{code} · {delegations[code].details.name}",
            key=f"{key}_delegation",
            width=420,
        )
        party = st.selectbox(
            speaker("Party"),
            list(parties),
            index=list(parties).index(activity.party) if activity else 0,
            format_func=lambda name: speaker("main party") if name == MAIN_PARTY else name,
            accept_new_options=True,
            key=f"{key}_party",
            width=170,
        )
        host = st.text_input(
            speaker("Host"), activity.host if activity else "", key=f"{key}_host", max_chars=200, width=220
        )
        fixed = st.checkbox(
            speaker("Fixed time"),
            activity.fixed if activity else False,
            key=f"{key}_fixed",
            help=speaker("Fixed times cannot give way to a delay: being late there is a blocking conflict."),
        )
    return {"delegation": delegation, "party": party or MAIN_PARTY, "host": host or "", "fixed": fixed}


def _journey(speaker: Speaker, activity: Activity | None, key: str) -> Journey | None:
    held = activity.journey if activity else None
    modes = [None, *TravelMode]
    with st.container(horizontal=True, key=f"{key}_journey"):
        mode = st.selectbox(
            speaker("Travels by"),
            modes,
            index=modes.index(held.mode) if held else 0,
            format_func=lambda one: speaker("not said") if one is None else speaker.label(one),
            key=f"{key}_mode",
            width=170,
        )
        number = st.text_input(
            speaker("Flight, train or ship"), held.number if held else "", key=f"{key}_number", max_chars=200, width=200
        )
        gate = st.text_input(speaker("Gate"), held.gate if held else "", key=f"{key}_gate", max_chars=200, width=200)
    if mode is None:
        return None
    return Journey(mode=mode, number=number or "", gate=gate or "", actual=held.actual if held else None)


def _buffers(speaker: Speaker, plan: Plan, visit: Visit, activity: Activity | None, key: str) -> dict[str, Any]:
    usual = plan.numbers(session.planner().clock()).embark_minutes
    with st.container(horizontal=True, key=f"{key}_buffers"):
        setup = st.number_input(
            speaker("Set-up (min)"), 0, 1440, activity.setup_minutes if activity else 0, key=f"{key}_setup", width=150
        )
        teardown = st.number_input(
            speaker("Teardown (min)"),
            0,
            1440,
            activity.teardown_minutes if activity else 0,
            key=f"{key}_down",
            width=150,
        )
        embark = st.number_input(
            speaker("Boarding (min)"),
            0,
            1440,
            activity.embark_minutes if activity else None,
            key=f"{key}_embark",
            placeholder=speaker("by policy"),
            help=speaker("Empty: {n} minutes and more for many persons, as the policy says.", n=usual),
            width=150,
        )
    others = {a.code: a for a in visit.activities if activity is None or a.code != activity.code}
    joint = st.multiselect(
        speaker("Held together with"),
        list(others),
        [code for code in activity.joint_with if code in others] if activity else [],
        format_func=lambda code: plain(f"{code} {others[code].title}"),
        key=f"{key}_joint",
        placeholder=speaker("Choose activities"),
    )
    notes = st.text_area(speaker("Notes"), activity.notes if activity else "", key=f"{key}_notes", max_chars=8000)
    return {
        "setup_minutes": setup,
        "teardown_minutes": teardown,
        "embark_minutes": embark,
        "joint_with": tuple(joint),
        "notes": notes or "",
    }


def _decision(plan: Plan, visit: str, old: Activity | None, new: Activity, act: Act) -> Decision:
    known = known_activity(plan, visit, new)
    return plan.visit(visit).schedule(known, act) if old is None else plan.visit(visit).amend_activity(known, act)


def _save(here: Session, visit: Visit, old: Activity | None, new: Activity, reason: str) -> None:
    """One command: what only moves or only changes its place is told so in the history."""
    speaker, planner, by = here.speaker, session.planner(), here.actor
    if old is None:
        done = speaker("Activity {code} was added, {window}.", code=new.code, window=new.window)
        session.act(done, lambda: planner.schedule_activity(visit.key, new, by=by, reason=reason))
    elif dataclasses.replace(old, window=new.window) == new:
        done = speaker("Activity {code} was moved to {window}.", code=new.code, window=new.window)
        session.act(done, lambda: planner.move_activity(visit.key, new.code, new.window, by=by, reason=reason))
    elif dataclasses.replace(old, venue=new.venue, room=new.room) == new:
        venue = venue_name(session.plan().venue(new.venue), speaker) if new.venue else "–"
        done = speaker("Activity {code} now takes place at {venue}.", code=new.code, venue=venue)
        session.act(
            done, lambda: planner.relocate_activity(visit.key, new.code, new.venue, new.room, by=by, reason=reason)
        )
    else:
        done = speaker("Activity {code} was changed.", code=new.code)
        session.act(done, lambda: planner.amend_activity(visit.key, new, by=by, reason=reason))


def _reporting(here: Session, visit: Visit, activity: Activity) -> None:
    speaker = here.speaker
    if activity.journey is None or not session.may("report_journey", visit.key):
        return
    key = fresh("report", activity)
    with st.expander(
        speaker("Report when they really came or left"), key="activity_report", icon=":material/schedule:"
    ):
        if activity.journey.actual is not None:
            line(speaker("Reported: {moment}", moment=activity.journey.actual))
        planned = activity.journey.actual or activity.window.start
        actual = moment_input(speaker, visit.details.zone, key, speaker("Day"), planned)
        if st.button(speaker("Report"), key="journey_report") and actual is not None:
            done = speaker("Activity {code}: {moment} was reported.", code=activity.code, moment=actual)
            planner = session.planner()
            session.act(done, lambda: planner.report_journey(visit.key, activity.code, actual, by=here.actor))


def _cancelling(here: Session, visit: Visit, activity: Activity) -> None:
    speaker = here.speaker
    with st.expander(speaker("Cancel this activity"), key="activity_cancel", icon=":material/event_busy:"):
        reason = reason_input(speaker, f"cancel_reason_{activity.code}", needed=True)
        if st.button(speaker("Cancel {code}", code=plain(activity.code)), key="cancel_activity"):
            done = speaker("Activity {code} was cancelled.", code=activity.code)
            planner = session.planner()
            session.act(done, lambda: planner.cancel_activity(visit.key, activity.code, by=here.actor, reason=reason))


def _reinstating(here: Session, visit: Visit, activity: Activity) -> None:
    speaker = here.speaker
    st.info(speaker("Activity {code} is cancelled.", code=plain(activity.code)), icon=":material/event_busy:")
    reason = reason_input(speaker, f"reinstate_reason_{activity.code}")
    if st.button(speaker("Put it back"), key="reinstate_activity", icon=":material/undo:"):
        done = speaker("Activity {code} is in the programme again.", code=activity.code)
        planner = session.planner()
        session.act(done, lambda: planner.reinstate_activity(visit.key, activity.code, by=here.actor, reason=reason))


def _next_hour(visit: Visit, day: date) -> TimeWindow:
    """An hour after the last activity of the day, from nine on an empty day."""
    zone = visit.details.zone
    ends = [end for a in visit.programme if (end := a.window.end.astimezone(ZoneInfo(zone))).date() == day]
    if ends:
        last = max(ends) + timedelta(minutes=59)
        start: datetime = last.replace(minute=0, second=0, microsecond=0)
    else:
        start = placed(day, time(9), zone)
    return TimeWindow(start=start, end=start + timedelta(hours=1))
