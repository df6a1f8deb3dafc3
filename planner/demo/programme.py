"""The demo's programme and posts, by day of the visit and clock time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.post import PostDetails, PostKind, Shift
from domain.values import TimeWindow
from domain.visit import Activity, ActivityType, Journey, Layout, TravelMode
from planner.demo.cast import AID, CLOSE, DRIVE, LAO, TRAFFIC, ZONE


def window(first_day: date, day: int, start: str, end: str) -> TimeWindow:
    """A window on a day of the visit (1 is the first); an end that is not later is on the next day."""
    midnight = datetime.combine(first_day + timedelta(days=day - 1), time(), tzinfo=ZoneInfo(ZONE))
    begins, ends = (midnight + timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in (start, end))
    return TimeWindow(start=begins, end=ends if ends > begins else ends + timedelta(days=1))


class Slot(NamedTuple):
    """An activity of the demo: code, type, title, day, start, end, venue, room, persons and whether fixed."""

    code: str
    type: ActivityType
    title: str
    day: int
    start: str
    end: str
    venue: str
    room: str | None
    persons: int
    fixed: bool = False
    host: str = ""


T = ActivityType
SLOTS = (
    Slot(
        "A-01", T.ARRIVAL, "Đón đoàn tại sân bay", 1, "08:00", "08:40", "SAN-BAY", "VIP", 24, True, "Phó Chủ tịch vùng"
    ),
    Slot("A-02", T.WELCOME, "Lễ đón chính thức", 1, "09:30", "10:00", "TRU-SO", "SANH", 80, False, "Chủ tịch vùng"),
    Slot("A-03", T.TALKS, "Hội đàm", 1, "10:15", "11:30", "TRU-SO", "A1", 26, True, "Chủ tịch vùng"),
    Slot("A-04", T.SIGNING, "Lễ ký biên bản ghi nhớ hợp tác cảng", 1, "11:35", "12:05", "TRU-SO", "SANH", 70),
    Slot("A-05", T.BANQUET, "Tiệc trưa", 1, "12:50", "14:20", "KHACH-SAN", "TIEC", 60, False, "Chủ tịch vùng"),
    Slot("A-06", T.SITE_VISIT, "Thăm Cảng Coquimbo", 1, "15:15", "16:45", "CANG", "NHA-GA", 32, False, "Giám đốc Cảng"),
    Slot("A-07", T.PRESS, "Gặp gỡ báo chí", 1, "16:50", "17:20", "CANG", "NHA-GA", 45),
    Slot("A-08", T.BANQUET, "Chiêu đãi trọng thể", 1, "19:00", "21:00", "KHACH-SAN", "TIEC", 75, True, "Chủ tịch vùng"),
    Slot("A-09", T.WREATH, "Đặt hoa tại Quảng trường", 2, "08:00", "08:30", "TRU-SO", None, 40),
    Slot("A-10", T.SITE_VISIT, "Thăm Trường Đại học La Serena", 2, "09:15", "10:45", "DAI-HOC", "HT", 90),
    Slot("A-11", T.CULTURE, "Giao lưu văn hóa", 2, "11:45", "12:45", "VAN-HOA", "KHAN", 85),
    Slot("A-12", T.BANQUET, "Tiệc trưa chia tay", 2, "13:30", "14:45", "KHACH-SAN", "TIEC", 60),
    Slot("A-13", T.COURTESY_CALL, "Chào từ biệt", 2, "15:30", "16:00", "TRU-SO", "A1", 20, False, "Chủ tịch vùng"),
    Slot("A-14", T.DEPARTURE, "Tiễn đoàn tại sân bay", 2, "17:15", "18:00", "SAN-BAY", "VIP", 30, True),
)


def activity(slot: Slot, first_day: date) -> Activity:
    """The activity of a slot, on the days of this demo."""
    number = {"A-01": "LA 208", "A-14": "LA 219"}.get(slot.code)
    journey = Journey(mode=TravelMode.AIR, number=number, gate="Ga VIP") if number else None
    return Activity(
        code=slot.code,
        type=slot.type,
        title=slot.title,
        window=window(first_day, slot.day, slot.start, slot.end),
        venue=slot.venue,
        room=slot.room,
        layout=_LAYOUTS.get((slot.venue, slot.room or ""), Layout.THEATRE),
        delegation="D-1",
        host=slot.host,
        headcount=slot.persons,
        fixed=slot.fixed,
        setup_minutes=0 if slot.room is None else 5,
        journey=journey,
    )


_LAYOUTS = {
    ("SAN-BAY", "VIP"): Layout.BOARDROOM,
    ("TRU-SO", "A1"): Layout.BOARDROOM,
    ("TRU-SO", "SANH"): Layout.STANDING,
    ("KHACH-SAN", "TIEC"): Layout.BANQUET,
}


class Stand(NamedTuple):
    """A post of the demo: day, window, task, kind, place, officers, qualification, and whether critical."""

    day: int
    start: str
    end: str
    task: str
    kind: PostKind
    venue: str
    point: str | None
    headcount: int = 2
    required: tuple[str, ...] = ()
    critical: bool = False
    activity: str | None = None


K = PostKind
STANDS = (
    Stand(1, "06:30", "09:00", "Bảo vệ chân cầu thang máy bay", K.GUARD, "SAN-BAY", "DON", 2, (), True, "A-01"),
    Stand(
        1, "06:30", "09:00", "Kiểm soát cổng khách quốc tế", K.ACCESS_CONTROL, "SAN-BAY", "CONG", 2, (), False, "A-01"
    ),
    Stand(
        1,
        "07:00",
        "12:30",
        "Bảo vệ tiếp cận trưởng đoàn – buổi sáng",
        K.CLOSE_PROTECTION,
        "SAN-BAY",
        "DON",
        2,
        (CLOSE,),
        True,
    ),
    Stand(
        1,
        "12:30",
        "18:00",
        "Bảo vệ tiếp cận trưởng đoàn – buổi chiều",
        K.CLOSE_PROTECTION,
        "KHACH-SAN",
        "SANH",
        2,
        (CLOSE,),
        True,
    ),
    Stand(1, "07:30", "18:00", "Cán bộ liên lạc với đoàn", K.LIAISON, "SAN-BAY", "CONG", 1, (LAO,), True),
    Stand(1, "07:00", "12:30", "Xe dẫn đoàn – buổi sáng", K.DRIVER, "SAN-BAY", None, 1, (DRIVE,), True),
    Stand(1, "12:30", "18:00", "Xe dẫn đoàn – buổi chiều", K.DRIVER, "TRU-SO", None, 1, (DRIVE,), True),
    Stand(1, "08:00", "12:30", "Kiểm soát cổng chính trụ sở", K.ACCESS_CONTROL, "TRU-SO", "CHINH", 2, (), True, "A-02"),
    Stand(1, "08:00", "12:30", "Giữ lối thoát phía sau", K.GUARD, "TRU-SO", "PHU", 2, (), False, "A-03"),
    Stand(
        1, "08:00", "12:30", "Phân luồng quanh quảng trường", K.TRAFFIC, "TRU-SO", None, 2, (TRAFFIC,), False, "A-02"
    ),
    Stand(1, "07:00", "19:00", "Sở chỉ huy – ca ngày", K.COMMAND, "TRU-SO", "SCH", 1, (), True),
    Stand(1, "11:30", "15:00", "Kiểm soát sảnh khách sạn", K.ACCESS_CONTROL, "KHACH-SAN", "SANH", 2, (), False, "A-05"),
    Stand(1, "11:30", "15:00", "Sơ cứu tại tiệc trưa", K.MEDICAL, "KHACH-SAN", None, 1, (AID,), False, "A-05"),
    Stand(1, "13:30", "18:00", "Kiểm soát cổng cảng số 1", K.ACCESS_CONTROL, "CANG", "CONG", 2, (), True, "A-06"),
    Stand(1, "13:30", "18:00", "Tuần tra cầu tàu", K.PATROL, "CANG", "THOAT", 2, (), False, "A-06"),
    Stand(1, "14:00", "18:00", "Phân luồng Avenida Costanera", K.TRAFFIC, "CANG", None, 2, (TRAFFIC,), False, "A-06"),
    Stand(1, "18:00", "23:00", "Bảo vệ chiêu đãi trọng thể", K.GUARD, "KHACH-SAN", "SANH", 3, (), True, "A-08"),
    Stand(
        1, "18:00", "22:00", "Phân luồng trước khách sạn", K.TRAFFIC, "KHACH-SAN", "TAP", 2, (TRAFFIC,), False, "A-08"
    ),
    Stand(1, "22:00", "06:00", "Gác đêm nơi nghỉ của đoàn", K.GUARD, "KHACH-SAN", "SANH", 2, (), True),
    Stand(1, "22:00", "06:00", "Tuần tra đêm bãi xe", K.PATROL, "KHACH-SAN", "TAP", 2),
    Stand(
        2,
        "07:00",
        "12:45",
        "Bảo vệ tiếp cận trưởng đoàn – buổi sáng",
        K.CLOSE_PROTECTION,
        "KHACH-SAN",
        "SANH",
        2,
        (CLOSE,),
        True,
    ),
    Stand(
        2,
        "12:45",
        "18:30",
        "Bảo vệ tiếp cận trưởng đoàn – buổi chiều",
        K.CLOSE_PROTECTION,
        "KHACH-SAN",
        "SANH",
        2,
        (CLOSE,),
        True,
    ),
    Stand(2, "07:00", "18:30", "Cán bộ liên lạc với đoàn", K.LIAISON, "KHACH-SAN", "SANH", 1, (LAO,), True),
    Stand(2, "07:00", "12:45", "Xe dẫn đoàn – buổi sáng", K.DRIVER, "KHACH-SAN", None, 1, (DRIVE,), True),
    Stand(2, "12:45", "18:30", "Xe dẫn đoàn – buổi chiều", K.DRIVER, "KHACH-SAN", None, 1, (DRIVE,), True),
    Stand(2, "07:00", "09:00", "Bảo vệ lễ đặt hoa", K.GUARD, "TRU-SO", "CHINH", 2, (), True, "A-09"),
    Stand(2, "08:00", "11:15", "Kiểm soát cổng trường", K.ACCESS_CONTROL, "DAI-HOC", "CONG", 2, (), False, "A-10"),
    Stand(2, "10:30", "13:15", "Bảo vệ giao lưu văn hóa", K.GUARD, "VAN-HOA", "CONG", 3, (), False, "A-11"),
    Stand(2, "10:30", "13:15", "Giữ điểm lánh nạn", K.GUARD, "VAN-HOA", "LANH", 2, (), True, "A-11"),
    Stand(2, "07:00", "19:00", "Sở chỉ huy – ca ngày", K.COMMAND, "TRU-SO", "SCH", 1, (), True),
    Stand(2, "12:30", "15:15", "Kiểm soát sảnh khách sạn", K.ACCESS_CONTROL, "KHACH-SAN", "SANH", 2, (), False, "A-12"),
    Stand(
        2, "14:30", "16:30", "Kiểm soát cổng chính trụ sở", K.ACCESS_CONTROL, "TRU-SO", "CHINH", 2, (), False, "A-13"
    ),
    Stand(2, "15:30", "19:00", "Bảo vệ khu vực sân đỗ", K.GUARD, "SAN-BAY", "DON", 2, (), True, "A-14"),
    Stand(
        2, "08:00", "18:30", "Cán bộ liên lạc tại bệnh viện chỉ định", K.MEDICAL, "BENH-VIEN", "CC", 1, (AID,), False
    ),
)

#: Posts whose window is divided, with half an hour of handover.
SHIFTED = {
    11: (("CA1", "07:00", "13:15"), ("CA2", "12:45", "19:00")),
    30: (("CA1", "07:00", "13:15"), ("CA2", "12:45", "19:00")),
}

#: Who steps in at a critical post: present then, free and qualified. One post is left for the planner to find (R06).
BACKUPS = {
    1: "CA-0122",
    3: "CA-0119",
    4: "CA-0102",
    5: "CA-0129",
    6: "CA-0110",
    7: "CA-0102",
    8: "CA-0124",
    11: "CA-0103",
    17: "CA-0111",
    19: "CA-0114",
    21: "CA-0102",
    22: "CA-0102",
    23: "CA-0129",
    24: "CA-0106",
    25: "CA-0115",
    26: "CA-0113",
    29: "CA-0123",
    30: "CA-0104",
    33: "CA-0111",
}

INSTRUCTIONS = {
    K.GUARD: "Giữ vị trí, không rời chốt khi chưa có người thay. Báo cáo mọi thay đổi cho chỉ huy chốt qua kênh 3.",
    K.ACCESS_CONTROL: "Đối chiếu thẻ với danh sách. Người không có thẻ: mời chờ tại bàn lễ tân và gọi chỉ huy chốt.",
    K.TRAFFIC: "Thông đường trước khi đoàn xe đến 10 phút. Giữ một làn cho xe cứu thương.",
    K.CLOSE_PROTECTION: "Luôn trong tầm tay của trưởng đoàn. Điểm lánh nạn và bệnh viện chỉ định: xem bản đồ.",
    K.DRIVER: "Xe sẵn sàng trước giờ đi 20 phút. Đi tuyến chính; đổi tuyến chỉ theo lệnh sở chỉ huy.",
    K.PATROL: "Tuần tra theo vòng, mỗi vòng không quá 25 phút. Ghi giờ từng vòng.",
    K.COMMAND: "Ghi nhật ký trực. Mọi thay đổi chương trình báo cho các chốt liên quan.",
    K.LIAISON: "Đi cùng đoàn, là đầu mối duy nhất với trưởng lễ tân của bạn.",
    K.MEDICAL: "Túi sơ cứu mang theo người. Đường đến bệnh viện chỉ định: xem tuyến khẩn cấp.",
}


def post(number: int, first_day: date) -> tuple[str, PostDetails, tuple[Shift, ...]]:
    """Code, details and shifts of the stand with that number, counted from 1."""
    stand = STANDS[number - 1]
    details = PostDetails(
        task=stand.task,
        kind=stand.kind,
        window=window(first_day, stand.day, stand.start, stand.end),
        headcount=stand.headcount,
        venue=stand.venue,
        key_point=stand.point,
        activity=stand.activity,
        required=stand.required,
        critical=stand.critical,
        backups=(BACKUPS[number],) if number in BACKUPS else (),
        radio="Kênh 3",
        instructions=INSTRUCTIONS[stand.kind],
    )
    shifts = tuple(
        Shift(code=code, window=window(first_day, stand.day, start, end))
        for code, start, end in SHIFTED.get(number, ())
    )
    return f"P-{number:02d}", details, shifts
