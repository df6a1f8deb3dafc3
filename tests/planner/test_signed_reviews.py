"""A review of an emergency access is signed by who gives it, and nobody without the password forges one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from domain.base import Actor, Event, Role, folded
from domain.emergency import EmergencyAccessOpened, EmergencyAccessReviewed, EmergencyAccessSigned
from domain.refusals import NotAllowed
from domain.statement import statement
from planner.accounts import Accounts
from planner.application import Planner
from planner.audit.bundle import bundled
from planner.audit.personal import PersonalSignatures
from planner.audit.verify import verify_store
from planner.cli.opening import NO_PASSWORDS
from planner.personal_keys import PersonalKeys
from tests.examples import VISIT
from tests.planner.acting import Clock, let_in
from tests.serving import ADMINISTRATOR, PASSWORD

SIGNATURES = "every signature of a person holds"


@dataclasses.dataclass
class Desk:
    """Lan has opened the visit in an emergency; Bình and Đạt answer for it."""

    planner: Planner
    accounts: Accounts

    def hand(self, user: str) -> Actor:
        """Who signs, with a key that the log knows."""
        keys = PersonalKeys(self.accounts, NO_PASSWORDS)
        one = keys.actor(self.accounts.account(user), PASSWORD, "page home")
        self.planner.make_signing_key(by=one)
        return one

    def said(self) -> tuple[bool, str]:
        """What level 4 says of signatures."""
        found = verify_store(self.planner.store, level=4)
        return next((one.ok, str(one.why)) for one in found if str(one.name) == SIGNATURES)

    def events(self) -> list[Event]:
        return [event for _, event in self.planner.timeline.events()]

    def appended(self, *events: Event) -> int:
        """Puts events at the end of the log, as who has all keys of the store can; the position of the last."""
        stored = [self.planner.mapper.to_stored_event(event) for event in events]
        self.planner.recorder.insert_events(stored, command_id="forged")
        return self.planner.recorder.head()


@pytest.fixture
def desk(planner: Planner, clock: Clock) -> Iterator[Desk]:
    store = planner.store
    accounts = Accounts(store.data_dir, store.keys.database, hasher=NO_PASSWORDS)
    for user, role in (("lan", Role.PLANNER), ("binh", Role.COMMANDER), ("dat", Role.AUDITOR)):
        accounts.create(user, by=ADMINISTRATOR, roles={role}, password=PASSWORD)
    let_in(
        planner, *(Actor(user, frozenset({role})) for user, role in (("binh", Role.COMMANDER), ("dat", Role.AUDITOR)))
    )
    one = Desk(planner, accounts)
    planner.open_emergency_access(VISIT, 1, by=one.hand("lan"), reason="Cháy ở khách sạn, cần biết các chốt")
    clock.moment = planner.plan.emergency(VISIT, "lan").openings[0].until
    with closing(accounts):
        yield one


def reviewed(desk: Desk, user: str = "binh") -> tuple[EmergencyAccessReviewed, EmergencyAccessSigned]:
    desk.planner.review_emergency_access(VISIT, "lan", "Cần thiết", by=desk.hand(user))
    *_, review, signature = desk.events()
    assert isinstance(review, EmergencyAccessReviewed)
    assert isinstance(signature, EmergencyAccessSigned)
    return review, signature


def test_a_review_is_followed_by_the_signature_of_who_gave_it(desk: Desk) -> None:
    review, signature = reviewed(desk)

    (opening,) = desk.planner.plan.emergency(VISIT, "lan").openings
    assert (signature.by, signature.of) == ("binh", review.originator_version)
    assert (opening.signed, opening.verdict, opening.reviewer) == (True, "Cần thiết", "binh")
    assert desk.said() == (True, "2 of 2 overrides, emergency accesses and reviews of these")


def test_nothing_is_reviewed_without_a_signature(desk: Desk) -> None:
    unsigned = dataclasses.replace(desk.hand("binh"), signer=None)
    before = desk.planner.recorder.head()

    with pytest.raises(NotAllowed, match="say your password too"):
        desk.planner.review_emergency_access(VISIT, "lan", "Cần thiết", by=unsigned)

    assert desk.planner.recorder.head() == before


def test_a_review_that_nobody_signed_is_found(desk: Desk) -> None:
    honest = reviewed(desk)[0]
    version = desk.planner.plan.emergency(VISIT, "lan").version

    position = desk.appended(folded(honest, originator_version=version + 1, verdict="Không cần"))

    assert desk.said() == (False, f"event {position} binds a person and is not signed")


FORGED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "another verdict": ({"verdict": "Tuyệt vời"}, {}),
    "another reason": ({"reason": "Theo lệnh"}, {}),
    "in the name of another": ({"by": "dat"}, {"by": "dat"}),
    "signed by another": ({}, {"by": "dat"}),
    "over another event": ({}, {"of": 1}),
    "no signature": ({}, {"signature": "AAAA"}),
}


@pytest.mark.parametrize(("changes", "signature"), [*FORGED.values(), ({}, {})], ids=[*FORGED, "honest"])
def test_a_forged_review_is_found_and_an_honest_one_is_none(
    desk: Desk, changes: dict[str, Any], signature: dict[str, Any]
) -> None:
    """Whoever has all keys of the store appends a review of his own, signed as well as he can without the password."""
    honest = reviewed(desk)[0]
    desk.hand("dat")
    version = desk.planner.plan.emergency(VISIT, "lan").version
    signer = desk.hand("binh").signer
    assert signer is not None
    review = folded(honest, originator_version=version + 1)
    told = {name: getattr(review, name) for name in ("originator_id", "recorded_at", "occurred_at", "by", "command_id")}
    stamp = {"originator_version": version + 2, "of": version + 1, "public_key": signer.key}
    signed = EmergencyAccessSigned(**{**told, **stamp, "signature": signer.sign(statement(review)), **signature})

    position = desk.appended(folded(review, **changes), signed)

    if changes or signature:
        assert desk.said() == (False, f"the signature at event {position} does not hold")
    else:
        assert desk.said() == (True, "3 of 3 overrides, emergency accesses and reviews of these")


def test_what_was_reviewed_before_signatures_were_asked_for_is_no_trouble(desk: Desk) -> None:
    """It is no trouble where the access was opened in the first form; from the next form on it is."""
    reviewed(desk)
    *_, opening, opened, review, _ = (e for e in desk.events() if e.originator_id.startswith("emergency/"))
    assert isinstance(opening, EmergencyAccessOpened)
    old, new = PersonalSignatures((), team=True), PersonalSignatures((), team=True)

    for signatures, written in ((old, 1), (new, 2)):
        for position, event in enumerate((opening, opened, review), 1):
            signatures.see(position, event, written if event is opening else 1)

    assert old.trouble is None
    assert str(new.trouble) == "event 3 binds a person and is not signed"


def test_a_bundle_holds_the_review_its_signature_and_the_key_of_who_signed(desk: Desk) -> None:
    reviewed(desk, "dat")

    positions = bundled(desk.planner.timeline, VISIT)

    told = [(type(event).__name__, event.by) for _, event in desk.planner.timeline.events_at(positions)]
    assert [one for one in told if one[1] == "dat"] == [
        ("SigningKeyMade", "dat"),
        ("EmergencyAccessReviewed", "dat"),
        ("EmergencyAccessSigned", "dat"),
    ]
