"""What the chart of a programme shows, as pure data: bars in lanes, what is written, and how it looks.

Clock times are those of the visit's zone, written without a zone so that every browser draws them as they are.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from domain.finding import Finding, Severity
from domain.plan import Plan
from domain.values import TimeWindow
from domain.venue import Venue
from domain.visit import MAIN_PARTY, Activity, TravelMode, Visit
from planner.text import Speaker, zone_label
from ui.maps.places import venue_name


class Grouping(StrEnum):
    """What stands on one line of the chart."""

    VENUE = "venue"
    PARTY = "party"


class BarLook(StrEnum):
    """How a bar looks: what is wrong decides, then whether it is fixed; each has a colour and a sign."""

    BLOCKED = "blocking_conflict"
    WARNED = "warning"
    FIXED = "fixed_time"
    MOVABLE = "movable"
    CANCELLED = "cancelled"


#: After Okabe and Ito, each at least 3:1 against white, and a sign that says the same without colour.
COLOURS: Final[Mapping[BarLook, str]] = {
    BarLook.BLOCKED: "#b3261e",
    BarLook.WARNED: "#b35c00",
    BarLook.FIXED: "#005a8c",
    BarLook.MOVABLE: "#2b83ba",
    BarLook.CANCELLED: "#767676",
}
SIGNS: Final[Mapping[BarLook, str]] = {
    BarLook.BLOCKED: "✖",
    BarLook.WARNED: "▲",
    BarLook.FIXED: "◆",
    BarLook.MOVABLE: "●",
    BarLook.CANCELLED: "✕",
}
_TRAVEL: Final[Mapping[TravelMode, str]] = {
    TravelMode.AIR: "✈",
    TravelMode.BORDER_GATE: "╫",
    TravelMode.RAIL: "▤",
    TravelMode.PORT: "⚓",
}
#: The day is drawn at least from … to …, in hours.
_DAYTIME: Final = (7, 21)
#: On a phone so much of the day is seen.
PHONE_HOURS: Final = timedelta(hours=8)
#: Pixels, about: of the drawing on a desk and on a phone, and of a letter.
_DESK_WIDTH, _PHONE_WIDTH, _LETTER = 760, 330, 6.6
#: A name is begun where so many letters of it fit beside the code.
_WORTH_A_NAME: Final = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """One activity: its lane, its times on the clock of the place, what is written, and how it looks."""

    code: str
    title: str
    lane: str
    start: datetime
    end: datetime
    busy_from: datetime
    busy_until: datetime
    look: BarLook
    written: str
    when: str
    where: str
    facts: str
    leftward: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class ProgrammeChart:
    """Everything that is drawn: bars, lanes from top to bottom, the ends of the axis, and now where it is in sight."""

    bars: tuple[Bar, ...]
    lanes: tuple[str, ...]
    start: datetime
    end: datetime
    now: datetime | None
    zone: str


def programme_chart(
    plan: Plan,
    visit: Visit,
    speaker: Speaker,
    *,
    day: date | None,
    now: datetime,
    worst: Mapping[str, Severity] = MappingProxyType({}),
    grouping: Grouping = Grouping.VENUE,
    phone: bool = False,
    only: Sequence[Activity] | None = None,
) -> ProgrammeChart:
    """What is drawn of a day of the visit in its own zone, of all days where none is named; eight hours on phones.

    ``worst`` is the worst that is found about each activity, by its code; ``only`` are the activities that are shown,
    in order of time, where those are not all.
    """
    zone = ZoneInfo(visit.details.zone)
    shown = activities_of(visit, day) if only is None else [*only]
    here = _clock(now, zone)
    start, end = _axis(visit, shown, day, zone)
    if phone:
        start, end = _eight_hours(start, end, here, [_clocks(a, zone) for a in shown])
        shown = [a for a in shown if _clock(a.window.start, zone) < end and _clock(a.window.end, zone) > start]
    lanes = _lanes(plan, shown, speaker, grouping)
    per_letter = (end - start) / ((_PHONE_WIDTH if phone else _DESK_WIDTH) / _LETTER)
    bars = [_bar(plan, visit, activity, lane, speaker, worst, zone) for activity, lane in lanes]
    of_lane: defaultdict[str, list[Bar]] = defaultdict(list)
    for bar in bars:
        of_lane[bar.lane].append(bar)
    return ProgrammeChart(
        bars=tuple(_fitted(bar, of_lane[bar.lane], start, end, per_letter) for bar in bars),
        lanes=tuple(dict.fromkeys(lane for _, lane in sorted(lanes, key=lambda pair: pair[0].window.start))),
        start=start,
        end=end,
        now=here if start <= here <= end else None,
        zone=zone_label(max((now, *first_of(visit))).astimezone(zone)),
    )


def in_time(visit: Visit, within: TimeWindow | None = None) -> list[Activity]:
    """All activities in order of time, cancelled ones too; those that overlap a time where one is named."""
    found = visit.activities if within is None else [a for a in visit.activities if a.window.overlaps(within)]
    return sorted(found, key=lambda a: (a.window.start, a.code))


def activities_of(visit: Visit, day: date | None) -> list[Activity]:
    """The activities of a day of the visit in order of time, of all days where none is named."""
    return in_time(visit, None if day is None else whole_day(day, ZoneInfo(visit.details.zone)))


def first_of(visit: Visit) -> tuple[datetime, ...]:
    """When the first activity that takes place begins; empty where there is none."""
    starts = [activity.window.start for activity in visit.activities if activity.code not in visit.called_off]
    return (min(starts),) if starts else ()


def days_of(visit: Visit) -> list[date]:
    """The days of the visit, and those on which something stands before or after it."""
    zone = ZoneInfo(visit.details.zone)
    first, last = visit.details.first_day, visit.details.last_day
    number = min((last - first).days + 1, 60)
    days = {first + timedelta(days=days) for days in range(number)}
    return sorted(days | {_clock(a.window.start, zone).date() for a in visit.activities})


def worst_of(findings: Iterable[Finding], visit: str) -> dict[str, Severity]:
    """The worst that is found about each activity of the visit, by its code; hints are left out."""
    worst: dict[str, Severity] = {}
    order = list(Severity)
    for finding in findings:
        for subject in finding.subjects:
            kind, _, key = subject.partition("/")
            owner, _, code = key.partition("/")
            if kind == "activity" and owner == visit and finding.severity is not Severity.INFO:
                worst[code] = min(worst.get(code, finding.severity), finding.severity, key=order.index)
    return worst


def place_of(plan: Plan, activity: Activity, speaker: Speaker) -> str:
    """Venue by its name in the reader's language, and room by name; empty where there is none."""
    return " · ".join(filter(None, _place(plan, activity, speaker)))


