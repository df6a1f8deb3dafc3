"""Inputs that several forms share: a time window in the visit's zone, a moment, a reason, the next free code."""

from __future__ import annotations

import dataclasses
import re
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from domain.refusals import InvalidInput
from domain.values import TimeWindow
from domain.visit import Visit
from planner.text import Speaker, zone_label
from ui import session
from ui.components.choosing import there
from ui.plain_text import plain
from ui.session import Session

#: How days are typed, in both languages.
DAY_FORMAT: Final = "DD/MM/YYYY"
_STEP: Final = timedelta(minutes=5)
#: A window may end up to so many days after it began.
_MOST_DAYS: Final = 7


def at_visit(now: Session, visit: Visit) -> Session:
    """The same person with a speaker whose times are those of the place of the visit."""
    return dataclasses.replace(now, speaker=there(now.speaker, visit))


def window_input(
    speaker: Speaker, zone: str, key: str, default: TimeWindow, *, disabled: bool = False
) -> TimeWindow | None:
    """Day, start and end, and on which day it ends, in ``zone``, which is said; None where they make no window.

    The widgets' keys are ``{key}_day``, ``{key}_start``, ``{key}_end`` and ``{key}_ends``. What is wrong is said below
    them.
    """
    home = ZoneInfo(zone)
    start, end = default.start.astimezone(home), default.end.astimezone(home)
    later = min((end.date() - start.date()).days, _MOST_DAYS)
    said = zone_said(speaker, zone, default.start)
    with st.container(key=f"{key}_window", horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            speaker("Day"), start.date(), format=DAY_FORMAT, key=f"{key}_day", width=150, disabled=disabled
        )
        begins = st.time_input(
            speaker("From ({zone})", zone=plain(said)),
            start.time().replace(second=0, microsecond=0),
            step=_STEP,
            key=f"{key}_start",
            width=150,
            disabled=disabled,
        )
        ends = st.time_input(
            speaker("Until ({zone})", zone=plain(said)),
            end.time().replace(second=0, microsecond=0),
            step=_STEP,
            key=f"{key}_end",
            width=150,
            disabled=disabled,
        )
        days = st.selectbox(
            speaker("Ends"),
            range(_MOST_DAYS + 1),
            index=later,
            format_func=lambda number: days_later(speaker, number),
            key=f"{key}_ends",
            width=170,
            disabled=disabled,
        )
    with session.refusals():
        begin = _unchanged(default.start, home, day, begins) or placed(day, begins, zone)
        last = day + timedelta(days=days)
        finish = _unchanged(default.end, home, last, ends) or placed(last, ends, zone)
        return _forwards(speaker, begin, finish)
    return None


def _forwards(speaker: Speaker, begin: datetime, finish: datetime) -> TimeWindow | None:
    """The window; None, with the way out said, where it would end before it begins."""
    if finish > begin:
        return TimeWindow(start=begin, end=finish)
    st.error(
        speaker(
            "The end must come after the beginning. If it goes on past midnight, choose «the next day» under «Ends»."
        ),
        icon=":material/block:",
    )
    return None


def moment_input(speaker: Speaker, zone: str, key: str, label: str, default: datetime) -> datetime | None:
    """A day and a time in ``zone``, which is said; keys ``{key}_day`` and ``{key}_time``. None where there is none."""
    local = default.astimezone(ZoneInfo(zone))
    with st.container(key=f"{key}_moment", horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(label, local.date(), format=DAY_FORMAT, key=f"{key}_day", width=150)
        at = st.time_input(
            speaker("Time ({zone})", zone=plain(zone_said(speaker, zone, default))),
            local.time().replace(second=0, microsecond=0),
            step=timedelta(minutes=1),
            key=f"{key}_time",
            width=150,
        )
    with session.refusals():
        return placed(day, at, zone)
    return None


def password_input(speaker: Speaker, key: str) -> str:
    """The password once more, with which something is signed."""
    return st.text_input(
        speaker("Your password, to sign this"), key=key, type="password", autocomplete="current-password"
    )


def reason_input(speaker: Speaker, key: str, *, needed: bool = False) -> str:
    """Why something is done; kept in the history. ``needed`` says so in the label; commands refuse without it."""
    label = speaker("Reason (needed)") if needed else speaker("Reason")
    told = st.text_input(
        label,
        key=key,
        max_chars=500,
        placeholder=speaker("Why? It stays in the history."),
    )
    return (told or "").strip()


def next_code(taken: Iterable[str], prefix: str) -> str:
    """The next free code after the highest numbered one: ``A-12`` after ``A-11``; ``A-01`` where there is none.

    Codes of the same form count with their own width (``LA-2026-01`` for the prefix ``LA-2026``).
    """
    numbered = re.compile(re.escape(prefix) + r"-(\d{1,6})")
    found = [match.group(1) for code in taken if (match := numbered.fullmatch(code))]
    width = max((len(digits) for digits in found), default=2)
    return f"{prefix}-{max((int(digits) for digits in found), default=0) + 1:0{width}d}"


def opened(label: str, key: str, icon: str, *, expanded: bool = False) -> ExpanderContainer | None:
    """A part that opens; None while it is closed, so that nothing in it is worked out or sent.

    It stays open from run to run as long as its label is the same.
    """
    part = st.expander(label, expanded=expanded, key=key, icon=icon, on_change="rerun")
    return part if part.open else None


def fresh(key: str, *held: object) -> str:
    """A key that changes with what is held: inputs start anew when somebody else changes it, or after an undo."""
    return f"{key}_{zlib.crc32(repr(held).encode()) & 0xFFFF:04x}"


def placed(day: date, at: time, zone: str) -> datetime:
    """A local day and time as a moment in UTC. Raises ``InvalidInput`` for a time that the clocks skip."""
    moment = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    if moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise InvalidInput.because(
            "{clock} does not exist on {day} in {zone}: the clocks are put forward then.",
            clock=f"{at:%H:%M}",
            day=day,
            zone=zone,
        )
    return moment.astimezone(UTC)


def zone_said(speaker: Speaker, zone: str, moment: datetime) -> str:
    """The zone as people say it at that moment: ``UTC+7``."""
    return zone_label(moment.astimezone(ZoneInfo(zone)))


def days_later(speaker: Speaker, number: int) -> str:
    """On which day something ends that began today."""
    if number == 0:
        return speaker("the same day")
    return speaker("the next day") if number == 1 else speaker("{n} days later", n=number)


def _unchanged(old: datetime, home: ZoneInfo, day: date, at: time) -> datetime | None:
    """The old moment where the inputs still show it: seconds, and the second of two equal hours, are kept."""
    local = old.astimezone(home)
    shown = (local.date(), local.time().replace(second=0, microsecond=0))
    return old if shown == (day, at) else None
