"""Every read is recorded before it is shown, and nobody changes what is recorded."""

from __future__ import annotations

import dataclasses
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as engine

from domain.base import Actor, Role
from domain.membership import Terms
from domain.refusals import NotAllowed
from planner.access.reader import Reader
from planner.access.reads import EVERY, FILE, Ended, Read, Reads, Standing, TakenFile
from planner.access.sealed_log import LONGEST
from planner.application import Planner
from planner.exports.watermark import Extent
from planner.history.questions import Question
from planner.store.refusals import StoreUnavailable
from tests.examples import OTHER_VISIT, PLANNING, VISIT, visit_details
from tests.planner.acting import ADMINISTRATOR, HOA, THAO, Clock, another, assign, let_in

LAN = Actor("lan", frozenset({Role.PLANNER}))


def read(user: str = "lan", *visits: str) -> Read:
    return Read(user=user, via="test", query="read_programme", visits=visits or (VISIT,))


def test_a_read_says_who_what_when_and_by_which_right(planner: Planner, clock: Clock) -> None:
    reader = Reader(planner, HOA)

    reader.record("read_programme", (VISIT,), "programme activity=A-01")

    (found,) = planner.reads.listed()
    assert (found.number, found.at) == (1, clock.moment)
    assert found.read == Read(
        user=HOA.user,
        via="",
        query="read_programme",
        visits=(VISIT,),
        about="programme activity=A-01",
        position=planner.plan.position,
        standing=Standing.MEMBER,
    )


def test_the_right_is_that_of_the_moment(planner: Planner) -> None:
    assign(planner)
    let_in(planner, LAN)
    nobody, key = Actor("minh", frozenset({Role.PLANNER})), Actor("@root", frozenset())
    for who in (Reader(planner, HOA), Reader(planner, LAN), Reader(planner, THAO), Reader(planner, nobody)):
        who.record("read_force", (VISIT,))
    Reader(planner, key, key_holder=True).record("read_force", (VISIT,))
    planner.end_site_membership(LAN.user, by=ADMINISTRATOR, reason="Chuyển công tác")
    Reader(planner, LAN).record("read_force", (VISIT,), "", Ended.REFUSED)

    found, outside = (
        [one.read.standing for one in reversed(planner.reads.listed(outside_duty=only))] for only in (False, True)
    )
    assert found == [
        Standing.MEMBER,
        Standing.EVERYWHERE,
        Standing.DUTY,
        Standing.NONE,
        Standing.KEY,
        Standing.NONE,
    ]
    assert outside == [Standing.NONE, Standing.KEY, Standing.NONE]


def test_the_reads_of_a_visit_are_its_own_and_those_of_every_visit(planner: Planner) -> None:
    for number, visits in enumerate(((VISIT,), (OTHER_VISIT,), (VISIT, OTHER_VISIT), (EVERY,), (VISIT + "0",))):
        planner.reads.append(read(f"user{number}", *visits))

    assert [one.read.user for one in planner.reads.listed(visit=VISIT)] == ["user3", "user2", "user0"]
    assert [one.read.user for one in planner.reads.listed(visit="_A-2026-01")] == ["user3"]
    assert [one.number for one in planner.reads.listed(user="user4")] == [5]
    assert [one.number for one in planner.reads.listed(last=2)] == [5, 4]


def test_who_sees_everything_reads_every_visit_and_others_theirs(planner: Planner) -> None:
    planner.register_visit(OTHER_VISIT, visit_details(), by=LAN)
    auditor = Actor("kiem", frozenset({Role.PLANNER, Role.AUDITOR, Role.COMMANDER}))
    let_in(planner, auditor)

    assert Reader(planner, auditor).visits_seen == (EVERY,)
    assert Reader(planner, LAN).visits_seen == (OTHER_VISIT,)


TAKEN = TakenFile("7K3F-9Q2M", "pdf", Extent.REDACTED, "ab" * 32)


def test_a_file_is_found_by_its_bytes_and_by_its_number(planner: Planner) -> None:
    planner.reads.append(read("shown"))
    planner.reads.append(dataclasses.replace(read("lan"), file=TAKEN, recipient="Sở Ngoại vụ"))

    by_bytes, by_number = planner.reads.listed(sha256="ab" * 32), planner.reads.listed(record="7K3F-9Q2M")

    assert [(one.read.user, one.read.file) for one in by_bytes] == [("lan", TAKEN)]
    assert by_number == by_bytes
    assert planner.reads.listed(sha256="cd" * 32) == planner.reads.listed(sha256="ab" * 32, record="9Q2M") == []


