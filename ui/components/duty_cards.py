"""One duty as an officer reads it on a phone: when, where, what, who answers for it, and the way there."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

import streamlit as st

from domain.assignment import AssignmentStatus
from domain.refusals import PlanningError
from domain.values import Coordinates
from planner.duty_list import DutyList, ListedDuty, changes_of, lapse_of, starting_points
from planner.routing.engine import Router
from planner.routing.way import Way, estimated_way
from planner.text import Speaker
from ui import session
from ui.components.coordinates import read_coordinates
from ui.maps.base_map import View, box_around
from ui.maps.layer import points_of
from ui.maps.posts import duty_layer, place_of
from ui.maps.shown import show_map
from ui.maps.ways import length, way_layer
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell

_TYPED: Final = -1
_ICONS: Final = {
    AssignmentStatus.CONFIRMED: ":material/notification_important:",
    AssignmentStatus.ACKNOWLEDGED: ":material/check_circle:",
    AssignmentStatus.ON_POST: ":material/person_pin_circle:",
}


def show(now: Session, duties: DutyList, one: ListedDuty, moment: datetime, *, open_map: bool) -> None:
    """A card for one duty, with what its officer can do."""
    speaker = Speaker(now.account.look.language, one.zone)
    key = one.assignment.key.replace("/", "_")
    with st.container(border=True, key=f"duty_{key}"):
        st.html(heading(one, speaker))
        _status(one, speaker)
        _acts(now, one, speaker, key, moment)
        st.html(told(one, speaker))
        if one.duty.coordinates is None:
            return
        if st.toggle(speaker("Map and way to the post"), value=open_map, key=f"map_{key}"):
            _way(duties, one, speaker, key)


def heading(one: ListedDuty, speaker: Speaker) -> str:
    """When and what, as HTML."""
    post = one.duty.post
    place = place_of(post, one.duty, speaker)
    return (
        f"<div class='duty-head'><p style='font-size:1.15rem;font-weight:700;margin:0'>"
        f"{escape(speaker.window(one.assignment.window))}</p>"
        f"<p style='font-weight:600;margin:.15rem 0'>{escape(post.code)} · {escape(post.details.task)}</p>"
        f"<p style='margin:0'>{escape(place)}</p></div>"
    )


def told(one: ListedDuty, speaker: Speaker) -> str:
    """Everything else that is told with a duty, as HTML; telephones can be called by touching them."""
    details = one.duty.post.details
    facts = [(speaker("Instructions"), _lines(details.instructions))]
    if one.commander is not None:
        who = one.commander.details
        name = " ".join(part for part in (who.rank, who.name.romanised) if part)
        facts.append((speaker("Commander"), f"{escape(name)} {_phone(who.phone)}"))
    contacts = [f"{escape(' · '.join(p for p in (c.name, c.role) if p))} {_phone(c.phone)}" for c in one.contacts]
    if one.duty.key_point is not None and one.duty.key_point.phone:
        contacts.append(f"{escape(one.duty.key_point.name)} {_phone(one.duty.key_point.phone)}")
    facts += [
        (speaker("Contacts"), "<br>".join(contacts)),
        (speaker("Equipment"), escape(", ".join(details.equipment))),
        (speaker("Radio"), escape(details.radio)),
        (speaker("Kind"), escape(speaker.label(details.kind))),
        (speaker("Visit"), escape(f"{one.visit.key} · {one.visit.details.title}")),
    ]
    shown = "".join(
        f"<dt style='font-weight:600;margin-top:.4rem'>{escape(name)}</dt><dd style='margin:0'>{said}</dd>"
        for name, said in facts
        if said
    )
    return f"<dl style='margin:0;padding:0;overflow-wrap:anywhere'>{shown}</dl>"


def state(one: ListedDuty, speaker: Speaker) -> str:
    """Where a duty stands, in the officer's words."""
    if one.must_acknowledge:
        return speaker("to be acknowledged")
    return speaker.label(one.assignment.status)


