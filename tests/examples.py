"""Readable examples for every test: field-like visits, venues, officers and posts, and a story of them.

Names are long and stand in Vietnamese, Lao, Khmer and Latin script, because people's names do. All clock times
are those of Vietnam; day 1 is the first day of the visit. ``Story`` gathers events and the plan they make,
without any application: rules and pages are tested on its ``plan``, stores on its ``events``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.assigning import assign
from domain.assignment import Assignment, OfficerAssigned, Override
from domain.base import Act, Event, Role
from domain.delegation import Delegation, DelegationDetails, Member
from domain.finding import Finding, Scope
from domain.officer import Absence, AbsenceKind, Officer, OfficerDetails
from domain.plan import Plan
from domain.policy import PolicyAdopted, PolicyNumbers
from domain.post import Post, PostDetails, Shift
from domain.route import Route, RouteDetails, RouteKind
from domain.rules import check
from domain.values import Coordinates, PersonName, Qualification, TimeWindow
from domain.venue import Capacity, KeyPoint, KeyPointKind, Room, Venue, VenueDetails
from domain.visit import Activity, ActivityType, Layout, Visit, VisitCategory, VisitDetails

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_DAY = date(2026, 11, 24)
#: When the planning of the examples begins: three weeks before the visit.
PLANNING = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)

VISIT = "LA-2026-01"
OTHER_VISIT = "KH-2026-02"

#: What is done at a post where nothing else is said.
TASK = "Kiểm soát người và phương tiện vào cổng chính"

#: Names that break careless pages, files and formulas; all must come out exactly as typed and do nothing.
HOSTILE_NAMES = ("O'Brien", "=Hùng", "<b>x</b>", "${1}", "{n}", "%s", "@SUM(A1)", '"; DROP TABLE events; --')

LAO_HEAD = PersonName(
    romanised="Bounthavy Sisavangvong Phommachanh",
    original="ທ່ານ ບຸນທະວີ ສີສະຫວ່າງວົງ ພົມມະຈັນ",
    form_of_address="Ngài Phó Chủ tịch",
    said="Bun-tha-vi Xi-xa-vang-vông",
)
KHMER_GUEST = PersonName(
    romanised="Sokhavattey Chanthavimean",
    original="លោកជំទាវ សុខាវត្តី ច័ន្ទវិមាន",
    form_of_address="Phu nhân",
)
VIETNAMESE_OFFICERS = (
    "Nguyễn Thị Phương Thảo",
    "Trần Đức Nghĩa",
    "Lê Hoàng Bảo Ngọc",
    "Phạm Quốc Cường",
    "Đặng Thuỳ Dương",
    "Hoàng Văn Thụ",
)


# Time


def at(clock: str, day: int = 1) -> datetime:
    """A moment such as ``at("08:00")`` or ``at("24:00", day=2)``, on a day of the visit, in Vietnam."""
    hours, minutes = (int(part) for part in clock.split(":"))
    midnight = datetime.combine(FIRST_DAY, time(), tzinfo=ZONE)
    return (midnight + timedelta(days=day - 1, hours=hours, minutes=minutes)).astimezone(UTC)


def window(start: str, end: str, day: int = 1) -> TimeWindow:
    """A window such as ``window("22:00", "06:00")``; an end that is not later is on the next day."""
    first, last = at(start, day), at(end, day)
    return TimeWindow(start=first, end=last if last > first else last + timedelta(days=1))


def act(
    reason: str = "",
    *,
    by: str = "planner.hoa",
    recorded_at: datetime = PLANNING,
    command_id: str = "c-1",
    officer: str | None = None,
    role: Role = Role.PLANNER,
) -> Act:
    """A command being carried out; say the reason where the decision needs one."""
    return Act(
        by=by,
        recorded_at=recorded_at,
        occurred_at=recorded_at,
        reason=reason,
        command_id=command_id,
        officer=officer,
        roles=frozenset({role}),
    )


# Values


def visit_details(**changes: Any) -> VisitDetails:
    given = {"title": "Đoàn đại biểu cấp cao tỉnh Luông Pha Băng thăm và làm việc", "first_day": FIRST_DAY}
    given["last_day"] = FIRST_DAY + timedelta(days=1)
    return VisitDetails(**{**given, **changes})


def delegation_details(**changes: Any) -> DelegationDetails:
    given = {
        "name": "Đoàn đại biểu cấp cao tỉnh Luông Pha Băng (ຄະນະຜູ້ແທນແຂວງຫຼວງພະບາງ)",
        "country": "LA",
        "province": "Luông Pha Băng",
        "inviting_agency": "Uỷ ban nhân dân tỉnh",
        "presiding_agency": "Sở Ngoại vụ",
        "purpose": "Trao đổi hợp tác biên giới, thương mại và giáo dục",
        "category": VisitCategory.WORKING,
    }
    return DelegationDetails(**{**given, **changes})


def member(code: str = "M-01", name: PersonName = LAO_HEAD, **changes: Any) -> Member:
    return Member(**{"code": code, "name": name, "rank": "Phó Chủ tịch tỉnh", "languages": ("lo",), **changes})


def place(lat: float = 19.88, lon: float = 102.13) -> Coordinates:
    return Coordinates(lat=lat, lon=lon)


def venue_details(name: str = "Khách sạn Mường Thanh Grand Luang Prabang", **changes: Any) -> VenueDetails:
    return VenueDetails(**{"name": name, "coordinates": place(), "address": "Số 1 đường Xi-xa-vang-vông", **changes})


def room(code: str = "R-1", persons: int | None = 100, **changes: Any) -> Room:
    """A room with one capacity for every layout; ``persons=None`` makes it not surveyed."""
    capacities = () if persons is None else tuple(Capacity(layout=layout, persons=persons) for layout in Layout)
    return Room(**{"code": code, "name": "Phòng khánh tiết tầng hai", "capacities": capacities, **changes})


def key_point(code: str = "K-1", kind: KeyPointKind = KeyPointKind.ARRIVAL_POINT, **changes: Any) -> KeyPoint:
    return KeyPoint(**{"code": code, "kind": kind, "name": "Sảnh đón phía Đông", "coordinates": place(), **changes})


def activity(code: str = "A-01", start: str = "09:00", end: str = "10:00", day: int = 1, **changes: Any) -> Activity:
    given = {"code": code, "type": ActivityType.TALKS, "title": "Hội đàm với lãnh đạo tỉnh"}
    return Activity(**{**given, "window": window(start, end, day), **changes})


def officer_details(name: str = VIETNAMESE_OFFICERS[0], **changes: Any) -> OfficerDetails:
    given = {
        "name": PersonName(romanised=name),
        "unit": "Phòng Cảnh sát bảo vệ",
        "rank": "Đại uý",
        "languages": ("vi",),
    }
    return OfficerDetails(**{**given, **changes})


def qualification(code: str = "K9", start: str = "00:00", end: str = "24:00", day: int = 1) -> Qualification:
    return Qualification(code=code, valid=window(start, end, day))


def absence(start: str, end: str, day: int = 1, code: str = "ABS-1", kind: AbsenceKind = AbsenceKind.SICK) -> Absence:
    return Absence(code=code, window=window(start, end, day), kind=kind)


def post_details(start: str = "08:00", end: str = "12:00", day: int = 1, **changes: Any) -> PostDetails:
    given = {"task": TASK, "window": window(start, end, day)}
    return PostDetails(**{**given, **changes})


def shift(code: str, start: str, end: str, day: int = 1, headcount: int | None = None) -> Shift:
    return Shift(code=code, window=window(start, end, day), headcount=headcount)


def route_details(origin: str, destination: str, minutes: float = 10.0, **changes: Any) -> RouteDetails:
    given = {
        "kind": RouteKind.PRIMARY,
        "km": minutes / 2,
        "geometry": "_izlhA~rlgdF_{geC~ywl@",
        "minutes": minutes,
    }
    return RouteDetails(**{**given, "origin": origin, "destination": destination, **changes})


# A story


class Story:
    """Events told one after another, and the plan they make; each happens a minute after the one before."""

    def __init__(self) -> None:
        self.plan = Plan()
        self.events: list[Event] = []

    def act(self, reason: str = "vì kế hoạch thay đổi", **given: Any) -> Act:
        number = len(self.events) + 1
        moment = PLANNING + timedelta(minutes=number)
        return act(reason, **{"recorded_at": moment, "command_id": f"c-{number}", **given})

    def tell(self, decision: Iterable[Event]) -> Plan:
        """Record what was decided."""
        events = tuple(decision)
        self.events.extend(events)
        self.plan = self.plan.after(events)
        return self.plan

    def visit(self, code: str = VISIT, **changes: Any) -> Visit:
        self.tell(Visit.register(code, visit_details(**changes), self.act()))
        return self.plan.visit(code)

    def delegation(self, code: str = "LA", visit: str = VISIT, members: int = 0, **changes: Any) -> Delegation:
        """A delegation with members ``M-01``, ``M-02`` …, the first of them its head."""
        self.tell(Delegation.register(f"{visit}/{code}", delegation_details(**changes), self.act()))
        for number in range(1, members + 1):
            guest = member(f"M-{number:02d}", LAO_HEAD if number % 2 else KHMER_GUEST)
            self.tell(self.plan.delegation(visit, code).add_member(guest, self.act()))
        if members:
            self.tell(self.plan.delegation(visit, code).designate_head("M-01", self.act()))
        return self.plan.delegation(visit, code)

    def activity(
        self,
        code: str = "A-01",
        start: str = "09:00",
        end: str = "10:00",
        day: int = 1,
        visit: str = VISIT,
        **changes: Any,
    ) -> Activity:
        slot = activity(code, start, end, day, **changes)
        self.tell(self.plan.visit(visit).schedule(slot, self.act()))
        return slot

    def venue(self, code: str = "HOTEL-1", lat: float = 19.88, lon: float = 102.13, **changes: Any) -> Venue:
        self.tell(Venue.register(code, venue_details(**{"coordinates": place(lat, lon), **changes}), self.act()))
        return self.plan.venue(code)

    def room(self, code: str = "R-1", persons: int | None = 100, venue: str = "HOTEL-1", **changes: Any) -> Room:
        hall = room(code, persons, **changes)
        self.tell(self.plan.venue(venue).add_room(hall, self.act()))
        return hall

    def officer(self, code: str = "CA-0113", name: str = VIETNAMESE_OFFICERS[0], **changes: Any) -> Officer:
        self.tell(Officer.register(code, officer_details(name, **changes), self.act()))
        return self.plan.officer(code)

    def qualified(self, officer: str, held: Qualification) -> Officer:
        self.tell(self.plan.officer(officer).grant(held, self.act()))
        return self.plan.officer(officer)

    def away(self, officer: str, missing: Absence) -> Officer:
        self.tell(self.plan.officer(officer).record_absence(missing, self.act()))
        return self.plan.officer(officer)

    def post(
        self,
        code: str = "P-01",
        start: str = "08:00",
        end: str = "12:00",
        day: int = 1,
        visit: str = VISIT,
        **changes: Any,
    ) -> Post:
        """A post; one whose end is not later than its start lasts into the next day."""
        self.tell(Post.create(f"{visit}/{code}", post_details(start, end, day, **changes), self.act()))
        return self.plan.post(visit, code)

    def shifts(self, post: str, *shifts: Shift, visit: str = VISIT) -> Post:
        self.tell(self.plan.post(visit, post).plan_shifts(shifts, self.act()))
        return self.plan.post(visit, post)

    def placed(
        self,
        officer: str = "CA-0113",
        post: str = "P-01",
        *,
        visit: str = VISIT,
        shift: str | None = None,
        code: str | None = None,
        window: TimeWindow | None = None,
        tentative: bool = False,
        override: Override | None = None,
    ) -> Assignment:
        """An assignment recorded as it is, without asking any rule, as ``domain.assigning.assign`` does."""
        chosen = self.plan.post(visit, post).shifts[0] if shift is None else self.plan.post(visit, post).shift(shift)
        code = code or f"A-{len(self.plan.assignments(visit)) + 1:04d}"
        event = OfficerAssigned(
            **self.act().founds(Assignment, f"{visit}/{code}"),
            post=post,
            shift=chosen.code,
            officer=officer,
            window=window or chosen.window,
            tentative=tentative,
            override=override,
        )
        self.tell((event,))
        return self.plan.assignment(visit, code)

    def assigned(self, officer: str = "CA-0113", post: str = "P-01", *, visit: str = VISIT, **asked: Any) -> Assignment:
        """An assignment as the product makes it: refused where a rule would newly be broken."""
        decision = assign(self.plan, visit, post, officer, self.act(), **asked)
        self.tell(decision)
        return self.plan.assignment(visit, decision[0].key.rpartition("/")[2])

    def duty(
        self,
        officer: str,
        start: str,
        end: str,
        day: int = 1,
        *,
        visit: str = VISIT,
        post: str | None = None,
        **changes: Any,
    ) -> Assignment:
        """A post of its own and the officer in it: the shortest way to say «on duty from … to …»."""
        code = post or f"P-{len(self.plan.posts(visit)) + 1:02d}"
        self.post(code, start, end, day, visit, **changes)
        return self.placed(officer, code, visit=visit)

    def route(
        self,
        code: str,
        origin: str,
        destination: str,
        minutes: float = 10.0,
        visit: str = VISIT,
        **changes: Any,
    ) -> Route:
        details = route_details(origin, destination, minutes, **changes)
        self.tell(Route.plan(f"{visit}/{code}", details, self.act()))
        return self.plan.route(visit, code)

    def findings(self, rule: str | None = None, scope: Scope = None) -> list[Finding]:
        """What the rules find in the plan, worst first."""
        return [finding for finding in check(self.plan, PLANNING, scope) if rule in (None, finding.rule)]

    def policy(self, effective_from: datetime = PLANNING, **numbers: Any) -> PolicyNumbers:
        adopted = PolicyNumbers(**numbers)
        stamp = self.act().on(self.plan.policy)
        self.tell((PolicyAdopted(**stamp, numbers=adopted, effective_from=effective_from),))
        return adopted


def a_visit() -> Story:
    """A visit with its delegation of six, a hotel with one room, one officer and one post of four hours."""
    story = Story()
    story.visit()
    story.delegation(members=6)
    story.venue("HOTEL-1")
    story.room("R-1", venue="HOTEL-1")
    story.officer("CA-0113")
    story.post("P-01", venue="HOTEL-1")
    return story
