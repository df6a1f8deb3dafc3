"""The rules of access in the settings, for auditors and administrators."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from domain.base import Role
from planner.access import RULES
from tests.demo_pages import said
from tests.planning_pages import opened
from tests.small_force import empty_site


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_auditor_and_administrator_read_every_rule(tmp_path: Path, role: Role) -> None:
    with empty_site(tmp_path, role):
        run = opened("settings")

    assert not run.exception
    told = unescape(said(run))
    assert [str(rule.says) for rule in RULES if str(rule.says) not in told] == []


def test_nobody_else_is_shown_them(tmp_path: Path) -> None:
    with empty_site(tmp_path, *(set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR})):
        run = opened("settings")

    assert not run.exception
    assert "Rules of access" not in [tab.label for tab in run.tabs]
    assert str(RULES[0].says) not in said(run)
