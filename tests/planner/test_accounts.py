"""Accounts: who may come in, and how long they stay."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.refusals import CodeTaken, InvalidInput, NotAllowed, NotFound, NotPossible
from planner.accounts import Accounts
from planner.attempts import SignInRefused, TooManyAttempts
from planner.credentials import hashed_token
from planner.guessing import guessed_soon
from planner.search import folded
from planner.sign_in import IDLE, LONGEST, REMEMBERED, Doorkeeper
from tests.planner.acting import Clock
from tests.planner.quick_accounts import KEY, PASSWORD

CHIEF = Actor(user="chief", roles=frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def door(accounts: Accounts) -> Doorkeeper:
    accounts.create(
        "lan",
        by=CHIEF,
        display_name="Nguyễn Thị Lan",
        roles=[Role.PLANNER],
        password=PASSWORD,
    )
    return Doorkeeper(accounts)


def test_a_session_known_from_before_is_the_account_as_it_is_now(accounts: Accounts, tmp_path: Path) -> None:
    lan = Doorkeeper(accounts)
    accounts.create("lan", by=CHIEF, roles=[Role.PLANNER], password=PASSWORD)
    held = hashed_token(lan.sign_in("lan", PASSWORD, client="10.0.0.1"))
    elsewhere = Accounts(tmp_path, KEY, clock=accounts.clock)

    seen = [_roles(lan, held)]
    accounts.set_roles("lan", {Role.OFFICER}, by=CHIEF)
    seen.append(_roles(lan, held))
    elsewhere.set_roles("lan", {Role.AUDITOR}, by=CHIEF)
    seen.append(_roles(lan, held))
    elsewhere.disable("lan", by=CHIEF)
    seen.append(_roles(lan, held))
    elsewhere.close()

    assert seen == [{Role.PLANNER}, {Role.OFFICER}, {Role.AUDITOR}, None]


def _roles(door: Doorkeeper, session: str) -> frozenset[Role] | None:
    found = door.by_id(session)
    return found.account.roles if found else None


def test_the_first_start_makes_an_administrator_whose_password_must_be_changed(
    accounts: Accounts,
) -> None:
    password = accounts.ensure_first()

    first = accounts.account("admin")
    assert password is not None
    assert (first.roles, first.must_change_password) == (
        frozenset({Role.ADMINISTRATOR}),
        True,
    )
    assert accounts.matches("admin", password)


def test_the_second_start_makes_nobody(accounts: Accounts) -> None:
    accounts.ensure_first()

    again = accounts.ensure_first()

    assert again is None
    assert [account.user for account in accounts] == ["admin"]


def test_nothing_readable_of_an_account_lies_on_the_disk(accounts: Accounts, tmp_path: Path) -> None:
    accounts.create("lan", by=CHIEF, display_name="Lan of the protocol office", password=PASSWORD)

    accounts.close()

    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"protocol office" not in stored
    assert b"argon2" not in stored
    assert (tmp_path / "accounts.db").stat().st_mode & 0o777 == 0o600


def test_only_an_administrator_creates_accounts(accounts: Accounts) -> None:
    planner = Actor(user="lan", roles=frozenset({Role.PLANNER}))

    with pytest.raises(NotAllowed):
        accounts.create("minh", by=planner)

    assert list(accounts) == []


def test_a_user_name_is_the_same_in_capitals_and_composed_differently(
    accounts: Accounts,
) -> None:
    accounts.create("Hoa\u0300", by=CHIEF, password=PASSWORD)

    with pytest.raises(CodeTaken):
        accounts.create("HO\u00c0", by=CHIEF)

    assert accounts.account(" ho\u00e0 ").user == "ho\u00e0"


@pytest.mark.parametrize("typed", ["", "  ", "a b", "x" * 41, "a\nb", "<b>", "-a"])
def test_a_user_name_that_cannot_be_is_refused(accounts: Accounts, typed: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.create(typed, by=CHIEF)

    assert list(accounts) == []


@pytest.mark.parametrize("name", ["O'Brien", "=Hùng", "<b>x</b>", "${1}"])
def test_a_display_name_is_kept_exactly_as_typed(accounts: Accounts, name: str) -> None:
    accounts.create("someone", by=CHIEF, display_name=name, password=PASSWORD)

    shown = accounts.account("someone").display_name

    assert shown == name


@pytest.mark.parametrize(
    "password",
    [
        *("", " " * 12, "short", "123456789", "aaaaaaaaaaaaa", "x" * 1001),
        # common ones, and keys beside each other
        *("Password123!", "P@ssw0rd2026", "qwertyuiop", "1q2w3e4r5t6y", "iloveyou123"),
        # of Vietnamese, with and without marks
        *("matkhau123456", "Mật khẩu 123456", "anhyeuem123", "vietnam2026!"),
        # of this house and its people
        *("Security planner 2026", "congan1132026", "Công an 113 2026"),
        *("lan-1234567", "Nguyễn Thị Lan 1990", "nguyenthilan1990", "Lan.Nguyen.2026"),
    ],
)
def test_a_weak_password_is_refused(door: Doorkeeper, password: str) -> None:
    with pytest.raises(InvalidInput):
        door.accounts.change_password("lan", PASSWORD, password)

    assert door.accounts.matches("lan", PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        "eleven brown horses",
        "bốn từ không liên quan gì",
        "ຂ້ອຍຮັກລາວຫຼາຍ",
        "kz7m-qw2x-p9ab-vn4c",
        "¤#€%&/(=)?`<>",
        "seven green lanterns " * 40,
    ],
)
def test_a_password_that_nobody_guesses_is_taken_as_it_is(door: Doorkeeper, password: str) -> None:
    door.accounts.change_password("lan", PASSWORD, password)

    assert door.accounts.matches("lan", password)


def test_what_the_name_of_its_owner_gives_away_is_a_password_for_somebody_else(door: Doorkeeper) -> None:
    password = "minh-ngoc-hoang-duong"
    for user, name in (("duong", "Hoàng Dương Minh Ngọc"), ("binh", "Trần Quốc Bảo")):
        door.accounts.create(user, by=CHIEF, display_name=name, password=PASSWORD)

    with pytest.raises(InvalidInput, match="would soon be guessed"):
        door.accounts.change_password("duong", PASSWORD, password)
    door.accounts.change_password("binh", PASSWORD, password)

    assert [door.accounts.matches(user, password) for user in ("duong", "binh")] == [False, True]


def test_nothing_remembers_a_password_that_was_judged() -> None:
    before = folded.cache_info().currsize

    guessed_soon("Mật khẩu của một người", ["Lan"])

    assert folded.cache_info().currsize == before


def test_many_are_judged_at_once_each_by_the_names_of_its_owner() -> None:
    people = [f"tenrieng{chr(97 + number)}{number}" for number in range(24)]

    with ThreadPoolExecutor(8) as judges:
        own = list(judges.map(lambda name: guessed_soon(f"{name}-1990", [name]), people))
        others = list(judges.map(lambda name: guessed_soon(f"{name}-1990", ["somebody"]), people))

    assert (set(own), set(others)) == ({True}, {False})


def test_a_password_is_compared_to_its_last_character(door: Doorkeeper) -> None:
    longest = ("four more words to remember " * 40)[:1000]
    door.accounts.create("long", by=CHIEF, roles={Role.PLANNER}, password=longest)

    assert door.sign_in("long", longest, client="desk")
    with pytest.raises(SignInRefused):
        door.sign_in("long", f"{longest}x", client="desk")


def test_a_password_is_changed_only_with_the_present_one(door: Doorkeeper) -> None:
    with pytest.raises(InvalidInput):
        door.accounts.change_password("lan", "not the present one", "a quite different one")

    assert door.accounts.matches("lan", PASSWORD)


def test_changing_the_password_ends_all_sessions_and_begins_one_with_another_token(door: Doorkeeper) -> None:
    former = door.sign_in("lan", PASSWORD, client="10.0.0.1", browser="Firefox")
    door.sign_in("lan", PASSWORD, client="10.0.0.2")
    here = door.by_token(former)
    assert here is not None

    token = door.change_password(here, PASSWORD, "a quite different one")

    held = [(session.client, session.browser, session.id == here.id) for session in door.of_user("lan")]
    assert held == [("10.0.0.1", "Firefox", False)]
    assert door.by_token(former) is None
    assert door.by_token(token) is not None


def test_a_reset_password_works_once_and_must_be_changed(door: Doorkeeper) -> None:
    given = door.accounts.reset_password("lan", by=CHIEF, proof="thẻ ngành")

    token = door.sign_in("lan", given, client="10.0.0.1")

    signed_in = door.by_token(token)
    assert signed_in is not None
    assert signed_in.account.must_change_password
    assert not door.accounts.matches("lan", PASSWORD)


def test_the_last_administrator_can_neither_be_disabled_nor_lose_the_role(
    accounts: Accounts,
) -> None:
    accounts.ensure_first()

    with pytest.raises(NotPossible):
        accounts.disable("admin", by=CHIEF)
    with pytest.raises(NotPossible):
        accounts.set_roles("admin", [Role.PLANNER], by=CHIEF)

    assert accounts.account("admin").roles == {Role.ADMINISTRATOR}


def test_one_officer_has_one_account(accounts: Accounts) -> None:
    accounts.create("lan", by=CHIEF, officer="CA-0113", password=PASSWORD)
    accounts.create("minh", by=CHIEF, password=PASSWORD)

    with pytest.raises(CodeTaken):
        accounts.link_officer("minh", "CA-0113", by=CHIEF)

    assert accounts.account("minh").officer is None


def test_every_act_of_administration_is_kept_with_who_did_it(
    accounts: Accounts,
) -> None:
    accounts.create("lan", by=CHIEF, roles=[Role.PLANNER, Role.AUDITOR], password=PASSWORD)
    accounts.set_roles("lan", [Role.OFFICER], by=CHIEF)
    accounts.disable("lan", by=CHIEF)

    acts = accounts.acts()

    assert [(act.by, act.act, act.user, act.detail) for act in acts] == [
        ("chief", "disabled", "lan", ""),
        ("chief", "roles", "lan", "officer"),
        ("chief", "created", "lan", "auditor, planner"),
    ]


def test_an_account_that_does_not_exist_cannot_be_changed(accounts: Accounts) -> None:
    with pytest.raises(NotFound):
        accounts.disable("nobody", by=CHIEF)


def test_a_session_holds_until_nothing_was_done_for_a_quarter_of_an_hour(door: Doorkeeper, clock: Clock) -> None:
    token = door.sign_in("lan", PASSWORD, client="10.0.0.1")

    clock.passes(IDLE - timedelta(seconds=1))
    held = door.by_token(token)
    clock.passes(timedelta(seconds=1))
    ended = door.by_token(token)

    assert held is not None
    assert ended is None


def test_doing_something_keeps_a_session_but_never_beyond_eight_hours(door: Doorkeeper, clock: Clock) -> None:
    token = door.sign_in("lan", PASSWORD, client="10.0.0.1")

    lasted = timedelta(0)
    while (session := door.by_token(token)) is not None:
        door.used(session)
        clock.passes(timedelta(minutes=10))
        lasted += timedelta(minutes=10)

    assert lasted == LONGEST


def test_disabling_an_account_ends_its_sessions_and_enabling_does_not_bring_them_back(
    door: Doorkeeper,
) -> None:
    token = door.sign_in("lan", PASSWORD, client="10.0.0.1")

    door.accounts.disable("lan", by=CHIEF)
    while_disabled = door.by_token(token)
    door.accounts.enable("lan", by=CHIEF)

    assert while_disabled is None
    assert door.by_token(token) is None
    assert door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1")) is not None


def test_the_token_of_a_session_is_not_stored(door: Doorkeeper) -> None:
    token = door.sign_in("lan", PASSWORD, client="10.0.0.1")

    stored = [tuple(row) for row in door.accounts.file.rows("SELECT * FROM sessions")]

    assert token not in str(stored)
    assert len(stored) == 1


def test_wrong_password_unknown_user_and_disabled_account_get_the_same_answer(
    door: Doorkeeper,
) -> None:
    door.accounts.create("minh", by=CHIEF, password=PASSWORD)
    door.accounts.disable("minh", by=CHIEF)

    answers = set()
    for user, password in (("lan", "wrong"), ("nobody", PASSWORD), ("minh", PASSWORD)):
        with pytest.raises(SignInRefused) as refusal:
            door.sign_in(user, password, client="10.0.0.1")
        answers.add(str(refusal.value))

    assert answers == {"The user name or the password is not right."}


def test_an_unknown_user_takes_as_long_as_a_wrong_password(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path, KEY)
    accounts.create("lan", by=CHIEF, password=PASSWORD)

    def seconds(user: str) -> float:
        start = time.process_time()
        accounts.matches(user, "wrong password")
        return time.process_time() - start

    known = statistics.median(seconds("lan") for _ in range(5))
    unknown = statistics.median(seconds("nobody") for _ in range(5))
    accounts.close()

    assert unknown == pytest.approx(known, rel=0.5)


def test_after_five_wrong_attempts_each_further_one_waits_twice_as_long(door: Doorkeeper, clock: Clock) -> None:
    def wait() -> int:
        seconds = 0
        while True:
            with pytest.raises(SignInRefused) as refusal:
                door.sign_in("lan", "wrong", client="10.0.0.1")
            if "not right" in str(refusal.value):
                return seconds
            clock.passes(timedelta(seconds=1))
            seconds += 1

    waits = [wait() for _ in range(9)]

    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8]


def test_while_a_user_must_wait_even_the_right_password_is_refused(door: Doorkeeper, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            door.sign_in("lan", "wrong", client="10.0.0.1")

    with pytest.raises(SignInRefused) as refusal:
        door.sign_in("lan", PASSWORD, client="10.0.0.1")
    clock.passes(timedelta(seconds=1))

    assert "Try again in" in str(refusal.value)
    assert door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1")) is not None


def test_one_client_that_tries_many_users_must_wait(door: Doorkeeper) -> None:
    for number in range(20):
        with pytest.raises(SignInRefused):
            door.sign_in(f"guess-{number}", "wrong", client="10.0.0.9")

    with pytest.raises(SignInRefused) as refusal:
        door.sign_in("lan", PASSWORD, client="10.0.0.9")

    assert "Try again in" in str(refusal.value)
    assert door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1")) is not None


def test_good_sign_ins_of_an_office_behind_one_address_never_make_it_wait(door: Doorkeeper) -> None:
    for _ in range(25):
        session = door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1"))
        assert session is not None
        with door.asked_again(session):
            pass
        door.change_password(session, PASSWORD, "a quite different one")
        door.accounts.change_password("lan", "a quite different one", PASSWORD)

    assert door.accounts.file.rows("SELECT * FROM failures WHERE attempts > 0") == []


def test_a_password_that_is_not_right_counts_wherever_it_is_typed(door: Doorkeeper) -> None:
    session = door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1"))
    assert session is not None

    with pytest.raises(InvalidInput):
        door.change_password(session, "wrong", "a quite different one")
    with pytest.raises(NotAllowed), door.asked_again(session):
        raise NotAllowed.because("This one is not right.")
    with pytest.raises(SignInRefused):
        door.sign_in("lan", "wrong", client="10.0.0.1")

    counted = door.accounts.file.rows("SELECT subject, attempts FROM failures ORDER BY subject")
    assert [tuple(row) for row in counted] == [
        ("client 10.0.0.1", 3),
        (f"device session {session.id}", 2),
        ("user lan", 3),
    ]


def locked_out(door: Doorkeeper) -> None:
    """Somebody elsewhere tries passwords until nobody is let in as lan from anywhere new."""
    for _ in range(9):
        with pytest.raises(SignInRefused):
            door.sign_in("lan", "wrong", client="10.0.0.66")
        door.accounts.file.execute("UPDATE failures SET last_at = last_at - 300")
    with pytest.raises(SignInRefused):
        door.sign_in("lan", "wrong", client="10.0.0.66")


def test_wrong_passwords_of_others_keep_nobody_waiting_in_a_browser_of_the_own(door: Doorkeeper) -> None:
    session = door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1"))
    device = door.remember("", "lan")
    locked_out(door)

    with pytest.raises(TooManyAttempts):
        door.sign_in("lan", PASSWORD, client="10.0.0.1")  # the control: a browser that is not known
    assert session is not None
    with door.asked_again(session):
        pass
    locked_out(door)

    assert door.by_token(door.sign_in("lan", PASSWORD, client="10.0.0.1", device=device)) is not None


def test_a_known_browser_waits_for_its_own_wrong_passwords(door: Doorkeeper) -> None:
    device = door.remember("", "lan")
    for _ in range(5):
        with pytest.raises(SignInRefused):
            door.sign_in("lan", "wrong", client="10.0.0.1", device=device)

    with pytest.raises(TooManyAttempts):
        door.sign_in("lan", PASSWORD, client="10.0.0.1", device=device)


def test_a_browser_is_known_for_its_accounts_alone_for_a_time_and_until_a_new_password(
    door: Doorkeeper, clock: Clock
) -> None:
    door.accounts.create("minh", by=CHIEF, password=PASSWORD)
    planted = door.remember("chosen by somebody else", "minh")
    device = door.remember(planted, "minh")
    locked_out(door)

    assert (planted != "chosen by somebody else", device == planted) == (True, True)
    with pytest.raises(TooManyAttempts):
        door.sign_in("lan", PASSWORD, client="10.0.0.1", device=device)  # of minh alone
    mine = door.remember(device, "lan")
    door.accounts.reset_password("lan", by=CHIEF, proof="thẻ ngành")
    assert door._known_device(mine, "lan") == ""
    mine = door.remember(device, "lan")
    clock.passes(REMEMBERED)
    assert door._known_device(mine, "lan") == ""


def test_wrong_attempts_of_a_client_are_forgotten_a_day_after_the_last_wrong_one(
    door: Doorkeeper, clock: Clock
) -> None:
    for number in range(20):
        with pytest.raises(SignInRefused):
            door.sign_in(f"guess-{number}", "wrong", client="10.0.0.1")
    for _ in range(3):
        clock.passes(timedelta(hours=8))
        door.sign_in("lan", PASSWORD, client="10.0.0.1")
    clock.passes(timedelta(seconds=1))

    door.sign_in("lan", PASSWORD, client="10.0.0.1")

    assert door.accounts.file.rows("SELECT * FROM failures WHERE attempts > 0") == []


def test_a_restart_does_not_forget_wrong_attempts(door: Doorkeeper, tmp_path: Path, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            door.sign_in("lan", "wrong", client="10.0.0.1")

    other = Accounts(tmp_path, KEY, clock=clock)
    with pytest.raises(SignInRefused) as refusal:
        Doorkeeper(other).sign_in("lan", PASSWORD, client="10.0.0.1")
    other.close()

    assert "Try again in" in str(refusal.value)


def test_another_process_sees_at_once_that_a_session_ended(door: Doorkeeper, tmp_path: Path, clock: Clock) -> None:
    token = door.sign_in("lan", PASSWORD, client="10.0.0.1")
    before = door.accounts.file.version()

    other = Accounts(tmp_path, KEY, clock=clock)
    other.disable("lan", by=CHIEF)
    other.close()

    assert door.accounts.file.version() != before
    assert door.by_token(token) is None


def test_the_calendar_address_works_until_it_is_replaced_or_the_account_disabled(
    accounts: Accounts,
) -> None:
    accounts.create("lan", by=CHIEF, officer="CA-0113", password=PASSWORD)

    first = accounts.new_feed("lan")
    second = accounts.new_feed("lan")
    owner = accounts.of_feed(second)
    accounts.disable("lan", by=CHIEF)

    assert accounts.of_feed(first) is None
    assert owner is not None
    assert owner.officer == "CA-0113"
    assert accounts.of_feed(second) is None


def test_an_account_without_an_officer_has_no_calendar(accounts: Accounts) -> None:
    accounts.create("lan", by=CHIEF, password=PASSWORD)

    with pytest.raises(NotPossible):
        accounts.new_feed("lan")

    assert not accounts.account("lan").has_feed


def test_what_a_reader_chose_to_see_is_kept(accounts: Accounts, tmp_path: Path) -> None:
    accounts.create("lan", by=CHIEF, password=PASSWORD)

    accounts.set_look("lan", language="en", text_size="large", high_contrast=True)

    with pytest.raises(InvalidInput):
        accounts.set_look("lan", language="xx")
    other = Accounts(tmp_path, KEY)
    look = other.account("lan").look
    other.close()
    assert (look.language, look.text_size, look.high_contrast) == ("en", "large", True)
