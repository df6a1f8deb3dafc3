"""Where and when posts lack officers: sites by hours, the most that are missing at once in each. Pure data."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from domain.plan import Plan
from domain.post import Post
from domain.values import TimeWindow
from planner.text import Speaker
from ui.charts.duty import COVERS, Piece, site

HOUR = timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Hour:
    """One site in one hour: officers missing at once at the worst moment, needed then, and whether a post is critical.

    ``needed`` is 0 where no post is manned.
    """

    missing: int
    needed: int
    critical: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Heat:
    """The hours by their start, and for each site, those that lack most first, its hours."""

    hours: tuple[datetime, ...]
    sites: tuple[tuple[str, tuple[Hour, ...]], ...]


def heat(plan: Plan, manned: Iterable[tuple[Post, Sequence[Piece]]], hours: TimeWindow, speaker: Speaker) -> Heat:
    """The coverage of posts with their pieces in these hours, site by site."""
    starts = tuple(hours.start + HOUR * n for n in range(-(-(hours.end - hours.start) // HOUR)))
    named = sorted(((site(plan, post, speaker), post.code, parts) for post, parts in manned), key=itemgetter(0, 1))
    sites = []
    for name, members in groupby(named, key=itemgetter(0)):
        parts = [piece for _, _, pieces in members for piece in pieces]
        sites.append((name or speaker("Other places"), tuple(_hour(parts, start) for start in starts)))
    sites.sort(key=lambda one: (-sum(hour.missing for hour in one[1]), one[0]))
    return Heat(starts, tuple(sites))


def _hour(parts: Sequence[Piece], start: datetime) -> Hour:
    """The worst moment of an hour: coverage changes only where a piece begins."""
    span = TimeWindow(start=start, end=start + HOUR)
    here = [piece for piece in parts if piece.window.overlaps(span)]
    worst = Hour(0, 0, critical=False)
    for moment in sorted({max(piece.window.start, start) for piece in here}):
        now = [piece for piece in here if piece.window.contains(moment)]
        found = Hour(
            sum(max(piece.needed - piece.present, 0) for piece in now),
            sum(piece.needed for piece in now),
            any(piece.cover is COVERS[-1] for piece in now),
        )
        worst = max(worst, found, key=lambda hour: (hour.critical, hour.missing, hour.needed))
    return worst