@pytest.mark.parametrize("column", ["record", "form", "extent", "sha256"])
def test_what_is_recorded_of_a_file_is_sealed_too(planner: Planner, column: str) -> None:
    planner.reads.append(dataclasses.replace(read(), file=TAKEN))
    assert planner.reads.broken() == 0  # the control

    with closing(planner.store.connect(FILE)) as raw:
        raw.execute("DROP TRIGGER reads_are_never_changed")
        raw.execute(f"UPDATE reads SET {column} = ''")

    assert planner.reads.broken() == 1


def test_a_log_from_before_files_had_a_record_goes_on(planner: Planner) -> None:
    planner.reads.append(read("before"))
    planner.reads.close()
    with closing(planner.store.connect(FILE)) as raw:
        for column in ("record", "form", "extent", "sha256"):
            raw.execute(f"ALTER TABLE reads DROP COLUMN {column}")

    planner.reads.append(dataclasses.replace(read("after"), file=TAKEN))

    assert [(one.read.user, one.read.file) for one in planner.reads.listed()] == [("after", TAKEN), ("before", None)]
    assert planner.reads.broken() == 0


def test_the_recipients_offered_are_the_own_ones_of_the_last_hours(planner: Planner, clock: Clock) -> None:
    for hours, user, recipient in ((0, "lan", "A"), (2, "lan", "B"), (3, "hoa", "C"), (4, "lan", "D"), (5, "lan", "B")):
        clock.moment = PLANNING + timedelta(hours=hours)
        planner.reads.append(dataclasses.replace(read(user), file=TAKEN, recipient=recipient))

    assert planner.reads.recipients("lan", PLANNING + timedelta(hours=1)) == ("B", "D")


HARM = (
    "UPDATE reads SET user = 'other' WHERE number = 2",
    "UPDATE reads SET visits = '' WHERE number = 3",
    "DELETE FROM reads WHERE number = 1",
    "DELETE FROM reads WHERE number = 3",
    "DELETE FROM reads WHERE number = 4",
    "UPDATE reads SET number = 9 WHERE number = 4",
)


@pytest.mark.parametrize("harm", HARM)
def test_every_change_behind_its_back_is_found(planner: Planner, harm: str) -> None:
    for user in ("a", "b", "c", "d"):
        planner.reads.append(read(user))
    assert planner.reads.broken() == 0  # the control

    with closing(planner.store.connect(FILE)) as raw:
        raw.execute("DROP TRIGGER reads_are_never_changed")
        raw.execute("DROP TRIGGER reads_are_never_deleted")
        raw.execute(harm)

    assert planner.reads.broken() > 0


@pytest.mark.parametrize("harm", HARM)
def test_the_file_itself_refuses_to_change(planner: Planner, harm: str) -> None:
    for user in ("a", "b", "c", "d"):
        planner.reads.append(read(user))

    with closing(planner.store.connect(FILE)) as raw, pytest.raises(engine.Error, match="reads are never"):
        raw.execute(harm)

    assert planner.reads.broken() == 0