def _status(one: ListedDuty, speaker: Speaker) -> None:
    status = one.assignment.status
    if not one.must_acknowledge:
        st.success(plain(speaker.label(status)), icon=_ICONS.get(status, ":material/check:"))
        return
    lapse = lapse_of(session.timeline(), one.assignment)
    if lapse is None:
        st.warning(speaker("Read this duty and acknowledge it."), icon=_ICONS[status])
        return
    reason = f" {lapse.reason}" if lapse.reason else ""
    text = speaker("This duty changed since you acknowledged it ({moment}).", moment=lapse.at) + reason
    st.warning(plain(text), icon=":material/sync_problem:")
    with st.expander(speaker("What changed"), icon=":material/difference:", key=f"changed_{one.assignment.key}"):
        for change in changes_of(session.timeline(), lapse):
            st.text(speaker.say(change))


def _acts(now: Session, one: ListedDuty, speaker: Speaker, key: str, moment: datetime) -> None:
    planner, code, visit = session.planner(), one.assignment.code, one.assignment.visit
    post = one.duty.post.code
    if one.must_acknowledge:
        # The fingerprint of what is read: a callback gets what was drawn, not what holds when it is pressed.
        st.button(
            speaker("Acknowledge"),
            type="primary",
            key=f"ack_{key}",
            width="stretch",
            icon=":material/done_all:",
            on_click=_acknowledge,
            args=(visit, code, one.duty.fingerprint, speaker("You acknowledged post {post}.", post=post)),
        )
    if one.may_start(moment) and st.button(speaker("I am on post"), key=f"start_{key}", width="stretch"):
        done = speaker("You reported on post {post}.", post=post)
        session.act(done, lambda: planner.start_duty(visit, code, by=now.actor))
    if one.may_end() and st.button(speaker("My duty is over"), key=f"end_{key}", width="stretch"):
        done = speaker("You reported the duty at post {post} over.", post=post)
        session.act(done, lambda: planner.end_duty(visit, code, by=now.actor))


def _acknowledge(visit: str, code: str, seen: str, done: str) -> None:
    actor = session.current().actor
    session.act(done, lambda: session.planner().acknowledge_assignment(visit, code, seen=seen, by=actor), rerun=False)


def _way(duties: DutyList, one: ListedDuty, speaker: Speaker, key: str) -> None:
    at = one.duty.coordinates
    if at is None:
        return
    start = _start(duties, one, speaker, key)
    layers = [duty_layer(one.duty, speaker)]
    if start is not None:
        with session.refusals():
            way = _found(start, at)
            layers.insert(0, way_layer(way, speaker))
            said = length(way.km, way.minutes, speaker)
            if way.source.value == "estimate":
                said = speaker("{length}, an estimate and not a way on streets", length=said)
            st.text(" · ".join(part for part in (said, ", ".join(way.streets)) if part))
    box = box_around(points_of(layers), ((at.lat, at.lon), (at.lat, at.lon)))
    view = View(f"{key} {start}", box)
    show_map(layers, view, speaker, key=f"way_{key}", height=320)


def _start(duties: DutyList, one: ListedDuty, speaker: Speaker, key: str) -> Coordinates | None:
    """Where the way begins: the post before, a gathering point, or what the officer types; nothing is kept."""
    points = starting_points(duties, one)
    choice = st.selectbox(
        speaker("From"),
        [*range(len(points)), _TYPED],
        format_func=lambda at: speaker("A place that I type") if at == _TYPED else points[at].name,
        key=f"from_{key}",
    )
    if choice != _TYPED:
        at: Coordinates = points[choice].at
        return at
    typed = st.text_input(
        speaker("Coordinates (latitude, longitude)"),
        key=f"from_place_{key}",
        placeholder="16.06778, 108.22083",
        help=speaker("It is used for this map only, and not kept."),
    )
    if typed.strip():
        with session.refusals():
            return read_coordinates(typed)
    return None


def _found(start: Coordinates, at: Coordinates) -> Way:
    """The way on streets, an estimate where there is no map or none of its streets is near."""
    router: Router | None = shell().routing.router
    if router is not None:
        try:
            return router.way_to(start, at)
        except PlanningError:
            if not shell().routing.outside(start, at):
                raise
    plan = session.plan()
    return estimated_way(start, at, plan.numbers(session.planner().clock()).routing)


def _phone(number: str) -> str:
    if not number:
        return ""
    dialled = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"<a href='tel:{escape(dialled)}' style='white-space:nowrap'>{escape(number)}</a>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())
