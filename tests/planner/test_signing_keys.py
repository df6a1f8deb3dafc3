"""The public keys of those who sign stand in the log: every machine and every copy of it judges every signature."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.base import Actor, Event, Role, folded
from domain.refusals import InvalidInput, NotAllowed, NotFound, NotPossible, PlanningError, ReasonRequired
from domain.signer import SigningKeyMade, SigningKeyVouched
from domain.signing import signing_keys
from domain.statement import statement
from planner.accounts import Accounts
from planner.application import Planner
from planner.audit.bundle import bundled
from planner.audit.checkpoint import Key
from planner.audit.verify import Found, verify_data, verify_store
from planner.cli.opening import NO_PASSWORDS
from planner.personal_keys import Hand, PersonalKeys
from planner.store.backup import backup, restore
from planner.store.postgresql.opening import use_postgresql
from planner.text import Speaker
from tests.examples import OTHER_VISIT, VISIT, visit_details
from tests.planner.acting import HOA, Clock, assign, let_in, prepare
from tests.serving import ADMINISTRATOR, PASSWORD

OTHER = "nine silver anchors"
EN = Speaker("en")
SIGNATURES, KEYS = "every signature of a person holds", "the keys that people sign with are theirs"


class Machine:
    """A planner with accounts of its own, and people who sign there."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        store = planner.store
        self.accounts = Accounts(store.data_dir, store.keys.database, hasher=NO_PASSWORDS)
        self.keys = PersonalKeys(self.accounts, NO_PASSWORDS)

    def enters(self, user: str, *roles: Role) -> None:
        self.accounts.create(user, by=ADMINISTRATOR, roles=roles or {Role.PLANNER}, password=PASSWORD)
        let_in(self.planner, Actor(user, frozenset({Role.PLANNER})))

    def hand(self, user: str, password: str = PASSWORD) -> Actor:
        """Who signs, with a key that the log knows, as pages and the command line have it."""
        one = self.keys.actor(self.accounts.account(user), password, "page duty_board")
        self.planner.make_signing_key(by=one)
        return one

    def overrides(self, user: str, post: str = "P-02") -> None:
        by = self.hand(user)
        self.planner.assign_officer(VISIT, post, "CA-0113", by=by, reason="Thiếu người", override_authority="Đ/t Nam")

    def close(self) -> None:
        self.accounts.close()
        self.planner.close()


@pytest.fixture
def machine(planner: Planner) -> Iterator[Machine]:
    """One machine with an officer on duty, whom hoa and nam may give another duty at the same time."""
    one = Machine(planner)
    assign(planner)
    for user in ("hoa", "nam"):
        one.enters(user)
    for user in ("quan.tri", "phó"):
        one.enters(user, Role.ADMINISTRATOR, Role.PLANNER)
    with closing(one.accounts):
        yield one


def told(planner: Planner) -> dict[str, tuple[bool, str]]:
    """What level 4 says of signatures and keys."""
    return said(verify_store(planner.store, level=4))


def said(found: Any) -> dict[str, tuple[bool, str]]:
    return {str(one.name): (one.ok, EN.say(one.why)) for one in found if str(one.name) in (SIGNATURES, KEYS)}


def wrong(planner: Planner) -> list[str]:
    return [EN.say(found.why) for found in verify_store(planner.store, level=4) if not found.ok]


def last(planner: Planner, kind: type[Event]) -> Any:
    return next(event for _, event in reversed(list(planner.timeline.events())) if isinstance(event, kind))


def appended(planner: Planner, *events: Event) -> int:
    """Puts events at the end of the log, as who has all keys of the store can; the position of the first."""
    stored = [planner.mapper.to_stored_event(event) for event in events]
    planner.recorder.insert_events(stored, command_id=f"forged {planner.recorder.head()}")
    return planner.recorder.head() - len(events) + 1


# What is in the log


def test_the_key_stands_in_the_log_before_what_it_signed_and_once(machine: Machine) -> None:
    machine.overrides("hoa")
    machine.overrides("hoa", "P-01")

    signer = machine.hand("hoa").signer
    kinds = [type(event).__name__ for _, event in machine.planner.timeline.events()]
    made = last(machine.planner, SigningKeyMade)
    assert [one for one in kinds if "Sign" in one] == ["SigningKeyMade", "OverrideSigned", "OverrideSigned"]
    assert (made.by, made.originator_id, made.public_key) == ("hoa", "signer/hoa", signer and signer.key)
    assert told(machine.planner) == {
        SIGNATURES: (True, "2 of 2 overrides, emergency accesses and reviews of these"),
        KEYS: (True, f"1 key; nobody vouched for those of hoa (event {kinds.index('SigningKeyMade') + 1})"),
    }


