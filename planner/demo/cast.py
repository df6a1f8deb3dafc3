"""Who and where of the demo visit. All persons are invented; places lie on the real road network of La Serena.

The first users' delegations come from Laos to Vietnam; the map that may be carried is of La Serena and Coquimbo,
so the demo is a training visit of a Lao provincial delegation there, with the officers of a Vietnamese force.
"""

from __future__ import annotations

from typing import NamedTuple

from domain.delegation import DelegationDetails, Member
from domain.officer import OfficerDetails
from domain.values import Contact, Coordinates, PersonName, SecrecyLevel
from domain.venue import Capacity, KeyPoint, KeyPointKind, Room, VenueDetails
from domain.visit import Layout, VisitCategory

VISIT = "LA-2026-01"
ZONE = "America/Santiago"


class DemoVenue(NamedTuple):
    """A venue with everything that is entered with it."""

    code: str
    details: VenueDetails
    rooms: tuple[Room, ...]
    points: tuple[KeyPoint, ...]


def _room(code: str, name: str, persons: int, layout: Layout = Layout.THEATRE, fire: int | None = None) -> Room:
    return Room(code=code, name=name, capacities=(Capacity(layout=layout, persons=persons),), fire_limit=fire)


def _point(code: str, kind: KeyPointKind, name: str, lat: float, lon: float, phone: str = "") -> KeyPoint:
    return KeyPoint(code=code, kind=kind, name=name, coordinates=Coordinates(lat=lat, lon=lon), phone=phone)


VENUES = (
    DemoVenue(
        "SAN-BAY",
        VenueDetails(
            name="Sân bay La Florida",
            name_en="La Florida airport",
            coordinates=Coordinates(lat=-29.9168, lon=-71.2040),
            address="Camino Internacional Gabriela Mistral",
            district="La Serena",
            contacts=(Contact(name="Trực ban sân bay", role="Điều hành", phone="+56 51 200 0101"),),
        ),
        (_room("VIP", "Phòng khách VIP", 40, Layout.BOARDROOM),),
        (
            _point("DON", KeyPointKind.ARRIVAL_POINT, "Chân cầu thang máy bay", -29.9162, -71.2020),
            _point("CONG", KeyPointKind.ENTRANCE, "Cổng khách quốc tế", -29.9172, -71.2045),
            _point("LANH", KeyPointKind.SAFE_HAVEN, "Trạm cứu hỏa sân bay", -29.9158, -71.2034),
        ),
    ),
    DemoVenue(
        "TRU-SO",
        VenueDetails(
            name="Trụ sở chính quyền vùng Coquimbo",
            name_en="Regional government, La Serena",
            coordinates=Coordinates(lat=-29.9027, lon=-71.2519),
            address="Plaza de Armas, La Serena",
            district="La Serena",
            contacts=(Contact(name="Văn phòng lễ tân", role="Lễ tân", phone="+56 51 200 0202"),),
        ),
        (
            _room("A1", "Phòng hội đàm A1", 30, Layout.BOARDROOM, 36),
            _room("SANH", "Sảnh lớn", 120, Layout.STANDING, 150),
        ),
        (
            _point("CHINH", KeyPointKind.ENTRANCE, "Cổng chính", -29.9029, -71.2514),
            _point("PHU", KeyPointKind.EVACUATION_EXIT, "Lối thoát phía sau", -29.9022, -71.2524),
            _point("CHO", KeyPointKind.HOLDING_ROOM, "Phòng chờ tầng 2", -29.9026, -71.2520),
            _point("SCH", KeyPointKind.COMMAND_POST, "Sở chỉ huy", -29.9030, -71.2522, "+56 51 200 0113"),
        ),
    ),
    DemoVenue(
        "KHACH-SAN",
        VenueDetails(
            name="Khách sạn Bờ Biển",
            name_en="Seafront hotel",
            coordinates=Coordinates(lat=-29.9210, lon=-71.2735),
            address="Avenida del Mar",
            district="La Serena",
            contacts=(Contact(name="Quản lý ca", role="Khách sạn", phone="+56 51 200 0303"),),
            secrecy=SecrecyLevel.CONFIDENTIAL,
        ),
        (
            _room("TIEC", "Phòng tiệc Elqui", 80, Layout.BANQUET, 90),
            _room("T5", "Tầng 5 – phòng nghỉ của đoàn", 30, Layout.BOARDROOM),
        ),
        (
            _point("SANH", KeyPointKind.ENTRANCE, "Sảnh khách sạn", -29.9211, -71.2732),
            _point("LANH", KeyPointKind.SAFE_HAVEN, "Phòng kỹ thuật tầng hầm", -29.9209, -71.2736),
            _point("TAP", KeyPointKind.ASSEMBLY, "Điểm tập kết bãi xe", -29.9216, -71.2729),
        ),
    ),
    DemoVenue(
        "CANG",
        VenueDetails(
            name="Cảng Coquimbo",
            name_en="Port of Coquimbo",
            coordinates=Coordinates(lat=-29.9512, lon=-71.3362),
            address="Avenida Costanera",
            district="Coquimbo",
        ),
        (_room("NHA-GA", "Nhà ga hành khách", 60),),
        (
            _point("CONG", KeyPointKind.ENTRANCE, "Cổng cảng số 1", -29.9514, -71.3358),
            _point("THOAT", KeyPointKind.EVACUATION_EXIT, "Cầu tàu tuần tra", -29.9505, -71.3368),
        ),
    ),
    DemoVenue(
        "DAI-HOC",
        VenueDetails(
            name="Trường Đại học La Serena",
            name_en="University of La Serena",
            coordinates=Coordinates(lat=-29.9118, lon=-71.2447),
            address="Cienfuegos",
            district="La Serena",
        ),
        (_room("HT", "Hội trường lớn", 200),),
        (_point("CONG", KeyPointKind.ENTRANCE, "Cổng trường", -29.9116, -71.2450),),
    ),
    DemoVenue(
        "VAN-HOA",
        VenueDetails(
            name="Trung tâm Văn hóa Coquimbo",
            name_en="Coquimbo cultural centre",
            coordinates=Coordinates(lat=-29.9561, lon=-71.3392),
            address="Balmaceda, Coquimbo",
            district="Coquimbo",
        ),
        (_room("KHAN", "Khán phòng", 90, Layout.THEATRE, 100),),
        (
            _point("CONG", KeyPointKind.ENTRANCE, "Cổng quảng trường", -29.9559, -71.3389),
            _point("LANH", KeyPointKind.SAFE_HAVEN, "Kho lưu trữ tầng 1", -29.9563, -71.3394),
        ),
    ),
    DemoVenue(
        "BENH-VIEN",
        VenueDetails(
            name="Bệnh viện San Juan de Dios",
            name_en="San Juan de Dios hospital",
            coordinates=Coordinates(lat=-29.9104, lon=-71.2492),
            address="Balmaceda, La Serena",
            district="La Serena",
            contacts=(Contact(name="Cấp cứu", role="Y tế", phone="+56 51 200 0909"),),
        ),
        (),
        (_point("CC", KeyPointKind.DESIGNATED_HOSPITAL, "Khoa cấp cứu", -29.9106, -71.2490, "+56 51 200 0909"),),
    ),
)

