"""R04: what a post asks for is held during the whole duty."""

from datetime import timedelta
from typing import Any

import pytest

from domain.finding import Severity
from domain.refusals import QualificationMissing
from domain.rules import check, new_findings
from domain.values import Qualification, TimeWindow
from tests.examples import PLANNING, Story, at, officer_details, qualification

LONG = TimeWindow(start=at("00:00", day=-300), end=at("00:00", day=300))


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    story.duty("CA-0113", "08:00", "12:00", required=("K9",))
    return story


def severities(story: Story) -> list[Severity]:
    return [finding.severity for finding in story.findings("R04")]


def test_a_required_qualification_that_is_missing_blocks(story: Story) -> None:
    assert severities(story) == [Severity.BLOCK]


def test_officer_duty_post_and_qualification_are_named(story: Story) -> None:
    finding = story.findings("R04")[0]

    assert finding.subjects == (
        "officer/CA-0113",
        "assignment/LA-2026-01/A-0001",
        "post/LA-2026-01/P-01",
        "qualification/CA-0113/K9",
    )


def test_a_qualification_held_for_long_is_clean(story: Story) -> None:
    story.qualified("CA-0113", Qualification(code="K9", valid=LONG))

    assert severities(story) == []


def test_one_that_covers_the_duty_exactly_is_only_told_to_end_soon(story: Story) -> None:
    story.qualified("CA-0113", qualification("K9", "08:00", "12:00"))

    assert severities(story) == [Severity.INFO]


@pytest.mark.parametrize(("start", "end"), [("08:01", "12:00"), ("08:00", "11:59")])
def test_one_that_misses_a_minute_of_the_duty_blocks(story: Story, start: str, end: str) -> None:
    story.qualified("CA-0113", qualification("K9", start, end))

    assert severities(story) == [Severity.BLOCK]


def test_one_that_lapses_fourteen_days_after_the_duty_is_clean(story: Story) -> None:
    ends = at("12:00") + timedelta(days=14)
    story.qualified("CA-0113", Qualification(code="K9", valid=TimeWindow(start=LONG.start, end=ends)))

    assert severities(story) == []


def test_one_that_lapses_a_minute_earlier_is_told(story: Story) -> None:
    ends = at("11:59") + timedelta(days=14)
    story.qualified("CA-0113", Qualification(code="K9", valid=TimeWindow(start=LONG.start, end=ends)))

    assert severities(story) == [Severity.INFO]


def test_a_revocation_reaches_every_future_duty_at_once(story: Story) -> None:
    story.qualified("CA-0113", Qualification(code="K9", valid=LONG))
    for day in (2, 3):
        story.duty("CA-0113", "08:00", "12:00", day=day, required=("K9",))
    assert severities(story) == []

    story.tell(story.plan.officer("CA-0113").revoke("K9", at("11:59"), story.act()))

    assert severities(story) == [Severity.BLOCK] * 3


def test_a_revocation_from_the_end_of_the_duty_does_not_block(story: Story) -> None:
    story.qualified("CA-0113", Qualification(code="K9", valid=LONG))

    story.tell(story.plan.officer("CA-0113").revoke("K9", at("12:00"), story.act()))

    assert severities(story) == [Severity.INFO]


def test_one_revoked_before_it_began_blocks(story: Story) -> None:
    story.qualified("CA-0113", Qualification(code="K9", valid=LONG))

    story.tell(story.plan.officer("CA-0113").revoke("K9", LONG.start, story.act()))

    assert severities(story) == [Severity.BLOCK]


def test_a_desired_qualification_only_warns(story: Story) -> None:
    story.qualified("CA-0113", Qualification(code="K9", valid=LONG))
    story.duty("CA-0113", "13:00", "14:00", desired=("EOD",))

    assert severities(story) == [Severity.WARN]


def test_two_missing_qualifications_are_two_findings(story: Story) -> None:
    story.duty("CA-0113", "13:00", "14:00", required=("EOD", "EOD"), desired=("EOD", "Lái xe hạng D/E"))

    found = [finding for finding in story.findings("R04") if "assignment/LA-2026-01/A-0002" in finding.subjects]

    assert [finding.severity for finding in found] == [Severity.BLOCK, Severity.WARN]
    assert len({finding.id for finding in found}) == 2


def test_an_ended_duty_no_longer_asks(story: Story) -> None:
    assert severities(story) == [Severity.BLOCK]

    story.tell(story.plan.assignment("LA-2026-01", "A-0001").withdraw(story.act()))

    assert severities(story) == []


# Languages and licences


@pytest.mark.parametrize(
    ("asks", "part"),
    [({"languages": ("lo",)}, "language/CA-0114/lo"), ({"licence": "D"}, "licence/CA-0114/D")],
)
def test_a_language_or_licence_that_is_missing_blocks_like_a_qualification(asks: dict[str, Any], part: str) -> None:
    story = Story()
    story.visit()
    story.officer("CA-0114", languages=("vi",), licences=("B2",))
    story.post("P-01", **asks)

    with pytest.raises(QualificationMissing):
        story.assigned("CA-0114", "P-01")
    story.placed("CA-0114", "P-01")

    assert [(f.severity, f.subjects[-1]) for f in story.findings("R04")] == [(Severity.BLOCK, part)]


def test_who_speaks_and_drives_is_clean() -> None:
    story = Story()
    story.visit()
    story.officer("CA-0114", languages=("vi", "lo"), licences=("D2",))
    story.post("P-01", languages=("lo",), licence="D1")
    story.assigned("CA-0114", "P-01")

    assert story.findings("R04") == []


def test_a_language_struck_from_the_register_is_found_on_all_duties_at_once() -> None:
    story = Story()
    story.visit()
    story.officer("CA-0114", languages=("lo",))
    for number in (1, 2):
        story.post(f"P-0{number}", "08:00", "10:00", day=number, languages=("lo",))
        story.assigned("CA-0114", f"P-0{number}")
    before = story.plan
    events = before.officer("CA-0114").amend(officer_details(languages=("vi",)), story.act())

    found = new_findings(before, story.tell(events), events, PLANNING)

    assert [f.rule for f in found if f.severity is Severity.BLOCK and f.rule == "R04"] == ["R04", "R04"]
    scoped = check(story.plan, PLANNING, frozenset({"officer/CA-0114"}))
    assert [f for f in scoped if f.rule == "R04"] == story.findings("R04")
