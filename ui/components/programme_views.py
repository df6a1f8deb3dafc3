"""The programme as a chart and as the table that says the same; choosing a row chooses the activity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

import streamlit as st

from domain.finding import Severity
from domain.plan import Plan
from domain.visit import MAIN_PARTY, Activity, Visit
from planner.text import Speaker
from ui import downloads
from ui.charts.programme import (
    COLOURS,
    SIGNS,
    BarLook,
    Grouping,
    days_of,
    in_time,
    look_of,
    looked,
    place_of,
    programme_chart,
    whole_day,
)
from ui.charts.programme_drawing import drawn
from ui.components.choosing import chosen, today
from ui.components.plain_table import line

_ALL: Final = "all"
_LISTED: Final = "programme.listed"


def day_chooser(speaker: Speaker, visit: Visit, now: datetime) -> date | None:
    """A day of the visit, bound to ``?day=``; else the chosen activity's, today, or the first. None for all days."""
    days = {day.isoformat(): day for day in days_of(visit)}
    code = st.query_params.get("activity")
    asked = next((a for a in visit.activities if a.code == code), None)
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


def chart(
    speaker: Speaker,
    plan: Plan,
    visit: Visit,
    day: date | None,
    now: datetime,
    worst: Mapping[str, Severity],
    grouping: Grouping,
) -> None:
    """The chart for a desk and the one for a phone; the style sheet shows one of them."""
    for phone, place in ((False, "desk_only"), (True, "phone_only")):
        bars = programme_chart(plan, visit, speaker, day=day, now=now, worst=worst, grouping=grouping, phone=phone)
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
                key=f"programme_chart_{place}",
                theme=None,
                alt=speaker("Programme as a chart; the table below says the same."),
            )
    _legend(speaker)


def table(speaker: Speaker, plan: Plan, visit: Visit, day: date | None, worst: Mapping[str, Severity]) -> None:
    """The activities of the day in order of time; a chosen row goes into the address as ``?activity=``."""
    zone = ZoneInfo(visit.details.zone)
    listed = in_time(visit, None if day is None else whole_day(day, zone))
    st.session_state[_LISTED] = tuple(a.code for a in listed)
    headings = _headings(speaker)
    rows = [dict(zip(headings, _cells(speaker, plan, visit, activity, worst), strict=True)) for activity in listed]
    if day is None:
        days = (speaker.day(speaker.local(activity.window.start)) for activity in listed)
        rows = [{speaker("Day"): day, **row} for day, row in zip(days, rows, strict=True)]
    st.dataframe(
        rows,
        hide_index=True,
        key="programme_table",
        on_select=_picked,
        selection_mode="single-row",
        alt=speaker("Programme"),
        column_config={speaker("Activity"): st.column_config.TextColumn(width=220)},
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


def _headings(speaker: Speaker) -> tuple[str, ...]:
    return (
        speaker("Code"),
        speaker("Time"),
        speaker("Activity"),
        speaker("Venue"),
        speaker("State"),
        speaker("Kind"),
        speaker("Party"),
        speaker("Host"),
        speaker("Persons"),
        speaker("Travels by"),
    )


def _cells(
    speaker: Speaker, plan: Plan, visit: Visit, activity: Activity, worst: Mapping[str, Severity]
) -> tuple[Any, ...]:
    journey = activity.journey
    return (
        activity.code,
        speaker.times(activity.window),
        activity.title,
        place_of(plan, activity, speaker),
        looked(speaker, look_of(visit, activity, worst)),
        speaker.label(activity.type),
        speaker("main party") if activity.party == MAIN_PARTY else activity.party,
        activity.host,
        activity.headcount or None,
        "" if journey is None else " ".join((speaker.label(journey.mode), journey.number, journey.gate)).strip(),
    )


def _day(activity: Activity, zone: ZoneInfo) -> date:
    return activity.window.start.astimezone(zone).date()


def _picked() -> None:
    rows = st.session_state["programme_table"].selection.rows
    listed = st.session_state.get(_LISTED, ())
    if rows and rows[0] < len(listed):
        st.query_params["activity"] = listed[rows[0]]
        st.query_params.pop("add", None)
