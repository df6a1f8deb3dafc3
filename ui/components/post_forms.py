"""Posts by hand: creating one, and everything that can be changed, cancelled and taken back of one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import streamlit as st

from domain.assigning import moved_shifts
from domain.base import Act, Decision, changed
from domain.officer import Officer
from domain.plan import Plan
from domain.post import Post, PostDetails, PostKind
from domain.values import TimeWindow
from domain.visit import Visit
from planner.deciding import Outcome
from planner.preview import backups as could_back
from planner.preview import preview
from planner.search import vietnamese
from planner.text import Speaker
from ui import session
from ui.components import findings, personnel
from ui.components.coordinates import coordinates_input, read_coordinates
from ui.components.inputs import next_code, placed, reason_input, window_input
from ui.maps.places import venue_name
from ui.plain_text import plain
from ui.session import Session

_PREFIX: Final = "P"
#: Posts for which backups are named even where they are not critical.
BACKED: Final = (PostKind.LIAISON, PostKind.INTERPRETER)


def new(now: Session, plan: Plan, visit: Visit, day: datetime, opened: Callable[[str], None]) -> None:
    """A form for a post that does not exist yet; ``opened`` is told its code."""
    speaker = now.speaker
    suggested = next_code((post.code for post in plan.posts(visit.key)), _PREFIX)
    key = f"new_{visit.key}_{suggested}"
    code = st.text_input(speaker("Code"), suggested, key=f"{key}_code", max_chars=40)
    window = window_input(speaker, visit.details.zone, key, TimeWindow(start=day, end=day + timedelta(hours=4)))
    typed = _fields(speaker, plan, visit, key, None)
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Create post"), key="create_post", type="primary", disabled=window is None) and window:
        with session.refusals():
            checked = code.strip()
            details = PostDetails(window=window, **typed())
            done = speaker("Post {code} was created.", code=checked)
            before = st.query_params.to_dict()
            opened(checked)
            give = session.planner()
            if (
                session.act(done, lambda: give.create_post(visit.key, checked, details, by=now.actor, reason=reason))
                is None
            ):
                st.query_params.from_dict(before)


def amend(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """Task, place, headcount and requirements."""
    speaker = now.speaker
    key = f"amend_{post.key}_{post.version}"
    typed = _fields(speaker, plan, visit, key, post)
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Save changes"), key="amend_post", type="primary"):
        with session.refusals():
            details = changed(post.details, **typed())
            done = speaker("Post {code} was changed.", code=post.code)
            session.act(
                done,
                lambda: session.planner().amend_post(visit.key, post.code, details, by=now.actor, reason=reason),
            )


def reschedule(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """Another time; what that breaks is shown while it is chosen."""
    speaker = now.speaker
    key = f"time_{post.key}_{post.version}"
    window = window_input(speaker, visit.details.zone, key, post.window)
    st.caption(speaker("Shifts and duties move along where the length stays the same."))
    if window is not None and window != post.window:
        foreseen(now, plan, lambda of, act: with_moves(of, post.reschedule(window, None, act), act))
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Change the time"), key="reschedule_post", type="primary", disabled=window is None):
        assert window is not None
        done = speaker("Post {code} is now manned {window}.", code=post.code, window=speaker.window(window))
        _act(done, lambda: session.planner().reschedule_post(visit.key, post.code, window, by=now.actor, reason=reason))


def order(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """What to do at the post, and who answers for it."""
    speaker, give = now.speaker, session.planner()
    key = f"order_{post.key}_{post.version}"
    told = st.text_area(
        speaker("Instructions (post order)"), post.details.instructions, key=f"{key}_text", height=160, max_chars=8000
    )
    reason = reason_input(speaker, f"{key}_reason")
    st.caption(speaker("Officers who acknowledged must read and acknowledge again after a change."))
    if st.button(speaker("Issue the order"), key="issue_order", type="primary"):
        done = speaker("The order of post {code} was issued anew.", code=post.code)
        _act(done, lambda: give.issue_post_order(visit.key, post.code, told, by=now.actor, reason=reason))
    st.divider()
    commander = personnel.officer_input(
        speaker, plan, f"{key}_commander", speaker("Post commander"), post.details.commander
    )
    if st.button(speaker("Appoint"), key="appoint_commander"):
        who = plan.officer(commander).name.romanised if commander else speaker("nobody")
        done = speaker("Commander of post {code}: {who}.", code=post.code, who=who)
        _act(done, lambda: give.appoint_commander(visit.key, post.code, commander, by=now.actor, reason=reason))


def cancel(now: Session, visit: Visit, post: Post, duties: int) -> None:
    """The post is not needed; its duties no longer count."""
    speaker = now.speaker
    if duties:
        said = speaker.counted("{n} duty is given at this post.", "{n} duties are given at this post.", duties)
        st.warning(said, icon=":material/warning:")
    reason = reason_input(speaker, f"cancel_{post.key}_{post.version}", needed=True)
    if st.button(speaker("Cancel the post"), key="cancel_post", icon=":material/block:"):
        done = speaker("Post {code} was cancelled.", code=post.code)
        _act(done, lambda: session.planner().cancel_post(visit.key, post.code, by=now.actor, reason=reason))


def reinstate(now: Session, visit: Visit, post: Post) -> None:
    """A cancelled post is needed after all."""
    speaker = now.speaker
    reason = reason_input(speaker, f"reinstate_{post.key}_{post.version}")
    if st.button(speaker("Reinstate the post"), key="reinstate_post", icon=":material/restart_alt:"):
        done = speaker("Post {code} is needed again.", code=post.code)
        _act(done, lambda: session.planner().reinstate_post(visit.key, post.code, by=now.actor, reason=reason))


def foreseen(now: Session, plan: Plan, decision: Callable[[Plan, Act], Decision]) -> None:
    """What a change would newly break, before it is made."""
    speaker = now.speaker
    with session.refusals():
        found = preview(plan, decision, now.actor, session.planner().clock())
        if not found:
            st.success(speaker("This would make no new conflict."), icon=":material/check_circle:")
            return
        said = speaker.counted("This would make {n} conflict:", "This would make {n} conflicts:", len(found))
        st.text(said)
        findings.show(speaker, found, "foreseen", links=False)


def with_moves(plan: Plan, decision: Decision, act: Act) -> Decision:
    """The decision about a post together with the duties that move along with its shifts."""
    return (*decision, *moved_shifts(plan, plan.after(decision), decision[0].key, act)) if decision else decision


def _act(done: str, command: Callable[[], Outcome]) -> None:
    session.act(done, command)


# The fields


def _fields(speaker: Speaker, plan: Plan, visit: Visit, key: str, post: Post | None) -> Callable[[], dict[str, Any]]:
    """The inputs of everything but the time; what they hold is read, and refused, when asked for."""
    held = None if post is None else post.details
    old = dataclasses.asdict(held) if held is not None else {}
    task = st.text_input(speaker("Task"), old.get("task", ""), key=f"{key}_task", max_chars=200)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    kinds = sorted(PostKind, key=lambda kind: vietnamese(speaker.label(kind)))
    kind = left.selectbox(
        speaker("Kind"),
        kinds,
        kinds.index(held.kind if held else PostKind.GUARD),
        format_func=speaker.label,
        key=f"{key}_kind",
    )
    headcount = middle.number_input(
        speaker("Officers needed"), 1, 500, held.headcount if held else 1, key=f"{key}_headcount"
    )
    critical = right.checkbox(speaker("Critical post"), held.critical if held else False, key=f"{key}_critical")
    place = _place(speaker, plan, visit, key, held)
    skills, people = _skills(speaker, plan, held, key), _people(speaker, held, key)
    backups = list(held.backups) if held else []
    if critical or kind in BACKED:
        free = frozenset[str]() if post is None else could_back(plan, visit.key, post.code, session.planner().clock())
        backups = _backups(speaker, plan, held, key, free)
    equipment = _many(
        speaker,
        speaker("Equipment"),
        held.equipment if held else (),
        held.equipment if held else (),
        f"{key}_equipment",
    )
    radio = st.text_input(speaker("Radio channel"), old.get("radio", ""), key=f"{key}_radio", max_chars=200)
    instructions = old.get("instructions", "")
    if held is None:
        instructions = st.text_area(speaker("Instructions (post order)"), key=f"{key}_instructions", max_chars=8000)
    return lambda: {
        "task": task,
        "kind": kind,
        "headcount": int(headcount),
        "critical": critical,
        **place(),
        **skills,
        **people,
        "backups": tuple(backups),
        "equipment": tuple(equipment),
        "radio": radio,
        "instructions": instructions,
    }


def _skills(speaker: Speaker, plan: Plan, held: PostDetails | None, key: str) -> dict[str, Any]:
    """Qualifications that must be held, and those that are wished for."""
    old, wished = (held.required, held.desired) if held else ((), ())
    known = list(dict.fromkeys((*personnel.skills(plan), *old, *wished)))
    required = _many(speaker, speaker("Required qualifications"), known, old, f"{key}_req")
    desired = _many(speaker, speaker("Desired qualifications"), known, wished, f"{key}_des")
    return {
        "required": tuple(required),
        "desired": tuple(one for one in desired if one not in required),
    }


def _people(speaker: Speaker, held: PostDetails | None, key: str) -> dict[str, Any]:
    """Languages, driving licence, and the detail that the post is given with."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    languages = left.multiselect(
        speaker("Languages that must be spoken"),
        personnel.tongues(held.languages if held else ()),
        list(held.languages) if held else [],
        format_func=speaker.tongue,
        key=f"{key}_languages",
        placeholder=speaker("none"),
    )
    known = ["", *personnel.LICENCES]
    licence = held.licence if held else ""
    known += [licence] if licence not in known else []
    driven = middle.selectbox(
        speaker("Driving licence"),
        known,
        known.index(licence),
        format_func=lambda code: code or speaker("none"),
        key=f"{key}_licence",
    )
    detail = right.text_input(
        speaker("Protection detail"),
        (held.detail or "") if held else "",
        key=f"{key}_detail",
        max_chars=40,
        help=speaker("Posts of one detail are given to one unit."),
    )
    return {"languages": tuple(languages), "licence": driven, "detail": detail.strip() or None}


