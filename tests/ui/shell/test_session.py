"""What pages stand on: who looks, commands with an undo, refusals in words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Role
from domain.refusals import PlanningError
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.sign_in import Doorkeeper
from tests.serving import ADMINISTRATOR, PASSWORD
from ui.shell import Shell, open_shell

PAGES = Path(__file__).parents[3] / "ui" / "pages"
LONG = 30


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """A shell without a server; ``as_user`` says who looks."""
    planner = Planner(tmp_path / "data", tmp_path / "key")
    accounts = Accounts(tmp_path / "data", planner.store.keys.database)
    shell = Shell(planner, accounts, Doorkeeper(accounts))
    open_shell(shell)
    yield shell
    open_shell(None)
    accounts.close()
    planner.close()


@pytest.fixture
def as_user(shell: Shell) -> Callable[..., None]:
    """Lets page scripts be looked at by a new account with the given roles."""

    def look(*roles: Role, user: str = "lan") -> None:
        shell.accounts.create(user, by=ADMINISTRATOR, roles=roles, look=Look(language="en"), password=PASSWORD)
        session = shell.door.by_token(shell.door.sign_in(user, PASSWORD, client="test"))
        assert session is not None
        shell.presumed = session.id

    return look


def commanding() -> None:
    """A page with one command; its button is pressed or not."""
    import streamlit as st

    from domain.officer import OfficerDetails
    from domain.values import PersonName
    from ui import session

    now = session.current()
    session.tell()
    st.text(f"{len(session.planner().plan.officers)} officers")
    if st.button("Register", key="register"):
        details = OfficerDetails(name=PersonName(romanised="Trần Văn Đạt"), unit="Đội 1")
        session.act(
            "Trần Văn Đạt was registered.",
            lambda: session.planner().register_officer("CA-0113", details, by=now.actor),
        )


def test_without_a_session_nothing_of_the_page_is_shown(shell: Shell) -> None:
    page = AppTest.from_function(commanding, default_timeout=LONG).run()

    assert [warning.value for warning in page.warning] == ["Phiên làm việc đã kết thúc. Hãy đăng nhập lại."]
    assert len(page.text) == 0


def test_after_a_command_the_page_says_what_happened_with_an_undo_beside_it(
    shell: Shell, as_user: Callable[..., None]
) -> None:
    as_user(Role.PLANNER)
    page = AppTest.from_function(commanding, default_timeout=LONG).run()

    page.button(key="register").click().run()
    said, officers = page.success[0].value, page.text[0].value
    page.button(key="undo").click().run()

    assert (said, officers) == ("Trần Văn Đạt was registered.", "1 officers")
    assert page.success[0].value == "Taken back\\: Trần Văn Đạt was registered."
    assert shell.planner.plan.officer("CA-0113").retired


def test_a_refused_command_says_why_and_changes_nothing(shell: Shell, as_user: Callable[..., None]) -> None:
    as_user(Role.AUDITOR)
    page = AppTest.from_function(commanding, default_timeout=LONG).run()

    page.button(key="register").click().run()

    assert page.error[0].value.startswith("Account lan may not do this")
    assert shell.planner.plan.position == 0


def test_a_session_that_ended_is_noticed_at_the_next_rerun(shell: Shell, as_user: Callable[..., None]) -> None:
    as_user(Role.PLANNER)
    page = AppTest.from_function(commanding, default_timeout=LONG).run()

    shell.accounts.disable("lan", by=ADMINISTRATOR)
    page.button(key="register").click().run()

    assert len(page.warning) == 1
    assert shell.planner.plan.position == 0


def test_the_state_of_another_session_is_not_taken_over(shell: Shell, as_user: Callable[..., None]) -> None:
    as_user(Role.PLANNER)
    page = AppTest.from_function(commanding, default_timeout=LONG).run()
    page.session_state["note"] = "for Lan only"

    as_user(Role.PLANNER, user="minh")
    page.run()

    assert "note" not in page.session_state


def test_somebody_without_that_role_sees_no_accounts_in_the_settings(
    shell: Shell, as_user: Callable[..., None]
) -> None:
    as_user(Role.PLANNER)

    page = AppTest.from_file(PAGES / "settings.py", default_timeout=LONG).run()

    assert not page.exception
    assert [tab.label for tab in page.tabs] == ["My account"]


def test_the_administrator_creates_an_account_and_is_shown_its_one_time_password(
    shell: Shell, as_user: Callable[..., None]
) -> None:
    as_user(Role.ADMINISTRATOR)
    page = AppTest.from_file(PAGES / "settings.py", default_timeout=LONG).run()

    page.text_input(key="new_user").input("Minh")
    page.text_input(key="new_name").input("O'Brien <b>x</b> ${1}")
    page.multiselect(key="new_roles").select(Role.OFFICER)
    page.text_input(key="new_officer").input("CA-0113")
    page.button(key="create_account").click().run()

    made = shell.accounts.account("minh")
    assert not page.exception
    assert (made.display_name, made.officer) == ("O'Brien <b>x</b> ${1}", "CA-0113")
    assert made.roles == {Role.OFFICER}
    assert page.success[0].value.startswith("The one-time password of minh is ")
    assert (page.text_input(key="new_user").value, page.multiselect(key="new_roles").value) == ("", [])


def test_an_account_is_changed_disabled_and_enabled_again(shell: Shell, as_user: Callable[..., None]) -> None:
    shell.accounts.create("minh", by=ADMINISTRATOR, roles=[Role.OFFICER], password=PASSWORD)
    as_user(Role.ADMINISTRATOR)
    page = AppTest.from_file(PAGES / "settings.py", default_timeout=LONG).run()
    page.selectbox(key="changed_user").select("minh").run()

    page.multiselect(key="roles_minh").unselect(Role.OFFICER).select(Role.AUDITOR)
    page.button(key="save_account").click().run()
    told = [one.value for one in page.success]
    told += [one.value for one in page.button(key="save_account").click().run().success]
    told += [one.value for one in page.button(key="disable_account").click().run().success]
    disabled = shell.accounts.account("minh").disabled
    told += [one.value for one in page.button(key="enable_account").click().run().success]

    assert not page.exception
    assert told == [
        "Account minh was changed.",
        "Nothing had to change.",
        "Account minh was disabled; nobody can sign in with it any more.",
        "Account minh can be used again.",
    ]
    assert shell.accounts.account("minh").roles == {Role.AUDITOR}
    assert (disabled, shell.accounts.account("minh").disabled) == (True, False)


def test_the_last_administrator_is_told_why_it_cannot_be_disabled(shell: Shell, as_user: Callable[..., None]) -> None:
    as_user(Role.ADMINISTRATOR)
    page = AppTest.from_file(PAGES / "settings.py", default_timeout=LONG).run()

    page.button(key="disable_account").click().run()

    assert page.error[0].value == "lan is the only administrator. Give another account that role first."


@pytest.mark.parametrize(("role", "shown"), [(Role.ADMINISTRATOR, True), (Role.AUDITOR, True), (Role.PLANNER, False)])
def test_who_signed_in_is_shown_to_administrators_and_auditors(
    shell: Shell, as_user: Callable[..., None], role: Role, shown: bool
) -> None:
    as_user(role)
    with contextlib.suppress(PlanningError):
        shell.door.sign_in("lan", "wrong <b>x</b>", client="10.0.0.7")

    page = AppTest.from_file(PAGES / "settings.py", default_timeout=LONG).run()
    if shown:
        page.text_input(key="sign_ins_of").input("LAN").run()
        page.button(key="verify_sign_ins").click().run()

    assert not page.exception
    assert ("Sign-ins" in [tab.label for tab in page.tabs]) is shown
    told = " ".join(str(one.proto.body) for one in page.get("html"))
    assert ("sign-in refused: user name or password" in told, "10.0.0.7" in told) == (shown, shown)
    assert [one.value for one in page.success] == (
        ["Every row of the log of sign-ins is as it was written."] if shown else []
    )


def test_an_administrator_ends_the_sessions_of_an_account(shell: Shell, as_user: Callable[..., None]) -> None:
    shell.accounts.create("minh", by=ADMINISTRATOR, roles=[Role.OFFICER], password=PASSWORD)
    shell.door.sign_in("minh", PASSWORD, client="x")
    as_user(Role.ADMINISTRATOR)
    page = AppTest.from_file(PAGES / "settings.py", default_timeout=LONG).run()
    page.selectbox(key="changed_user").select("minh").run()

    page.button(key="end_all_sessions").click().run()

    assert [one.value for one in page.success] == ["All sessions of minh have ended."]
    assert shell.door.of_user("minh") == []
    assert len(shell.door.of_user("lan")) == 1
