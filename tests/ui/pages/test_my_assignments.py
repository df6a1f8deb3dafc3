"""The page «My assignments»: only the own duties, acknowledging what was read, and what to do where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.assignment import AssignmentStatus
from domain.base import Actor, Role, changed
from planner.demo.cast import MY_OFFICER, VISIT
from planner.duty_list import DutyList, duty_list
from tests.demo_pages import copied, looked_at, page, said
from ui.shell import Shell

pytestmark = pytest.mark.slow
NAM = Actor("commander", frozenset({Role.COMMANDER}))


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Iterator[Shell]:
    with looked_at(copied(told, tmp_path), "officer") as shell:
        yield shell


def mine(shell: Shell) -> DutyList:
    return duty_list(shell.planner.plan, MY_OFFICER, shell.planner.clock())


def changed_since(shell: Shell) -> str:
    """Change the instructions of a coming duty that was acknowledged; its key."""
    one = mine(shell).coming[0]
    officer = Actor("officer", frozenset({Role.OFFICER}), MY_OFFICER)
    if one.must_acknowledge:
        shell.planner.acknowledge_assignment(VISIT, one.assignment.code, by=officer)
    shell.planner.issue_post_order(
        VISIT, one.duty.post.code, "Chỉ cho xe có phù hiệu vào.", by=NAM, reason="Lệnh mới của O'Brien"
    )
    return one.assignment.key.replace("/", "_")


def test_an_officer_sees_the_own_duties_and_no_others(shell: Shell) -> None:
    run = page("my_assignments").run()

    own = {duty.post for duty in shell.planner.plan.assignments_of_officer(MY_OFFICER)}
    others = {post.code for post in shell.planner.plan.posts(VISIT)} - own
    assert not run.exception
    assert any(f"{code} · " in said(run) for code in own)
    assert [code for code in others if f"{code} · " in said(run)] == []


def test_a_changed_duty_is_told_and_acknowledged_as_it_was_read(shell: Shell) -> None:
    key = changed_since(shell)
    run = page("my_assignments").run()
    told = said(run)

    run.button(key=f"ack_{key}").click().run()

    duty = shell.planner.plan.assignment(VISIT, key.rpartition("_")[2])
    assert "This duty changed since you acknowledged it" in told
    assert "Chỉ cho xe có phù hiệu vào." in told
    assert not run.exception
    assert duty.status is AssignmentStatus.ACKNOWLEDGED


def test_a_duty_that_changes_between_reading_and_acknowledging_is_refused(shell: Shell) -> None:
    key = changed_since(shell)
    run = page("my_assignments").run()
    one = mine(shell).coming[0]

    shell.planner.amend_post(
        VISIT, one.duty.post.code, changed(one.duty.post.details, radio="Kênh 9"), by=NAM, reason="Kênh cũ bị nhiễu"
    )
    run.button(key=f"ack_{key}").click().run()

    duty = shell.planner.plan.assignment(VISIT, key.rpartition("_")[2])
    assert not run.exception
    assert duty.status is AssignmentStatus.CONFIRMED


def test_an_account_without_an_officer_is_told_what_to_do(told: Path, tmp_path: Path) -> None:
    with looked_at(copied(told, tmp_path), "planner"):
        run = page("my_assignments").run()

        assert not run.exception
        assert "linked to no officer" in run.info[0].value


def test_an_officer_without_duties_is_told_so(shell: Shell) -> None:
    for duty in shell.planner.plan.assignments_of_officer(MY_OFFICER):
        if duty.counts:
            shell.planner.withdraw_assignment(VISIT, duty.code, by=NAM, reason="đổi người")

    run = page("my_assignments").run()

    assert "You have no duty yet" in run.info[0].value
