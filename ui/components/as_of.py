"""The plan as it was after an event: programme, duty board, map and facts, with what the event touched outlined.

Each part draws its chart or map, and gives its words as HTML: a step draws them together with the last events.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, time
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from domain.assignment import Assignment
from domain.officer import Officer
from domain.plan import Plan
from domain.post import Post
from domain.values import TimeWindow
from domain.visit import Visit
from planner.history.changes import stated
from planner.history.facts import FACTS
from planner.history.names import Names, subject_id
from planner.history.steps import Step
from planner.text import Speaker, zone_label
from ui.charts import duty as duty_chart
from ui.charts.programme import days_of, in_time, look_of, looked, place_of, programme_chart, whole_day
from ui.charts.programme_drawing import drawn as drawn_programme
from ui.charts.replay import outlined
from ui.components import plain_table
from ui.components.event_card import bullets
from ui.components.replay import more

#: Posts that are drawn at once, the touched one between its neighbours.
_POSTS: Final = 9
_FACTS: Final = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Touched:
    """What an event is about: ``post`` and ``LA-2026-01/P-07``; and the posts that it touches by that, by code."""

    kind: str
    key: str
    posts: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def visit(self) -> str:
        return self.key if self.kind == "visit" else self.key.rpartition("/")[0]


def touched(step: Step, visit: str = "") -> Touched:
    """What the event of a step is about; of an officer the posts in a visit."""
    kind, _, key = subject_id(step.event).partition("/")
    entity = step.after.entities.get(step.event.originator_id)
    match entity:
        case Post():
            return Touched(kind, key, (entity.code,))
        case Assignment():
            return Touched(kind, key, (entity.post,))
        case Officer():
            held = (duty for duty in step.after.assignments_of_officer(entity.key) if duty.visit == visit)
            return Touched(kind, key, tuple(dict.fromkeys(duty.post for duty in held)))
    return Touched(kind, key)


def part_of(about: Touched) -> str:
    """The part of the plan in which a change shows."""
    match about.kind:
        case "activity" | "visit":
            return "programme"
        case "post" | "assignment":
            return "duties"
        case "officer":
            return "duties" if about.posts else "facts"
        case "venue" | "route":
            return "map"
    return "facts"


def part_chooser(speaker: Speaker, *, force: bool) -> str:
    """Which part of the plan is shown after each event; ``follow`` is the one in which the event shows."""
    parts = {"follow": speaker("What it touched"), "programme": speaker("Programme")}
    if force:
        parts["duties"] = speaker("Duty board")
    parts |= {"map": speaker("Map"), "facts": speaker("In words")}
    return st.segmented_control(
        speaker("The plan after each event"),
        list(parts),
        default="follow",
        format_func=parts.__getitem__,
        key="history_part",
        required=True,
        wrap=True,
    )


def followed[T](key: str, options: Sequence[T], wanted: T | None, position: int) -> None:
    """Moves a choice to what an event touched, once for each event; then it is the reader's again."""
    mark = f"{key}.moved_for"
    if wanted in options and st.session_state.get(mark) != position:
        st.session_state[key] = wanted
    st.session_state[mark] = position
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]


# Programme


def programme(step: Step, visit: Visit, about: Touched, now: datetime, speaker: Speaker) -> str:
    """The programme of one day, as a chart and in words."""
    plan = step.after
    if not visit.activities:
        st.info(speaker("The programme was still empty."), icon=":material/event_busy:")
        return ""
    zone = ZoneInfo(visit.details.zone)
    mine = next((a for a in visit.activities if about.kind == "activity" and a.code == about.code), None)
    days = days_of(visit)
    day = _day(days, None if mine is None else mine.window.start.astimezone(zone).date(), step.position, speaker)
    chart = programme_chart(plan, visit, speaker, day=day, now=now)
    if chart.bars:
        spec = drawn_programme(chart, speaker)
        ring = {about.code} if mine is not None else frozenset()
        st.vega_lite_chart(outlined(spec, "code", ring), width="stretch", key="desk_only_history_programme")
    else:
        st.caption(speaker("Nothing stood on this day."))
    return plain_table.table(
        (speaker("Time"), speaker("Activity"), speaker("Venue")),
        [
            plain_table.Row(
                (
                    speaker.times(activity.window),
                    plain_table.Cell(
                        _marked(activity.title, activity is mine),
                        f"{activity.code} · {looked(speaker, look_of(visit, activity, {}))}",
                    ),
                    place_of(plan, activity, speaker) or "–",
                ),
                off=visit.cancelled or activity.code in visit.called_off,
                chosen=activity is mine,
            )
            for activity in in_time(visit, whole_day(day, zone))
        ],
        caption=speaker(
            "Programme, {day} ({zone}), as of event {n}", day=day, zone=_zone(day, zone), n=str(step.position)
        ),
        look="history-programme",
    )


