"""What the demo visit tells: enough for an auditor to ask about, through the pages that people use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import Actor, Role
from planner.access.reader import Reader
from planner.application import Planner
from planner.demo.cast import MY_OFFICER, VISIT
from planner.demo.story import tell
from planner.history.questions import Question

AUDITOR = Actor("auditor", frozenset({Role.AUDITOR}))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    place: Path = tmp_path_factory.mktemp("demo")
    tell(place / "data", place / "key")
    planner = Planner(place / "data", place / "key")
    yield planner
    planner.close()


def test_an_auditor_finds_an_override_a_late_change_and_refused_requests(demo: Planner) -> None:
    answers = Reader(demo, AUDITOR).answers(VISIT)

    (overridden,), (late,) = answers[Question.OVERRIDES], answers[Question.LATE_CHANGES]
    assert (overridden.by, late.by, late.subject) == ("commander", "commander", f"post/{VISIT}/P-10")
    assert [one.by for one in answers[Question.REFUSED]] == ["officer", "officer"]
    assert all(one.reason for one in (overridden, late))


def test_the_override_is_signed_and_the_late_order_waits_for_one_acknowledgement(demo: Planner) -> None:
    signed = [event for _, event in demo.timeline.events() if type(event).__name__ == "OverrideSigned"]

    told = {duty.officer: duty.status.value for duty in demo.plan.assignments_of_post(VISIT, "P-10")}
    assert [event.by for event in signed] == ["commander"]
    assert told == {"CA-0114": "confirmed", "CA-0117": "acknowledged"}


def test_what_people_did_came_through_the_pages_that_they_use(demo: Planner) -> None:
    told = Counter(event.via for _, event in demo.timeline.events())

    pages = ("duty_board", "map", "my_assignments", "officers", "programme", "settings", "visits")
    assert sorted(told) == [f"page {page}" for page in pages]


def test_something_is_left_to_do(demo: Planner) -> None:
    open_duties = [duty for duty in demo.plan.assignments_of_officer(MY_OFFICER) if duty.status.value == "confirmed"]

    assert len(open_duties) == 1
    assert len(demo.plan.assignments(VISIT)) >= 60
    assert demo.plan.position >= 300
