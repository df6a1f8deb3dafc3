"""Where and when posts lack officers: sites, posts or units by hours, the most missing at once in each. Pure data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from domain.post import Post
from domain.values import TimeWindow
from ui.charts.duty import COVERS, Piece

HOUR = timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Hour:
    """One row in one hour: officers missing at once at the worst moment, needed then, and whether a post is critical.

    ``needed`` is 0 where no post is manned.
    """

    missing: int
    needed: int
    critical: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Heat:
    """The hours by their start, and each row with its hours, those that lack most first."""

    hours: tuple[datetime, ...]
    rows: tuple[tuple[str, tuple[Hour, ...]], ...]


def heat(manned: Iterable[tuple[Post, Sequence[Piece]]], hours: TimeWindow, row: Callable[[Post], str]) -> Heat:
    """The coverage of posts with their pieces in these hours; ``row`` is the name of the one that a post belongs to."""
    starts = tuple(hours.start + HOUR * n for n in range(-(-(hours.end - hours.start) // HOUR)))
    named = sorted(((row(post), post.code, parts) for post, parts in manned), key=itemgetter(0, 1))
    rows = []
    for name, members in groupby(named, key=itemgetter(0)):
        parts = [piece for _, _, pieces in members for piece in pieces]
        rows.append((name, tuple(_hour(parts, start) for start in starts)))
    rows.sort(key=lambda one: (-sum(hour.missing for hour in one[1]), one[0]))
    return Heat(starts, tuple(rows))


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
