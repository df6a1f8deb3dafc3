"""The duty board as a chart: which posts are manned when, and who does the manning.

First the data, as a pure function of the plan; then the drawing. Colour, symbol and words tell the same. Times are
drawn as the clock where the visit takes place shows them: the browser's own zone plays no part.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import altair as alt

from domain.assignment import Assignment, AssignmentStatus
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.rules.coverage import gaps
from domain.rules.duty import blocked
from domain.values import TimeWindow
from planner.text import Speaker
from ui.charts.data_sets import with_scales, with_values
from ui.maps.places import venue_name


class Cover(StrEnum):
    """How a post is manned at some time."""

    COVERED = "covered"
    TENTATIVE = "tentative"
    SHORT = "short"
    CRITICAL = "critical_short"


#: Best first.
COVERS: Final = tuple(Cover)

#: Symbol, colour and colour of the text on it, for coverage and for duties; at least 4.5 to 1.
LOOKS: Final[dict[StrEnum, tuple[str, str, str]]] = {
    Cover.COVERED: ("✔", "#0b6b3a", "#ffffff"),
    Cover.TENTATIVE: ("?", "#cfe3f5", "#14212e"),
    Cover.SHORT: ("▲", "#f5b301", "#14212e"),
    Cover.CRITICAL: ("✖", "#b3131b", "#ffffff"),
    AssignmentStatus.PROPOSED: ("?", "#cfe3f5", "#14212e"),
    AssignmentStatus.CONFIRMED: ("●", "#0b4f8a", "#ffffff"),
    AssignmentStatus.ACKNOWLEDGED: ("✔", "#0b6b3a", "#ffffff"),
    AssignmentStatus.ON_POST: ("▶", "#5b2a86", "#ffffff"),
    AssignmentStatus.ENDED: ("■", "#4a5866", "#ffffff"),
    AssignmentStatus.WITHDRAWN: ("✕", "#e3e8ee", "#14212e"),
}

#: The width in pixels that bars have, and of one letter: names that do not fit are left out.
WIDE, NARROW, LETTER = 760, 250, 7.2
ROW_HEIGHT: Final = 26
_INK: Final[dict[str, Any]] = {"labelColor": "#14212e", "labelFontSize": 12}
#: What the axis and the padding around a chart take of its height.
AROUND: Final = 54


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A part of a post's time with the same coverage: how many are there of how many, and who."""

    window: TimeWindow
    cover: Cover
    present: int
    needed: int
    officers: tuple[str, ...]
    shift: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its row, what it is about (a post or an assignment), from when until when, its look and its words."""

    row: str
    about: str
    window: TimeWindow
    look: Cover | AssignmentStatus
    text: str
    told: str


@dataclasses.dataclass(frozen=True, slots=True)
class Board:
    """Rows in order, some of them headings of a site, the bars in them, and the hours that are shown."""

    rows: tuple[str, ...]
    headings: frozenset[str]
    bars: tuple[Bar, ...]
    hours: TimeWindow

    @property
    def empty(self) -> bool:
        return not self.bars


# The data


def pieces(plan: Plan, post: Post, numbers: PolicyNumbers, hours: TimeWindow) -> tuple[Piece, ...]:
    """How a post is manned in these hours, gaps and covered parts, in order of time."""
    duties = _counted(plan, post, numbers, hours)
    found: list[Piece] = []
    lacking: list[TimeWindow] = []
    for window, missing, needed in gaps(post, duties, hours):
        lacking.append(window)
        cover = Cover.CRITICAL if post.details.critical else Cover.SHORT
        found.append(Piece(window, cover, needed - missing, needed, _names(plan, duties, window)))
    for shift in post.shifts:
        whole = shift.window.intersection(hours)
        if whole is None:
            continue
        needed = post.details.headcount if shift.headcount is None else shift.headcount
        for window in _without(whole, lacking):
            there = [duty for duty in duties if duty.window.overlaps(window)]
            mine = [duty for duty in there if duty.shift == shift.code] or there
            firm = sum(duty.status is not AssignmentStatus.PROPOSED for duty in mine)
            cover = Cover.COVERED if firm >= needed else Cover.TENTATIVE
            found.append(Piece(window, cover, len(mine), needed, _names(plan, mine, window), shift.code))
    return tuple(sorted(found, key=lambda piece: (piece.window.start, piece.window.end, piece.shift)))


def worst(found: Iterable[Piece]) -> Cover:
    """The worst coverage among pieces; «covered» where there are none."""
    return max((piece.cover for piece in found), key=COVERS.index, default=Cover.COVERED)


def board(
    plan: Plan,
    manned: Iterable[tuple[Post, Sequence[Piece]]],
    hours: TimeWindow,
    speaker: Speaker,
    *,
    width: int = WIDE,
    only_gaps: bool = False,
) -> Board:
    """Posts with their pieces, by site, in these hours, as bars; with ``only_gaps`` the posts that lack somebody."""
    rows: list[str] = []
    headings: list[str] = []
    bars: list[Bar] = []
    letters = width / LETTER
    placed = sorted(
        ((site(plan, post, speaker), post.code, post, _clipped(parts, hours)) for post, parts in manned),
        key=itemgetter(0, 1),
    )
    for name, members in groupby(placed, key=itemgetter(0)):
        shown = [(post, parts) for _, _, post, parts in members]
        shown = [(post, parts) for post, parts in shown if parts and (not only_gaps or worst(parts) in COVERS[2:])]
        if not shown:
            continue
        heading = _cut(name or speaker("Other places"), 30 if width == WIDE else 16).upper()
        rows.append(heading)
        headings.append(heading)
        for post, parts in shown:
            row = _cut(f"{post.code} {post.details.task}", 30 if width == WIDE else 16)
            rows.append(row)
            bars += (_bar(row, post, part, hours, letters, speaker) for part in parts)
    return Board(tuple(rows), frozenset(headings), tuple(bars), hours)


def _clipped(parts: Iterable[Piece], hours: TimeWindow) -> list[Piece]:
    """The pieces as far as they lie in the hours."""
    inside = ((piece, piece.window.intersection(hours)) for piece in parts)
    return [dataclasses.replace(piece, window=window) for piece, window in inside if window is not None]


def duties(
    plan: Plan, post: Post, hours: TimeWindow, numbers: PolicyNumbers, speaker: Speaker, *, width: int = WIDE
) -> Board:
    """One post: its coverage, and below it each duty in its state."""
    first = speaker("Coverage")
    letters = width / LETTER
    bars = [_bar(first, post, part, hours, letters, speaker) for part in pieces(plan, post, numbers, hours)]
    rows = [first]
    given: tuple[Assignment, ...] = plan.assignments_of_post(post.visit, post.code)
    for duty in sorted(given, key=lambda one: (one.window.start, one.key)):
        window = duty.window.intersection(hours)
        if window is None:
            continue
        name = plan.officer(duty.officer).name.romanised
        row = _cut(f"{duty.code} {name}", 30 if width == WIDE else 16)
        rows.append(row)
        told = f"{duty.shift} · {name} ({duty.officer}) · {speaker.window(duty.window)} · {speaker.label(duty.status)}"
        text = _fitting(LOOKS[duty.status][0], [speaker.label(duty.status)], _share(window, hours) * letters)
        bars.append(Bar(row, duty.id, window, duty.status, text, told))
    return Board(tuple(rows), frozenset(), tuple(bars), hours)


def site(plan: Plan, post: Post, speaker: Speaker) -> str:
    """The name of the place that a post belongs to; empty where it stands outside all venues."""
    venue = post.details.venue
    return "" if venue is None else venue_name(plan.venue(venue), speaker)


def hours_of(posts: Iterable[Post], day: TimeWindow) -> TimeWindow:
    """From the full hour before the first post of a day to the one after the last; the whole day without posts."""
    inside = [window for post in posts if (window := post.window.intersection(day)) is not None]
    if not inside:
        return day
    start, end = min(w.start for w in inside), max(w.end for w in inside)
    since, until = start - day.start, end - day.start
    hour = timedelta(hours=1)
    return TimeWindow(start=day.start + since // hour * hour, end=min(day.start - (-until // hour) * hour, day.end))


def eight_hours(posts: Iterable[Piece], hours: TimeWindow, now: datetime) -> TimeWindow:
    """Eight hours for a narrow screen: from now, or from the first gap where now lies outside."""
    first = min((piece.window.start for piece in posts if piece.cover in COVERS[2:]), default=hours.start)
    start = now if hours.contains(now) else first
    since = start - hours.start
    start = hours.start + since // timedelta(hours=1) * timedelta(hours=1)
    return TimeWindow(start=start, end=start + timedelta(hours=8))


def _counted(plan: Plan, post: Post, numbers: PolicyNumbers, hours: TimeWindow) -> list[Assignment]:
    """The duties that count for coverage: those that overlap the hours and have no conflict of their own."""
    given: tuple[Assignment, ...] = plan.assignments_of_post(post.visit, post.code)
    return [
        duty
        for duty in given
        if duty.counts and duty.window.overlaps(hours) and duty.id not in blocked(plan, numbers, duty.officer)
    ]


def _names(plan: Plan, there: Iterable[Assignment], window: TimeWindow) -> tuple[str, ...]:
    return tuple(
        plan.officer(duty.officer).name.romanised + ("?" if duty.status is AssignmentStatus.PROPOSED else "")
        for duty in there
        if duty.window.overlaps(window)
    )


def _without(window: TimeWindow, taken: Sequence[TimeWindow]) -> Iterator[TimeWindow]:
    """What is left of a window without the taken ones, which are in order of time."""
    start = window.start
    for other in taken:
        if other.overlaps(window):
            if other.start > start:
                yield TimeWindow(start=start, end=other.start)
            start = max(start, other.end)
    if start < window.end:
        yield TimeWindow(start=start, end=window.end)


def _bar(row: str, post: Post, piece: Piece, hours: TimeWindow, letters: float, speaker: Speaker) -> Bar:
    count = f"{piece.present}/{piece.needed}"
    who = ", ".join(piece.officers)
    told = f"{post.code} · {speaker.times(piece.window)} · {speaker.label(piece.cover)} {count}"
    text = _fitting(f"{LOOKS[piece.cover][0]} {count}", piece.officers, _share(piece.window, hours) * letters)
    return Bar(row, post.id, piece.window, piece.cover, text, f"{told} · {who}" if who else told)


def _share(window: TimeWindow, hours: TimeWindow) -> float:
    return window.length / hours.length


def _fitting(first: str, names: Sequence[str], letters: float) -> str:
    """The symbol and as many names as there is room for; nothing where even the symbol is too long."""
    text = first
    if letters < len(first):
        return first[:1] if letters >= 1 else ""
    for name in names:
        if len(text) + 1 + len(name) > letters:
            break
        text = f"{text} {name},"
    return text.removesuffix(",")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# The drawing


def drawn(shown: Board, moment: datetime, speaker: Speaker) -> dict[str, Any]:
    """The chart of a board as Vega-Lite, with a line for the moment where it lies in the hours."""
    span = [_clock(shown.hours.start, speaker), _clock(shown.hours.end, speaker)]
    spec = with_scales(drawing(), x={"domain": span}, y={"domain": list(shown.rows)})
    now = spec["layer"].pop()
    if shown.hours.contains(moment):
        now["encoding"]["x"] = {**now["encoding"]["x"], "datum": _clock(moment, speaker)}
        spec["layer"].append(now)
    rows: dict[str, list[dict[str, Any]]] = {
        "bars": [
            {
                "row": bar.row,
                "about": bar.about,
                "start": _clock(bar.window.start, speaker),
                "end": _clock(bar.window.end, speaker),
                "look": bar.look.value,
                "text": bar.text,
                "told": bar.told,
            }
            for bar in shown.bars
        ],
        "headings": [{"row": row} for row in shown.rows if row in shown.headings],
        "now": [{"row": ""}],
    }
    if not shown.headings:
        del spec["layer"][0]
    spec["height"] = ROW_HEIGHT * len(shown.rows) + AROUND
    return with_values(spec, rows)


def _clock(moment: datetime, speaker: Speaker) -> float:
    """Milliseconds of the local clock, taken as UTC; a float, because charts cannot read whole numbers of 64 bits."""
    return speaker.local(moment).replace(tzinfo=UTC).timestamp() * 1000


@functools.cache
def drawing() -> dict[str, Any]:
    """The chart without its data, not to be changed: built once, when the server starts, as that takes long."""
    looks = list(LOOKS.values())
    names = [member.value for member in LOOKS]
    # Headings of sites are in capitals.
    bold = alt.condition("datum.label == upper(datum.label)", alt.value("bold"), alt.value("normal"))
    time = alt.X(
        "start:T", scale=alt.Scale(type="utc"), axis=alt.Axis(format="%H:%M", title=None, orient="top", **_INK)
    )
    row = alt.Y(
        "row:N",
        axis=alt.Axis(
            title=None, labelLimit=230, ticks=False, domain=False, labelOverlap=False, labelFontWeight=bold, **_INK
        ),
    )
    bars = alt.Chart(alt.NamedData("bars"))
    blocks = (
        bars.mark_bar(height=ROW_HEIGHT - 5, cornerRadius=3, stroke="#ffffff", strokeWidth=1, cursor="pointer")
        .encode(
            x=time,
            x2="end:T",
            y=row,
            color=alt.Color(
                "look:N", scale=alt.Scale(domain=names, range=[colour for _, colour, _ in looks]), legend=None
            ),
            tooltip=alt.Tooltip("told:N", title=" "),
        )
        .add_params(alt.selection_point(name="picked", fields=["about"]))
    )
    # Clipped: on a phone the whole chart would shrink to make room for a name that reaches past its edge.
    words = bars.mark_text(align="left", dx=5, fontSize=12, tooltip=False, clip=True).encode(
        x=time,
        y=row,
        text="text:N",
        color=alt.Color("look:N", scale=alt.Scale(domain=names, range=[colour for _, _, colour in looks]), legend=None),
    )
    sites = alt.Chart(alt.NamedData("headings")).mark_rule(color="#8793a0").encode(y=row)
    present = alt.Chart(alt.NamedData("now")).mark_rule(color="#b3131b", strokeWidth=2, strokeDash=[4, 3])
    chart = alt.layer(sites, blocks, words, present.encode(x=alt.datum(0, type="temporal")))
    whole: dict[str, Any] = chart.resolve_scale(color="independent").properties(width="container").to_dict()
    return whole
