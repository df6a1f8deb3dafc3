"""A large, realistic log of events, written quickly: many visits, or one summit, planned over half a year.

Rows go through the real mapper and recorder, thousands in a transaction; no rule is asked.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from domain import assignment, delegation, officer, post, route, venue, visit
from domain.base import Event
from domain.values import Qualification, TimeWindow
from planner.store.directory import Store
from tests.examples import (
    PLANNING,
    VIETNAMESE_OFFICERS,
    activity,
    at,
    delegation_details,
    key_point,
    member,
    officer_details,
    post_details,
    qualification,
    room,
    route_details,
    venue_details,
    visit_details,
)

BATCH = 5_000


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How many things a log speaks of, and in how many events."""

    events: int
    visits: int
    venues: int
    officers: int
    posts: int
    routes: int
    assignments: int

    @staticmethod
    def years(events: int) -> Size:
        """Several years of a province's visits: twenty events a thing, as in the targets of the design."""
        share = events / 1_000_000
        counts = (max(2, round(n * share)) for n in (250, 400, 4_000, 5_000, 1_500, 38_600))
        return Size(events, *counts)

    @staticmethod
    def summit(events: int = 400_000) -> Size:
        """One national summit: two to three events an assignment."""
        share = events / 400_000
        counts = (max(1, round(n * share)) for n in (80, 20_000, 3_000, 1_500, 100_000))
        return Size(events, 1, *counts)


def write_log(store: Store, size: Size, seed: int = 7) -> None:
    """Writes the log of that size into an empty store."""
    recorder, mapper = store.recorder, store.mapper()
    for batch in itertools.batched(itertools.islice(events(size, seed), size.events), BATCH):
        recorder.insert_events([mapper.to_stored_event(event) for event in batch])


def events(size: Size, seed: int = 7) -> Iterator[Event]:
    """An endless story: things are founded during its first half, and changed all the time."""
    return _Story(size, random.Random(seed)).told()


