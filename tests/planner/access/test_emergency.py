"""Break-glass end to end: what it shows, what it does not, who is told, and what stands in the log."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from domain.base import Actor, Role
from domain.emergency import EmergencyAccessOpened, EmergencyAccessSigned
from domain.membership import Terms
from domain.refusals import NotAllowed, NotFound, NotPossible, PlanningError
from planner.access.reader import Reader
from planner.access.reads import EVERY, Standing
from planner.accounts import Accounts
from planner.application import Planner
from planner.audit.verify import verify_store
from planner.cli.opening import NO_PASSWORDS
from planner.history.questions import Question
from planner.personal_keys import PersonalKeys
from tests.domain.test_emergency import Signs
from tests.examples import OTHER_VISIT, PLANNING, VISIT, post_details, visit_details
from tests.planner.acting import HOA, Clock, let_in
from tests.releases import REDACTED
from tests.serving import ADMINISTRATOR, PASSWORD
from ui.downloads import fetched

WHY = "Cháy ở khách sạn, cần biết các chốt"
ROLES = frozenset({Role.PLANNER, Role.PROTOCOL})
BINH = Actor("binh", frozenset({Role.COMMANDER}))
DAT = Actor("dat", frozenset({Role.AUDITOR}))
SIGNS = dataclasses.replace(DAT, signer=Signs())

type Signing = Callable[[], Actor]


@pytest.fixture
def lan(planner: Planner) -> Iterator[Signing]:
    """Lan, who has an account and no part in the visit, as one who signs; Bình commands it and Đạt audits it."""
    store = planner.store
    accounts = Accounts(store.data_dir, store.keys.database, hasher=NO_PASSWORDS)
    accounts.create("lan", by=ADMINISTRATOR, roles=ROLES, password=PASSWORD)
    let_in(planner, BINH, DAT, visit=VISIT)
    keys = PersonalKeys(accounts, NO_PASSWORDS)
    with closing(accounts):
        yield lambda: keys.actor(accounts.account("lan"), PASSWORD, "page visits")


def opened(planner: Planner, lan: Signing, visit: str = VISIT) -> Actor:
    planner.open_emergency_access(visit, by=lan(), reason=WHY)
    return dataclasses.replace(lan(), signer=None)


def refusal(command: Callable[[], Any]) -> str:
    try:
        command()
    except PlanningError as refused:
        return f"{refused.name}: {refused}"
    return ""


def test_what_was_hidden_is_seen_until_the_time_is_over(planner: Planner, clock: Clock, lan: Signing) -> None:
    before = Reader(planner, lan()).plan.visits
    who = opened(planner, lan)

    during = [(one.key, len(Reader(planner, who).plan.posts(one.key))) for one in Reader(planner, who).plan.visits]
    clock.moment = PLANNING + timedelta(minutes=60)
    after = Reader(planner, who).plan

    assert (before, during, after.visits) == ((), [(VISIT, 2)], ())
    assert refusal(lambda: after.visit(VISIT)) == f"NotFound: There is no visit {VISIT}."


def test_it_changes_nothing_and_takes_nothing_out(planner: Planner, lan: Signing) -> None:
    who = opened(planner, lan)

    changed = refusal(lambda: planner.create_post(VISIT, "P-09", post_details(), by=who))
    taken = {
        name: refusal(functools.partial(fetched, name, Reader(planner, who), {"visit": VISIT}, REDACTED))
        for name in ("programme.xlsx", "plan.json", "history.csv", "questions.csv", "posts.xlsx")
    }

    assert changed == f"NotFound: There is no visit {VISIT}."
    assert [one for one in taken.values() if not one.startswith(("NotFound", "NotAllowed"))] == []


def test_files_of_every_visit_leave_out_the_one_that_is_open(planner: Planner, lan: Signing) -> None:
    who = opened(planner, lan)
    asked = {"language": "en", "zone": "UTC"}

    whole = fetched("history.csv", Reader(planner, HOA), asked, REDACTED).content.decode()
    left = fetched("history.csv", Reader(planner, who), asked, REDACTED).content.decode()

    assert (VISIT in whole, VISIT in left) == (True, False)


def test_a_lesser_role_in_the_visit_is_no_more_than_it_was_afterwards(
    planner: Planner, clock: Clock, lan: Signing
) -> None:
    terms = Terms(roles=frozenset({Role.PROTOCOL}))
    planner.grant_membership(VISIT, "lan", terms, by=BINH, reason="Lễ tân")
    who = opened(planner, lan)

    during = len(Reader(planner, who).plan.posts(VISIT))
    clock.moment = PLANNING + timedelta(hours=2)
    after = Reader(planner, who).plan

    assert (during, len(after.posts(VISIT)), after.visit(VISIT).key) == (2, 0, VISIT)


def test_who_is_a_member_in_all_roles_has_nothing_to_open(planner: Planner, lan: Signing) -> None:
    planner.grant_membership(VISIT, "lan", Terms(roles=ROLES), by=BINH, reason="Phối hợp")

    with pytest.raises(NotPossible):
        opened(planner, lan)


def test_it_stands_in_the_log_signed(planner: Planner, lan: Signing) -> None:
    opened(planner, lan)

    first, signature = [event for _, event in planner.timeline.events()][-2:]
    assert isinstance(first, EmergencyAccessOpened)
    assert isinstance(signature, EmergencyAccessSigned)
    assert (first.by, first.reason, first.roles, first.until) == ("lan", WHY, ROLES, PLANNING + timedelta(minutes=60))
    assert [found.why for found in verify_store(planner.store, level=4) if not found.ok] == []
    told = [str(one.why) for one in verify_store(planner.store, level=4) if "signature of a person" in str(one.name)]
    assert told == ["1 of 1 override, emergency access or review of one"]


def test_a_signature_by_another_is_found(planner: Planner, lan: Signing) -> None:
    """The control: Lan's name under what somebody else's key signed."""
    store = planner.store
    with closing(Accounts(store.data_dir, store.keys.database, hasher=NO_PASSWORDS)) as accounts:
        accounts.create("minh", by=ADMINISTRATOR, roles=ROLES, password=PASSWORD)
        minh = PersonalKeys(accounts, NO_PASSWORDS).actor(accounts.account("minh"), PASSWORD, "test")
    planner.open_emergency_access(VISIT, by=dataclasses.replace(lan(), signer=minh.signer), reason=WHY)

    wrong = [str(found.why) for found in verify_store(planner.store, level=4) if not found.ok]

    assert len(wrong) == 1
    assert "does not hold" in wrong[0]


def test_reads_by_it_are_recorded_as_such_and_shown_to_the_auditor(planner: Planner, lan: Signing) -> None:
    who = opened(planner, lan)
    Reader(planner, who).record("read_programme", (VISIT,), "programme")

    answers = Reader(planner, DAT).answers(VISIT)

    (case,) = answers[Question.OUTSIDE_DUTY]
    assert (case.by, "break-glass" in str(case.message)) == ("lan", True)
    assert planner.reads.listed(visit=VISIT)[0].read.standing is Standing.EMERGENCY
    (told,) = answers[Question.BREAK_GLASS]
    assert (told.by, told.reason, "to be reviewed" in str(told.message)) == ("lan", WHY, True)
    assert told.position is not None


def test_a_read_of_several_visits_is_by_break_glass_where_that_opened_one_of_them(
    planner: Planner, lan: Signing
) -> None:
    planner.register_visit(OTHER_VISIT, visit_details(), by=lan())
    planner.register_visit("VN-2026-03", visit_details(), by=HOA)
    reader = Reader(planner, lan())
    reader.record("read_programme", reader.visits_seen, "before")
    who = opened(planner, lan)
    reader, leaving = Reader(planner, who), Reader(planner, who).taking_out()
    reader.record("read_programme", reader.visits_seen, "during")
    reader.record("read_programme", (EVERY,), "of every visit")
    reader.record("read_programme", (OTHER_VISIT,), "own")
    reader.record("read_venues", (), "venues")
    leaving.record("export_history", leaving.visits_seen, "file")

    found = [(one.read.about, one.read.visits, one.read.standing) for one in reversed(planner.reads.listed())]

    assert found == [
        ("before", (OTHER_VISIT,), Standing.MEMBER),
        ("during", (OTHER_VISIT, VISIT), Standing.EMERGENCY),
        ("of every visit", (EVERY,), Standing.EMERGENCY),
        ("own", (OTHER_VISIT,), Standing.MEMBER),
        ("venues", (), Standing.SITE),
        ("file", (OTHER_VISIT,), Standing.MEMBER),
    ]


def test_an_overdue_review_is_told_as_one(planner: Planner, clock: Clock, lan: Signing) -> None:
    opened(planner, lan)
    clock.moment = PLANNING + timedelta(hours=25)

    overdue = str(Reader(planner, DAT).answers(VISIT)[Question.BREAK_GLASS][0].message)
    planner.review_emergency_access(VISIT, "lan", "Đúng lúc", by=SIGNS)
    reviewed = str(Reader(planner, DAT).answers(VISIT)[Question.BREAK_GLASS][0].message)

    assert "overdue" in overdue
    assert "dat: «Đúng lúc»" in reviewed


def test_commander_and_auditor_end_and_review_it_and_nobody_else(planner: Planner, lan: Signing) -> None:
    who = opened(planner, lan)

    with pytest.raises(NotAllowed):
        planner.revoke_emergency_access(VISIT, "lan", by=HOA)
    with pytest.raises(NotFound):
        planner.review_emergency_access(
            VISIT, "lan", "Tự xét", by=dataclasses.replace(who, roles=ROLES | {Role.AUDITOR})
        )
    planner.revoke_emergency_access(VISIT, "LAN", by=BINH)
    planner.review_emergency_access(VISIT, "lan", "Cần thiết", by=SIGNS)

    assert Reader(planner, who).plan.visits == ()
    assert planner.plan.emergency(VISIT, "lan").to_review == ()


def test_a_commander_does_not_review_what_the_commander_opened(planner: Planner, lan: Signing) -> None:
    planner.grant_membership(VISIT, "lan", Terms(roles=frozenset({Role.PROTOCOL})), by=BINH, reason="Lễ tân")
    who = opened(planner, lan)
    planner.end_emergency_access(VISIT, by=who)
    terms = Terms(roles=frozenset({Role.COMMANDER}))
    planner.amend_membership(VISIT, "lan", terms, by=BINH, reason="Lên chỉ huy")

    with pytest.raises(NotAllowed):
        planner.review_emergency_access(
            VISIT, "lan", "Tốt", by=dataclasses.replace(who, roles=frozenset({Role.COMMANDER}))
        )


@pytest.mark.parametrize("role", [Role.PRESS, Role.OFFICER, Role.ADMINISTRATOR])
def test_who_answers_for_no_whole_visit_opens_none(planner: Planner, lan: Signing, role: Role) -> None:
    with pytest.raises(NotAllowed):
        planner.open_emergency_access(VISIT, by=dataclasses.replace(lan(), roles=frozenset({role})), reason=WHY)


def test_a_role_that_the_account_loses_is_lost_at_once(planner: Planner, lan: Signing) -> None:
    who = opened(planner, lan)

    assert Reader(planner, dataclasses.replace(who, roles=frozenset({Role.PRESS}))).plan.visits == ()


# Guessing: opening costs a signed statement whatever carries the code; everything cheaper is answered alike


@pytest.mark.parametrize(
    ("minutes", "reason", "signs"), [(60, "ngắn", True), (61, WHY, True), (60, WHY, False), (0, "", False)]
)
def test_what_is_wrong_with_the_asking_is_said_alike_of_every_code(
    planner: Planner, lan: Signing, minutes: int, reason: str, signs: bool
) -> None:
    by = lan() if signs else dataclasses.replace(lan(), signer=None)

    foreign, unknown = (
        refusal(functools.partial(planner.open_emergency_access, visit, minutes, by=by, reason=reason))
        for visit in (VISIT, "NO-2026-99")
    )

    assert foreign == unknown != ""


@pytest.mark.parametrize("visit", [VISIT, "NO-2026-99"])
def test_ending_what_one_has_not_opened_is_said_alike_of_every_code(planner: Planner, lan: Signing, visit: str) -> None:
    said = refusal(lambda: planner.end_emergency_access(visit, by=lan()))

    assert said == f"NotPossible: lan has not opened visit {visit}."


def test_other_visits_stay_hidden(planner: Planner, lan: Signing) -> None:
    planner.register_visit(OTHER_VISIT, visit_details(), by=HOA)
    who = opened(planner, lan)

    plan = Reader(planner, who).plan

    assert [one.key for one in plan.visits] == [VISIT]
    assert refusal(lambda: plan.visit(OTHER_VISIT)) == f"NotFound: There is no visit {OTHER_VISIT}."