def _day(days: Sequence[date], wanted: date | None, position: int, speaker: Speaker) -> date:
    followed("history_day", days, wanted, position)
    chosen = st.pills(
        speaker("Day"), days, format_func=speaker.day, key="history_day", label_visibility="collapsed", required=True
    )
    return chosen if isinstance(chosen, date) else days[0]


def _zone(day: date, zone: ZoneInfo) -> str:
    return zone_label(datetime.combine(day, time(12), tzinfo=zone))


# Duty board


def duties(step: Step, visit: Visit, about: Touched, now: datetime, speaker: Speaker, *, choosing: bool = True) -> str:
    """The posts of one place on one day with who stands there, as a chart and in words.

    Where nobody is ``choosing`` place and day, the touched posts alone; and their neighbours for who asks for more.
    """
    plan = step.after
    posts = plan.posts(visit.key)
    if not posts:
        st.info(speaker("There were no posts yet."), icon=":material/shield:")
        return ""
    named = (plan.entities.get(f"post/{visit.key}/{code}") for code in about.posts)
    mine = [post for post in named if isinstance(post, Post)]
    zone = ZoneInfo(visit.details.zone)
    site, day = _where(step, visit, posts, mine, speaker) if choosing or not mine else _stands(mine[0], zone)
    whole = whole_day(day, zone)
    if mine and not choosing and not more():
        rows = [row for post in mine for row in _duty_rows(plan, post, whole, speaker)]
        return _duty_table(step, site, day, rows, speaker)
    at_site = plan.posts_at(site) if site else (post for post in posts if post.details.venue is None)
    on_duty = [post for post in at_site if post.visit == visit.key and post.window.overlaps(whole)]
    shown = _around(on_duty, mine, _POSTS)
    numbers = plan.numbers(now)
    hours = duty_chart.hours_of(shown, whole)
    manned = [(post, duty_chart.pieces(plan, post, numbers, hours)) for post in shown]
    board = duty_chart.board(plan, manned, hours, speaker)
    if not board.empty:
        ring = {post.id for post in mine}
        spec = outlined(duty_chart.drawn(board, now, speaker), "about", ring)
        st.vega_lite_chart(spec, width="stretch", key="desk_only_history_duties")
    rows = [
        row
        for post, parts in manned
        for row in (_duty_rows(plan, post, whole, speaker) if post in mine else _cover_rows(post, parts, speaker))
    ]
    return _duty_table(step, site, day, rows, speaker)


def _duty_table(step: Step, site: str, day: date, rows: list[plain_table.Row], speaker: Speaker) -> str:
    return plain_table.table(
        (speaker("Time"), speaker("Post"), speaker("Officers")),
        rows,
        caption=speaker(
            "Duties at {place}, {day} ({zone}), as of event {n}",
            place=_site_name(step.after, site, speaker),
            day=day,
            zone=_zone(day, speaker.zone),
            n=str(step.position),
        ),
        look="history-duties",
    )


def _stands(post: Post, zone: ZoneInfo) -> tuple[str, date]:
    """Where a post is, and on which day it begins."""
    return post.details.venue or "", post.window.start.astimezone(zone).date()


