"""Overrides are signed by who gives them, and nobody without the password forges one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.assignment import OfficerAssigned, OverrideSigned
from domain.base import Actor, Event, Role
from domain.refusals import NotAllowed
from domain.signing import binds
from domain.statement import statement
from domain.visit import VisitRegistered
from planner.accounts import Accounts
from planner.application import Planner
from planner.audit.checkpoint import Key
from planner.audit.personal import PersonalSignatures
from planner.audit.verify import Found, verify_store
from planner.cli.opening import NO_PASSWORDS
from planner.exports.plan_json import plan_json
from planner.imports.visit_json import read_visit
from planner.personal_keys import Hand, PersonalKeys, personal_keys
from tests.examples import VISIT
from tests.planner.acting import Clock, another, assign, let_in
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
    assert (wrong(planner), told(planner)) == ([], "1 of 1 override, emergency access or review of one")


def test_nothing_else_is_signed(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    planner.assign_officer(VISIT, "P-01", "CA-0113", by=hand(accounts, keys))

    assert [event for event in events(planner) if isinstance(event, OverrideSigned)] == []


def test_nothing_is_overridden_without_a_signature(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    """Wherever a rule can be overridden: giving and reinstating a duty, undoing, in a block of commands."""
    assign(planner)
    by, unsigned = hand(accounts, keys), accounts.account("hoa").actor("command line (x)")
    overridden(planner, by)
    planner.withdraw_assignment(VISIT, "A-0002", by=by, reason="Thừa", command_id="withdrawn")
    why: dict[str, Any] = {"by": unsigned, "reason": "Thiếu người"}
    authority: dict[str, Any] = {"override_authority": "Đại tá Nam", **why}
    before = planner.recorder.head()

    def together() -> None:
        with planner.together(unsigned):
            overridden(planner, unsigned)

    ways: tuple[Callable[[], object], ...] = (
        lambda: overridden(planner, unsigned),
        lambda: planner.reinstate_assignment(VISIT, "A-0002", **authority),
        lambda: planner.undo("withdrawn", **why),
        together,
    )
    for way in ways:
        with pytest.raises(NotAllowed, match="signs it"):
            way()
    assert planner.recorder.head() == before

    planner.undo("withdrawn", by=by, reason="Thiếu người")
    assert (wrong(planner), told(planner)) == ([], "2 of 2 overrides, emergency accesses and reviews of these")


def test_a_visit_with_overrides_is_imported_by_who_signs_them(
    planner: Planner, accounts: Accounts, keys: PersonalKeys, tmp_path: Path
) -> None:
    assign(planner)
    overridden(planner, hand(accounts, keys))
    document = read_visit(plan_json(planner.plan, VISIT))
    by = Actor("hoa", frozenset({Role.PLANNER, Role.COMMANDER}))

    with closing(another(tmp_path / "elsewhere", Clock())) as elsewhere:
        with pytest.raises(NotAllowed, match="signs it"):
            elsewhere.import_visit(document, by=by)
        assert elsewhere.recorder.head() == 0

        elsewhere.import_visit(document, by=dataclasses.replace(by, signer=hand(accounts, keys).signer))

        signed = [event for event in events(elsewhere) if isinstance(event, OverrideSigned)]
        assert [(one.by, one.key) for one in signed] == [("hoa", f"{VISIT}/A-0002")]


def without_signature(planner: Planner, **changes: Any) -> None:
    """Puts an override alone at the end of the log, as who has all keys of the store can."""
    given = next(event for event in events(planner) if binds(event))
    again = dataclasses.replace(given, originator_id=f"assignment/{VISIT}/A-0009", **changes)
    planner.recorder.insert_events([planner.mapper.to_stored_event(again)], command_id="forged")


def test_an_override_that_nobody_signed_is_found(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    assign(planner)
    overridden(planner, hand(accounts, keys))

    without_signature(planner)

    position = planner.recorder.head()
    assert [str(found.why) for found in wrong(planner)] == [f"event {position} binds a person and is not signed"]


def test_what_was_overridden_before_signatures_were_asked_for_is_no_trouble(
    planner: Planner, accounts: Accounts, keys: PersonalKeys
) -> None:
    assign(planner)
    overridden(planner, hand(accounts, keys))
    given = next(event for event in events(planner) if binds(event))
    registered = next(event for event in events(planner) if isinstance(event, VisitRegistered))
    old, new = PersonalSignatures(()), PersonalSignatures(())

    for signatures, written in ((old, 1), (new, 2)):
        signatures.see(1, registered, written)
        signatures.see(2, given, 1)

    assert old.trouble is None
    assert str(old.told) == "0 of 1 override, emergency access or review of one"
    assert str(new.trouble) == "event 2 binds a person and is not signed"


def test_a_key_that_somebody_slipped_in_signs_nothing(planner: Planner, accounts: Accounts, keys: PersonalKeys) -> None:
    """Whoever holds database and keys can write a key of their own beside an account, which no log tells of."""
    assign(planner)
    overridden(planner, hand(accounts, keys))
    accounts.create("kim", by=ADMINISTRATOR, roles={Role.PLANNER}, password=PASSWORD)
    own = Key.signing("nam", bytes(range(32)))
    row = ("nam", own.verifier.decode(), b"", accounts.clock().isoformat())
    accounts.file.execute("INSERT INTO signing_keys (user, key, sealed, since) VALUES (?, ?, ?, ?)", *row)

    overridden(planner, dataclasses.replace(accounts.account("nam").actor("x"), signer=Hand(own)), "P-01")

    assert [str(found.why) for found in wrong(planner)] == [
        f"the signature at event {planner.recorder.head()} does not hold"
    ]
    PersonalKeys(accounts, NO_PASSWORDS)  # does not take it in later either
    assert len(wrong(planner)) == 1


def test_that_a_key_was_made_stands_in_the_log_of_sign_ins(accounts: Accounts, keys: PersonalKeys) -> None:
    signer = hand(accounts, keys).signer

    (made,) = [one for one in accounts.log.listed() if one.what == "signing key made"]

    assert signer is not None
    assert (made.user, made.about) == ("hoa", signer.key)


def test_keys_from_before_their_making_was_recorded_are_recorded_once(
    planner: Planner, accounts: Accounts, keys: PersonalKeys
) -> None:
    assign(planner)
    own = Key.signing("hoa", bytes(range(32)))
    row = ("hoa", own.verifier.decode(), b"", accounts.clock().isoformat())
    accounts.file.execute("INSERT INTO signing_keys (user, key, sealed, since) VALUES (?, ?, ?, ?)", *row)
    overridden(planner, dataclasses.replace(accounts.account("hoa").actor("x"), signer=Hand(own)))
    assert wrong(planner) == []

    PersonalKeys(accounts, NO_PASSWORDS)

    assert accounts.log.keys_made() == {("hoa", own.verifier.decode())}
    assert wrong(planner) == []


def test_in_a_team_a_key_of_another_machine_is_told_and_its_signature_must_hold(
    planner: Planner, accounts: Accounts, keys: PersonalKeys
) -> None:
    assign(planner)
    overridden(planner, hand(accounts, keys))
    here, forged_here = PersonalSignatures((), team=True), PersonalSignatures((), team=True)
    *told_before, given, signature = events(planner)
    assert isinstance(signature, OverrideSigned)

    for signatures, last in ((here, signature), (forged_here, dataclasses.replace(signature, signature="AAAA"))):
        for position, event in enumerate((*told_before, given, last), 1):
            signatures.see(position, event, 2)

    assert here.trouble is None
    assert str(here.told).startswith(
        "1 of 1 override, emergency access or review of one; keys of ('hoa',) are known to another"
    )
    assert str(forged_here.trouble) == f"the signature at event {len(told_before) + 2} does not hold"


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
    assert (wrong(planner), told(planner)) == ([], "2 of 2 overrides, emergency accesses and reviews of these")


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
