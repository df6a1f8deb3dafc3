"""Realistic load of the reference sizes, made through the same commands as everything else.

``provincial``: a friendship visit to a province; ``government``: a head of government's leg; ``summit``: a national
summit (about 2 thousand, 20 thousand and 400 thousand events). Everything follows from the size and the seed; only
the days follow the planner's clock.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from domain.base import Actor, Role
from domain.delegation import DelegationDetails, Member
from domain.messages import Message, message
from domain.officer import OfficerDetails
from domain.post import PostDetails, PostKind, Shift
from domain.refusals import InvalidInput, PlanningError
from domain.values import Coordinates, PersonName, Qualification, TimeWindow
from domain.venue import Capacity, KeyPoint, KeyPointKind, Room, VenueDetails
from domain.visit import Activity, ActivityType, Layout, Visit, VisitCategory, VisitDetails
from planner.application import Planner

type Progress = Callable[[Message], None]

ZONE = "Asia/Ho_Chi_Minh"
#: Commands recorded in one transaction.
BATCH = 2_000

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Võ")
_MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Quốc", "Hồng", "Thanh", "Xuân", "Ngọc", "Hữu", "Bảo", "Gia")
_GIVEN = ("An", "Bình", "Cường", "Dũng", "Giang", "Hà", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân")
_LAO = ("ບຸນມີ", "ຄຳພອນ", "ສົມຈິດ", "ວິໄລ", "ທອງໃສ", "ສີສຸກ")
_KHMER = ("សុខា", "ចន្ទ", "វណ្ណា", "ស្រីពៅ", "បូរ៉ា", "រតនា")
_SKILLS = (
    "Cơ bản",
    "Giao thông",
    "Cơ động",
    "Tiếp cận",
    "Lái xe",
    "Sơ cứu",
    "Chó nghiệp vụ",
    "Tiếng Lào",
    "Tiếng Khmer",
)
_SHARES = (34, 20, 12, 8, 8, 7, 3, 4, 4)


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; ``days`` are days with duty, each in three shifts of eight hours."""

    visit: str
    delegations: int
    members: int
    venues: int
    rooms: int
    activities: int
    days: int
    posts: int
    headcount: int
    officers: int
    events: int


SIZES = {
    "provincial": Size("P-2026-01", 1, 18, 6, 2, 14, 2, 36, 1, 150, 2_000),
    "government": Size("H-2026-01", 3, 40, 10, 4, 20, 2, 280, 2, 1_900, 20_000),
    "summit": Size("N-2026-01", 30, 200, 60, 7, 30, 7, 2_500, 2, 17_000, 400_000),
}

PLANNER = Actor("generator", frozenset({Role.PLANNER, Role.COMMANDER}), via="generate")


def generate(
    planner: Planner, size: str, seed: int, events: int | None = None, progress: Progress = lambda _: None
) -> int:
    """Fill a data directory with one visit of a size; the number of events made.

    ``events`` is how many to make at most (the size's own number by default): the plan first, then the life of its
    duties (acknowledged, withdrawn, given again). Raises ``InvalidInput`` for an unknown size and ``CodeTaken``
    where the size was made here before.
    """
    if size not in SIZES:
        raise InvalidInput.because("There is no size {size}; choose one of {sizes}.", size=size, sizes=tuple(SIZES))
    load = _Load(planner, SIZES[size], random.Random(seed))
    first = planner.plan.position
    wanted = SIZES[size].events if events is None else events
    planner.plan.free(Visit, SIZES[size].visit)
    steps = load.steps()
    done = 0
    while True:
        made = 0
        with planner.together(PLANNER):
            for step in itertools.islice(steps, max(1, min(BATCH, wanted - done))):
                step()
                made += 1
        done = planner.plan.position - first
        progress(message("{done} of {wanted} events", done=done, wanted=wanted))
        if not made or done >= wanted:
            return done


