"""The weeks in which the demo visit was planned, told as the commands of several people.

The visit begins today in its own zone, so that an officer has duties today; everything before lies in the weeks
that led to it: members change, an activity moves, a venue is replaced, an officer falls ill, a route is closed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.assigning import why_not
from domain.assignment import Assignment
from domain.base import Actor, Role, changed
from domain.finding import Severity
from domain.membership import Terms
from domain.messages import Message, message
from domain.officer import Absence, AbsenceKind
from domain.post import Post, Shift
from domain.refusals import NotAllowed
from domain.values import Qualification, TimeWindow
from domain.visit import VisitDetails
from planner.accounts import Accounts
from planner.application import Planner
from planner.demo import cast
from planner.demo.cast import VISIT, ZONE
from planner.demo.programme import SLOTS, STANDS, activity, post, window
from planner.demo.ways import Ways, carried
from planner.personal_keys import PersonalKeys
from planner.routing.legs import legs, unplanned_legs
from planner.text import now

type Progress = Callable[[Message], None]

#: The demo accounts: user, display name, roles, linked officer. All have the same password.
ACCOUNTS: tuple[tuple[str, str, Role, str | None], ...] = (
    ("planner", "Nguyễn Thu Hoà", Role.PLANNER, None),
    ("commander", "Phạm Quốc Nam", Role.COMMANDER, None),
    ("officer", "Nguyễn Thị Phương Thảo", Role.OFFICER, cast.MY_OFFICER),
    ("auditor", "Trần Kiểm", Role.AUDITOR, None),
    ("admin", "Lê Quản Trị", Role.ADMINISTRATOR, None),
)
PASSWORD = "demo-visit-2026"

HOA = Actor("planner", frozenset({Role.PLANNER}))
NAM = Actor("commander", frozenset({Role.COMMANDER}))
SITE = Actor("admin", frozenset({Role.ADMINISTRATOR}))
THAO = Actor("officer", frozenset({Role.OFFICER}), cast.MY_OFFICER)


def at(page: str, who: Actor) -> Actor:
    """Who acts, on one of the pages."""
    return dataclasses.replace(who, via=f"page {page}")


class StoryClock:
    """A clock that the story sets; each command takes a little time."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=41)
        return self.moment


