"""Erasing a visit on its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.base import Role
from tests.demo_pages import said
from tests.examples import VISIT
from tests.planner.acting import HOA
from tests.planning_pages import opened, pressed, told_to
from tests.small_force import small_force
from ui.shell import Shell

pytestmark = pytest.mark.slow


def cancelled(shell: Shell) -> None:
    """The visit does not take place."""
    shell.planner.cancel_visit(VISIT, by=HOA, reason="Hoãn")


def test_a_commander_erases_a_visit_by_typing_its_code(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.COMMANDER) as shell:
        cancelled(shell)
        run = opened("visits", "erase_visit_form", visit=VISIT)
        locked = run.button(key="erase_visit").disabled
        run.text_input(key="erase_visit_code").set_value(VISIT)
        run.text_input(key="erase_visit_reason").set_value("Hết thời hạn lưu giữ")
        run = run.run()
        open_ = run.button(key="erase_visit").disabled
        done = pressed(run, "erase_visit")
        after = opened("visits", visit=VISIT)
        history = opened("history")

        assert (locked, open_) == (True, False)
        assert told_to(done) == f"Visit {VISIT} was erased."
        assert not any(one.exception for one in (done, after, history))
        assert "There is no visit yet" in said(after)
        assert shell.planner.plan.visits == ()


def test_who_plans_is_not_offered_it(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        cancelled(shell)

        run = opened("visits", "erase_visit_form", visit=VISIT)

        assert [one for one in run.button if one.key == "erase_visit"] == []