class _Story:
    def __init__(self, size: Size, chance: random.Random) -> None:
        self.size = size
        self.chance = chance
        self.versions: dict[str, int] = {}
        self.told_so_far = 0
        self.visits = [f"LA-2026-{n:03d}" for n in range(1, size.visits + 1)]
        self.venues = [f"HOTEL-{n}" for n in range(1, size.venues + 1)]
        self.officers = [f"CA-{n:05d}" for n in range(1, size.officers + 1)]
        self.posts = [f"{chance.choice(self.visits)}/P-{n:04d}" for n in range(1, size.posts + 1)]
        self.windows = [
            TimeWindow(start=(start := at("00:00", day) + timedelta(hours=hour)), end=start + timedelta(hours=8))
            for day in range(1, 180)
            for hour in (0, 6, 8, 14, 16, 22)
        ]

    def told(self) -> Iterator[Event]:
        founded: list[tuple[Callable[[_Story, str], Event], str]] = []
        foundings = list(self._foundings())
        every = max(1, self.size.events // 2 // len(foundings))
        for found, key in foundings:
            yield found(key)
            founded.append((CHANGES[found.__name__], key))
            for _ in range(every - 1):
                change, key = self.chance.choice(founded)
                yield change(self, key)
        while True:
            change, key = self.chance.choice(founded)
            yield change(self, key)

    def _foundings(self) -> Iterator[tuple[Callable[[str], Event], str]]:
        """First what others stand on; then everything else mixed."""
        first: list[tuple[Callable[[str], Event], str]] = [(self.visit, code) for code in self.visits[:2]]
        first += [(self.venue, code) for code in self.venues[:2]]
        first += [(self.officer, code) for code in self.officers[:20]]
        yield from first
        rest: list[tuple[Callable[[str], Event], str]] = [(self.visit, code) for code in self.visits[2:]]
        rest += [(self.delegation, f"{code}/LA") for code in self.visits]
        rest += [(self.venue, code) for code in self.venues[2:]]
        rest += [(self.officer, code) for code in self.officers[20:]]
        rest += [(self.post, key) for key in self.posts]
        rest += [(self.route, f"{self.chance.choice(self.visits)}/R-{n}") for n in range(1, self.size.routes + 1)]
        rest += [
            (self.assignment, f"{key.partition('/')[0]}/A-{n:06d}@{key.partition('/')[2]}")
            for n, key in enumerate((self.chance.choice(self.posts) for _ in range(self.size.assignments)), 1)
        ]
        self.chance.shuffle(rest)
        yield from rest

    def stamp(self, subject: str, reason: str = "") -> dict[str, Any]:
        self.told_so_far += 1
        version = self.versions[subject] = self.versions.get(subject, 0) + 1
        moment: datetime = PLANNING + timedelta(seconds=15 * self.told_so_far)
        return {
            "originator_id": subject,
            "originator_version": version,
            "recorded_at": moment,
            "occurred_at": moment,
            "by": "planner.hoa",
            "reason": reason,
            "command_id": f"{self.told_so_far:032x}",
            "via": "page",
        }

    def window(self) -> TimeWindow:
        return self.chance.choice(self.windows)

    # Foundings

    def visit(self, code: str) -> Event:
        return visit.VisitRegistered(**self.stamp(f"visit/{code}"), visit=visit_details())

    def delegation(self, key: str) -> Event:
        return delegation.DelegationRegistered(**self.stamp(f"delegation/{key}"), delegation=delegation_details())

    def venue(self, code: str) -> Event:
        return venue.VenueRegistered(**self.stamp(f"venue/{code}"), venue=venue_details())

    def officer(self, code: str) -> Event:
        details = officer_details(self.chance.choice(VIETNAMESE_OFFICERS))
        return officer.OfficerRegistered(**self.stamp(f"officer/{code}"), officer=details)

    def post(self, key: str) -> Event:
        details = post_details(
            venue=self.chance.choice(self.venues),
            commander=self.chance.choice(self.officers),
            instructions="Kiểm tra thẻ, báo cáo mỗi giờ, không rời vị trí khi chưa có người thay.",
        )
        return post.PostCreated(**self.stamp(f"post/{key}"), post=details)

    def route(self, key: str) -> Event:
        origin, destination = self.chance.choice(self.venues), self.chance.choice(self.venues)
        details = route_details(origin, destination, geometry="_izlhA~rlgdF_{geC~ywl@" * 12)
        return route.RoutePlanned(**self.stamp(f"route/{key}"), route=details)

    def assignment(self, key: str) -> Event:
        key, _, post_code = key.partition("@")
        return assignment.OfficerAssigned(
            **self.stamp(f"assignment/{key}"),
            post=post_code,
            shift="ALL",
            officer=self.chance.choice(self.officers),
            window=self.window(),
        )

    # Changes

    def change_visit(self, code: str) -> Event:
        stamp = self.stamp(f"visit/{code}", "Đoàn bạn đề nghị đổi giờ")
        number = stamp["originator_version"] - 1
        if number <= 40:
            slot = activity(f"A-{number:02d}", venue=self.chance.choice(self.venues))
            return visit.ActivityScheduled(**stamp, activity=slot)
        moved = f"A-{self.chance.randint(1, 40):02d}"
        return visit.ActivityMoved(**stamp, activity=moved, window=self.window())

    def change_delegation(self, key: str) -> Event:
        stamp = self.stamp(f"delegation/{key}")
        number = 1 + (stamp["originator_version"] - 2) % 40
        return delegation.MemberAdded(**stamp, member=member(f"M-{number:02d}"))

    def change_venue(self, code: str) -> Event:
        stamp = self.stamp(f"venue/{code}")
        number = 1 + (stamp["originator_version"] - 2) % 12
        if number % 2:
            return venue.RoomAdded(**stamp, room=room(f"R-{number}"))
        return venue.KeyPointMarked(**stamp, point=key_point(f"K-{number}"))

    def change_officer(self, code: str) -> Event:
        stamp = self.stamp(f"officer/{code}")
        if stamp["originator_version"] % 2:
            absence = officer.Absence(code="ABS-1", window=self.window(), kind=officer.AbsenceKind.SICK)
            return officer.AbsenceRecorded(**stamp, absence=absence)
        held: Qualification = qualification(self.chance.choice(("K9", "VIP", "LÁI XE", "Y TẾ")))
        return officer.QualificationGranted(**stamp, qualification=held)

    def change_post(self, key: str) -> Event:
        stamp = self.stamp(f"post/{key}", "Điều chỉnh theo phương án mới")
        if stamp["originator_version"] % 3:
            return post.PostRescheduled(**stamp, window=self.window(), shifts=())
        return post.PostOrderIssued(**stamp, instructions="Chỉ cho xe có phù hiệu của ban tổ chức đi qua.")

    def change_route(self, key: str) -> Event:
        stamp = self.stamp(f"route/{key}", "Thi công mặt đường")
        if stamp["originator_version"] % 2:
            return route.RouteReopened(**stamp)
        return route.RouteClosed(**stamp, window=self.window())

    def change_assignment(self, key: str) -> Event:
        stamp = self.stamp(f"assignment/{key.partition('@')[0]}")
        kinds = (
            lambda: assignment.AssignmentAcknowledged(**stamp, duty="0123456789abcdef"),
            lambda: assignment.AssignmentRescheduled(**stamp, window=self.window()),
            lambda: assignment.AcknowledgementLapsed(**stamp, duty="0123456789abcdef"),
            lambda: assignment.AssignmentAcknowledged(**stamp, duty="fedcba9876543210"),
            lambda: assignment.AssignmentWithdrawn(**stamp),
            lambda: assignment.AssignmentReinstated(**stamp),
        )
        return kinds[(stamp["originator_version"] - 2) % len(kinds)]()


CHANGES: dict[str, Callable[[_Story, str], Event]] = {
    name.removeprefix("change_"): change for name, change in vars(_Story).items() if name.startswith("change_")
}
