"""The programme as a chart and as the table that says the same; a bar that is chosen chooses the activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from html import escape
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import streamlit as st

from domain.finding import Finding, Severity
from domain.plan import Plan
from domain.visit import MAIN_PARTY, Activity, Visit
from planner.checks import Checked
from planner.text import Speaker
from ui import downloads
from ui.charts.programme import (
    COLOURS,
    SIGNS,
    BarLook,
    Grouping,
    ProgrammeChart,
    activities_of,
    days_of,
    look_of,
    looked,
    place_of,
    programme_chart,
    worst_of,
)
from ui.charts.programme_drawing import drawn
from ui.charts.programme_parts import Parts, part_at, part_label, parts_of
from ui.components import plain_table
from ui.components.choosing import chosen, today
from ui.components.plain_table import Cell, Row, line
from ui.unchanged import Unchanged

_ALL: Final = "all"
_DAYS: Final = Unchanged[dict[str, date]](16)
_PARTS: Final = Unchanged[Parts](64)
_BARS: Final = Unchanged[ProgrammeChart](32)
_TABLES: Final = Unchanged[str](32)
#: So long before and after the days that are shown, the chart moves with the clock.
_NEAR: Final = timedelta(days=2)
_FOUND: Final = Unchanged[tuple[Sequence[Finding], Mapping[str, Severity]]](16)


class Part(NamedTuple):
    """What is shown of a programme: these activities of a day of the visit, or of all, and the worst found of each."""

    visit: Visit
    shown: Sequence[Activity]
    day: date | None
    worst: Mapping[str, Severity]


def day_chooser(speaker: Speaker, visit: Visit, now: datetime) -> date | None:
    """A day of the visit, bound to ``?day=``; else the chosen activity's, today, or the first. None for all days."""
    days = _DAYS.of(visit.key, (visit,), lambda: {day.isoformat(): day for day in days_of(visit)})
    code = st.query_params.get("activity")
    asked = next((a for a in visit.activities if a.code == code), None) if code else None
    here = (today(visit, now) if asked is None else _day(asked, ZoneInfo(visit.details.zone))).isoformat()
    picked = chosen(
        speaker,
        speaker("Day"),
        (*days, _ALL),
        query="day",
        default=here if here in days else next(iter(days)),
        shown=lambda day: speaker("All days") if day == _ALL else speaker.day(days[day]),
        side_by_side=True,
    )
    return days.get(picked)


def part_chooser(speaker: Speaker, plan: Plan, visit: Visit, day: date | None, now: datetime) -> Sequence[Activity]:
    """The activities that are shown, in order of time: all of the day, of a crowded one the part in ``?part=``."""
    parts = _PARTS.of((visit.key, day), (visit,), lambda: parts_of(activities_of(visit, day)))
    if len(parts) == 1:
        return parts["1"]
    if st.query_params.get("part") not in parts:
        st.query_params.pop("part", None)  # of another day
    name = chosen(
        speaker,
        speaker("Shown"),
        tuple(parts),
        query="part",
        default=part_at(parts, st.query_params.get("activity"), now),
        shown=lambda name: part_label(plan, visit.key, parts, name, speaker),
    )
    return parts[name]


def found_of(checked: Checked, visit: str) -> tuple[Sequence[Finding], Mapping[str, Severity]]:
    """What is found about activities, and the worst of each."""

    def made() -> tuple[Sequence[Finding], Mapping[str, Severity]]:
        found = [one for one in checked.findings if any(part.startswith("activity/") for part in one.subjects)]
        return found, worst_of(found, visit)

    return _FOUND.of(visit, (checked.findings,), made)


def grouping_chooser(speaker: Speaker) -> Grouping:
    """Whether venues or parties are the lines of the chart."""
    grouping = st.segmented_control(
        speaker("Lines"),
        list(Grouping),
        default=Grouping.VENUE,
        format_func=speaker.label,
        key="programme_grouping",
        required=True,
    )
    return Grouping(grouping or Grouping.VENUE)


def chart(speaker: Speaker, plan: Plan, part: Part, now: datetime, grouping: Grouping) -> None:
    """The chart for a desk and the one for a phone; the style sheet shows one of them."""
    for phone, place in ((False, "desk_only"), (True, "phone_only")):
        bars = _bars(speaker, plan, part, now, grouping, phone=phone)
        key = f"programme_chart_{place}"
        with st.container(key=f"{place}_programme"):
            if phone:
                line(
                    speaker(
                        "{start}–{end}; everything is in the table below.",
                        start=f"{speaker.day(bars.start.date())} {bars.start:%H:%M}",
                        end=f"{bars.end:%H:%M}",
                    )
                )
            st.vega_lite_chart(
                drawn(bars, speaker, phone=phone),
                width="stretch",
                key=key,
                theme=None,
                on_select=_picked,
                alt=speaker("Programme as a chart; the table below says the same."),
            )
    _legend(speaker)