class _Load:
    """The commands of one visit, in the order in which an office would give them."""

    def __init__(self, planner: Planner, size: Size, chance: random.Random) -> None:
        self.planner = planner
        self.size = size
        self.chance = chance
        self.visit = size.visit
        local = planner.clock().astimezone(ZoneInfo(ZONE)) + timedelta(days=21)
        self.midnight = datetime.combine(local.date(), time(), tzinfo=ZoneInfo(ZONE))
        self.number = itertools.count(1)

    def steps(self) -> Iterator[Callable[[], object]]:
        yield self._registered
        yield from self._venues()
        yield from self._guests()
        yield from self._officers()
        yield from self._activities()
        yield from self._posts()
        yield from self._assignments()
        yield from self._life()

    def _registered(self) -> None:
        last = self.midnight + timedelta(days=self.size.days - 1)
        details = VisitDetails(
            title=f"Chuyến thăm mô phỏng {self.visit}",
            zone=ZONE,
            first_day=self.midnight.date(),
            last_day=last.date(),
        )
        self.planner.register_visit(self.visit, details, by=PLANNER)

    def _venues(self) -> Iterator[Callable[[], object]]:
        give = self.planner
        for n in range(1, self.size.venues + 1):
            code = self._venue(n)
            place = Coordinates(lat=16.06 + self.chance.gauss(0, 0.05), lon=108.22 + self.chance.gauss(0, 0.05))
            details = VenueDetails(name=f"Địa điểm số {n}", name_en=f"Venue {n}", coordinates=place)
            yield partial(give.register_venue, code, details, by=PLANNER)
            for r in range(1, self.size.rooms + 1):
                capacity = (Capacity(layout=Layout.THEATRE, persons=60 * r),)
                room = Room(code=f"R{r}", name=f"Phòng {r}", capacities=capacity)
                yield partial(give.add_room, code, room, by=PLANNER)
            for kind in (KeyPointKind.ENTRANCE, KeyPointKind.SAFE_HAVEN, KeyPointKind.ARRIVAL_POINT):
                point = KeyPoint(code=kind.value[:7].upper(), kind=kind, name=f"Điểm {n}", coordinates=place)
                yield partial(give.mark_key_point, code, point, by=PLANNER)

    def _guests(self) -> Iterator[Callable[[], object]]:
        give = self.planner
        for d in range(1, self.size.delegations + 1):
            country = "LA" if d % 2 else "KH"
            script = _LAO if d % 2 else _KHMER
            details = DelegationDetails(name=f"Đoàn số {d}", country=country, category=VisitCategory.OFFICIAL)
            yield partial(give.register_delegation, self.visit, f"D-{d}", details, by=PLANNER)
            for m in range(1, self.size.members + 1):
                name = PersonName(
                    romanised=f"Guest {d}-{m} {self.chance.choice(_GIVEN)}", original=self.chance.choice(script)
                )
                member = Member(code=f"M-{m}", name=name, rank="Bộ trưởng" if m == 1 else "Thành viên")
                yield partial(give.add_member, self.visit, f"D-{d}", member, by=PLANNER)
            yield partial(give.designate_head, self.visit, f"D-{d}", "M-1", by=PLANNER)

    def _officers(self) -> Iterator[Callable[[], object]]:
        give = self.planner
        valid = TimeWindow(start=self.midnight - timedelta(days=300), end=self.midnight + timedelta(days=400))
        for n in range(1, self.size.officers + 1):
            name = " ".join(self.chance.choice(names) for names in (_FAMILY, _MIDDLE, _GIVEN))
            details = OfficerDetails(
                name=PersonName(romanised=name), unit=f"Đội {n // 70 + 1}", rank="Thượng uý", callsign=f"Gọi {n}"
            )
            code = self._officer(n)
            yield partial(give.register_officer, code, details, by=PLANNER)
            for skill in self._skills(n):
                held = Qualification(code=skill, valid=valid)
                yield partial(give.grant_qualification, code, held, by=PLANNER)

    def _skills(self, n: int) -> tuple[str, ...]:
        """One common skill for all, a rarer one for every third."""
        if n % 3:
            return (_SKILLS[0],)
        return (_SKILLS[0], self.chance.choices(_SKILLS, _SHARES)[0]) if n % 2 else (_SKILLS[0],)

    def _activities(self) -> Iterator[Callable[[], object]]:
        give = self.planner
        kinds = [kind for kind in ActivityType if kind not in (ActivityType.ARRIVAL, ActivityType.DEPARTURE)]
        for d in range(1, self.size.delegations + 1):
            for n in range(self.size.activities):
                day, slot = divmod(n, -(-self.size.activities // self.size.days))
                start = self.midnight + timedelta(days=day, hours=8, minutes=80 * (slot % 10))
                window = TimeWindow(start=start, end=start + timedelta(minutes=50))
                activity = Activity(
                    code=f"A-{d}-{n + 1}",
                    type=self.chance.choice(kinds),
                    title=f"Hoạt động {n + 1} của đoàn {d}",
                    window=window,
                    venue=self._venue((d * 7 + n) % self.size.venues + 1),
                    room=f"R{(d + n) % self.size.rooms + 1}",
                    delegation=f"D-{d}",
                    headcount=self.chance.randint(8, 50),
                    fixed=n % 5 == 0,
                )
                yield partial(give.schedule_activity, self.visit, activity, by=PLANNER)

    def _posts(self) -> Iterator[Callable[[], object]]:
        give = self.planner
        kinds = (PostKind.GUARD, PostKind.ACCESS_CONTROL, PostKind.TRAFFIC, PostKind.PATROL)
        whole = TimeWindow(start=self.midnight, end=self.midnight + timedelta(days=self.size.days))
        shifts = tuple(
            Shift(code=f"D{n // 3 + 1}C{n % 3 + 1}", window=self._shift(n)) for n in range(self.size.days * 3)
        )
        for n in range(1, self.size.posts + 1):
            details = PostDetails(
                task=f"Chốt số {n}",
                kind=self.chance.choice(kinds),
                window=whole,
                headcount=self.size.headcount,
                venue=self._venue(n % self.size.venues + 1),
                required=(_SKILLS[0],),
                critical=n % 8 == 0,
                instructions="Giữ vị trí; báo cáo thay đổi qua kênh 3.",
            )
            yield partial(give.create_post, self.visit, self._post(n), details, by=PLANNER)
            yield partial(give.plan_shifts, self.visit, self._post(n), shifts, by=PLANNER)

    def _assignments(self) -> Iterator[Callable[[], object]]:
        """Each officer keeps one of the three shifts, so that rest is always long enough; a few posts stay open."""
        give, third = self.planner, self.size.officers // 3
        for n in range(self.size.days * 3):
            band = n % 3
            officers = itertools.count(n // 3 * 11)
            shift = f"D{n // 3 + 1}C{band + 1}"
            for p in range(1, self.size.posts + 1):
                for _ in range(self.size.headcount):
                    who = self._officer(next(officers) % third * 3 + band + 1)
                    if self.chance.random() < 0.995:
                        yield partial(give.assign_officer, self.visit, self._post(p), who, shift=shift, by=PLANNER)

    def _life(self) -> Iterator[Callable[[], object]]:
        """What happens to duties: acknowledged, withdrawn, given again, until nobody asks for more."""
        count = len(self.planner.plan.indexes.get(f"assignment of visit/{self.visit}", ()))
        for n in itertools.cycle(range(1, count + 1)) if count else ():
            yield partial(self._happens, f"A-{n:04d}")

    def _happens(self, code: str) -> None:
        duty = self.planner.plan.assignment(self.visit, code)
        officer = Actor(duty.officer.lower(), frozenset({Role.OFFICER}), duty.officer, via="generate")
        give = self.planner
        try:
            match duty.status:
                case "confirmed":
                    give.acknowledge_assignment(self.visit, code, by=officer)
                case "acknowledged":
                    give.withdraw_assignment(self.visit, code, by=PLANNER, reason="Thay đổi lực lượng")
                case "withdrawn":
                    give.reinstate_assignment(self.visit, code, by=PLANNER)
        except PlanningError:
            return  # somebody else has the time by now; the office would leave it, too

    def _shift(self, n: int) -> TimeWindow:
        start = self.midnight + timedelta(hours=8 * n)
        return TimeWindow(start=start, end=start + timedelta(hours=8))

    def _venue(self, n: int) -> str:
        return f"{self.visit[0]}-DD-{n:02d}"

    def _officer(self, n: int) -> str:
        return f"{self.visit[0]}-{n:05d}"

    def _post(self, n: int) -> str:
        return f"P-{n:04d}"