def test_without_saying_the_password_no_key_is_entered(machine: Machine) -> None:
    before = machine.planner.recorder.head()

    with pytest.raises(InvalidInput, match="opened by your password"):
        machine.planner.make_signing_key(by=HOA)

    assert machine.planner.recorder.head() == before


def test_a_new_password_brings_a_new_key_and_ends_the_former(machine: Machine) -> None:
    machine.overrides("hoa")
    former = machine.hand("hoa")
    machine.accounts.change_password("hoa", PASSWORD, OTHER)

    machine.hand("hoa", OTHER)

    one, two = signing_keys(machine.planner.plan, "hoa").keys
    assert (one.ended_at is None, two.ended_at is None, wrong(machine.planner)) == (False, True, [])
    with pytest.raises(NotAllowed, match="was ended at"):
        machine.planner.assign_officer(VISIT, "P-01", "CA-0113", by=former, reason="x", override_authority="y")


def test_what_an_ended_key_signs_later_does_not_hold(machine: Machine) -> None:
    """Past the program, with the secret of somebody's old password."""
    former = machine.hand("hoa").signer
    machine.overrides("hoa")
    machine.accounts.change_password("hoa", PASSWORD, OTHER)
    machine.hand("hoa", OTHER)
    given, signature = _override(machine.planner)
    assert former is not None

    again = dataclasses.replace(given, originator_id=f"assignment/{VISIT}/A-0009")
    copy = {"originator_id": again.originator_id, "signature": former.sign(statement(again))}
    first = appended(machine.planner, again, dataclasses.replace(signature, **copy))

    assert wrong(machine.planner) == [f"the signature at event {first + 1} does not hold"]


def _override(planner: Planner) -> tuple[Any, Any]:
    events = [event for _, event in planner.timeline.events()]
    number = next(n for n, event in enumerate(events) if type(event).__name__ == "OverrideSigned")
    return events[number - 1], events[number]


# Vouching and revoking


def test_an_administrator_vouches_with_a_signature_and_it_is_told(machine: Machine) -> None:
    machine.overrides("hoa")
    first = machine.hand("quan.tri")

    machine.planner.vouch_for_keys("hoa", by=first)

    (key,) = signing_keys(machine.planner.plan, "hoa").keys
    position = machine.planner.recorder.head() - 1
    assert key.vouched_by == "quan.tri"
    assert told(machine.planner)[KEYS] == (True, f"2 keys, vouched for from that of quan.tri (event {position}) on")


def test_vouching_is_refused_where_it_says_nothing(machine: Machine) -> None:
    machine.overrides("hoa")
    by, planner = machine.hand("quan.tri"), machine.planner
    planner.vouch_for_keys("hoa", by=by)

    cases: tuple[tuple[type[PlanningError], str, Actor], ...] = (
        (NotPossible, "hoa", by),
        (NotFound, "nobody", by),
        (NotAllowed, "quan.tri", by),
        (NotAllowed, "hoa", machine.accounts.account("phó").actor("page")),
        (NotAllowed, "quan.tri", machine.hand("hoa")),
    )
    for kind, user, who in cases:
        with pytest.raises(kind):
            planner.vouch_for_keys(user, by=who)


def test_keys_that_a_forger_adds_vouch_for_each_other_in_vain(machine: Machine) -> None:
    machine.overrides("hoa")
    machine.planner.vouch_for_keys("hoa", by=machine.hand("quan.tri"))
    root = machine.planner.recorder.head() - 1
    forged = {user: Key.signing(user, bytes([number]) * 32) for number, user in enumerate(("nam", "phó"), 1)}
    position = appended(machine.planner, *(_made(machine.planner, user, key) for user, key in forged.items()))
    appended(machine.planner, _vouched(machine.planner, forged, "nam", "phó"))
    appended(machine.planner, _vouched(machine.planner, forged, "phó", "nam"))

    ok, why = told(machine.planner)[KEYS]

    unvouched = f"nam (event {position}), phó (event {position + 1})"
    assert (ok, why) == (
        True,
        f"4 keys, vouched for from that of quan.tri (event {root}) on; nobody vouched for those of {unvouched}",
    )


