"""Overrides are signed by who gives them, and nobody without the password forges one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.assignment import OfficerAssigned, OverrideSigned
from domain.base import Actor, Event, Role
from domain.refusals import NotAllowed
from domain.signing import statement
from planner.accounts import Accounts
from planner.application import Planner
from planner.audit.verify import Found, verify_store
from planner.cli.opening import NO_PASSWORDS
from planner.personal_keys import PersonalKeys, personal_keys
from tests.examples import VISIT
from tests.planner.acting import assign, let_in
from tests.serving import ADMINISTRATOR, PASSWORD

OTHER = "nine silver anchors"


@pytest.fixture
def accounts(planner: Planner) -> Iterator[Accounts]:
    store = planner.store
    opened = Accounts(store.data_dir, store.keys.database, hasher=NO_PASSWORDS)
    for user in ("hoa", "nam"):
        opened.create(user, by=ADMINISTRATOR, roles={Role.PLANNER}, password=PASSWORD)
        let_in(planner, Actor(user, frozenset({Role.PLANNER})))
    with closing(opened):
        yield opened


@pytest.fixture
def keys(accounts: Accounts) -> PersonalKeys:
    return PersonalKeys(accounts, NO_PASSWORDS)


def hand(accounts: Accounts, keys: PersonalKeys, user: str = "hoa", password: str = PASSWORD) -> Actor:
    """The account as one who signs."""
    return keys.actor(accounts.account(user), password, "page duty_board")


def overridden(planner: Planner, by: Actor, post: str = "P-02") -> None:
    """Gives an officer two duties at the same time, on somebody's authority."""
    planner.assign_officer(VISIT, post, "CA-0113", by=by, reason="Thiếu người", override_authority="Đại tá Nam")


def wrong(planner: Planner) -> list[Found]:
    return [found for found in verify_store(planner.store, level=4) if not found.ok]


def told(planner: Planner) -> str:
    """What level 4 says of signatures."""
    return next(
        str(one.why) for one in verify_store(planner.store, level=4) if "signature of a person" in str(one.name)
    )


def events(planner: Planner) -> list[Event]:
    return [event for _, event in planner.timeline.events()]


def test_an_override_is_followed_by_the_signature_of_who_gave_it(
    planner: Planner, accounts: Accounts, keys: PersonalKeys
) -> None:
    assign(planner)

    overridden(planner, hand(accounts, keys))

    given, signature = events(planner)[-2:]
    assert isinstance(given, OfficerAssigned)
    assert isinstance(signature, OverrideSigned)
    assert (signature.of, signature.by, signature.command_id) == (given.originator_version, "hoa", given.command_id)
    assert (wrong(planner), told(planner)) == ([], "1 of 1 override or emergency access")


def test_nothing_else_is_signed(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    planner.assign_officer(VISIT, "P-01", "CA-0113", by=hand(accounts, keys))

    assert [event for event in events(planner) if isinstance(event, OverrideSigned)] == []


def test_an_override_without_a_signature_is_counted(planner: Planner, accounts: Accounts) -> None:
    assign(planner)

    overridden(planner, accounts.account("hoa").actor("command line (x)"))

    assert (wrong(planner), told(planner)) == ([], "0 of 1 override or emergency access")


def test_a_signed_override_is_taken_back_as_any_other(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    assign(planner)
    by = hand(accounts, keys)
    outcome = planner.assign_officer(
        VISIT, "P-02", "CA-0113", by=by, reason="Thiếu người", override_authority="Đại tá Nam"
    )

    planner.undo(outcome.command_id, by=by)

    assert [duty.counts for duty in planner.plan.assignments(VISIT)] == [True, False]
    assert wrong(planner) == []


def forged(planner: Planner, changes: dict[str, Any], signature: dict[str, Any] | None = None) -> None:
    """Puts the override and its signature into the log once more, changed, as who has all keys of the store can."""
    given, signed = events(planner)[-2:]
    key = f"assignment/{VISIT}/A-0009"
    again = dataclasses.replace(given, originator_id=key, **changes)
    with_it = dataclasses.replace(
        signed,
        originator_id=key,
        **(signature or {}),
    )
    stored = [planner.mapper.to_stored_event(event) for event in (again, with_it)]
    planner.recorder.insert_events(stored, command_id="forged")


@pytest.mark.parametrize(
    ("changes", "signature"),
    [
        ({}, {}),
        ({"officer": "CA-0114"}, {}),
        ({"by": "nam"}, {"by": "nam"}),
        ({"reason": "x"}, {}),
        ({}, {"of": 7}),
        ({}, {"signature": "AAAA"}),
        ({}, {"signature": "not base64"}),
        ({}, {"public_key": "hoa+00000000+AAAA"}),
    ],
)
def test_a_forged_override_is_found(
    planner: Planner, accounts: Accounts, keys: PersonalKeys, changes: dict[str, Any], signature: dict[str, Any]
) -> None:
    assign(planner)
    overridden(planner, hand(accounts, keys))
    position = planner.recorder.head() + 2

    forged(planner, changes, signature)

    assert [str(found.why) for found in wrong(planner)] == [f"the signature at event {position} does not hold"]


def test_a_key_of_somebody_else_signs_nothing(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    assign(planner)
    borrowed = dataclasses.replace(hand(accounts, keys), signer=hand(accounts, keys, "nam").signer)

    overridden(planner, borrowed)

    assert len(wrong(planner)) == 1


def test_only_the_password_opens_a_key(accounts: Accounts, keys: PersonalKeys) -> None:
    for password in ("", "wrong", PASSWORD + " "):
        with pytest.raises(NotAllowed):
            hand(accounts, keys, password=password)

    assert personal_keys(accounts.file) == []


def test_the_same_password_opens_the_same_key_and_a_new_one_makes_another(
    planner: Planner, accounts: Accounts, keys: PersonalKeys
) -> None:
    assign(planner)
    overridden(planner, hand(accounts, keys))
    again = hand(accounts, keys)
    accounts.change_password("hoa", PASSWORD, OTHER)
    overridden(planner, hand(accounts, keys, password=OTHER), "P-01")

    first, second = personal_keys(accounts.file)
    assert again.signer is not None
    assert again.signer.key == first.key.decode() != second.key.decode()
    assert (wrong(planner), told(planner)) == ([], "2 of 2 overrides and emergency accesses")


def test_no_secret_lies_open_in_the_file(accounts: Accounts, keys: PersonalKeys, tmp_path: Path) -> None:
    signer = hand(accounts, keys).signer
    (row,) = accounts.file.rows("SELECT sealed FROM signing_keys")

    assert signer is not None
    assert len(row["sealed"]) == 16 + 12 + 32 + 16
    assert "PRIVATE" not in repr(signer)


def test_what_is_signed_says_all_that_the_event_says(planner: Planner) -> None:
    assign(planner, reason="Đúng phương án")
    event = events(planner)[-1]

    said = statement(event).decode()

    assert said.startswith("OfficerAssigned\n{")
    assert all(f'"{fact}"' in said for fact in ("CA-0113", "P-01", "planner.hoa", "Đúng phương án", event.command_id))
