"""Who belongs to a visit, on the page «Visits» and in the settings: seen with the reasons, decided by who may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Actor, Role
from domain.membership import Terms
from tests.demo_pages import said
from tests.examples import PLANNING, VISIT
from tests.planner.acting import HOA, let_in
from tests.planning_pages import errors, opened, pressed, told_to
from tests.serving import ADMINISTRATOR, PASSWORD
from tests.small_force import small_force
from ui.shell import Shell

MINH = "minh"


def with_minh(shell: Shell, *roles: Role) -> None:
    shell.accounts.create(MINH, by=ADMINISTRATOR, roles=roles, password=PASSWORD)


def roles_of(shell: Shell, user: str = MINH) -> list[str]:
    terms = shell.planner.plan.membership(VISIT, user).terms
    return [] if terms is None else sorted(terms.roles)


def test_the_roll_says_who_belongs_and_why(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        let_in(shell.planner, Actor(MINH, frozenset({Role.PROTOCOL})), visit=VISIT)
        run = opened("visits", "visit_roll", visit=VISIT)

    assert not run.exception
    told = said(run).replace("\\", "")
    assert told.index(HOA.user) < told.index("registered the visit") < told.index(MINH) < told.index("Test")
    assert "Members of every visit: lan (commander)" in told


def on_the_way(run: AppTest, way: str) -> AppTest:
    return run.segmented_control(key=f"members_way_{VISIT}").set_value(way).run()


def because(run: AppTest, form: str, reason: str) -> AppTest:
    (field,) = [one for one in run.text_input if str(one.key).startswith(form) and str(one.key).endswith("_reason")]
    field.set_value(reason)
    return run


def test_a_commander_lets_somebody_in_and_puts_out_again(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        with_minh(shell, Role.PLANNER, Role.AUDITOR)
        run = on_the_way(opened("visits", "visit_roll", visit=VISIT), "grant")
        run = pressed(because(run, "grant", "Trực thay"), "grant_membership")
        granted, told = roles_of(shell), told_to(run)
        run = on_the_way(opened("visits", "visit_roll", visit=VISIT), "change")
        run = run.selectbox(key="changed_member").set_value(MINH).run()
        run = pressed(because(run, "amend", "Hết ca"), "end_membership")
        ended = roles_of(shell)

    assert not run.exception
    assert (granted, told) == (["auditor", "planner"], "minh is a member now.")
    assert (ended, told_to(run)) == ([], "minh is no longer a member.")


def test_a_membership_is_given_for_a_time(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        with_minh(shell, Role.PLANNER)
        run = on_the_way(opened("visits", "visit_roll", visit=VISIT), "grant")
        next(one for one in run.checkbox if one.label == "Only until a time").set_value(True)
        pressed(because(run.run(), "grant", "Trực thay"), "grant_membership")
        terms = shell.planner.plan.membership(VISIT, MINH).terms

    assert terms is not None
    assert (terms.opens, terms.closes) == (None, PLANNING + timedelta(days=1))


def test_what_needs_a_reason_is_refused_without_one(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        with_minh(shell, Role.PLANNER)
        run = on_the_way(opened("visits", "visit_roll", visit=VISIT), "grant")
        run = pressed(run, "grant_membership")
        held = roles_of(shell)

    assert errors(run) == ["Say why: this needs a reason."]
    assert held == []


@pytest.mark.parametrize(
    ("role", "ways"), [(Role.AUDITOR, []), (Role.PROTOCOL, []), (Role.PLANNER, [["Members", "Let somebody in"]])]
)
def test_nothing_is_offered_that_would_be_refused(tmp_path: Path, role: Role, ways: list[list[str]]) -> None:
    with small_force(tmp_path, role) as shell:
        nam = Actor("nam", frozenset({Role.COMMANDER}))
        let_in(shell.planner, nam)
        terms = Terms(roles=frozenset({Role.COMMANDER}))
        shell.planner.amend_membership(VISIT, HOA.user, terms, by=nam, reason="Chỉ huy")
        run = opened("visits", "visit_roll", visit=VISIT)

    offered = [one.options for one in run.segmented_control if one.key == f"members_way_{VISIT}"]
    assert not run.exception
    assert offered == ways


def test_who_is_no_member_of_a_visit_is_offered_nothing_there(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER, Role.AUDITOR) as shell:
        shell.planner.end_site_membership("lan", by=ADMINISTRATOR, reason="Test")
        terms = Terms(roles=frozenset({Role.AUDITOR}))
        let_in(shell.planner, Actor("nam", frozenset({Role.COMMANDER})))
        nam = Actor("nam", frozenset({Role.COMMANDER}))
        shell.planner.grant_membership(VISIT, "lan", terms, by=nam, reason="Kiểm tra")
        pages = {name: opened(name, visit=VISIT) for name in ("visits", "programme", "duty_board", "map")}

    keys = {str(one.key) for run in pages.values() for one in run.get("button")}
    assert [name for name, run in pages.items() if run.exception] == []
    assert keys & {"amend_visit", "cancel_visit", "save_post", "plan_routes", "import_rows"} == set()
    assert "Change the visit" not in {one.label for one in pages["visits"].expander}


def test_the_administrator_lets_into_every_visit_without_seeing_one(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.ADMINISTRATOR) as shell:
        let_in(shell.planner, Actor("nam", frozenset({Role.COMMANDER})))
        run = opened("settings")

    assert not run.exception
    assert "nam" in said(run)
    assert VISIT not in said(run)
