"""The second factor: enrolled, asked for after the password, each code good once, taken away by an administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from domain.base import Actor, Role
from domain.refusals import InvalidInput, NotAllowed, NotPossible
from planner.accounts import Accounts
from planner.attempts import SignInRefused
from planner.identities import Identities
from planner.personal_keys import PersonalKeys
from planner.second_factor import STEP, SecondFactors
from planner.sign_in import FRESH, TICKET, CodeNeeded, Doorkeeper
from tests.planner.acting import ADMINISTRATOR, Clock
from tests.planner.quick_accounts import KEY, PASSWORD, QUICK


@pytest.fixture
def door(accounts: Accounts) -> Doorkeeper:
    """Binh commands, Lan plans."""
    for user, role in (("binh", Role.COMMANDER), ("lan", Role.PLANNER)):
        accounts.create(user, by=ADMINISTRATOR, roles=[role], password=PASSWORD)
    return Doorkeeper(accounts)


@pytest.fixture
def factors(door: Doorkeeper) -> SecondFactors:
    return door.factors


def shown(secret: str, clock: Clock, steps: int = 0) -> str:
    """What the authenticator shows, so many steps from now."""
    return pyotp.TOTP(secret).at(clock.moment + timedelta(seconds=STEP * steps))


def later(clock: Clock) -> Clock:
    """The same clock, when the next code has come."""
    clock.passes(timedelta(seconds=STEP))
    return clock


def enrolled(factors: SecondFactors, clock: Clock, user: str = "binh") -> str:
    """The secret of an account that has just turned it on; the next step has begun."""
    secret = factors.enrolment(user).secret
    factors.confirm(user, shown(secret, clock))
    clock.passes(timedelta(seconds=STEP))
    return secret


def ticket(door: Doorkeeper, user: str = "binh") -> str:
    with pytest.raises(CodeNeeded) as needed:
        door.sign_in(user, PASSWORD, client="10.0.0.1")
    return needed.value.ticket


def coming_in(door: Doorkeeper, held: str, code: str) -> str:
    """The user who came in; the refusal where nobody did."""
    try:
        session = door.by_token(door.second_step(held, code, client="10.0.0.1"))
    except SignInRefused as refused:
        return str(refused)
    assert session is not None
    return session.account.user


WRONG = "The code is not right, or was used already. Wait for the next one."


def test_without_a_second_factor_the_password_is_enough(door: Doorkeeper) -> None:
    assert door.by_token(door.sign_in("binh", PASSWORD, client="x")) is not None


def test_the_secret_is_taken_by_any_authenticator(factors: SecondFactors) -> None:
    first = factors.enrolment("binh")

    address = urlsplit(first.address)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query)["secret"] == [first.secret] == [first.spelt.replace(" ", "")]
    assert factors.enrolment("binh") == first
    assert factors.enrolment("lan").secret != first.secret


def test_nothing_is_asked_for_until_the_first_code_was_right(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    secret = factors.enrolment("binh").secret
    with pytest.raises(InvalidInput):
        factors.confirm("binh", "000000")
    door.sign_in("binh", PASSWORD, client="x")

    factors.confirm("binh", shown(secret, clock))

    assert factors.since("binh") == clock.moment
    assert ticket(door)
    with pytest.raises(NotPossible):
        factors.enrolment("binh")


def test_the_right_code_lets_in_and_no_other(door: Doorkeeper, factors: SecondFactors, clock: Clock) -> None:
    secret = enrolled(factors, clock)

    held = ticket(door)
    answers = [coming_in(door, held, code) for code in ("", "abc", "０００", "12345", shown(secret, clock))]

    assert answers == [WRONG, WRONG, WRONG, WRONG, "binh"]


def test_a_code_with_a_gap_as_authenticators_show_it_is_the_same(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    code = shown(enrolled(factors, clock), clock)

    assert coming_in(door, ticket(door), f" {code[:3]} {code[3:]} ") == "binh"


@pytest.mark.parametrize(("steps", "comes_in"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(
    door: Doorkeeper, factors: SecondFactors, clock: Clock, steps: int, comes_in: bool
) -> None:
    secret = enrolled(factors, clock)
    clock.passes(timedelta(seconds=STEP * 4))

    assert (coming_in(door, ticket(door), shown(secret, clock, steps)) == "binh") is comes_in


def test_a_code_lets_in_once(door: Doorkeeper, factors: SecondFactors, clock: Clock) -> None:
    secret = enrolled(factors, clock)
    code = shown(secret, clock)

    answers = [coming_in(door, ticket(door), code) for _ in range(2)]
    earlier = coming_in(door, ticket(door), shown(secret, clock, -1))

    assert (answers, earlier) == (["binh", WRONG], WRONG)


def test_the_code_that_confirmed_it_lets_nobody_in(door: Doorkeeper, factors: SecondFactors, clock: Clock) -> None:
    secret = factors.enrolment("binh").secret
    code = shown(secret, clock)
    factors.confirm("binh", code)

    assert coming_in(door, ticket(door), code) == WRONG


def test_a_ticket_is_good_once_and_for_five_minutes(door: Doorkeeper, factors: SecondFactors, clock: Clock) -> None:
    secret = enrolled(factors, clock)
    late, used = ticket(door), ticket(door)
    coming_in(door, used, shown(secret, clock))
    clock.passes(timedelta(seconds=STEP * 2))

    again = coming_in(door, used, shown(secret, clock))
    clock.passes(TICKET)

    over = "The time to enter the code is over. Sign in again."
    assert (again, coming_in(door, late, shown(secret, clock)), coming_in(door, "", "")) == (over, over, over)


def test_a_ticket_of_one_is_no_use_with_the_code_of_another(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    enrolled(factors, clock)
    lans = enrolled(factors, clock, "lan")

    assert coming_in(door, ticket(door), shown(lans, clock)) == WRONG


ISSUER = "https://id.example"

ENDINGS: dict[str, Callable[[Doorkeeper], object]] = {
    "disabled": lambda door: door.accounts.disable("binh", by=ADMINISTRATOR),
    "password reset": lambda door: door.accounts.reset_password("binh", by=ADMINISTRATOR, proof="thẻ ngành"),
    "second factor reset": lambda door: door.factors.reset("binh", by=ADMINISTRATOR, proof="thẻ ngành"),
    "linked": lambda door: Identities(door.accounts).link("binh", ISSUER, "another", by=ADMINISTRATOR),
    "unlinked": lambda door: Identities(door.accounts).unlink("binh", by=ADMINISTRATOR),
    "ended": lambda door: door.end_all("binh"),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_what_ends_an_account_or_how_it_comes_in_ends_its_sessions_and_its_tickets(
    door: Doorkeeper, factors: SecondFactors, clock: Clock, what: str
) -> None:
    Identities(door.accounts).link("binh", ISSUER, "binh@ministry", by=ADMINISTRATOR)
    secret = enrolled(factors, clock)
    token = door.second_step(ticket(door), shown(secret, clock), client="x")
    held, lans = ticket(door), door.sign_in("lan", PASSWORD, client="x")
    clock.passes(timedelta(seconds=STEP))

    ENDINGS[what](door)

    assert coming_in(door, held, shown(secret, clock)) == "The time to enter the code is over. Sign in again."
    assert door.by_token(token) is None
    assert door.by_token(lans) is not None


@pytest.mark.parametrize("what", ["disabled", "password reset", "linked", "ended"])
def test_a_secret_that_waits_for_its_first_code_ends_with_the_sessions(door: Doorkeeper, what: str) -> None:
    """Whoever saw it with a password that was stolen would know the second factor of later."""
    seen = door.factors.enrolment("binh").secret
    lans = door.factors.enrolment("lan").secret

    ENDINGS[what](door)

    assert door.factors.enrolment("binh").secret != seen
    assert door.factors.enrolment("lan").secret == lans


@pytest.mark.parametrize(("waited", "may"), [(FRESH, True), (FRESH + timedelta(seconds=1), False)])
def test_who_has_no_password_shows_by_a_fresh_sign_in_that_it_is_the_person(
    door: Doorkeeper, clock: Clock, waited: timedelta, may: bool
) -> None:
    door.accounts.without_password("binh")
    session = door.by_token(door.admit(door.accounts.account("binh"), client="x"))
    assert session is not None
    clock.passes(waited)

    shown_again = True
    try:
        door.shown_again(session, "")
    except NotAllowed:
        shown_again = False

    assert shown_again is may


def test_who_has_a_password_shows_it_however_fresh_the_sign_in_is(door: Doorkeeper) -> None:
    session = door.by_token(door.sign_in("binh", PASSWORD, client="x"))
    assert session is not None

    with pytest.raises(InvalidInput):
        door.shown_again(session, "")
    door.shown_again(session, PASSWORD)


def test_an_account_without_a_password_is_opened_by_none_and_changes_none(door: Doorkeeper) -> None:
    door.accounts.without_password("binh")
    session = door.by_token(door.admit(door.accounts.account("binh"), client="x"))
    assert session is not None

    for typed in ("", PASSWORD):
        with pytest.raises(SignInRefused):
            door.sign_in("binh", typed, client="x")
    with pytest.raises(NotPossible):
        door.change_password(session, "", "a quite different one")
    with pytest.raises(NotAllowed, match="your account has none"):
        PersonalKeys(door.accounts, QUICK).actor(session.account, "", "test")

    assert not session.account.has_password


def test_good_sign_ins_with_a_code_never_make_an_office_wait(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    secret = enrolled(factors, clock)

    came = [coming_in(door, ticket(door), shown(secret, later(clock))) for _ in range(25)]

    assert came == ["binh"] * 25
    assert door.accounts.file.rows("SELECT * FROM failures WHERE attempts > 0") == []


def test_who_comes_from_a_provider_takes_back_no_wrong_attempt(door: Doorkeeper) -> None:
    with pytest.raises(SignInRefused):
        door.sign_in("lan", "wrong", client="10.0.0.1")

    door.admit(door.accounts.account("lan"), client="10.0.0.1")

    counted = door.accounts.file.rows("SELECT subject, attempts FROM failures ORDER BY subject")
    assert [tuple(row) for row in counted] == [("client 10.0.0.1", 1), ("user lan", 1)]


def test_codes_are_slowed_down_whatever_passwords_come_in_between(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    secret = enrolled(factors, clock)

    answers = [coming_in(door, ticket(door), "000000") for _ in range(7)]
    right = coming_in(door, ticket(door), shown(secret, clock))

    assert answers[:5] == [WRONG] * 5
    assert answers[5:] != [WRONG] * 2
    assert right.startswith("Too many attempts.")


def test_a_wrong_password_never_tells_that_there_is_one(door: Doorkeeper, factors: SecondFactors, clock: Clock) -> None:
    enrolled(factors, clock)

    answers = []
    for user in ("binh", "lan", "nobody"):
        with pytest.raises(SignInRefused) as refused:
            door.sign_in(user, "not the right one", client=user)
        answers.append((type(refused.value), str(refused.value)))

    assert len(set(answers)) == 1


def test_who_commands_keeps_it_and_who_plans_may_give_it_up(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    binhs, lans = enrolled(factors, clock), enrolled(factors, clock, "lan")

    with pytest.raises(NotAllowed):
        factors.give_up(door.accounts.account("binh"), shown(binhs, clock))
    with pytest.raises(InvalidInput):
        factors.give_up(door.accounts.account("lan"), "000000")
    factors.give_up(door.accounts.account("lan"), shown(lans, clock))

    assert (factors.since("lan"), factors.since("binh") is None) == (None, False)


def test_an_administrator_takes_it_away_and_its_sessions_end(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    secret = enrolled(factors, clock)
    token = door.second_step(ticket(door), shown(secret, clock), client="x")

    with pytest.raises(NotAllowed):
        factors.reset("binh", by=Actor("lan", frozenset({Role.PLANNER})), proof="x")
    factors.reset("BINH", by=ADMINISTRATOR, proof="thẻ ngành")

    assert door.by_token(token) is None
    assert door.by_token(door.sign_in("binh", PASSWORD, client="x")) is not None
    assert factors.enrolment("binh").secret != secret
    assert door.accounts.acts(1)[0].act == "second factor reset"


def test_the_site_may_demand_it_of_who_commands_or_audits(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    with pytest.raises(NotAllowed):
        factors.demand(True, by=Actor("lan", frozenset({Role.PLANNER})))
    tokens = {user: door.sign_in(user, PASSWORD, client="x") for user in ("binh", "lan")}

    def held_up() -> list[str]:
        sessions = {user: door.by_token(token) for user, token in tokens.items()}
        return [user for user, session in sessions.items() if session is None or session.must_enrol]

    before = held_up()
    factors.demand(True, by=ADMINISTRATOR)
    during = held_up()
    enrolled(factors, clock)
    after = held_up()
    factors.demand(False, by=ADMINISTRATOR)

    assert (before, during, after) == ([], ["binh"], [])
    assert not factors.demanded


def test_the_site_may_demand_it_of_everybody_and_then_nobody_gives_it_up(
    door: Doorkeeper, factors: SecondFactors, clock: Clock
) -> None:
    lan = door.sign_in("lan", PASSWORD, client="x")

    def must_enrol() -> bool:
        session = door.by_token(lan)
        return session is not None and session.must_enrol

    factors.demand(True, by=ADMINISTRATOR, of_all=True)
    during = must_enrol()
    secret = enrolled(factors, clock, "lan")
    after = must_enrol()
    clock.passes(timedelta(seconds=60))
    with pytest.raises(NotAllowed):
        factors.give_up(door.accounts.account("lan"), shown(secret, clock))
    factors.demand(True, by=ADMINISTRATOR)
    only_leaders = factors.demanded_of_all
    factors.give_up(door.accounts.account("lan"), shown(secret, clock))

    assert (during, after, only_leaders, must_enrol()) == (True, False, False, False)
    assert door.accounts.acts(2)[1].act == "second factor demanded"


def test_two_processes_take_a_code_once(door: Doorkeeper, factors: SecondFactors, clock: Clock, tmp_path: Path) -> None:
    code = shown(enrolled(factors, clock), clock)
    other = Accounts(tmp_path, KEY, clock=clock, hasher=QUICK)

    taken = [SecondFactors(book).matches("binh", code) for book in (other, door.accounts)]
    other.close()

    assert taken == [True, False]


def test_nothing_of_the_secret_lies_open_in_the_file(factors: SecondFactors, clock: Clock, tmp_path: Path) -> None:
    secret = enrolled(factors, clock)

    assert [path.name for path in tmp_path.iterdir() if secret.encode() in path.read_bytes()] == []
