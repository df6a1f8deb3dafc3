"""The page «Home»: what is coming, what is wrong, what changed, and what to do first."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.base import Actor, Role
from planner.demo.cast import VISIT
from planner.demo.story import HOA, PASSWORD
from tests.demo_pages import said
from tests.planning_pages import demo_seen_by, new_site_seen_by, opened
from tests.small_force import empty_site
from ui.components.overview import to_mend

pytestmark = pytest.mark.slow


def test_a_planner_sees_the_visit_with_its_worst_finding_and_the_last_changes(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("planner", told, tmp_path) as shell:
        run = opened("home")
        found = shell.planner.checks.of(shell.planner.plan, VISIT).findings
        (next_to_mend,) = to_mend(found, shell.planner.clock())

    assert not run.exception
    assert VISIT in said(run)
    assert "Đoàn đại biểu tỉnh Savannakhet (Laos)" in said(run)
    assert f"{next_to_mend.rule} " in said(run)
    assert "Acknowledged the duty" in said(run)


def test_a_cancelled_visit_says_so_and_is_not_checked(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("planner", told, tmp_path) as shell:
        before = opened("home")
        shell.planner.cancel_visit(VISIT, by=HOA, reason="Hoãn")
        after = opened("home")

    assert "blocking" in said(before)
    assert "cancelled" in said(after)
    assert "blocking" not in said(after)


def test_what_changed_shows_reasons_exactly_as_typed(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("planner", told, tmp_path) as shell:
        shell.planner.cancel_activity(VISIT, "A-07", by=HOA, reason="<b>x</b> ${1}")
        run = opened("home")

    assert "&lt;b&gt;x&lt;/b&gt; ${1}" in said(run)
    assert "<b>x</b>" not in said(run)


def test_an_officer_sees_the_next_duty_and_no_visit(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("officer", told, tmp_path):
        run = opened("home")

    assert "My next duty" in [heading.value for heading in run.subheader]
    assert "What changed lately" not in [heading.value for heading in run.subheader]


def test_a_new_site_tells_a_planner_what_to_do_first(tmp_path: Path) -> None:
    with new_site_seen_by("planner", tmp_path):
        run = opened("home")

    assert "There is no visit yet." in said(run)
    assert "1. Register a visit" in said(run)
    assert "ask its commander or planner to let you in" in said(run)


def test_a_new_site_tells_who_may_not_register_that_a_planner_does(tmp_path: Path) -> None:
    with new_site_seen_by("auditor", tmp_path):
        run = opened("home")

    assert "A planner registers the first one." in said(run)
    assert "1. Register a visit" not in said(run)
    assert "ask its commander or planner to let you in" in said(run)


def test_an_officer_who_is_linked_to_nobody_is_told_who_can_help(tmp_path: Path) -> None:
    with empty_site(tmp_path, Role.OFFICER):
        run = opened("home")

    (told,) = run.info
    assert not run.exception
    assert told.value.startswith("This account is linked to no officer, so it has no duties. Ask an administrator")


def test_an_administrator_sees_accounts_and_no_visit(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("planner", told, tmp_path) as shell:
        chief = Actor("chief", frozenset({Role.ADMINISTRATOR}))
        shell.accounts.create("chief", by=chief, roles={Role.ADMINISTRATOR}, display_name="Chief", password=PASSWORD)
        session = shell.door.by_token(shell.door.sign_in("chief", PASSWORD, client="test"))
        assert session is not None
        shell.accounts.set_look("chief", language="en")
        shell.presumed = session.id
        run = opened("home")
        number = len(list(shell.accounts))

    assert f"{number} accounts" in said(run)
    assert VISIT not in said(run)
