"""What Home shows: visits with what is wrong, the last changes, the own next duty, the first steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from itertools import chain, islice, takewhile
from typing import Final

import streamlit as st

from domain.assignment import AssignmentStatus
from domain.base import Role
from domain.duty import duty
from domain.finding import Finding
from domain.plan import Plan
from domain.secrecy import mark_of
from domain.values import SecrecyLevel
from domain.visit import Visit
from planner.access import may
from planner.access.reader import Reader
from planner.history.sentences import sentence
from planner.text import Speaker
from planner.zones import speaker_of
from ui import session
from ui.components import choosing, findings
from ui.components.findings import linked
from ui.components.plain_table import html_of, line
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell

_VISITS_SHOWN: Final = 5
_CHANGES_SHOWN: Final = 8


def visits(who: Session, plan: Plan, now: datetime) -> None:
    """A card for each of the visits nearest to today, the others by name."""
    speaker = who.speaker
    st.subheader(speaker("Visits"))
    listed = choosing.in_order(plan.visits, now)
    for visit in listed[:_VISITS_SHOWN]:
        _card(speaker, plan, visit, now)
    if listed[_VISITS_SHOWN:]:
        with st.expander(speaker("Other visits"), key="other_visits"):
            for visit in listed[_VISITS_SHOWN : _VISITS_SHOWN + 50]:
                linked("visits", plain(choosing.visit_label(speaker, visit)), visit=visit.key)


def _card(speaker: Speaker, plan: Plan, visit: Visit, now: datetime) -> None:
    details = visit.details
    with st.container(border=True, key=f"visit_{visit.key}"):
        line(details.title, "visit-title")
        line(f"{visit.key} · {speaker.day(details.first_day)} – {speaker.day(details.last_day)}")
        told = [_when(speaker, visit, choosing.today(visit, now))]
        told += [
            f"{one.details.name} ({speaker.country(one.details.country)})"
            for one in plan.delegations(visit.key)
            if not one.withdrawn
        ]
        mark = mark_of(plan, visit.key)
        if mark is not SecrecyLevel.NONE:
            told.append(speaker.label(mark).upper())
        line(" · ".join(told))
        if visit.cancelled:
            return
        checked = session.checked(visit.key)
        findings.counts(speaker, checked)
        findings.show(
            choosing.there(speaker, visit), to_mend(checked.findings, now), f"worst_{visit.key}", beside=False
        )
        with st.container(horizontal=True, key=f"ways_{visit.key}"):
            linked("visits", speaker("Visit and delegation"), ":material/flag:", visit=visit.key)
            linked("programme", speaker("Programme"), ":material/calendar_month:", visit=visit.key)
            linked("duty_board", speaker("Duty board"), ":material/view_timeline:", visit=visit.key)
            linked("map", speaker("Map"), ":material/map:", visit=visit.key)


def to_mend(found: Sequence[Finding], now: datetime) -> tuple[Finding, ...]:
    """The worst that can still be mended, else the worst: a gap of this morning is not what to do next.

    Of what is as bad: first what nobody has accepted, and of that what comes sooner.
    """
    coming = [one for one in found if one.window is None or one.window.end > now]
    worst = takewhile(lambda one: one.severity is coming[0].severity, coming)
    return tuple(islice(chain(sorted(worst, key=_accepted_and_start), found), 1))


def _accepted_and_start(finding: Finding) -> tuple[bool, float]:
    start = math.inf if finding.window is None else finding.window.start.timestamp()
    return finding.overridden, start


def _when(speaker: Speaker, visit: Visit, today: date) -> str:
    first, last = visit.details.first_day, visit.details.last_day
    if visit.cancelled:
        return speaker("cancelled")
    if today < first:
        return speaker.counted("begins tomorrow", "begins in {n} days", (first - today).days)
    if today > last:
        return speaker.counted("ended yesterday", "ended {n} days ago", (today - last).days)
    return speaker("day {n} of {all}, today", n=(today - first).days + 1, all=(last - first).days + 1)


def lately(speaker: Speaker, plan: Plan) -> None:
    """The last events in sentences, newest first."""
    st.subheader(speaker("What changed lately"))
    told = plan.remembered(("told lately", speaker.language, speaker.zone.key), lambda: _told(speaker, plan))
    st.html(f'<ul class="events">{"".join(told)}</ul>')
    linked("history", speaker("Whole history"), ":material/history:")


def _told(speaker: Speaker, plan: Plan) -> list[str]:
    timeline = session.timeline()
    events = timeline.recent(_CHANGES_SHOWN, plan.position)
    before = timeline.at(events[0][0] - 1) if events else plan
    told = []
    for position, event in events:
        after = before.after((event,), position)
        there = speaker_of(speaker, after, event.originator_id)
        said = html_of(there.say(sentence(event, before, after)))
        reason = f" – {escape(event.reason)}" if event.reason else ""
        when = escape(f"{there.moment(event.recorded_at)} · {event.by}")
        told.append(f"<li>{said}{reason}<small>{when}</small></li>")
        before = after
    return told[::-1]


def next_duty(speaker: Speaker, plan: Plan, officer: str, now: datetime) -> None:
    """The duty that goes on or comes next, and the way to all of them."""
    st.subheader(speaker("My next duty"))
    coming = [
        one
        for one in plan.assignments_of_officer(officer)
        if one.counts and one.window.end > now and plan.takes_place(one)
    ]
    if not coming:
        st.info(speaker("No duty is planned for you."), icon=":material/event_available:")
        return
    told = duty(plan, min(coming, key=lambda one: (one.window.start, one.key)))
    there = choosing.there(speaker, plan.visit(told.assignment.visit))
    with st.container(border=True, key="next_duty"):
        line(f"{told.post.code} · {told.post.details.task}", "visit-title")
        where = "" if told.venue is None else told.venue.details.named(speaker.language)
        point = "" if told.key_point is None else told.key_point.name
        line(there.window(told.assignment.window))
        line(" · ".join(filter(None, (told.post.details.place, point, where, speaker.label(told.assignment.status)))))
        if told.assignment.status is AssignmentStatus.CONFIRMED:
            st.warning(speaker("Read this duty and acknowledge it."), icon=":material/notification_important:")
        if linked("my_assignments", speaker("My assignments"), ":material/assignment_ind:"):
            return
        st.link_button(speaker("My duties"), "/m/")


def unlinked(speaker: Speaker) -> None:
    """Why an account that is nobody's has no duties, and who can help."""
    text = speaker(
        "This account is linked to no officer, so it has no duties. "
        "Ask an administrator to enter your officer code under Settings, Accounts."
    )
    st.info(text, icon=":material/link_off:")


