"""Refused commands are recorded where they may be attempts, before whoever asked is answered."""

from __future__ import annotations

import dataclasses
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.base import Actor, Role
from domain.refusals import NotAllowed, OfficerDoubleBooked, PlanningError
from planner.access.reader import Reader
from planner.access.refused import Cause, Refused
from planner.application import Planner
from planner.commands.emergencies import MOST_GUESSES
from planner.history.questions import Question
from planner.store.refusals import StoreUnavailable
from planner.text import Speaker
from tests.domain.test_emergency import WHY, Signs
from tests.examples import OTHER_VISIT, PLANNING, VISIT, post_details, visit_details
from tests.planner.acting import HOA, THAO, Clock, another, assign, let_in

LAN = Actor("lan", frozenset({Role.PLANNER}), via="page visits")
DAT = Actor("dat", frozenset({Role.AUDITOR}))


def refused(command: Any, *given: Any, **why: Any) -> str:
    """The name of the refusal."""
    with pytest.raises(PlanningError) as refusal:
        command(*given, **why)
    return refusal.value.name


def listed(planner: Planner) -> list[tuple[str, str, str, tuple[str, ...], Cause]]:
    return [(one.user, one.command, one.visit, one.codes, one.cause) for one in reversed(planner.refusals.listed())]


def test_what_may_not_be_done_and_what_is_not_there_is_recorded(planner: Planner, clock: Clock) -> None:
    refused(planner.cancel_post, VISIT, "P-01", by=LAN, reason="Bí mật của tôi")
    refused(planner.create_post, "NO-2026-99", "P-09", post_details(task="Bí mật"), by=LAN)
    refused(planner.cancel_post, VISIT, "P-01", by=THAO)
    refused(planner.retire_venue, "NOWHERE", by=HOA, reason="x")
    refused(planner.undo, "c-99", by=HOA)

    assert listed(planner) == [
        ("lan", "cancel_post", VISIT, (VISIT, "P-01"), Cause.NOT_THERE),
        ("lan", "create_post", "NO-2026-99", ("NO-2026-99", "P-09"), Cause.NOT_THERE),
        (THAO.user, "cancel_post", VISIT, (VISIT, "P-01"), Cause.NOT_ALLOWED),
        (HOA.user, "retire_venue", "", ("NOWHERE",), Cause.NOT_THERE),
        (HOA.user, "undo", "", (), Cause.NOT_THERE),
    ]
    last = planner.refusals.listed()[-1]
    assert last == Refused(
        number=1,
        at=clock.moment,
        user="lan",
        via="page visits",
        command="cancel_post",
        visit=VISIT,
        codes=(VISIT, "P-01"),
        cause=Cause.NOT_THERE,
    )


def test_a_taken_code_of_a_visit_tells_that_it_is_there_and_is_recorded(planner: Planner) -> None:
    assert refused(planner.register_visit, VISIT, visit_details(), by=LAN) == "CodeTaken"

    assert listed(planner) == [("lan", "register_visit", VISIT, (VISIT,), Cause.TAKEN)]


def test_what_rules_and_states_refuse_while_people_plan_is_not_recorded(planner: Planner) -> None:
    assign(planner)

    names = [
        refused(assign, planner, "P-02"),
        refused(planner.create_post, VISIT, "P-01", post_details(), by=HOA),
        refused(planner.create_post, VISIT, "no code", post_details(), by=HOA),
        refused(planner.reinstate_post, VISIT, "P-01", by=HOA),
        refused(planner.cancel_visit, VISIT, by=HOA),
    ]

    assert names[0] == OfficerDoubleBooked.__name__
    assert set(names[1:]) == {"CodeTaken", "InvalidInput", "NotPossible", "ReasonRequired"}
    assert listed(planner) == []


def test_nothing_that_a_person_wrote_is_kept(planner: Planner) -> None:
    text = "zqSECRETzq"
    refused(planner.create_post, VISIT, "P-09", post_details(task=text), by=LAN, reason=text)
    refused(planner.erase_person, f"Ông {text}", by=LAN, reason=text)
    refused(planner.review_emergency_access, VISIT, "minh", text, by=LAN)
    refused(planner.open_emergency_access, "NO-2026-99", by=dataclasses.replace(LAN, signer=Signs()), reason=text * 3)

    assert len(listed(planner)) == 4
    assert text not in repr(planner.refusals.listed())
    assert text.encode() not in (planner.store.data_dir / "refusals.db").read_bytes()


def test_an_attempt_that_cannot_be_recorded_is_answered_by_that_alone(planner: Planner) -> None:
    refused(planner.cancel_post, VISIT, "P-01", by=LAN)
    with closing(planner.store.connect("refusals.db")) as raw:
        raw.execute("DROP TABLE refusals")

    answers = []
    for visit in (VISIT, "NO-2026-99"):
        with pytest.raises(StoreUnavailable) as answer:
            planner.cancel_post(visit, "P-01", by=LAN)
        answers.append(str(answer.value))

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "harm", ["UPDATE refusals SET user = 'x' WHERE number = 1", "DELETE FROM refusals WHERE number = 2"]
)
def test_every_change_behind_its_back_is_found(planner: Planner, harm: str) -> None:
    for code in ("P-01", "P-02"):
        refused(planner.cancel_post, VISIT, code, by=LAN)
    assert planner.refusals.broken() == 0  # the control

    with closing(planner.store.connect("refusals.db")) as raw:
        raw.execute("DROP TRIGGER refusals_are_never_changed")
        raw.execute("DROP TRIGGER refusals_are_never_deleted")
        raw.execute(harm)

    assert planner.refusals.broken() > 0