def test_many_at_once_and_other_processes_keep_one_chain(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    with closing(another(tmp_path, clock)) as other:
        threads = [
            threading.Thread(target=lambda log=log: [log.append(read()) for _ in range(10)])
            for log in (planner.reads, planner.reads, other.reads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (len(other.reads.listed()), other.reads.broken()) == (30, 0)


def test_hostile_and_endless_codes_are_kept_as_they_were_asked_for_up_to_a_length(planner: Planner) -> None:
    planner.reads.append(read("lan", "=cmd|' /C calc'!A0".replace(" ", ""), "x" * 10_000))

    (found,) = planner.reads.listed()
    assert found.read.visits == ("=cmd|'/Ccalc'!A0", "x" * LONGEST)
    assert planner.reads.broken() == 0


def test_what_cannot_be_recorded_is_refused(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    reads = Reads(tmp_path / "nowhere", planner.store.keys.database, clock)

    with pytest.raises(StoreUnavailable):
        reads.append(read())


def test_nothing_of_it_lies_open_in_the_file(planner: Planner) -> None:
    planner.reads.append(read("canary"))
    planner.reads.close()

    content = b"".join(path.read_bytes() for path in planner.store.data_dir.glob(f"{FILE}*"))
    assert (b"canary" in content, b"SQLite format" in content) == (False, False)


def test_an_ended_membership_is_no_right_to_read(planner: Planner) -> None:
    by = Actor("binh", frozenset({Role.COMMANDER}))
    let_in(planner, by)
    planner.grant_membership(VISIT, LAN.user, Terms(roles=LAN.roles), by=by, reason="Trực")
    planner.end_membership(VISIT, LAN.user, by=by, reason="Hết ca")

    Reader(planner, LAN).record("read_programme", (VISIT,), "", Ended.REFUSED)

    assert [one.read.standing for one in planner.reads.listed()] == [Standing.NONE]


KIEM, DAT = Actor("kiem", frozenset({Role.AUDITOR})), Actor("dat", frozenset({Role.AUDITOR, Role.PLANNER}))


def told(reader: Reader, **asked: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.read.user, one.read.visits) for one in reversed(reader.reads(**asked))]


def some_reads(planner: Planner) -> None:
    """Đạt audits one visit and plans another, Kiểm audits all; somebody takes a file out of both."""
    planner.register_visit(OTHER_VISIT, visit_details(), by=DAT)
    let_in(planner, DAT, visit=VISIT)
    let_in(planner, KIEM)
    ways = {"one": (VISIT,), "hidden": (OTHER_VISIT,), "both": (VISIT, OTHER_VISIT), "all": (EVERY,), "guess": ("X-9",)}
    for user, visits in ways.items():
        planner.reads.append(dataclasses.replace(read(user), visits=visits))
    planner.reads.append(dataclasses.replace(read("site"), visits=()))
    for user, visits in (("both", ways["both"]), ("hidden", ways["hidden"])):
        file = dataclasses.replace(TAKEN, record=f"AAAA-{user}", sha256=user)
        planner.reads.append(dataclasses.replace(read(user), visits=visits, file=file))


def test_an_auditor_is_told_of_the_own_visits_and_the_site_and_of_no_other_that_it_is_there(planner: Planner) -> None:
    some_reads(planner)
    reader = Reader(planner, DAT)

    own = [("one", (VISIT,)), ("both", (VISIT,)), ("all", (EVERY,)), ("site", ()), ("both", (VISIT,))]
    assert told(reader) == own
    assert told(reader, visit=VISIT) == [one for one in own if one[0] != "site"]
    assert told(reader, user="both") == [("both", (VISIT,))] * 2
    assert told(reader, user="hidden") == told(reader, user="guess") == []
    assert told(reader, last=2) == own[-2:]
    with pytest.raises(NotAllowed):
        told(reader, visit=OTHER_VISIT)
    with pytest.raises(NotAllowed):
        told(Reader(planner, HOA))


def test_who_audits_every_visit_is_told_all(planner: Planner) -> None:
    some_reads(planner)

    users = [user for user, _ in told(Reader(planner, KIEM))]

    assert users == ["one", "hidden", "both", "all", "guess", "site", "both", "hidden"]


def test_a_file_that_turned_up_is_told_to_who_audits_one_of_its_visits(planner: Planner) -> None:
    some_reads(planner)

    for reader, hidden in ((Reader(planner, DAT), []), (Reader(planner, KIEM), ["hidden"])):
        assert [user for user, _ in told(reader, sha256="both")] == ["both"]
        assert [user for user, _ in told(reader, record="AAAA-both")] == ["both"]
        assert [user for user, _ in told(reader, sha256="hidden")] == hidden
        assert told(reader, sha256="both", user="one") == told(reader, sha256="nothing") == []


def test_what_was_read_outside_duty_is_found_however_many_reads_came_since(planner: Planner) -> None:
    let_in(planner, KIEM)
    planner.reads.append(dataclasses.replace(read("thief"), standing=Standing.KEY))
    for _ in range(1_001):
        planner.reads.append(dataclasses.replace(read(), standing=Standing.MEMBER))
    reader = Reader(planner, KIEM)

    assert [user for user, _ in told(reader, visit=VISIT, outside_duty=True, last=1)] == ["thief"]
    assert [case.by for case in reader.answers(VISIT)[Question.OUTSIDE_DUTY]] == ["thief"]


def test_the_question_is_answered_to_the_auditor_alone(planner: Planner) -> None:
    auditor = Actor("kiem", frozenset({Role.AUDITOR}))
    commander = Actor("binh", frozenset({Role.COMMANDER}))
    let_in(planner, auditor, commander)
    Reader(planner, HOA).record("read_programme", (VISIT,), "programme")
    Reader(planner, LAN).record("read_programme", (VISIT,), "programme", Ended.REFUSED)

    told = Reader(planner, auditor).answers(VISIT)

    assert [(case.by, case.recorded_at, str(case.message)) for case in told[Question.OUTSIDE_DUTY]] == [
        ("lan", planner.clock(), "refused: programme, by the right of: none, by way of –")
    ]
    assert Question.OUTSIDE_DUTY not in Reader(planner, commander).answers(VISIT)