def _made(planner: Planner, user: str, key: Key, **changes: Any) -> SigningKeyMade:
    """The event of a key as its maker would put it into the log, from a machine that nobody knows."""
    pattern = last(planner, SigningKeyMade)
    said = {"public_key": key.verifier.decode(), "machine": "elsewhere", "proof": "", "by": user}
    event: SigningKeyMade = dataclasses.replace(
        pattern, originator_id=f"signer/{user}", originator_version=1, **(said | changes)
    )
    return dataclasses.replace(event, proof=Hand(key).sign(statement(event)))


def _vouched(planner: Planner, keys: dict[str, Key], by: str, user: str) -> SigningKeyVouched:
    pattern = last(planner, SigningKeyVouched)
    event: SigningKeyVouched = dataclasses.replace(
        pattern,
        originator_id=f"signer/{user}",
        originator_version=2,
        of=1,
        by=by,
        vouched=keys[user].verifier.decode(),
        public_key=keys[by].verifier.decode(),
        signature="",
    )
    return folded(event, signature=Hand(keys[by]).sign(statement(event)))


def test_a_revoked_key_signs_no_more_and_what_it_signed_holds(machine: Machine) -> None:
    machine.overrides("hoa")
    with pytest.raises(ReasonRequired):
        machine.planner.revoke_keys("hoa", by=ADMINISTRATOR)

    machine.planner.revoke_keys("hoa", by=ADMINISTRATOR, reason="Máy bị mất")

    with pytest.raises(NotAllowed, match="was ended at"):
        machine.overrides("hoa", "P-01")
    with pytest.raises(NotFound):
        machine.planner.revoke_keys("hoa", by=ADMINISTRATOR, reason="Máy bị mất")
    assert wrong(machine.planner) == []


# Forgeries


@pytest.mark.parametrize(
    "changes",
    [
        {"public_key": "nam+00000000+AAAA"},
        {"proof": "AAAA"},
        {"by": "hoa"},
        {"originator_id": "signer/hoa", "originator_version": 2},
        {"machine": ""},
    ],
    ids=["no key", "no proof", "of another", "beside another", "as if made here"],
)
def test_a_forged_key_is_found(machine: Machine, changes: dict[str, Any]) -> None:
    machine.overrides("hoa")
    key = Key.signing("nam", bytes(range(32)))
    event = _made(machine.planner, "nam", key, **({"machine": ""} if "machine" in changes else {}))

    position = appended(machine.planner, dataclasses.replace(event, **changes))

    assert wrong(machine.planner) == [f"what event {position} says of a signing key does not hold"]


def test_a_key_that_claims_to_be_made_here_and_was_not_is_found(machine: Machine) -> None:
    machine.overrides("hoa")
    here = last(machine.planner, SigningKeyMade).machine
    key = Key.signing("nam", bytes(range(32)))

    position = appended(machine.planner, _made(machine.planner, "nam", key, machine=here))

    assert (len(here), wrong(machine.planner)) == (
        16,
        [f"what event {position} says of a signing key does not hold"],
    )


def test_an_override_with_a_key_that_is_not_in_the_log_is_found(machine: Machine) -> None:
    """From the first key in the log on: no account of this machine helps, and no team of machines."""
    machine.overrides("hoa")
    stranger = dataclasses.replace(machine.accounts.account("nam").actor("x"), signer=machine.hand("nam").signer)
    bare = Key.signing("nam", bytes(range(32)))

    machine.planner.assign_officer(
        VISIT,
        "P-01",
        "CA-0113",
        by=dataclasses.replace(stranger, signer=Hand(bare)),
        reason="Thiếu người",
        override_authority="Đ/t Nam",
    )

    assert wrong(machine.planner) == [f"the signature at event {machine.planner.recorder.head()} does not hold"]


def test_who_only_rules_the_database_adds_no_key(machine: Machine) -> None:
    """Without the site's key nothing can be sealed as an event is: the control of all forgeries above."""
    machine.overrides("hoa")
    stored = machine.planner.mapper.to_stored_event(last(machine.planner, SigningKeyMade))
    foreign = dataclasses.replace(stored, originator_id="signer/nam", originator_version=1)
    machine.planner.recorder.insert_events([foreign], command_id="forged")

    assert any("its seal does not hold" in why for why in wrong(machine.planner))


# Old logs


