"""R08: two activities do not need one room at once, set-up and teardown included."""

from typing import Any

import pytest

from domain.finding import Severity
from tests.examples import OTHER_VISIT, VISIT, Story, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.visit(OTHER_VISIT)
    story.venue("HOTEL-1")
    story.room("R-1", 1000)
    story.room("R-2", 1000)
    return story


def meet(story: Story, code: str, start: str, end: str, visit: str = VISIT, **changes: Any) -> None:
    story.activity(code, start, end, visit=visit, **{"venue": "HOTEL-1", "room": "R-1", **changes})


def found(story: Story) -> list[tuple[Severity, object]]:
    return [(finding.severity, finding.window) for finding in story.findings("R08")]


def test_one_after_the_other_is_clean(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00")

    meet(story, "A-02", "10:00", "11:00")

    assert found(story) == []


def test_a_minute_together_blocks(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00")

    meet(story, "A-02", "09:59", "11:00")

    assert found(story) == [(Severity.BLOCK, window("09:59", "10:00"))]


def test_two_visits_in_one_room_block(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00")

    meet(story, "A-01", "09:30", "10:30", visit=OTHER_VISIT)

    assert story.findings("R08")[0].subjects == (
        "activity/KH-2026-02/A-01",
        "activity/LA-2026-01/A-01",
        "room/HOTEL-1/R-1",
    )


@pytest.mark.parametrize("changes", [{"setup_minutes": 1}, {"teardown_minutes": 0, "setup_minutes": 60}])
def test_setting_up_keeps_the_room_busy(story: Story, changes: dict[str, Any]) -> None:
    meet(story, "A-01", "09:00", "10:00")

    meet(story, "A-02", "10:00", "11:00", **changes)

    assert len(found(story)) == 1


def test_tearing_down_keeps_the_room_busy(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", teardown_minutes=15)

    meet(story, "A-02", "10:10", "11:00")

    assert found(story) == [(Severity.BLOCK, window("10:10", "10:15"))]


def test_joint_activities_share_their_room(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00")
    meet(story, "A-02", "09:00", "10:00")
    assert len(found(story)) == 1

    meet(story, "A-03", "13:00", "14:00")
    meet(story, "A-04", "13:00", "14:00", joint_with=("A-03",))

    assert len(found(story)) == 1


def test_the_same_code_in_another_visit_is_not_joint(story: Story) -> None:
    meet(story, "A-03", "13:00", "14:00", visit=OTHER_VISIT)
    meet(story, "A-03", "15:00", "16:00")

    meet(story, "A-04", "13:00", "14:00", joint_with=("A-03",))

    assert len(found(story)) == 1


def test_two_rooms_are_clean(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00")

    meet(story, "A-02", "09:00", "10:00", room="R-2")

    assert found(story) == []


def test_without_a_room_nothing_is_found(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", room=None)

    meet(story, "A-02", "09:00", "10:00", room=None)

    assert found(story) == []


@pytest.mark.parametrize("what", ["activity", "visit"])
def test_what_is_cancelled_leaves_the_room_free(story: Story, what: str) -> None:
    meet(story, "A-01", "09:00", "10:00")
    meet(story, "B-01", "09:00", "10:00", visit=OTHER_VISIT)
    assert len(found(story)) == 1

    visit = story.plan.visit(OTHER_VISIT)
    story.tell(visit.cancel(story.act()) if what == "visit" else visit.cancel_activity("B-01", story.act()))

    assert found(story) == []
