"""Who came in, who was refused and what was done to accounts is recorded and sealed, and never a password."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.base import Role
from domain.refusals import PlanningError
from planner.access.sealed_log import LONGEST
from planner.access.sign_in_log import SELDOM, Happened, SignInLog, said
from planner.accounts import ONE_TIME, Accounts
from planner.identities import Identities
from planner.personal_keys import PersonalKeys
from planner.second_factor import STEP
from planner.sign_in import CodeNeeded, Doorkeeper, SignedIn
from planner.store.connection import connect
from planner.text import LANGUAGES, Speaker
from tests.planner.acting import ADMINISTRATOR, Clock
from tests.planner.quick_accounts import KEY, PASSWORD, QUICK
from tests.planner.test_second_factor import shown

OTHER = "a quite different one"


@pytest.fixture
def door(accounts: Accounts) -> Doorkeeper:
    accounts.create("lan", by=ADMINISTRATOR, roles=[Role.PLANNER], password=PASSWORD)
    return Doorkeeper(accounts)


def told(door: Doorkeeper, since: int = 1) -> list[tuple[str, str, str, str]]:
    """What was recorded after the first ``since`` rows, oldest first: what, account, by whom, from where."""
    found = reversed(door.accounts.log.listed())
    return [(str(one.what), one.user, one.by, one.client) for one in found if one.number > since]


def refused(command: object, *given: object, **named: object) -> None:
    assert callable(command)
    with pytest.raises(PlanningError):
        command(*given, **named)


def inside(door: Doorkeeper, client: str = "10.0.0.1") -> SignedIn:
    session = door.by_token(door.sign_in("lan", PASSWORD, client=client))
    assert session is not None
    return session


def test_coming_in_and_going_are_recorded_with_moment_account_and_address(door: Doorkeeper, clock: Clock) -> None:
    session = inside(door)
    clock.passes(timedelta(minutes=1))
    door.end(session.id)
    door.end(session.id)

    (out, came, _made) = door.accounts.log.listed()
    assert (out.at - came.at, came.at.tzinfo is not None, came.at) == (
        timedelta(minutes=1),
        True,
        clock.moment - timedelta(minutes=1),
    )
    assert told(door) == [("signed in", "lan", "", "10.0.0.1"), ("signed out", "lan", "", "10.0.0.1")]


def test_who_is_refused_is_recorded_by_name_only_where_it_is_a_name(door: Doorkeeper) -> None:
    refused(door.sign_in, "LAN", "wrong", client="10.0.0.1")
    refused(door.sign_in, PASSWORD, PASSWORD, client="10.0.0.2")

    assert told(door) == [("sign-in refused", "lan", "", "10.0.0.1"), ("sign-in refused", "", "", "10.0.0.2")]


def test_codes_passwords_and_the_second_factor_are_recorded(door: Doorkeeper, clock: Clock) -> None:
    secret = door.factors.enrolment("lan").secret
    door.factors.confirm("lan", shown(secret, clock))
    clock.passes(timedelta(seconds=STEP))
    with pytest.raises(CodeNeeded) as needed:
        door.sign_in("lan", PASSWORD, client="10.0.0.1")
    refused(door.second_step, needed.value.ticket, "000000", client="10.0.0.1")
    session = door.by_token(door.second_step(needed.value.ticket, shown(secret, clock), client="10.0.0.1"))
    assert session is not None
    refused(door.change_password, session, "wrong", OTHER)
    with pytest.raises(PlanningError), door.asked_again(session):
        PersonalKeys(door.accounts, QUICK).actor(session.account, "wrong", "test")
    refused(door.change_password, session, PASSWORD, "matkhau123456")
    door.change_password(session, PASSWORD, OTHER)

    assert told(door) == [
        ("second factor", "lan", "lan", ""),
        ("code refused", "lan", "", "10.0.0.1"),
        ("signed in", "lan", "", "10.0.0.1"),
        ("password refused", "lan", "", "10.0.0.1"),
        ("password refused", "lan", "", "10.0.0.1"),
        ("password changed", "lan", "lan", ""),
    ]


def test_what_administrators_do_is_recorded_with_who_did_it(door: Doorkeeper) -> None:
    accounts, chief = door.accounts, ADMINISTRATOR.user
    accounts.reset_password("lan", by=ADMINISTRATOR, proof="thẻ ngành")
    accounts.sign_out("lan", by=ADMINISTRATOR)
    door.factors.reset("lan", by=ADMINISTRATOR, proof="thẻ ngành")
    Identities(accounts).link("lan", "https://id.example", "lan", by=ADMINISTRATOR)
    Identities(accounts).unlink("lan", by=ADMINISTRATOR)
    accounts.set_roles("lan", [Role.AUDITOR], by=ADMINISTRATOR)
    accounts.disable("lan", by=ADMINISTRATOR)

    acts = ["password reset", "sessions ended", "second factor reset", "identity linked", "identity unlinked"]
    assert told(door) == [(what, "lan", chief, "") for what in (*acts, "roles", "disabled")]


def test_ending_the_other_sessions_is_recorded_where_there_were_any(door: Doorkeeper) -> None:
    here = inside(door)
    door.end_all("lan", but=here.id)
    inside(door, "10.0.0.2")
    door.end_all("lan", but=here.id)

    assert told(door, since=3) == [("sessions ended", "lan", "lan", "")]


def test_waiting_is_recorded_once_a_minute_for_each_address(door: Doorkeeper, clock: Clock) -> None:
    for _ in range(8):
        for client in ("10.0.0.1", "10.0.0.2"):
            refused(door.sign_in, "lan", "wrong", client=client)
    waiting = [one for one in told(door) if one[0] == Happened.MADE_TO_WAIT]
    clock.passes(SELDOM - timedelta(seconds=1))
    door.accounts.log.note_seldom(Happened.MADE_TO_WAIT, client="10.0.0.1")
    clock.passes(timedelta(seconds=1))
    door.accounts.log.note_seldom(Happened.MADE_TO_WAIT, client="10.0.0.1")

    assert waiting == [("made to wait", "lan", "", "10.0.0.2"), ("made to wait", "lan", "", "10.0.0.1")]
    assert len([one for one in told(door) if one[0] == Happened.MADE_TO_WAIT]) == 3


def test_nobody_comes_in_where_it_cannot_be_recorded_and_who_leaves_is_out(door: Doorkeeper, tmp_path: Path) -> None:
    session = inside(door)
    door.accounts.log.close()
    (tmp_path / "sign_ins.db").write_bytes(b"no log any more" * 500)

    refused(door.sign_in, "lan", PASSWORD, client="10.0.0.1")
    refused(door.accounts.reset_password, "lan", by=ADMINISTRATOR)
    door.end(session.id)

    assert door.accounts.matches("lan", PASSWORD)
    assert door.of_user("lan") == []


def test_nothing_of_a_password_or_token_is_in_it_and_nothing_of_it_lies_open(door: Doorkeeper, tmp_path: Path) -> None:
    token = door.sign_in("lan", PASSWORD, client="10.0.0.1" * 1000)
    refused(door.sign_in, PASSWORD, "another secret", client="10.0.0.2")

    rows = str(door.accounts.log.listed())
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [secret for secret in (PASSWORD, "another secret", token) if secret in rows] == []
    assert max(len(one.client) for one in door.accounts.log.listed()) == LONGEST
    assert b"sign-in refused" not in stored


def test_a_row_that_was_changed_is_found(door: Doorkeeper, tmp_path: Path) -> None:
    refused(door.sign_in, "lan", "wrong", client="10.0.0.1")
    inside(door)
    before = door.accounts.log.broken()
    door.accounts.log.close()
    file = connect(tmp_path, "sign_ins.db", KEY)
    file.execute("DROP TRIGGER sign_ins_are_never_changed")
    file.execute("UPDATE sign_ins SET client = '10.0.0.9' WHERE number = 2")
    file.commit()
    file.close()

    assert (before, SignInLog(tmp_path, KEY, door.accounts.clock).broken()) == (0, 2)


def test_everything_recorded_is_said_in_both_languages(door: Doorkeeper) -> None:
    for what in Happened:
        spoken = {said(what, Speaker(language)) for language in LANGUAGES}
        assert len(spoken) == 2, what


@pytest.mark.parametrize(("after", "comes_in"), [(ONE_TIME - timedelta(seconds=1), True), (ONE_TIME, False)])
def test_a_one_time_password_is_good_for_seven_days(
    door: Doorkeeper, clock: Clock, after: timedelta, comes_in: bool
) -> None:
    made = door.accounts.create("minh", by=ADMINISTRATOR)
    reset = door.accounts.reset_password("lan", by=ADMINISTRATOR, proof="thẻ ngành")
    clock.passes(after)

    for user, password in (("minh", made), ("lan", reset)):
        if comes_in:
            assert door.by_token(door.sign_in(user, password, client="x")) is not None
        else:
            with pytest.raises(PlanningError, match="was not used in time"):
                door.sign_in(user, password, client="x")
            refused(door.sign_in, user, "wrong", client="x")

    over = [one[1] for one in told(door) if one[0] == Happened.ONE_TIME_OVER]
    assert over == ([] if comes_in else ["minh", "lan"])


def test_an_own_password_has_no_end_and_a_new_one_time_password_begins_anew(door: Doorkeeper, clock: Clock) -> None:
    given = door.accounts.reset_password("lan", by=ADMINISTRATOR, proof="thẻ ngành")
    session = door.by_token(door.sign_in("lan", given, client="x"))
    assert session is not None
    door.change_password(session, given, OTHER)
    clock.passes(ONE_TIME * 50)
    door.sign_in("lan", OTHER, client="x")

    again = door.accounts.reset_password("lan", by=ADMINISTRATOR, proof="thẻ ngành")
    clock.passes(ONE_TIME - timedelta(seconds=1))

    assert door.by_token(door.sign_in("lan", again, client="x")) is not None


def test_an_administrator_ends_all_sessions_of_an_account_and_nobody_elses(door: Doorkeeper) -> None:
    door.accounts.create("minh", by=ADMINISTRATOR, password=PASSWORD)
    ends = inside(door), inside(door, "10.0.0.2")
    stays = door.by_token(door.sign_in("minh", PASSWORD, client="x"))
    assert stays is not None

    refused(door.accounts.sign_out, "lan", by=stays.account.actor("test"))
    held = [door.by_id(one.id) is not None for one in ends]
    ended = door.accounts.sign_out("lan", by=ADMINISTRATOR)

    assert (held, ended) == ([True, True], 2)
    assert [door.by_id(one.id) for one in ends] == [None, None]
    assert door.by_id(stays.id) is not None