@dataclasses.dataclass
class Story:
    """The story as it is told: the planner it is told to, its clock, the first day of the visit, where its routes
    come from, and what makes an actor one who signs."""

    planner: Planner
    clock: StoryClock
    first_day: date
    ways: Ways
    signing: Callable[[Actor], Actor]

    def tell(self, say: Progress) -> None:
        """All chapters in order."""
        for title, chapter in (
            (message("The visit is announced"), self.announced),
            (message("Places are surveyed"), self.places),
            (message("The programme is drafted"), self.drafted),
            (message("Officers are named"), self.force),
            (message("Routes are planned"), self.routes),
            (message("Posts are created"), self.posts),
            (message("Officers are assigned"), self.assigned),
            (message("Plans change"), self.changes),
            (message("Officers acknowledge"), self.acknowledged),
            (message("The last days"), self.last_days),
        ):
            say(title)
            chapter()

    def on(self, days_before: int, clock: str) -> None:
        """Go to a moment before the visit, in its zone; the story never goes back."""
        midnight = datetime.combine(self.first_day - timedelta(days=days_before), time(), tzinfo=ZoneInfo(ZONE))
        moment = midnight + timedelta(hours=int(clock[:2]), minutes=int(clock[3:]))
        self.clock.moment = max(self.clock.moment, moment)

    def at(self, day: int, start: str, end: str) -> TimeWindow:
        return window(self.first_day, day, start, end)

    # Chapters

    def announced(self) -> None:
        self.on(35, "09:10")
        planner, hoa = self.planner, at("visits", HOA)
        planner.register_visit(
            VISIT,
            VisitDetails(
                title="Đoàn tỉnh Savannakhet (Lào) thăm làm việc – dữ liệu huấn luyện",
                zone=ZONE,
                first_day=self.first_day,
                last_day=self.first_day + timedelta(days=1),
                notes="Chuyến thăm huấn luyện: người là hư cấu, đường phố là thật.",
            ),
            by=hoa,
            reason="Công hàm của tỉnh Savannakhet",
        )
        planner.register_delegation(VISIT, "D-1", cast.DELEGATION, by=hoa)
        for user, roles in ((NAM.user, NAM.roles), ("auditor", frozenset({Role.AUDITOR}))):
            planner.grant_site_membership(
                user, Terms(roles=roles), by=at("settings", SITE), reason="Phụ trách mọi chuyến thăm"
            )
        self.on(33, "14:00")
        for member in cast.MEMBERS[:9]:
            planner.add_member(VISIT, "D-1", member, by=hoa)
        planner.designate_head(VISIT, "D-1", "M-01", by=hoa)

    def places(self) -> None:
        self.on(30, "08:20")
        hoa = at("map", HOA)
        for venue in cast.VENUES:
            with self.planner.together(hoa):
                self.planner.register_venue(venue.code, venue.details, by=hoa)
                for room in venue.rooms:
                    self.planner.add_room(venue.code, room, by=hoa)
                for point in venue.points:
                    self.planner.mark_key_point(venue.code, point, by=hoa, reason="Khảo sát thực địa")

    def drafted(self) -> None:
        self.on(27, "10:00")
        for slot in SLOTS:
            self.planner.schedule_activity(VISIT, activity(slot, self.first_day), by=at("programme", HOA))

    def force(self) -> None:
        self.on(24, "08:00")
        nam = at("officers", NAM)
        valid = TimeWindow(start=self.clock.moment - timedelta(days=400), end=self.clock.moment + timedelta(days=420))
        for officer in cast.OFFICERS:
            with self.planner.together(nam):
                self.planner.register_officer(officer.code, officer.details, by=nam)
                for held in officer.qualifications:
                    self.planner.grant_qualification(officer.code, Qualification(code=held, valid=valid), by=nam)
        self.planner.record_absence(
            "CA-0128", Absence(code="P-1", window=self.at(1, "00:00", "23:59"), kind=AbsenceKind.LEAVE), by=nam
        )

    def routes(self) -> None:
        self.on(20, "15:30")
        self._plan_routes("Khảo sát tuyến đợt 1")

    def posts(self) -> None:
        self.on(17, "09:00")
        hoa, nam = at("duty_board", HOA), at("duty_board", NAM)
        for number in range(1, len(STANDS) + 1):
            code, details, shifts = post(number, self.first_day)
            self.planner.create_post(VISIT, code, details, by=hoa)
            if shifts:
                self.planner.plan_shifts(VISIT, code, shifts, by=hoa, reason="Thay ca, bàn giao 30 phút")
        self.on(16, "16:00")
        leading = {1: "CA-0104", 2: "CA-0106", 3: "CA-0104", 4: "CA-0102", 5: "CA-0106", 20: "CA-0102"}
        for number, commander in leading.items():
            self.planner.appoint_commander(VISIT, f"P-{number:02d}", commander, by=nam)

    def assigned(self) -> None:
        self.on(13, "08:30")
        for item in self._posts():
            for shift in item.shifts:
                for _ in range(shift.headcount or item.details.headcount):
                    self._assign_somebody(
                        item, shift, tentative=shift.window.start > self.at(2, "00:00", "01:00").start
                    )
        self.on(11, "17:00")
        for duty in self.planner.plan.assignments(VISIT):
            if duty.status == "proposed":
                self.planner.confirm_assignment(VISIT, duty.code, by=at("duty_board", NAM))

    def changes(self) -> None:
        self.on(9, "11:25")
        self._acknowledge(lambda duty: int(duty.officer[-2:]) % 3 == 0)
        self.on(8, "07:50")
        planner, members = self.planner, cast.MEMBERS
        visits, programme, board = (at(page, HOA) for page in ("visits", "programme", "duty_board"))
        planner.move_activity(
            VISIT, "A-06", self.at(1, "15:30", "16:45"), by=programme, reason="Cảng xin lùi 15 phút để đón tàu khách"
        )
        planner.reschedule_post(VISIT, "P-14", self.at(1, "13:45", "18:00"), by=board, reason="Theo giờ mới của A-06")
        self.on(7, "09:40")
        for member in members[9:]:
            planner.add_member(VISIT, "D-1", member, by=visits, reason="Bạn bổ sung danh sách")
        planner.remove_member(VISIT, "D-1", "M-07", by=visits, reason="Bạn báo vắng vì họp Chính phủ")
        planner.amend_member(
            VISIT, "D-1", changed(members[4], rank="Quyền Giám đốc Sở Công Thương"), by=visits, reason="Chức danh mới"
        )
        self.on(5, "13:15")
        hall = "Hội trường trường đại học đang sửa chữa"
        planner.relocate_activity(VISIT, "A-10", "VAN-HOA", "KHAN", by=programme, reason=hall)
        planner.amend_post(
            VISIT,
            "P-27",
            changed(planner.plan.post(VISIT, "P-27").details, venue="VAN-HOA", key_point="CONG"),
            by=board,
            reason=hall,
        )
        self._plan_routes("Địa điểm A-10 thay đổi")
        self._withdraw_unused_routes(hall)

    def acknowledged(self) -> None:
        self.on(4, "18:05")
        self._acknowledge(lambda duty: int(duty.officer[-2:]) % 2 == 1)

    def last_days(self) -> None:
        self.on(3, "06:45")
        planner = self.planner
        ill = "CA-0113"
        planner.record_absence(
            ill,
            Absence(code="OM-1", window=self.at(1, "00:00", "23:59"), kind=AbsenceKind.SICK),
            by=at("officers", NAM),
            reason="Sốt cao",
        )
        for duty in planner.plan.assignments_of_officer(ill):
            if duty.counts and duty.window.start < self.at(2, "00:00", "01:00").start:
                planner.withdraw_assignment(VISIT, duty.code, by=at("duty_board", NAM), reason="Đồng chí Đạt ốm")
        self.on(2, "10:30")
        primary = next(r for r in planner.plan.routes(VISIT) if not r.withdrawn and r.details.origin == "CANG")
        planner.close_route(
            VISIT,
            primary.code,
            self.at(1, "16:00", "22:00"),
            by=at("map", HOA),
            reason="Sửa ống nước trên Avenida Costanera",
        )
        planner.issue_post_order(
            VISIT,
            "P-16",
            "Chặn làn phải từ 16 giờ 30. Hướng dẫn đoàn xe sang tuyến dự phòng khi có lệnh.",
            by=at("duty_board", NAM),
            reason="Tuyến chính bị cấm",
        )
        self.on(2, "16:10")
        self._overridden()
        self.on(1, "15:20")
        self._acknowledge(lambda duty: int(duty.officer[-2:]) % 4 == 2)
        self._refused()
        self.on(1, "19:40")
        planner.issue_post_order(
            VISIT,
            "P-10",
            "Từ 8 giờ giữ cả hai làn quanh quảng trường. Xe truyền hình vào lối phố Cordovez.",
            by=at("duty_board", NAM),
            reason="Đài truyền hình báo đưa thêm hai xe đến quảng trường",
        )
        self._acknowledge(lambda duty: duty.officer == "CA-0117")

    def _overridden(self) -> None:
        """One officer too few has the certificate: the commander answers for another, with a signature."""
        self.planner.assign_officer(
            VISIT,
            "P-18",
            "CA-0120",
            override_authority="Đại tá Nguyễn Hữu Phước, Giám đốc Công an tỉnh",
            by=self.signing(at("duty_board", NAM)),
            reason="Không còn ai có chứng chỉ mà rảnh; đồng chí Bửu trực cùng tổ của phường",
        )

    def _refused(self) -> None:
        """What an officer may not do is asked for all the same."""
        night = self.planner.plan.assignments_of_officer(cast.MY_OFFICER)[-1]
        thao, why = at("my_assignments", THAO), "Xin đổi ca với đồng chí Ngọc"
        with suppress(NotAllowed):
            self.planner.withdraw_assignment(VISIT, night.code, by=thao, reason=why)
        with suppress(NotAllowed):
            self.planner.assign_officer(VISIT, night.post, "CA-0103", by=thao, reason=why)

    # How the chapters are told

    def _posts(self) -> Sequence[Post]:
        return [item for item in self.planner.plan.posts(VISIT) if not item.cancelled]

    def _assign_somebody(self, item: Post, shift: Shift, *, tentative: bool) -> None:
        """The officer with the least duty whom no rule forbids; the post stays open where there is none."""
        plan = self.planner.plan
        load = {officer.key: len(plan.assignments_of_officer(officer.key)) for officer in plan.officers}
        for officer in sorted(plan.officers, key=lambda o: (load[o.key], -len(item.details.required), o.key)):
            if any(
                duty.shift == shift.code
                for duty in plan.assignments_of_post(VISIT, item.code)
                if duty.officer == officer.key
            ):
                continue
            findings = why_not(plan, VISIT, item.code, officer.key, shift=shift.code, as_of=self.clock.moment)
            if any(finding.severity is Severity.BLOCK for finding in findings):
                continue
            self.planner.assign_officer(
                VISIT, item.code, officer.key, shift=shift.code, tentative=tentative, by=at("duty_board", HOA)
            )
            return

    def _acknowledge(self, ready: Callable[[Assignment], bool]) -> None:
        for duty in self.planner.plan.assignments(VISIT):
            if duty.status == "confirmed" and ready(duty) and duty.code not in self._left_open():
                who = Actor(duty.officer.lower(), frozenset({Role.OFFICER}), duty.officer)
                self.planner.acknowledge_assignment(VISIT, duty.code, by=at("my_assignments", who))

    def _left_open(self) -> frozenset[str]:
        """The last duties of the officer with the account: there must be something left to acknowledge."""
        own = sorted(self.planner.plan.assignments_of_officer(cast.MY_OFFICER), key=lambda duty: duty.window.start)
        return frozenset(duty.code for duty in own[1:])

    def _plan_routes(self, reason: str) -> None:
        plan = self.planner.plan
        numbers = plan.numbers(self.clock.moment)
        for leg in unplanned_legs(plan, VISIT):
            self.planner.plan_routes(VISIT, self.ways(plan, leg, numbers), by=at("map", HOA), reason=reason)

    def _withdraw_unused_routes(self, reason: str) -> None:
        needed = {(leg.origin, leg.destination) for leg in legs(self.planner.plan, VISIT)}
        for route in self.planner.plan.routes(VISIT):
            if route.leg not in needed and not route.withdrawn:
                self.planner.withdraw_route(VISIT, route.code, by=at("map", HOA), reason=reason)


