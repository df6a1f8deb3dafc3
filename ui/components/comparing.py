"""The difference between any two events or moments, in sentences grouped by noun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from itertools import groupby
from typing import Final

import streamlit as st

from domain.plan import Plan
from planner.access.reader import Reader
from planner.history.differences import Difference, differences
from planner.text import Speaker
from planner.zones import speaker_of
from ui.components.inputs import moment_input
from ui.components.replay import asked_moment, asked_position
from ui.downloads import address
from ui.plain_text import plain

FROM: Final = "from"
TO: Final = "to"
#: What a reader who may not see the force is told about.
OPEN: Final = frozenset({"visit", "delegation", "activity", "venue", "route", "policy", "membership", "emergency"})
_MOST: Final = 100


def compared(reader: Reader, start: int, end: int, visit: str, *, force: bool) -> Sequence[Difference]:
    """What differs between the plans at two positions; of large plans only what changed in between is looked at."""
    low, high = sorted((start, end))
    only = reader.timeline.subjects(low, high)
    found = differences(reader.timeline.at(start), reader.timeline.at(end), visit or None, only=only)
    return found if force else [one for one in found if one.noun in OPEN]


def show(reader: Reader, visit: str, looked_at: int, speaker: Speaker, *, force: bool) -> None:
    """Two moments, chosen by number or by clock, and what differs between them."""
    last = reader.plan.position
    _quick(reader, looked_at, last, speaker)
    start = _end(reader, FROM, max(0, last - 1), speaker("From"), speaker)
    end = _end(reader, TO, last, speaker("To"), speaker)
    if start > end:
        st.caption(speaker("The first lies after the second: this is the way back."))
    with st.spinner(speaker("Comparing…")):
        found = compared(reader, start, end, visit, force=force)
    st.subheader(speaker.counted("{n} difference", "{n} differences", len(found)), anchor=False)
    st.caption(f"{_told(reader, start, speaker)} → {_told(reader, end, speaker)}")
    if not found:
        st.info(speaker("Nothing differs between the two."), icon=":material/check:")
        return
    told = {"language": speaker.language, "zone": speaker.zone.key}
    asked = {FROM: str(start), TO: str(end), "visit": visit, **told}
    st.link_button(
        speaker("Download as CSV"), address("differences.csv", **asked), icon=":material/download:", key="compare_csv"
    )
    for noun, group in groupby(found, key=lambda one: one.noun):
        _group(noun, list(group), speaker, reader.plan)


def _group(noun: str, group: list[Difference], speaker: Speaker, plan: Plan) -> None:
    """Each by the clock of its visit: several may be compared at once."""
    told = (speaker_of(speaker, plan, one.subject).say(one.message) for one in group[:_MOST])
    shown = "".join(f"<li>{escape(said)}</li>" for said in told)
    more = len(group) - _MOST
    rest = speaker.counted("and {n} more in the file", "and {n} more in the file", more) if more > 0 else ""
    with st.expander(f"{nouns(speaker)[noun]} · {len(group)}", expanded=len(group) <= 30, key=f"compare_{noun}"):
        st.html(f"<ul class='changes'>{shown}</ul><p>{escape(rest)}</p>")


def nouns(speaker: Speaker) -> dict[str, str]:
    """The kinds of things, as headings."""
    return {
        "visit": speaker("Visits"),
        "delegation": speaker("Delegations"),
        "activity": speaker("Activities"),
        "venue": speaker("Venues"),
        "route": speaker("Routes"),
        "ways": speaker("Ways between posts"),
        "officer": speaker("Officers"),
        "post": speaker("Posts"),
        "assignment": speaker("Duties"),
        "policy": speaker("Policy"),
        "membership": speaker("Memberships"),
        "emergency": speaker("Emergency access"),
        "signer": speaker("Keys to sign with"),
        "erasure": speaker("Erased persons and visits"),
    }


# The two moments


def _quick(reader: Reader, looked_at: int, last: int, speaker: Speaker) -> None:
    now = reader.clock()
    with st.container(horizontal=True, key="compare_quick"):
        if 0 < looked_at < last:
            _shortcut(speaker("Since I last looked"), "looked", looked_at)
        for days, label in ((1, speaker("Last 24 hours")), (7, speaker("Last 7 days"))):
            moment = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%MZ")
            _shortcut(label, f"days_{days}", moment)
        _shortcut(speaker("From the beginning"), "all", 0)


def _shortcut(label: str, name: str, start: int | str) -> None:
    st.button(label, key=f"compare_{name}", on_click=_set, args=(str(start), None))


def _set(start: str, end: str | None) -> None:
    st.query_params[FROM] = start
    if end is None:
        st.query_params.pop(TO, None)
    else:
        st.query_params[TO] = end
    for name in (FROM, TO):
        for widget in ("event", "day", "time", "by"):
            st.session_state.pop(f"compare_{name}_{widget}", None)


def _end(reader: Reader, query: str, otherwise: int, label: str, speaker: Speaker) -> int:
    """One of the two moments: what the address says, then what the widgets say."""
    typed = st.query_params.get(query)
    position = otherwise if typed is None else asked_position(reader, typed)
    if position is None:
        st.warning(speaker("«{typed}» is neither an event that exists nor a moment.", typed=plain(str(typed))))
        position = otherwise
    key = f"compare_{query}"
    by_moment = typed is not None and not typed.isdecimal()
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_row"):
        ways = {"event": speaker("event"), "moment": speaker("moment")}
        st.session_state.setdefault(f"{key}_by", "moment" if by_moment else "event")
        way = st.segmented_control(label, list(ways), format_func=ways.__getitem__, key=f"{key}_by", required=True)
        if way == "event":
            st.session_state[f"{key}_event"] = position
            last = reader.plan.position
            st.number_input(
                speaker("Event (0 to {last})", last=str(last)),
                0,
                last,
                key=f"{key}_event",
                on_change=_typed,
                args=(query,),
                width=170,
            )
            return position
        known = asked_moment(typed or "") or reader.timeline.at(position).recorded_at or reader.clock()
        moment = moment_input(speaker, speaker.zone.key, key, speaker("Day"), known)
    if moment is None or (by_moment and moment == known.replace(second=0, microsecond=0)):
        return position
    chosen = reader.timeline.position_at(moment.replace(second=59, microsecond=999_999))
    st.query_params[query] = moment.strftime("%Y-%m-%dT%H:%M:59Z")
    return chosen


def _typed(query: str) -> None:
    st.query_params[query] = str(st.session_state[f"compare_{query}_event"])


def _told(reader: Reader, position: int, speaker: Speaker) -> str:
    """«event 312 (Tue 24/11/2026 08:00 (UTC+7))», in words where there is nothing before it."""
    if position == 0:
        return speaker("before the first event")
    moment = reader.timeline.at(position).recorded_at
    return speaker("event {n}, {moment}", n=str(position), moment=moment)