def test_the_auditor_of_a_visit_is_told_of_it_and_of_no_other(planner: Planner) -> None:
    planner.register_visit(OTHER_VISIT, visit_details(), by=HOA)
    let_in(planner, DAT, visit=VISIT)
    for visit in (VISIT, OTHER_VISIT, "NO-2026-99"):
        refused(planner.cancel_post, visit, "P-01", by=LAN)

    (case,) = Reader(planner, DAT).answers(VISIT)[Question.REFUSED]

    assert (case.by, Speaker("en").say(case.message)) == (
        "lan",
        f"refused (hidden or not there): to cancel or reinstate posts; codes: {VISIT}, P-01",
    )
    with pytest.raises(NotAllowed):
        Reader(planner, DAT).refused()


def test_who_audits_every_visit_is_told_all(planner: Planner) -> None:
    let_in(planner, DAT)
    for visit in (VISIT, "NO-2026-99"):
        refused(planner.cancel_post, visit, "P-01", by=LAN)

    assert [one.visit for one in Reader(planner, DAT).refused()] == ["NO-2026-99", VISIT]


def test_who_asks_for_many_visits_that_are_not_there_is_stopped_for_a_day(planner: Planner, clock: Clock) -> None:
    by = dataclasses.replace(LAN, signer=Signs())

    asked = [refused(planner.open_emergency_access, f"NO-2026-{n}", by=by, reason=WHY) for n in range(MOST_GUESSES + 2)]
    foreign = refused(planner.open_emergency_access, VISIT, by=by, reason=WHY)
    clock.moment = PLANNING.replace(day=PLANNING.day + 2)
    planner.open_emergency_access(VISIT, by=by, reason=WHY)

    assert asked == ["NotFound"] * MOST_GUESSES + ["NotAllowed"] * 2
    assert foreign == "NotAllowed"


def test_many_that_guess_at_once_are_told_no_more_than_one_after_another(
    planner: Planner, tmp_path: Path, clock: Clock
) -> None:
    by, answers = dataclasses.replace(LAN, signer=Signs()), list[str]()
    with closing(another(tmp_path, clock)) as other:
        together = threading.Barrier(8)

        def guess(number: int) -> None:
            together.wait()
            asked = (planner, other)[number % 2].open_emergency_access
            answers.append(refused(asked, f"NO-2026-{number}", by=by, reason=WHY))

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(answers) == ["NotAllowed"] * (8 - MOST_GUESSES) + ["NotFound"] * MOST_GUESSES
    assert planner.refusals.guessed(PLANNING) == {"lan": MOST_GUESSES}


def test_what_was_there_or_was_asked_wrongly_is_no_guess(planner: Planner) -> None:
    by = dataclasses.replace(LAN, signer=Signs())

    asked = [refused(planner.open_emergency_access, VISIT, by=by, reason="short") for _ in range(MOST_GUESSES)]
    for _ in range(MOST_GUESSES):
        planner.open_emergency_access(VISIT, by=by, reason=WHY)
        planner.end_emergency_access(VISIT, by=by)
    last = refused(planner.open_emergency_access, "NO-2026-99", by=by, reason=WHY)

    assert (asked, last) == (["ReasonRequired"] * MOST_GUESSES, "NotFound")


def test_guesses_are_counted_by_account_however_many_refusals_came_since(planner: Planner, clock: Clock) -> None:
    let_in(planner, DAT)
    by = dataclasses.replace(LAN, signer=Signs())
    refused(planner.open_emergency_access, "NO-2026-98", by=by, reason=WHY)
    clock.moment = PLANNING + timedelta(hours=2)
    refused(planner.open_emergency_access, "NO-2026-99", by=by, reason=WHY)
    refused(planner.open_emergency_access, "NO-2026-99", by=dataclasses.replace(by, user="minh"), reason=WHY)
    for _ in range(1_100):
        planner.refusals.note(LAN, "cancel_post", {"visit": VISIT}, frozenset(), NotAllowed.because("no"))

    guessed = Reader(planner, DAT).guessed

    assert guessed(PLANNING) == {"lan": 2, "minh": 1}
    assert guessed(PLANNING + timedelta(hours=1)) == {"lan": 1, "minh": 1}
    with pytest.raises(NotAllowed):
        Reader(planner, HOA).guessed(PLANNING)


def test_who_signs_with_a_wrong_password_is_recorded_before_it_is_told(planner: Planner) -> None:
    def sign() -> None:
        with planner.refusals.signing(LAN, VISIT):
            raise NotAllowed.because("This is signed with your password; this one is not right.")

    assert refused(sign) == "NotAllowed"
    with planner.refusals.signing(LAN, VISIT):
        pass

    assert listed(planner) == [("lan", "sign", VISIT, (VISIT,), Cause.WRONG_PASSWORD)]
    let_in(planner, DAT)
    (case,) = Reader(planner, DAT).answers(VISIT)[Question.REFUSED]
    assert Speaker("en").say(case.message) == (
        f"refused (wrong password): to sign an override, an emergency access or its review; codes: {VISIT}"
    )


def test_a_retry_and_a_batch_record_what_they_are_refused(planner: Planner, tmp_path: Path) -> None:
    with pytest.raises(PlanningError), planner.together(LAN):
        planner.cancel_post(VISIT, "P-01", by=LAN)

    assert [one[0] for one in listed(planner)] == ["lan"]