def _place(plan: Plan, activity: Activity, speaker: Speaker) -> tuple[str, str]:
    """Names of venue and room; codes of what the plan does not know."""
    venue = plan.entities.get(f"venue/{activity.venue}")
    if not isinstance(venue, Venue):
        return activity.venue or "", activity.room or ""
    room = next((room.name for room in venue.rooms if room.code == activity.room), activity.room or "")
    return venue_name(venue, speaker), room


def looked(speaker: Speaker, look: BarLook) -> str:
    """Sign and word of how a bar looks, for legends and tables."""
    return f"{SIGNS[look]} {speaker.label(look)}"


def look_of(visit: Visit, activity: Activity, worst: Mapping[str, Severity]) -> BarLook:
    """How an activity looks."""
    if activity.code in visit.called_off or visit.cancelled:
        return BarLook.CANCELLED
    match worst.get(activity.code):
        case Severity.BLOCK:
            return BarLook.BLOCKED
        case Severity.WARN:
            return BarLook.WARNED
    return BarLook.FIXED if activity.fixed else BarLook.MOVABLE


def _bar(
    plan: Plan,
    visit: Visit,
    activity: Activity,
    lane: str,
    speaker: Speaker,
    worst: Mapping[str, Severity],
    zone: ZoneInfo,
) -> Bar:
    look = look_of(visit, activity, worst)
    before, after = timedelta(minutes=activity.setup_minutes), timedelta(minutes=activity.teardown_minutes)
    start, end = _clock(activity.window.start, zone), _clock(activity.window.end, zone)
    travel = "" if activity.journey is None else f"{_TRAVEL[activity.journey.mode]} "
    party = "" if activity.party == MAIN_PARTY else activity.party
    persons = speaker.counted("{n} person", "{n} persons", activity.headcount) if activity.headcount else ""
    return Bar(
        code=activity.code,
        title=activity.title,
        lane=lane,
        start=start,
        end=end,
        busy_from=start - before,
        busy_until=end + after,
        look=look,
        written=f"{SIGNS[look]} {travel}{activity.code} {activity.title}",
        when=f"{start:%H:%M}–{end:%H:%M}",
        where=place_of(plan, activity, speaker),
        facts=" · ".join(filter(None, (speaker.label(activity.type), party, activity.host, persons))),
    )


