"""R06: whoever is missing at a critical post can be replaced at once."""

from typing import Any

import pytest

from domain.base import changed
from domain.finding import Severity
from domain.post import PostKind
from domain.rules import check, new_findings
from tests.examples import OTHER_VISIT, PLANNING, TASK, VISIT, Story, absence, post_details, qualification, window


@pytest.fixture
def story() -> Story:
    """One officer alone at a critical post, two others without duty, and a hall eight kilometres away."""
    story = Story()
    story.visit()
    story.venue("HOTEL-1")
    story.venue("HALL-2", lat=19.95)
    for number in (1, 2, 3):
        story.officer(f"CA-{number}")
    return story


def critical(story: Story, code: str = "P-01", start: str = "08:00", end: str = "12:00", **other: Any) -> None:
    story.post(code, start, end, **{"venue": "HOTEL-1", "critical": True, **other})
    story.placed("CA-1", code)


def found(story: Story) -> list[tuple[Severity, str, list[str]]]:
    return [(f.severity, f.subjects[0], f.message.values["posts"]) for f in story.findings("R06")]


def test_who_is_alone_at_a_critical_post_is_one(story: Story) -> None:
    critical(story)

    assert found(story) == [(Severity.WARN, "officer/CA-1", [f"P-01 «{TASK}»"])]


def test_alone_at_two_critical_posts_blocks(story: Story) -> None:
    critical(story)
    critical(story, "P-02", "13:00", "15:00")

    assert found(story) == [(Severity.BLOCK, "officer/CA-1", [f"P-01 «{TASK}»", f"P-02 «{TASK}»"])]


def test_a_post_that_is_not_critical_needs_no_backup(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00")

    assert found(story) == []


def test_one_more_than_needed_is_enough(story: Story) -> None:
    critical(story)
    story.placed("CA-2", "P-01")

    assert found(story) == []


def test_one_more_for_part_of_the_time_is_not(story: Story) -> None:
    critical(story)
    story.placed("CA-2", "P-01", window=window("08:00", "11:59"))

    assert [subject for _, subject, _ in found(story)] == ["officer/CA-1"]


def test_a_named_backup_takes_over(story: Story) -> None:
    critical(story, backups=("CA-2",))

    assert found(story) == []


def test_a_named_backup_on_duty_elsewhere_does_not_count(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-2", "11:59", "13:00", visit=OTHER_VISIT)
    critical(story, backups=("CA-2",))

    assert len(found(story)) == 1


def test_a_named_backup_whose_duty_only_touches_counts(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-2", "12:00", "13:00", visit=OTHER_VISIT)
    critical(story, backups=("CA-2",))

    assert found(story) == []


def test_a_named_backup_on_leave_does_not_count(story: Story) -> None:
    story.away("CA-2", absence("08:00", "08:01"))
    critical(story, backups=("CA-2",))

    assert len(found(story)) == 1


def test_a_backup_without_the_qualification_does_not_count(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    story.qualified("CA-2", qualification("K9", "00:00", "11:59"))
    critical(story, backups=("CA-2",), required=("K9",))

    assert len(found(story)) == 1


def reserve(story: Story, venue: str | None, end: str = "12:00") -> None:
    story.post("R-01", "08:00", end, kind="reserve", venue=venue)
    story.placed("CA-3", "R-01")


def test_a_reserve_at_the_same_venue_takes_over(story: Story) -> None:
    critical(story)
    reserve(story, "HOTEL-1")

    assert found(story) == []


def test_a_reserve_whose_duty_ends_a_minute_early_does_not(story: Story) -> None:
    critical(story)
    reserve(story, "HOTEL-1", "11:59")

    assert len(found(story)) == 1


@pytest.mark.parametrize(("minutes", "findings"), [(7.69, 0), (7.70, 1)])
def test_a_reserve_elsewhere_must_be_there_within_ten_minutes(story: Story, minutes: float, findings: int) -> None:
    critical(story)
    reserve(story, "HALL-2")
    story.route("R-01", "HALL-2", "HOTEL-1", minutes=minutes)

    assert len(found(story)) == findings


def test_a_reserve_without_a_place_does_not_count(story: Story) -> None:
    critical(story)
    reserve(story, None)

    assert len(found(story)) == 1


def test_whoever_does_not_cover_the_post_anyway_is_no_single_point(story: Story) -> None:
    critical(story)
    story.away("CA-1", absence("08:00", "09:00"))

    assert found(story) == []


def test_taking_the_reserve_away_brings_the_finding_with_the_command(story: Story) -> None:
    critical(story)
    reserve(story, "HOTEL-1")
    before = story.plan

    events = before.assignment(VISIT, "A-0002").withdraw(story.act())
    made = new_findings(before, story.tell(events), events, PLANNING)

    assert [f.subjects[0] for f in made if f.rule == "R06"] == ["officer/CA-1"]


def test_a_backup_who_falls_ill_brings_it_too(story: Story) -> None:
    critical(story, backups=("CA-2",))
    before = story.plan

    events = before.officer("CA-2").record_absence(absence("09:00", "10:00"), story.act())
    made = new_findings(before, story.tell(events), events, PLANNING)

    assert [f.subjects[0] for f in made if f.rule == "R06"] == ["officer/CA-1"]


def test_a_scope_finds_the_same_as_the_whole_check(story: Story) -> None:
    critical(story)
    critical(story, "P-02", "13:00", "15:00")

    for subject in ("officer/CA-1", "post/LA-2026-01/P-02", "assignment/LA-2026-01/A-0001"):
        assert [f for f in check(story.plan, PLANNING, frozenset({subject})) if f.rule == "R06"] == story.findings(
            "R06"
        )


def test_a_backup_must_be_known(story: Story) -> None:
    from domain.references import known_post
    from domain.refusals import NotFound

    with pytest.raises(NotFound):
        known_post(story.plan, VISIT, post_details(backups=("CA-9",)))


def test_an_interpreter_bound_to_a_language_needs_a_backup_who_speaks_it(story: Story) -> None:
    story.officer("CA-7", languages=("lo",))
    story.officer("CA-8", languages=("lo", "vi"))
    asked: dict[str, Any] = {"kind": PostKind.INTERPRETER, "languages": ("lo",)}
    story.post("P-01", backups=("CA-1",), **asked)
    story.placed("CA-7", "P-01")
    without = found(story)

    details = story.plan.post(VISIT, "P-01").details
    story.tell(story.plan.post(VISIT, "P-01").amend(changed(details, backups=("CA-8",)), story.act()))

    assert (without, found(story)) == ([(Severity.WARN, "officer/CA-7", [f"P-01 «{TASK}»"])], [])


def test_an_interpreter_without_a_language_is_asked_for_nothing(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00", kind=PostKind.INTERPRETER)

    assert found(story) == []