def _where(step: Step, visit: Visit, posts: Sequence[Post], mine: Sequence[Post], speaker: Speaker) -> tuple[str, date]:
    """A place and a day that the reader chooses; each event moves them to what it touched."""
    zone = ZoneInfo(visit.details.zone)
    touched_at = _stands(mine[0], zone) if mine else None
    sites = sorted({post.details.venue or "" for post in posts})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        followed("history_site", sites, touched_at and touched_at[0], step.position)
        site = st.selectbox(
            speaker("Place"),
            sites,
            format_func=lambda code: _site_name(step.after, code, speaker),
            key="history_site",
            width=320,
        )
        days = sorted({_stands(post, zone)[1] for post in posts if (post.details.venue or "") == site})
        wanted = next((_stands(post, zone)[1] for post in mine if (post.details.venue or "") == site), None)
        return site, _day(days, wanted, step.position, speaker)


def _around(posts: Sequence[Post], mine: Sequence[Post], most: int) -> Sequence[Post]:
    """No more posts than ``most``, those around the touched one."""
    if len(posts) <= most:
        return posts
    middle = next((number for number, post in enumerate(posts) if post in mine), 0)
    first = min(max(0, middle - most // 2), len(posts) - most)
    return posts[first : first + most]


def _cover_rows(post: Post, parts: Sequence[duty_chart.Piece], speaker: Speaker) -> list[plain_table.Row]:
    """A post that was not touched: how it was manned, and by whom."""
    name = plain_table.Cell(post.code, post.details.task)
    if post.cancelled:
        return [plain_table.Row((speaker.times(post.window), name, speaker("cancelled")), off=True)]
    return [
        plain_table.Row(
            (
                speaker.times(part.window),
                name,
                plain_table.Cell(
                    ", ".join(part.officers) or speaker("nobody assigned"),
                    f"{duty_chart.LOOKS[part.cover][0]} {part.present}/{part.needed} {speaker.label(part.cover)}",
                ),
            )
        )
        for part in parts
    ]


def _duty_rows(plan: Plan, post: Post, day: TimeWindow, speaker: Speaker) -> list[plain_table.Row]:
    """A post that the event touched: each duty with its state."""
    name = plain_table.Cell(_marked(post.code, True), post.details.task)
    given = (duty for duty in plan.assignments_of_post(post.visit, post.code) if duty.window.overlaps(day))
    duties = sorted(given, key=lambda duty: (duty.window.start, duty.key))
    if post.cancelled or not duties:
        state = speaker("cancelled") if post.cancelled else speaker("nobody assigned")
        return [plain_table.Row((speaker.times(post.window), name, state), off=post.cancelled, chosen=True)]
    return [
        plain_table.Row(
            (
                speaker.times(duty.window),
                name,
                plain_table.Cell(
                    plan.officer(duty.officer).name.romanised,
                    f"{duty.officer} · {duty_chart.LOOKS[duty.status][0]} {speaker.label(duty.status)}",
                ),
            ),
            chosen=True,
        )
        for duty in duties
    ]


def _site_name(plan: Plan, code: str, speaker: Speaker) -> str:
    return plan.venue(code).details.named(speaker.language) if code else speaker("Other places")


def _marked(code: str, chosen: bool) -> str:
    return f"▶ {code}" if chosen else code


# Facts


def facts(step: Step, about: Touched, speaker: Speaker) -> str:
    """The thing that the event is about, with everything that was known of it then."""
    names = Names(step.after, step.event.originator_id)
    entity = names.entity
    if entity is None:
        return ""
    said = [speaker.say(told) for told in stated(entity, names, FACTS)] if type(entity) in FACTS else []
    thing = speaker.say(names.thing())
    return f"<h3>{escape(thing[:1].upper() + thing[1:])}</h3>{bullets(said, speaker, _FACTS)}"


def banner(step: Step, live: bool, speaker: Speaker) -> None:
    """Says whenever the plan that is shown is not the present one."""
    if live:
        return
    said = speaker(
        "The plan as of event {n}, {moment}. It is not the present one.",
        n=str(step.position),
        moment=speaker.moment(step.event.recorded_at),
    )
    st.html(f'<p class="as-of" role="status">{escape(said)}</p>')