def _fitted(bar: Bar, lane: Sequence[Bar], start: datetime, end: datetime, per_letter: timedelta) -> Bar:
    """The bar with as much text as fits before the next one of its lane; leftward where its end is near the edge."""
    same = [other for other in lane if other is not bar]
    following = min((other.start for other in same if other.start >= bar.start), default=end)
    earlier = max((other.end for other in same if other.end <= bar.end), default=start)
    rightward = min(following, end) - max(bar.start, start)
    leftward = min(bar.end, end) - max(earlier, start)
    wanted = len(bar.written) * per_letter
    to_left = rightward < wanted and following >= end and leftward > rightward
    letters = int((leftward if to_left else rightward) / per_letter)
    if letters < len(bar.code) + _WORTH_A_NAME:
        short = f"{SIGNS[bar.look]} {bar.code}"
        return dataclasses.replace(bar, written=short if letters >= len(short) - 1 else bar.code, leftward=to_left)
    if to_left or len(bar.written) > letters:
        return dataclasses.replace(bar, written=_cut(bar.written, letters), leftward=to_left)
    return bar


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def _lanes(plan: Plan, shown: Sequence[Activity], speaker: Speaker, grouping: Grouping) -> list[tuple[Activity, str]]:
    """The lane of each activity; two at once in one place stand on two lines of it."""
    until: dict[str, list[datetime]] = {}
    placed = []
    for activity in shown:
        group = _group(plan, activity, speaker, grouping)
        ends = until.setdefault(group, [])
        line = next((n for n, busy in enumerate(ends) if busy <= activity.window.start), len(ends))
        ends[line : line + 1] = [activity.window.end]
        placed.append((activity, group if not line else f"{group} ({line + 1})"))
    return placed


def _group(plan: Plan, activity: Activity, speaker: Speaker, grouping: Grouping) -> str:
    if grouping is Grouping.PARTY:
        party = speaker("main party") if activity.party == MAIN_PARTY else activity.party
        return party if activity.delegation is None else f"{activity.delegation} · {party}"
    # A line is a room of its own, also where two are called the same.
    name, _ = _place(plan, activity, speaker)
    return "\n".join(filter(None, (name, activity.room))) or speaker("no venue yet")


def _axis(visit: Visit, shown: Sequence[Activity], day: date | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The daytime of the day or of all days, and more where activities begin earlier or end later."""
    first, last = (day, day) if day is not None else (visit.details.first_day, visit.details.last_day)
    start = datetime.combine(first, time(_DAYTIME[0]))
    end = datetime.combine(last, time(_DAYTIME[1]))
    starts = [_clock(a.window.start, zone) for a in shown]
    ends = [_clock(a.window.end, zone) for a in shown]
    start, end = min([start, *starts]), max([end, *ends])
    if day is not None:
        midnight = datetime.combine(day, time())
        start, end = max(start, midnight), min(end, midnight + timedelta(hours=30))
    return start.replace(minute=0), (end + timedelta(minutes=59)).replace(minute=0)


def _eight_hours(
    start: datetime, end: datetime, now: datetime, shown: Sequence[tuple[datetime, datetime]]
) -> tuple[datetime, datetime]:
    """Eight hours around now where something is on then; else from the next activity, or the first."""
    around = now - timedelta(hours=1)
    if not any(begins < around + PHONE_HOURS and ends > around for begins, ends in shown):
        starts = [begins for begins, _ in shown]
        around = min((begins for begins in starts if begins > now), default=min(starts, default=start))
    begin = max(start, min(around, end - PHONE_HOURS)).replace(minute=0, second=0, microsecond=0)
    return begin, begin + PHONE_HOURS


def whole_day(day: date, zone: ZoneInfo) -> TimeWindow:
    """From midnight to midnight where the visit is; 23 or 25 hours where the clock is changed."""
    midnight = datetime.combine(day, time(), tzinfo=zone)
    return TimeWindow(start=midnight, end=datetime.combine(day + timedelta(days=1), time(), tzinfo=zone))


def _clocks(activity: Activity, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return _clock(activity.window.start, zone), _clock(activity.window.end, zone)


def _clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock shows at the place, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