def _bars(
    speaker: Speaker, plan: Plan, part: Part, now: datetime, grouping: Grouping, *, phone: bool
) -> ProgrammeChart:
    """The chart as it is at this minute; it moves with the clock only around the days that it shows."""
    visit, shown, day, worst = part
    here = now.astimezone(ZoneInfo(visit.details.zone)).replace(second=0, microsecond=0)
    first, last = (day, day) if day else (visit.details.first_day, visit.details.last_day)
    goes_on = first - here.date() <= _NEAR and here.date() - last <= _NEAR
    key = visit.key, day, grouping, phone, speaker.language, here if goes_on else (here.date(), here.utcoffset())
    return _BARS.of(
        key,
        _made_of(plan, part),
        lambda: programme_chart(
            plan, visit, speaker, day=day, now=here, worst=worst, grouping=grouping, phone=phone, only=shown
        ),
    )


def _made_of(plan: Plan, part: Part) -> tuple[object, ...]:
    """Everything of which chart and table are made: the part, and the venues that its activities name."""
    venues = (plan.entities.get(f"venue/{activity.venue}") for activity in part.shown)
    return part.visit, part.shown, part.worst, *venues


def table(speaker: Speaker, plan: Plan, part: Part) -> None:
    """The activities in order of time; the one in ``?activity=`` is marked."""
    chosen_code = st.query_params.get("activity", "")
    written = _TABLES.of(
        (part.visit.key, part.day, chosen_code, speaker.language, speaker.zone.key),
        _made_of(plan, part),
        lambda: _written(speaker, plan, part, chosen_code),
    )
    with st.container(key="programme_table"):
        st.html(written)


def _written(speaker: Speaker, plan: Plan, part: Part, chosen_code: str) -> str:
    return plain_table.table(
        (speaker("Time"), speaker("Activity"), speaker("Venue")),
        [
            Row(
                (
                    Cell(_when(speaker, activity, part.day), looked(speaker, look)),
                    Cell(activity.title, _facts(speaker, activity)),
                    Cell(place_of(plan, activity, speaker) or "–", _guests(speaker, activity)),
                ),
                off=look is BarLook.CANCELLED,
                chosen=activity.code == chosen_code,
            )
            for activity in part.shown
            for look in (look_of(part.visit, activity, part.worst),)
        ],
        caption=speaker("Programme"),
        look="" if part.day is None else "programme",
    )


def downloads_row(speaker: Speaker, visit: Visit) -> None:
    """The programme as files."""
    with st.container(horizontal=True, key="programme_downloads"):
        for name, label in (
            ("programme.xlsx", speaker("Workbook (XLSX)")),
            ("programme.pdf", speaker("Print (PDF)")),
            ("programme.ics", speaker("Calendar (ICS)")),
        ):
            address = downloads.address(name, visit=visit.key, language=speaker.language)
            st.link_button(label, address, icon=":material/download:")


def _legend(speaker: Speaker) -> None:
    parts = (
        f'<span><span style="color:{COLOURS[look]}" aria-hidden="true">{SIGNS[look]}</span> '
        f"{escape(speaker.label(look))}</span> "
        for look in BarLook
    )
    thin = escape(speaker("thin bar: set-up and teardown"))
    st.html(f'<p class="fact-line looks">{"".join(parts)}<span>{thin}</span></p>')


def _when(speaker: Speaker, activity: Activity, day: date | None) -> str:
    times = speaker.times(activity.window)
    return times if day is not None else f"{speaker.day(speaker.local(activity.window.start))} {times}"


def _facts(speaker: Speaker, activity: Activity) -> str:
    """Code, kind, and by what they travel."""
    journey = activity.journey
    travel = "" if journey is None else " ".join((speaker.label(journey.mode), journey.number, journey.gate)).strip()
    return " · ".join(filter(None, (activity.code, speaker.label(activity.type), travel)))


def _guests(speaker: Speaker, activity: Activity) -> str:
    """Delegation, party, host and how many persons."""
    party = speaker("main party") if activity.party == MAIN_PARTY else activity.party
    persons = speaker.counted("{n} person", "{n} persons", activity.headcount) if activity.headcount else ""
    return " · ".join(filter(None, (activity.delegation, party, activity.host, persons)))


def _day(activity: Activity, zone: ZoneInfo) -> date:
    return activity.window.start.astimezone(zone).date()


def _picked() -> None:
    """A bar that was chosen opens the form of its activity."""
    for place in ("desk_only", "phone_only"):
        state = st.session_state.get(f"programme_chart_{place}")
        found = state.selection.get("picked") if state else None
        if found and (code := found[0].get("code")) and code != st.query_params.get("activity"):
            st.query_params["activity"] = str(code)
            st.query_params.pop("add", None)