def alarms(who: Session, reader: Reader) -> None:
    """What is parked because an event of it cannot be read: loud, since what is shown of it is old.

    The administrator, who sees no plan, is told the numbers of the events, as the log has them, and not what of.
    """
    speaker = who.speaker
    for _, gap in sorted(reader.plan.parked.items()):
        st.error(speaker.say(gap.alarm), icon=":material/crisis_alert:")
    unseen = reader.unseen_gaps
    if unseen and Role.ADMINISTRATOR in who.account.roles:
        told = speaker(
            "These events cannot be read, or are not as they were written: {positions}. What was planned with them is "
            "not shown as it is. Keep the files as they are, and look with planner doctor.",
            positions=", ".join(map(str, unseen)),
        )
        st.error(told, icon=":material/crisis_alert:")


def accounts_note(speaker: Speaker) -> None:
    """How many accounts there are; on a new site, that others are needed."""
    accounts = list(shell().accounts)
    said = speaker.counted("{n} account", "{n} accounts", len(accounts))
    if len(accounts) == 1:
        hint = speaker("You are alone so far: make an account for a planner, who will register the first visit.")
        st.info(f"{said}. {hint}", icon=":material/person_add:")
    else:
        st.info(said, icon=":material/group:")
    linked("settings", speaker("Accounts, data and key"), ":material/settings:")


def first_steps(who: Session) -> None:
    """What to do on a site without any visit."""
    speaker = who.speaker
    st.info(speaker("There is no visit yet."), icon=":material/flag:")
    if not may(who.actor, "register_visit"):
        st.text(speaker("A planner registers the first one."))
        st.caption(choosing.members_alone(speaker))
        return
    st.markdown(
        "\n".join(
            f"{number}. {step}"
            for number, step in enumerate(
                (
                    speaker("Register a visit, then its delegation with the members, on the page «Visits»."),
                    speaker("Enter the venues on the page «Map», by a click or by their coordinates."),
                    speaker("Build the programme, or import it from a workbook, on the page «Programme»."),
                    speaker("Create posts and assign officers on the page «Duty board»."),
                ),
                1,
            )
        )
    )
    linked("visits", speaker("Register a visit"), ":material/add:")
    st.caption(choosing.members_alone(speaker))
    st.markdown(
        speaker(
            "Or take in what another site exported, on the page «Visits» or on the command line, or look around with "
            "the demo visit first:"
        )
    )
    st.code("planner import visit FILE.json --data DIR --as USER\nplanner demo --run", language="shell")
