"""Taking back from the history: what was done before, with its reason, by whoever may do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import changed
from planner.demo.story import HOA
from tests.planning_pages import demo_seen_by, errors, opened, pressed, told_to
from ui.shell import Shell

pytestmark = pytest.mark.slow
REASON = "Nhập nhầm địa điểm"


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Iterator[Shell]:
    with demo_seen_by("planner", told, tmp_path) as shell:
        yield shell


def renamed_hotel(shell: Shell) -> int:
    """The hotel is called otherwise; the position of the event that says so."""
    hotel = shell.planner.plan.venue("KHACH-SAN").details
    shell.planner.amend_venue("KHACH-SAN", changed(hotel, name="Khách sạn Mới"), by=HOA)
    return shell.planner.plan.position


def test_what_was_done_before_is_taken_back_with_its_reason(shell: Shell) -> None:
    name = shell.planner.plan.venue("KHACH-SAN").details.name
    position = renamed_hotel(shell)
    shell.planner.amend_venue("CANG", changed(shell.planner.plan.venue("CANG").details, notes="x"), by=HOA)
    run = opened("history", "take_back", at=str(position))

    run.text_input(key=f"take_back_reason_{position}").set_value(REASON)
    pressed(run, "take_back_now")

    last = list(shell.planner.timeline.events())[-1][1]
    assert errors(run) == []
    assert "Taken back: " in told_to(run)
    assert shell.planner.plan.venue("KHACH-SAN").details.name == name
    assert (last.by, last.reason) == (HOA.user, REASON)


def test_what_has_changed_since_is_refused_in_words(shell: Shell) -> None:
    position = renamed_hotel(shell)
    renamed = changed(shell.planner.plan.venue("KHACH-SAN").details, notes="x")
    shell.planner.amend_venue("KHACH-SAN", renamed, by=HOA)
    run = opened("history", "take_back", at=str(position))

    pressed(run, "take_back_now")

    assert errors(run) == ["KHACH-SAN «Khách sạn Mới» has changed since; change it by hand instead."]
    assert shell.planner.plan.venue("KHACH-SAN").details == renamed


def test_an_auditor_is_offered_nothing_to_take_back(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("auditor", told, tmp_path):
        run = opened("history", "take_back")

    assert not run.exception
    assert [button.key for button in run.button if button.key == "take_back_now"] == []