def test_what_was_signed_before_keys_stood_in_the_log_holds_as_it_did(machine: Machine) -> None:
    by = machine.keys.actor(machine.accounts.account("hoa"), PASSWORD, "page")
    machine.planner.assign_officer(VISIT, "P-02", "CA-0113", by=by, reason="x", override_authority="y")
    before = told(machine.planner)

    machine.overrides("nam", "P-01")

    assert before == {SIGNATURES: (True, "1 of 1 override, emergency access or review of one"), KEYS: (True, "0 keys")}
    assert told(machine.planner)[SIGNATURES] == (True, "2 of 2 overrides, emergency accesses and reviews of these")


# Other machines and copies


@pytest.fixture
def team(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Callable[[str], Machine]]:
    database, opened = new_database(), dict[str, Machine]()

    def make(name: str) -> Machine:
        if name not in opened:
            use_postgresql(tmp_path / name, tmp_path / "key", database)
            opened[name] = Machine(Planner(tmp_path / name, tmp_path / "key", clock=Clock()))
        return opened[name]

    yield make
    for one in opened.values():
        one.close()


def planned(machine: Machine) -> None:
    prepare(machine.planner)
    assign(machine.planner)


@pytest.mark.slow
def test_each_machine_of_a_team_knows_who_signed_on_the_other(team: Callable[[str], Machine], tmp_path: Path) -> None:
    here, there = team("here"), team("there")
    planned(here)
    here.enters("hoa")
    there.enters("nam")

    here.overrides("hoa")
    there.overrides("nam", "P-01")

    for one in (here, there):
        assert wrong(one.planner) == []
        assert told(one.planner)[SIGNATURES] == (True, "2 of 2 overrides, emergency accesses and reviews of these")
    # The control: what is signed there with a key that the log does not tell of is found here, and there.
    stranger = Actor("nam", frozenset({Role.PLANNER}), signer=Hand(Key.signing("nam", bytes(range(32)))))
    there.planner.withdraw_assignment(VISIT, "A-0003", by=stranger, reason="Thừa")
    there.planner.reinstate_assignment(VISIT, "A-0003", by=stranger, reason="x", override_authority="y")
    for one in (here, there):
        assert len(wrong(one.planner)) == 1


@pytest.mark.slow
def test_a_backup_of_one_machine_judges_the_signatures_of_all_on_an_empty_one(
    team: Callable[[str], Machine], tmp_path: Path
) -> None:
    here, there = team("here"), team("there")
    planned(here)
    here.enters("hoa")
    there.enters("nam")
    here.overrides("hoa")
    there.overrides("nam", "P-01")
    backup(tmp_path / "there", tmp_path / "team.backup", tmp_path / "key")

    restore(tmp_path / "team.backup", tmp_path / "empty", tmp_path / "key")

    found = list(verify_data(tmp_path / "empty", tmp_path / "key", level=4))
    assert [one for one in found if not one.ok] == []
    assert said(found)[SIGNATURES] == (True, "2 of 2 overrides, emergency accesses and reviews of these")


def test_a_restored_log_without_any_accounts_judges_them_too(machine: Machine, tmp_path: Path) -> None:
    machine.overrides("hoa")
    machine.planner.vouch_for_keys("hoa", by=machine.hand("quan.tri"))
    data = machine.planner.store.data_dir
    (tmp_path / "out").mkdir()
    backup(data, tmp_path / "out" / "b", machine.planner.store.keys.path)
    restore(tmp_path / "out" / "b", tmp_path / "empty", machine.planner.store.keys.path)
    for name in ("accounts.db", "sign_ins.db"):
        (tmp_path / "empty" / name).unlink()

    found = [one for one in verify_data(tmp_path / "empty", machine.planner.store.keys.path, level=4) if not one.ok]

    assert found == list[Found]()


def test_a_bundle_holds_the_keys_of_who_signed_and_of_who_vouched(machine: Machine) -> None:
    planner = machine.planner
    planner.register_visit(OTHER_VISIT, visit_details(), by=HOA)
    machine.hand("nam")
    machine.overrides("hoa")
    planner.vouch_for_keys("hoa", by=machine.hand("quan.tri"))

    held = {event.originator_id for _, event in planner.timeline.events_at(bundled(planner.timeline, VISIT))}
    other = {event.originator_id for _, event in planner.timeline.events_at(bundled(planner.timeline, OTHER_VISIT))}

    assert {one for one in held if one.startswith("signer/")} == {"signer/hoa", "signer/quan.tri"}
    assert {one for one in other if one.startswith("signer/")} == set()
