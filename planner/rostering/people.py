"""Officers as arrays: what they hold and speak, their units, when they are away."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from domain.officer import Officer
from domain.requirements import Need, NeedKind, has_lasting
from domain.values import Qualification
from planner.rostering.problem import Bools, Officers
from planner.rostering.ways import MINUTE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
#: Minutes that stand for «always» and «never».
EVER = 10**10


def but(people: Officers, officers: Sequence[Officer], gone: frozenset[str]) -> Officers:
    """The officers where some are away all the time."""
    if not gone:
        return people
    rows = [(number, -EVER, EVER) for number, officer in enumerate(officers) if officer.key in gone]
    away = np.concatenate([people.away, np.array(rows, dtype=np.int64).reshape(-1, 3)])
    return dataclasses.replace(people, away=away[np.argsort(away[:, 0], kind="stable")])


def officers_asked(
    officers: Sequence[Officer], skills: Sequence[Need], wishes: Sequence[str], units: Sequence[str], nowhere: int
) -> Officers:
    """Each officer against the skills and languages that are asked for; ``nowhere`` is the site where all set out."""
    count = len(officers)
    since = np.full((count, len(skills)), EVER, dtype=np.int64)
    until = np.full((count, len(skills)), -EVER, dtype=np.int64)
    held = {need.code: place for place, need in enumerate(skills) if need.kind is NeedKind.QUALIFICATION}
    lasting = [(place, need) for place, need in enumerate(skills) if need.kind is not NeedKind.QUALIFICATION]
    speaks: Bools = np.zeros((count, len(wishes)), dtype=np.bool_)
    wish, number_of = ({code: number for number, code in enumerate(codes)} for codes in (wishes, units))
    away: list[tuple[int, int, int]] = []
    for number, officer in enumerate(officers):
        for one in officer.qualifications:
            if one.code in held:
                since[number, held[one.code]], until[number, held[one.code]] = _held(one)
            if one.code in wish:
                speaks[number, wish[one.code]] = True
        for place, need in lasting:
            if has_lasting(officer, need):
                since[number, place], until[number, place] = -EVER, EVER
        away += [(number, *_whole(absence.window.start, absence.window.end)) for absence in officer.absences]
    return Officers(
        held_from=since,
        held_until=until,
        rank=np.zeros(count, dtype=np.int64),
        speaks=speaks,
        unit=np.array([number_of[officer.details.unit] for officer in officers], dtype=np.int64),
        home=np.full(count, nowhere, dtype=np.int64),
        away=np.array(away, dtype=np.int64).reshape(-1, 3),
    )


def _held(one: Qualification) -> tuple[int, int]:
    """From and until when somebody holds a qualification, in whole minutes that lie inside."""
    end = one.valid.end if one.revoked_from is None else min(one.valid.end, one.revoked_from)
    # The minutes between are rounded outwards: of what lies before, and after, they are the inner ones.
    until, since = _whole(end, one.valid.start)
    return since, until


@lru_cache(maxsize=8192)
def _whole(start: datetime, end: datetime) -> tuple[int, int]:
    return (start - EPOCH) // MINUTE, -((EPOCH - end) // MINUTE)