def _backups(speaker: Speaker, plan: Plan, held: PostDetails | None, key: str, free: Collection[str]) -> list[str]:
    """Who takes over where somebody is missing; those first who are free for it."""
    named = [code for code in (held.backups if held else ()) if plan.has(Officer, code)]
    codes = dict.fromkeys((*(one.key for one in personnel.serving(plan)), *named))

    def shown(code: str) -> str:
        return f"{'✔ ' if code in free else ''}{plan.officer(code).name.romanised} ({code})"

    chosen: list[str] = st.multiselect(
        speaker("Named backups"),
        sorted(codes, key=lambda code: code not in free),
        named,
        format_func=shown,
        key=f"{key}_backups",
        placeholder=speaker("none"),
    )
    if held is not None:
        st.caption(
            speaker("✔ is free and qualified for the whole time of the post; whoever is on duty then is no backup.")
        )
    return chosen


def _place(
    speaker: Speaker, plan: Plan, visit: Visit, key: str, held: PostDetails | None
) -> Callable[[], dict[str, Any]]:
    """Where the post is: a venue and perhaps its key point, coordinates of its own, words; and the activity."""
    venues = [""] + [venue.key for venue in plan.venues if not venue.retired or (held and venue.key == held.venue)]
    left, right = st.columns(2)
    venue = left.selectbox(
        speaker("Venue"),
        venues,
        venues.index(held.venue) if held and held.venue in venues else 0,
        format_func=lambda code: f"{code} · {venue_name(plan.venue(code), speaker)}" if code else speaker("no venue"),
        key=f"{key}_venue",
    )
    points = {point.code: point for point in plan.venue(venue).key_points} if venue else {}
    codes = ["", *points]
    point = right.selectbox(
        speaker("Key point"),
        codes,
        codes.index(held.key_point) if held and held.key_point in codes else 0,
        format_func=lambda code: f"{code} · {points[code].name}" if code else speaker("no key point"),
        key=f"{key}_point_{venue}",
        disabled=not points,
    )
    words = st.text_input(speaker("Place in words"), held.place if held else "", key=f"{key}_place", max_chars=200)
    with st.expander(speaker("Own coordinates"), expanded=bool(held and held.coordinates)):
        typed = coordinates_input(speaker, key, None, held.coordinates if held else None).strip()
        shown = speaker.show(held.coordinates) if held and held.coordinates else ""
    kept = held.activity if held else None
    activities = {one.code: one for one in visit.activities if one.code not in visit.called_off or one.code == kept}
    known = ["", *activities]
    activity = st.selectbox(
        speaker("Activity"),
        known,
        known.index(held.activity) if held and held.activity in known else 0,
        format_func=lambda code: f"{code} · {activities[code].title}" if code else speaker("no activity"),
        key=f"{key}_activity",
    )
    return lambda: {
        "venue": venue or None,
        "key_point": point or None,
        "place": words,
        # Shown to five digits: what was not touched keeps all of its own.
        "coordinates": (held and held.coordinates) if typed == shown else read_coordinates(typed) if typed else None,
        "activity": activity or None,
    }


