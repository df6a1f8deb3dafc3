"""The settings of one's own account: what a session that was left open must not do asks for the password again."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.demo.story import PASSWORD
from tests.planning_pages import demo_seen_by, opened, pressed
from ui.shell import Shell

pytestmark = pytest.mark.slow


def sessions(shell: Shell, user: str) -> int:
    return len(shell.door.of_user(user))


@pytest.mark.parametrize("button", ["end_others", "one"])
def test_other_sessions_are_ended_by_who_says_the_password(told: Path, tmp_path: Path, button: str) -> None:
    with demo_seen_by("planner", told, tmp_path) as shell:
        other = shell.door.by_token(shell.door.admit(shell.accounts.account("planner"), client="10.0.0.7"))
        assert other is not None
        key = f"end_{other.id[:12]}" if button == "one" else button
        before = sessions(shell, "planner")

        for password in ("", "wrong"):
            run = opened("settings")
            run.text_input(key="own_sessions_password").set_value(password)
            refused = pressed(run, key)
            assert [one.value for one in refused.error] == ["The present password is not right."]
        kept = sessions(shell, "planner")
        run = opened("settings")
        run.text_input(key="own_sessions_password").set_value(PASSWORD)
        pressed(run, key)

        assert (before, kept, sessions(shell, "planner")) == (2, 2, 1)


def test_a_calendar_address_is_opened_by_who_says_the_password(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("officer", told, tmp_path) as shell:
        refused = pressed(opened("settings"), "open_feed")
        closed = shell.accounts.account("officer").has_feed
        run = opened("settings")
        run.text_input(key="own_calendar_password").set_value(PASSWORD)
        shown = pressed(run, "open_feed")

        assert ([one.value for one in refused.error], closed) == (["The present password is not right."], False)
        assert shell.accounts.account("officer").has_feed
        assert [one.value.startswith("/calendar/") or "/calendar/" in one.value for one in shown.code] == [True]