DELEGATION = DelegationDetails(
    name="Đoàn đại biểu tỉnh Savannakhet",
    country="LA",
    province="Savannakhet (ສະຫວັນນະເຂດ)",
    inviting_agency="Chính quyền vùng Coquimbo",
    presiding_agency="Sở Ngoại vụ",
    purpose="Trao đổi kinh nghiệm quản lý cảng, hợp tác đào tạo và du lịch.",
    category=VisitCategory.WORKING,
    secrecy=SecrecyLevel.CONFIDENTIAL,
    planned_size=11,
)


def _guest(
    code: str,
    romanised: str,
    original: str,
    rank: str,
    address: str = "Ngài",
    said: str = "",
    party: str = "main",
    spouse_of: str | None = None,
    place: int | None = None,
) -> Member:
    name = PersonName(romanised=romanised, original=original, form_of_address=address, said=said)
    return Member(
        code=code, name=name, rank=rank, party=party, spouse_of=spouse_of, precedence=place, languages=("lo", "en")
    )


MEMBERS = (
    _guest("M-01", "Bounthavy Sisavangvong", "ບຸນທະວີ ສີສະຫວ່າງວົງ", "Tỉnh trưởng", said="Bun-tha-vi", place=1),
    _guest(
        "M-02",
        "Khamphone Sisavangvong",
        "ຄຳພອນ ສີສະຫວ່າງວົງ",
        "Phu nhân Tỉnh trưởng",
        "Phu nhân",
        party="phu nhân",
        spouse_of="M-01",
    ),
    _guest("M-03", "Souphanh Keomixay", "ສຸພັນ ແກ້ວມີໄຊ", "Phó Tỉnh trưởng", place=2),
    _guest("M-04", "Vilayvanh Phomkhe", "ວິໄລວັນ ພົມເຂ", "Giám đốc Sở Ngoại vụ", "Bà", place=3),
    _guest("M-05", "Thongloun Inthavong", "ທອງລຸນ ອິນທະວົງ", "Giám đốc Sở Công Thương", place=4),
    _guest("M-06", "Chanthala Douangmala", "ຈັນທະລາ ດວງມາລາ", "Giám đốc Sở Giáo dục", "Bà", place=5),
    _guest("M-07", "Somphou Xayasone", "ສົມພູ ໄຊຍະສອນ", "Trưởng ban Quản lý cảng cạn", place=6),
    _guest("M-08", "Phetsamone Vongsa", "ເພັດສະໝອນ ວົງສາ", "Thư ký của Tỉnh trưởng", "Bà"),
    _guest("M-09", "Khamsing Luangrath", "ຄຳສິງ ຫຼວງລາດ", "Cán bộ lễ tân", "Ông"),
    _guest("M-10", "Sengdeuane Phongsavath", "ແສງເດືອນ ພົງສະຫວັດ", "Phiên dịch Lào – Việt", "Bà"),
    _guest("M-11", "Bounmy Thepsimuong", "ບຸນມີ ເທບສີເມືອງ", "Bác sĩ của đoàn", "Ông"),
)