def tell(
    data_dir: Path, key_file: Path | None = None, *, ways: Ways | None = None, progress: Progress | None = None
) -> None:
    """Make the demo visit and its accounts in a data directory that has neither.

    Its routes are those that the package carries, unless ``ways`` says other ones. Raises ``PlanningError`` where
    the directory holds a visit of that code already.
    """
    present = now()
    first_day = present.astimezone(ZoneInfo(ZONE)).date()
    clock = StoryClock(present - timedelta(days=40))
    planner = Planner(data_dir, key_file, clock=clock)
    try:
        make_accounts(planner)
        with closing(Accounts(planner.store.data_dir, planner.store.keys.database, clock=clock)) as accounts:

            def signing(who: Actor) -> Actor:
                one = PersonalKeys(accounts).actor(accounts.account(who.user), PASSWORD, who.via)
                planner.make_signing_key(by=one)
                return one

            Story(planner, clock, first_day, ways or carried(), signing).tell(progress or (lambda _: None))
    finally:
        planner.close()


def make_accounts(planner: Planner) -> None:
    """The demo accounts, where they do not exist yet."""
    accounts = Accounts(planner.store.data_dir, planner.store.keys.database)
    site = Actor("system", frozenset({Role.ADMINISTRATOR}), via="demo")
    try:
        for user, name, role, officer in ACCOUNTS:
            if accounts.find(user) is None:
                accounts.create(user, by=site, display_name=name, roles={role}, officer=officer, password=PASSWORD)
    finally:
        accounts.close()
