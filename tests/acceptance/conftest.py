"""A site where one small visit was planned through the command line, told once for all stories."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.prompt import Prompt, order, span

VISIT = "LA-2026-01"
PEOPLE = (("hoa", "planner"), ("nam", "commander"), ("kiem", "auditor"), ("chief", "administrator"))
ORDERS = (
    order(
        "register_visit",
        "Công hàm số 12",
        code=VISIT,
        visit={"title": "Đoàn tỉnh Luông Pha Băng", "first_day": "2026-11-24", "last_day": "2026-11-25"},
    ),
    order(
        "register_delegation",
        visit=VISIT,
        code="D-1",
        delegation={"name": "Đoàn đại biểu O'Brien", "country": "LA", "category": "working"},
    ),
    order(
        "add_member",
        visit=VISIT,
        delegation="D-1",
        member={"code": "M-1", "name": {"romanised": "Bounthavy", "original": "ທ່ານ ບຸນທະວີ"}, "rank": "Phó Chủ tịch"},
    ),
    order("designate_head", visit=VISIT, delegation="D-1", member="M-1"),
    order("register_venue", code="HOTEL", venue={"name": "Khách sạn", "coordinates": {"lat": 16.067, "lon": 108.22}}),
    order("register_venue", code="HALL", venue={"name": "Hội trường", "coordinates": {"lat": 16.08, "lon": 108.21}}),
    order(
        "schedule_activity",
        visit=VISIT,
        activity={
            "code": "A-1",
            "type": "welcome",
            "title": "=Lễ đón",
            "window": span("09:00", "10:00"),
            "venue": "HOTEL",
        },
    ),
    order(
        "schedule_activity",
        visit=VISIT,
        activity={
            "code": "A-2",
            "type": "talks",
            "title": "Hội đàm",
            "window": span("11:00", "12:00"),
            "venue": "HALL",
        },
    ),
    order("register_officer", code="CA-1", officer={"name": {"romanised": "Nguyễn Thị Thảo"}, "unit": "PA-02"}),
    order("register_officer", code="CA-2", officer={"name": {"romanised": "<b>Đạt</b>"}, "unit": "PA-02"}),
    order(
        "create_post",
        visit=VISIT,
        code="P-1",
        post={"task": "Gác cổng", "window": span("08:00", "16:00"), "venue": "HOTEL", "critical": True},
    ),
    order(
        "plan_shifts",
        visit=VISIT,
        code="P-1",
        shifts=[
            {"code": "C1", "window": span("08:00", "12:00")},
            {"code": "C2", "window": span("12:00", "16:00")},
        ],
    ),
    order(
        "create_post",
        visit=VISIT,
        code="P-2",
        post={"task": "Tuần tra", "window": span("09:00", "11:00"), "venue": "HALL"},
    ),
    order("assign_officer", visit=VISIT, post="P-1", shift="C1", officer="CA-1"),
)


#: How many events there are: one of each order, and that kiem may read every visit.
RECORDED = len(ORDERS) + 1


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Prompt:
    """The planned visit. Tests that change it take a copy."""
    prompt = Prompt(tmp_path_factory.mktemp("site"))
    for user, role in PEOPLE:
        prompt("user", "add", user, "--role", role)
    prompt.do("hoa", *ORDERS)
    prompt("member", "grant", "kiem", "--role", "auditor", "--as", "chief", "--reason", "Kiểm tra định kỳ")
    return prompt


@pytest.fixture
def copy(site: Prompt, tmp_path: Path) -> Prompt:
    """The planned visit at a place of its own."""
    return site.copied(tmp_path / "copy")