class DemoOfficer(NamedTuple):
    """An officer with the qualifications held."""

    code: str
    details: OfficerDetails
    qualifications: tuple[str, ...]


CLOSE, DRIVE, AID, LAO, TRAFFIC = "Bảo vệ tiếp cận", "Lái xe dẫn đoàn", "Sơ cứu", "Tiếng Lào", "Chỉ huy giao thông"

_UNITS = ("Phòng Cảnh sát cơ động", "Phòng Cảnh sát giao thông", "Phòng An ninh đối ngoại", "Đội Cảnh vệ")
_NAMES = (
    ("Nguyễn Thị Phương Thảo", "Đại úy", 3, (CLOSE, AID)),
    ("Trần Đức Nghĩa", "Thiếu tá", 3, (CLOSE, DRIVE)),
    ("Lê Hoàng Bảo Ngọc", "Thượng úy", 2, (LAO, AID)),
    ("Phạm Quốc Cường", "Trung tá", 0, (CLOSE, TRAFFIC)),
    ("Đặng Thuỳ Dương", "Đại úy", 2, (LAO,)),
    ("Hoàng Văn Thụ", "Thiếu tá", 1, (TRAFFIC, DRIVE)),
    ("Vũ Minh Khôi", "Thượng úy", 1, (TRAFFIC,)),
    ("Bùi Thị Hồng Nhung", "Trung úy", 3, (CLOSE, AID)),
    ("Đỗ Anh Tuấn", "Đại úy", 0, (AID,)),
    ("Hồ Ngọc Lâm", "Thượng úy", 1, (TRAFFIC, DRIVE)),
    ("Ngô Gia Huy", "Trung úy", 0, (AID,)),
    ("Dương Thị Mỹ Linh", "Thượng úy", 2, (LAO,)),
    ("Lý Thành Đạt", "Thiếu úy", 0, ()),
    ("Phan Khắc Hiếu", "Trung úy", 1, (TRAFFIC,)),
    ("Võ Trường Giang", "Đại úy", 3, (CLOSE, DRIVE)),
    ("Đinh Công Sơn", "Thiếu úy", 0, ()),
    ("Trịnh Xuân Bách", "Thượng úy", 1, (TRAFFIC, DRIVE)),
    ("Mai Thị Ánh Tuyết", "Trung úy", 0, (AID,)),
    ("Cao Bá Quát", "Thượng úy", 3, (CLOSE,)),
    ("Tạ Quang Bửu", "Thiếu úy", 0, ()),
    ("Lương Thế Vinh", "Đại úy", 1, (TRAFFIC,)),
    ("Châu Văn Liêm", "Trung úy", 0, (AID,)),
    ("Hà Thị Kim Oanh", "Thượng úy", 2, (LAO, AID)),
    ("Kiều Hưng Thịnh", "Thiếu úy", 0, ()),
    ("Quách Đại Lộc", "Trung úy", 1, (TRAFFIC,)),
    ("Thạch Sô Phia", "Thượng úy", 0, (AID,)),
    ("Y Moan Ênuôl", "Trung úy", 0, ()),
    ("Giàng A Páo", "Thiếu úy", 0, (DRIVE,)),
    ("Lò Thị Mai", "Thượng úy", 2, (LAO,)),
    ("Đoàn Nhật Minh", "Đại úy", 3, (CLOSE, AID)),
    ("Tô Hiến Thành", "Trung úy", 0, ()),
    ("Ông Ích Khiêm", "Thiếu úy", 0, ()),
)

OFFICERS = tuple(
    DemoOfficer(
        f"CA-{101 + number:04d}",
        OfficerDetails(
            name=PersonName(romanised=name),
            unit=_UNITS[unit],
            rank=rank,
            callsign=f"Sao Mai {number + 1}",
            phone=f"+56 9 5550 {101 + number:04d}",
            languages=("vi", "lo") if LAO in held else ("vi",),
            licences=("B2", "D") if DRIVE in held else ("B2",),
        ),
        held,
    )
    for number, (name, rank, unit, held) in enumerate(_NAMES)
)

#: The officer whom the demo's officer account belongs to.
MY_OFFICER = "CA-0101"
