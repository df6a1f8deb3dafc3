"""Keys to sign with, on pages: the own ones, those of all, vouching and revoking."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.signing import signing_keys
from planner.demo.story import PASSWORD
from planner.personal_keys import PersonalKeys
from tests.demo_pages import said
from tests.planning_pages import demo_seen_by, opened, pressed
from ui.shell import Shell

pytestmark = pytest.mark.slow


def signed_once(shell: Shell, user: str) -> str:
    """The account has a key that the log tells of."""
    one = PersonalKeys(shell.accounts).actor(shell.accounts.account(user), PASSWORD, "page duty_board")
    shell.planner.make_signing_key(by=one)
    assert one.signer is not None
    return one.signer.key


def test_a_person_sees_the_own_key_and_no_other(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("planner", told, tmp_path) as shell:
        other, key = signed_once(shell, "commander"), signed_once(shell, "planner")

        shown = [one.value for one in opened("settings").code]

        assert shown == [one.public_key for one in signing_keys(shell.planner.plan, "planner").live]
        assert (key in shown, other in shown) == (True, False)


def test_an_administrator_vouches_with_the_password_and_revokes(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("admin", told, tmp_path) as shell:
        signed_once(shell, "planner")
        run = opened("settings")
        run.selectbox(key="signing_keys_user").set_value("planner")
        run.text_input(key="signing_keys_password").set_value("wrong")
        refused = pressed(run, "vouch_for_keys")
        run = opened("settings")
        run.selectbox(key="signing_keys_user").set_value("planner")
        run.text_input(key="signing_keys_password").set_value(PASSWORD)
        done = pressed(run, "vouch_for_keys")
        vouched = [one.vouched_by for one in signing_keys(shell.planner.plan, "planner").live]
        run = opened("settings")
        run.selectbox(key="signing_keys_user").set_value("planner")
        run.text_input(key="signing_keys_reason").set_value("Máy bị mất")
        pressed(run, "revoke_keys")

        assert [one.value for one in refused.error] == ["This is signed with your password; this one is not right."]
        assert not done.exception
        assert set(vouched) == {"admin"}
        assert signing_keys(shell.planner.plan, "planner").live == ()


def test_an_auditor_sees_all_keys_and_decides_on_none(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("auditor", told, tmp_path) as shell:
        key = signed_once(shell, "planner")

        run = opened("integrity")

        assert not run.exception
        assert key.removeprefix("planner+")[:24] in said(run)
        assert not [one for one in run.button if one.key in ("vouch_for_keys", "revoke_keys")]
