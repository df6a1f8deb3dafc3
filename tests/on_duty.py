"""An officer with duties from yesterday to next week, for tests that look at what an officer is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.base import Actor, Role
from domain.officer import OfficerDetails
from domain.post import PostDetails
from domain.values import Contact, Coordinates, PersonName, TimeWindow
from domain.venue import KeyPoint, KeyPointKind, VenueDetails
from domain.visit import VisitDetails
from planner.accounts import Accounts
from planner.application import Planner
from planner.text import now
from tests.serving import people

PLANNER = Actor(user="planner", roles=frozenset({Role.PLANNER, Role.COMMANDER}))
VISIT, ZONE = "LA-2026-01", "America/Santiago"
MINE, OTHERS = "CA-0113", "CA-0200"


def duties(planner: Planner, accounts: Accounts) -> None:
    """A visit with duties of the officer who signs in, from yesterday to next week, and one of somebody else."""
    people(planner, accounts)
    hour = now().replace(minute=0, second=0, microsecond=0)
    first = (hour - timedelta(days=2)).date()
    details = VisitDetails(title="Đoàn <i>O'Brien</i>", zone=ZONE, first_day=first, last_day=first + timedelta(days=9))
    planner.register_visit(VISIT, details, by=PLANNER)
    hotel = VenueDetails(
        name="Khách sạn <b>Biển</b>",
        coordinates=Coordinates(lat=-29.9216, lon=-71.2729),
        contacts=(Contact(name="Quản lý ca", phone="+56 51 200 0303"),),
    )
    planner.register_venue("HOTEL", hotel, by=PLANNER)
    gathering = Coordinates(lat=-29.93, lon=-71.26)
    point = KeyPoint(code="TAP", kind=KeyPointKind.ASSEMBLY, name="Điểm tập kết", coordinates=gathering)
    planner.mark_key_point("HOTEL", point, by=PLANNER)
    for code, name in ((MINE, "Lê O'Brien <b>x</b>"), (OTHERS, "Trần Đức Nghĩa")):
        details_of = OfficerDetails(
            name=PersonName(romanised=name), unit="PA-02", rank="Trung tá", phone="+56 9 5550 0104"
        )
        planner.register_officer(code, details_of, by=PLANNER)
    for number, (officer, start) in enumerate(
        ((MINE, -1), (MINE, 26), (MINE, 50), (MINE, 74), (MINE, 98), (MINE, -30), (OTHERS, -1), (MINE, 122)), 1
    ):
        code = f"P-{number:02d}"
        planner.create_post(VISIT, code, post(f"Việc {number}", hour + timedelta(hours=start)), by=PLANNER)
        planner.assign_officer(VISIT, code, officer, code=f"A-{number}", by=PLANNER)
    planner.cancel_post(VISIT, "P-08", by=PLANNER, reason="Không cần nữa")


def post(task: str, start: datetime) -> PostDetails:
    return PostDetails(
        task=task,
        window=TimeWindow(start=start, end=start + timedelta(hours=4)),
        venue="HOTEL",
        commander=OTHERS,
        radio="Kênh 3",
        instructions="Giữ vị trí.\nKhông để ${1} đi qua <script>alert(1)</script>.",
    )
