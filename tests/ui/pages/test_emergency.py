"""Break-glass on the pages: the form, the alarm of commander and auditor, ending and reviewing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Actor, Role
from domain.refusals import NotFound
from planner.account import Look
from planner.personal_keys import PersonalKeys
from tests.demo_pages import said
from tests.domain.test_emergency import Signs
from tests.examples import PLANNING, VISIT
from tests.planner.acting import ADMINISTRATOR, Clock, let_in
from tests.planning_pages import errors, opened, pressed, told_to
from tests.serving import PASSWORD
from tests.small_force import small_force
from ui.shell import Shell

WHY = "Cháy ở khách sạn, cần biết các chốt ${1} <b>x</b>"


@contextlib.contextmanager
def outsider(folder: Path) -> Iterator[Shell]:
    """Lan looks, who plans other visits and is no member of this one."""
    with small_force(folder, Role.PLANNER) as shell:
        shell.planner.end_site_membership("lan", by=ADMINISTRATOR, reason="Test")
        yield shell


def filled(run: AppTest, code: str = VISIT, reason: str = WHY, password: str = PASSWORD) -> AppTest:
    run.text_input(key="emergency_code").set_value(code)
    run.text_input(key="emergency_reason").set_value(reason)
    run.text_input(key="emergency_password").set_value(password)
    return pressed(run, "emergency_open")


def broken(shell: Shell) -> None:
    """Minh, who has no part in the visit, opens it."""
    shell.accounts.create("minh", by=ADMINISTRATOR, roles={Role.PLANNER}, look=Look(language="en"), password=PASSWORD)
    minh = PersonalKeys(shell.accounts).actor(shell.accounts.account("minh"), PASSWORD, "page visits")
    shell.planner.open_emergency_access(VISIT, by=minh, reason=WHY)


def later(shell: Shell, **time: float) -> None:
    clock = shell.planner.clock
    assert isinstance(clock, Clock)
    clock.moment = PLANNING + timedelta(**time)


def test_where_a_visit_is_not_seen_the_way_in_is_shown_and_leads_to_it(tmp_path: Path) -> None:
    with outsider(tmp_path) as shell:
        before = opened("visits", "emergency", visit=VISIT)
        run = filled(opened("visits", "emergency"))
        seen = opened("visits", visit=VISIT)
        ended = pressed(opened("home"), f"emergency_end_{VISIT}/lan")
        after = opened("visits", visit=VISIT)
        entity = shell.planner.plan.emergency(VISIT, "lan")

    assert not any(one.exception for one in (run, seen, ended, after))
    assert "There is no visit yet" in said(before)
    assert told_to(run) == f"You see visit {VISIT} for 60 minutes."
    assert "visit-title" in said(seen)
    assert told_to(ended) == f"You no longer see visit {VISIT}."
    assert "There is no visit yet" in said(after)
    assert [one.signed for one in entity.openings] == [True]


@pytest.mark.parametrize("code", [VISIT, "NO-2026-99"])
@pytest.mark.parametrize(
    ("reason", "password", "refusal"),
    [
        ("ngắn", PASSWORD, "Say why in 20 characters or more: it is signed, and others are told at once."),
        (WHY, "wrong", "This is signed with your password; this one is not right."),
        (WHY, "", "Type your password: this is signed with it."),
    ],
)
def test_the_form_says_the_same_of_every_code(
    tmp_path: Path, code: str, reason: str, password: str, refusal: str
) -> None:
    with outsider(tmp_path) as shell:
        run = filled(opened("visits", "emergency"), code, reason, password)
        noted = [(one.command, one.visit) for one in shell.planner.refusals.listed()]

    assert not run.exception
    assert errors(run) == [refusal]
    assert noted == ([] if password == PASSWORD else [("sign", code)])


def test_press_is_shown_no_form(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PRESS):
        run = opened("visits", "emergency")

    assert [one.key for one in run.text_input if str(one.key).startswith("emergency")] == []


@pytest.mark.parametrize(
    ("role", "page"), [(Role.COMMANDER, "home"), (Role.AUDITOR, "home"), (Role.AUDITOR, "integrity")]
)
def test_commander_and_auditor_are_told_at_once_end_it_and_review_it(tmp_path: Path, role: Role, page: str) -> None:
    with small_force(tmp_path, role) as shell:
        quiet = opened(page)
        broken(shell)
        alarm = opened(page)
        ended = pressed(opened(page), f"emergency_revoke_{VISIT}/minh")
        form = opened(page)
        (field,) = [one for one in form.text_input if str(one.key).startswith("emergency_verdict")]
        field.set_value("Cần thiết")
        unsigned = pressed(form, f"emergency_review_{VISIT}/minh")
        refused = errors(unsigned)
        unsigned.text_input(key=f"emergency_review_password_{VISIT}/minh").set_value(PASSWORD)
        done = pressed(unsigned, f"emergency_review_{VISIT}/minh")
        told = [event for _, event in shell.planner.timeline.events()]
        shell.proof.close()

    assert not any(one.exception for one in (alarm, ended, done))
    assert refused[-1] == "Type your password: this is signed with it."
    assert "minh" not in said(quiet)
    assert next(one for one in errors(alarm) if "minh" in one).endswith(f"«{WHY}»")
    assert told_to(ended) == f"minh no longer sees visit {VISIT}."
    assert told_to(done) == "The emergency access of minh is reviewed."
    assert [type(event).__name__ for event in told[-2:]] == ["EmergencyAccessReviewed", "EmergencyAccessSigned"]
    assert [one for one in errors(done) if "minh" in one] == []


def stripped(page: str = "programme") -> list[str]:
    """What the strip above a page says."""
    script = "from ui import session\nfrom ui.components import alarm\n"
    run = AppTest.from_string(f"{script}alarm.strip(session.current(), session.reader(), {page!r})\n").run()
    assert not run.exception
    return errors(run)


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.AUDITOR])
def test_every_page_tells_commander_and_auditor_until_it_is_reviewed(tmp_path: Path, role: Role) -> None:
    with small_force(tmp_path, role) as shell:
        quiet = stripped()
        broken(shell)
        during, at_home = stripped(), stripped("home")
        later(shell, hours=2)
        over = stripped()
        lan = PersonalKeys(shell.accounts).actor(shell.accounts.account("lan"), PASSWORD, "page home")
        shell.planner.review_emergency_access(VISIT, "minh", "Cần thiết", by=lan)
        reviewed = stripped()

    assert (quiet, at_home, reviewed) == ([], [], [])
    assert [line.partition(", until")[0] for line in during] == [f"minh has opened visit {VISIT} in an emergency"]
    assert over == ["1 emergency access waits for your review."]


def test_every_page_tells_who_opened_it_and_no_planner(tmp_path: Path) -> None:
    with outsider(tmp_path / "own"):
        filled(opened("visits", "emergency"))
        own = stripped()
    with small_force(tmp_path / "other", Role.PLANNER) as shell:
        broken(shell)
        other = stripped()

    assert [line.partition(" until")[0] for line in own] == [f"You see visit {VISIT} by emergency access"]
    assert other == []


def test_an_overdue_review_is_an_alarm_of_its_own(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        broken(shell)
        later(shell, hours=23)
        waiting = [one for one in errors(opened("home")) if "overdue" in one]
        later(shell, hours=25)
        overdue = [one for one in errors(opened("home")) if "overdue" in one]

    assert (len(waiting), len(overdue)) == (0, 1)


def test_a_planner_of_the_visit_is_not_asked_to_review(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        broken(shell)
        run = opened("home")

    assert [one for one in errors(run) if "minh" in one] == []


def test_pages_are_drawn_anew_when_the_time_is_over(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        broken(shell)
        states = []
        for minutes in (0, 59, 60):
            later(shell, minutes=minutes)
            states.append(shell.state(shell.planner.plan))

    assert states[0] == states[1] < states[2]


def test_who_opened_it_is_told_by_the_page_itself_that_it_is_open(tmp_path: Path) -> None:
    with outsider(tmp_path):
        filled(opened("visits", "emergency"))
        run = opened("home")

    assert [one.value for one in run.warning if "emergency access" in one.value] != []


def test_who_audits_every_visit_sees_refused_commands_and_guesses(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell:
        minh = Actor("minh", frozenset({Role.PLANNER}), via="page visits", signer=Signs())
        with pytest.raises(NotFound):
            shell.planner.cancel_post(VISIT, "P-01", by=minh)
        with pytest.raises(NotFound):
            shell.planner.open_emergency_access("NO-2026-99", by=minh, reason=WHY)
        run = opened("integrity")
        verified = pressed(opened("integrity"), "verify_refusals")
        shell.proof.close()

    assert not any(one.exception for one in (run, verified))
    assert "refused (hidden or not there): to cancel or reinstate posts; codes: " in said(run)
    assert errors(run) == ["minh asked in an emergency for 1 visit that is not there."]
    assert "Every row of the log of refusals is as it was written." in [one.value for one in verified.success]


def test_who_audits_one_visit_alone_is_shown_no_codes_of_others(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell:
        let_in(shell.planner, Actor("lan", frozenset({Role.AUDITOR})), visit=VISIT)
        shell.planner.end_site_membership("lan", by=ADMINISTRATOR, reason="Test")
        run = opened("integrity")
        shell.proof.close()

    assert not run.exception
    assert "Refused commands" not in [one.value for one in run.subheader]


def test_who_is_a_member_of_every_visit_is_shown_no_form(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER):
        run = opened("visits", "emergency")

    assert "I need to see a visit I am not a member of" not in [part.label for part in run.expander]
