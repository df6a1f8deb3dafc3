"""What a reader walks along: everything, or by visit, kind, person and words; and it follows the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.visit import VisitDetails
from planner.application import Planner
from planner.history.records import as_text
from planner.history.steps import step, steps
from planner.history.walks import Asked, Walks, walks
from tests.examples import VISIT, visit_details
from tests.planner.acting import BINH, HOA, Clock, another, assign, let_in


@pytest.fixture
def filled(planner: Planner) -> Planner:
    let_in(planner, BINH)
    assign(planner, reason="Đồng chí biết tiếng Lào")
    planner.cancel_post(VISIT, "P-02", by=BINH, reason="Gộp với P-01")
    planner.register_visit("KH-2026-02", other(), by=HOA)
    return planner


def other() -> VisitDetails:
    return visit_details(title="Đoàn tỉnh Kampot")


def along(planner: Planner, **asked: Any) -> list[int]:
    return [int(n) for n in walks(planner.timeline).along(Asked(**asked), planner.plan)]


def kinds(planner: Planner, positions: list[int]) -> list[str]:
    return [type(one.event).__name__ for one in steps(planner.timeline, positions)]


def test_everything_is_a_range_however_long_the_log(filled: Planner) -> None:
    walk = walks(filled.timeline).along(Asked(), filled.plan)

    assert walk == range(1, filled.plan.position + 1)


def test_a_visit_has_its_events_and_those_of_what_it_uses(filled: Planner) -> None:
    assert along(filled, visit=VISIT) == filled.timeline.positions_of_visit(VISIT)
    assert along(filled, visit="KH-2026-02") == [filled.plan.position]


def test_kinds_and_people_are_found(filled: Planner) -> None:
    assert kinds(filled, along(filled, kind="PostCancelled")) == ["PostCancelled"]
    assert kinds(filled, along(filled, by=BINH.user)) == ["PostCancelled"]
    assert along(filled, kind="PostCancelled", by=HOA.user) == []


@pytest.mark.parametrize("words", ["tieng lao", "TIẾNG LÀO", "officer assigned", "phân công", "CA-0113 p-01 biết"])
def test_words_are_found_in_reasons_names_and_both_languages(filled: Planner, words: str) -> None:
    assert "OfficerAssigned" in kinds(filled, along(filled, words=words))


def test_words_that_nobody_said_find_nothing(filled: Planner) -> None:
    assert along(filled, words="tiếng Khmer") == []


def test_filters_hold_together(filled: Planner) -> None:
    assert kinds(filled, along(filled, visit=VISIT, words="kampot")) == []
    assert kinds(filled, along(filled, visit="KH-2026-02", words="kampot")) == ["VisitRegistered"]


def test_without_the_force_nothing_is_found_about_officers_posts_and_duties(filled: Planner) -> None:
    mine = along(filled, force=False)
    whole = along(filled)

    assert set(kinds(filled, mine)) == {"VisitRegistered", "VenueRegistered", "MembershipGranted"}
    assert {"OfficerRegistered", "PostCreated", "OfficerAssigned"} <= set(kinds(filled, whole))
    assert along(filled, force=False, by=BINH.user) == []


def test_a_walk_follows_the_log(filled: Planner) -> None:
    before = along(filled, by=BINH.user), along(filled, visit=VISIT)

    filled.reinstate_post(VISIT, "P-02", by=BINH, reason="Cần lại")

    last = filled.plan.position
    assert along(filled, by=BINH.user) == [*before[0], last]
    assert along(filled, visit=VISIT) == [*before[1], last]


def test_an_officer_who_is_used_later_brings_the_earlier_events(filled: Planner) -> None:
    registered = next(n for n, event in filled.timeline.events() if event.originator_id == "officer/CA-0114")
    before = along(filled, visit=VISIT)

    filled.reinstate_post(VISIT, "P-02", by=BINH, reason="Cần lại")
    assign(filled, "P-02", "CA-0114")

    assert registered not in before
    assert registered in along(filled, visit=VISIT)


def test_who_did_what_is_counted_and_follows_too(filled: Planner) -> None:
    found = Walks(filled.timeline)
    before = found.doings(filled.plan)

    filled.reinstate_post(VISIT, "P-02", by=BINH, reason="Cần lại")
    after = found.doings(filled.plan)

    assert before.by[BINH.user] == 1
    assert after.by == {**before.by, BINH.user: 2}
    assert after.kinds["PostReinstated"] == 1


def test_steps_are_those_of_single_looks_whatever_lies_between(filled: Planner) -> None:
    positions = [1, 2, 5, 6, filled.plan.position]

    found = [(one.position, one.event, one.sentence, one.differences) for one in steps(filled.timeline, positions)]

    single = [step(filled.timeline, n) for n in positions]
    assert found == [(one.position, one.event, one.sentence, one.differences) for one in single]


def test_one_step_tells_the_changes_of_its_event_only(filled: Planner) -> None:
    (position,) = along(filled, kind="PostCancelled")

    (difference,) = step(filled.timeline, position).differences

    assert difference.subject == f"post/{VISIT}/P-02"


@pytest.mark.parametrize(
    ("typed", "written"),
    [("=1+1", "'=1+1"), ("+84", "'+84"), ("-", "'-"), ("@x", "'@x"), ("a=1", "a=1"), ("", ""), (5, 5)],
)
def test_no_cell_is_a_formula(typed: object, written: object) -> None:
    assert as_text(typed) == written


def test_another_process_is_followed(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    before = along(planner, kind="PostCancelled")
    beside = another(tmp_path, clock)

    beside.cancel_post(VISIT, "P-02", by=HOA, reason="Gộp")

    assert before == []
    assert along(planner, kind="PostCancelled") == [planner.plan.position]
    beside.close()


def test_a_search_that_found_somebody_by_name_finds_nobody_once_the_person_is_erased(filled: Planner) -> None:
    """The same words were walked along before: what was remembered would tell whose name it was."""
    name = filled.plan.officer("CA-0113").name.romanised
    assert along(filled, words=name) != []  # the control

    filled.erase_person("CA-0113", by=BINH, reason="Theo yêu cầu của đương sự")

    assert along(filled, words=name) == []
    assert along(filled, words="CA-0113") != []