def _many(speaker: Speaker, label: str, options: Any, chosen: Any, key: str) -> list[str]:
    return st.multiselect(
        label,
        list(options),
        list(chosen),
        key=key,
        accept_new_options=True,
        placeholder=speaker("Choose, or type a new one"),
    )


def morning(visit: Visit, day: date) -> datetime:
    """Eight in the morning of a day where the visit takes place: a start to change."""
    return placed(day, time(8), visit.details.zone)


def title(post: Post, speaker: Speaker) -> str:
    """Code and task, with a mark where it is cancelled; for options that are no Markdown."""
    label = f"{post.code} · {post.details.task}"
    return f"✕ {label} ({speaker('cancelled')})" if post.cancelled else label


def facts(plan: Plan, post: Post, speaker: Speaker) -> str:
    """Kind, time, place, needs and commander of a post on a few lines, as Markdown."""
    details = post.details
    venue = plan.venue(details.venue) if details.venue else None
    point = next((one for one in venue.key_points if one.code == details.key_point), None) if venue else None
    where = [details.place, point.name if point else "", venue_name(venue, speaker) if venue else ""]
    told = [
        (speaker("Time"), speaker.window(post.window)),
        (speaker("Where"), ", ".join(part for part in where if part) or speaker.show(details.coordinates)),
        (speaker("Kind"), speaker.label(details.kind)),
        (speaker("Officers needed"), str(details.headcount)),
        (speaker("Critical post"), speaker("yes") if details.critical else ""),
        (speaker("Required qualifications"), ", ".join(details.required)),
        (speaker("Desired qualifications"), ", ".join(details.desired)),
        (speaker("Languages that must be spoken"), ", ".join(map(speaker.tongue, details.languages))),
        (speaker("Driving licence"), details.licence),
        (speaker("Protection detail"), details.detail or ""),
        (speaker("Post commander"), _commander(plan, post)),
        (speaker("Named backups"), ", ".join(plan.officer(code).name.romanised for code in details.backups)),
        (speaker("Equipment"), ", ".join(details.equipment)),
        (speaker("Radio channel"), details.radio),
    ]
    return " · ".join(f"**{name}:** {plain(value)}" for name, value in told if value)


def _commander(plan: Plan, post: Post) -> str:
    if post.details.commander is None:
        return ""
    officer = plan.officer(post.details.commander)
    return ", ".join(part for part in (officer.name.romanised, officer.details.callsign, officer.details.phone) if part)
