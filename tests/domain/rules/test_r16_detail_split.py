"""R16: a detail is manned by one unit."""

import pytest

from domain.base import changed
from domain.finding import Severity
from domain.rules import check, new_findings
from tests.examples import PLANNING, VISIT, Story, officer_details


@pytest.fixture
def story() -> Story:
    """A detail of two posts, and two officers of each of two units."""
    story = Story()
    story.visit()
    for number in (1, 2):
        story.post(f"P-0{number}", detail="TIEP-CAN")
    story.post("P-03")
    for number, unit in enumerate(("Đội 1", "Đội 1", "Đội 2", "Đội 2"), 1):
        story.officer(f"CA-{number}", unit=unit)
    return story


def found(story: Story) -> list[tuple[Severity, object]]:
    return [(f.severity, f.message.values["units"]) for f in story.findings("R16")]


def test_one_unit_is_clean_whatever_others_do_elsewhere(story: Story) -> None:
    for officer, post in (("CA-1", "P-01"), ("CA-2", "P-02"), ("CA-3", "P-03")):
        story.placed(officer, post)

    assert found(story) == []


def test_two_units_warn(story: Story) -> None:
    story.placed("CA-1", "P-01")
    story.placed("CA-3", "P-02")

    assert found(story) == [(Severity.WARN, ["Đội 1", "Đội 2"])]


def test_withdrawn_duties_and_cancelled_posts_do_not_count(story: Story) -> None:
    story.placed("CA-1", "P-01")
    story.placed("CA-3", "P-02", code="D-2")
    plan = story.plan
    story.tell(plan.assignment(VISIT, "D-2").withdraw(story.act()))
    withdrawn = found(story)
    story.plan = plan
    story.tell(plan.post(VISIT, "P-02").cancel(story.act()))

    assert (withdrawn, found(story)) == ([], [])


@pytest.mark.parametrize("step", ["assign", "transfer", "leave the detail", "cancel"])
def test_every_step_finds_in_its_scope_what_the_whole_check_finds(story: Story, step: str) -> None:
    story.post("P-04", detail="TIEP-CAN")
    for officer, post in (("CA-1", "P-01"), ("CA-2", "P-02"), ("CA-3", "P-04")):
        if not (step in ("assign", "transfer") and post == "P-04"):
            story.placed(officer, post)
    before, told = story.plan, len(story.events)
    match step:
        case "assign":
            story.placed("CA-3", "P-04")
        case "transfer":
            story.tell(before.officer("CA-2").amend(officer_details(unit="Đội 3"), story.act()))
        case "leave the detail":
            left = before.post(VISIT, "P-02")
            story.tell(left.amend(changed(left.details, detail=None), story.act()))
        case _:
            story.tell(before.post(VISIT, "P-02").cancel(story.act()))

    events = story.events[told:]
    known = {f.id for f in check(before, PLANNING)}
    whole = [f for f in check(story.plan, PLANNING) if f.rule == "R16" and f.id not in known]

    assert [f for f in new_findings(before, story.plan, events, PLANNING) if f.rule == "R16"] == whole != []
