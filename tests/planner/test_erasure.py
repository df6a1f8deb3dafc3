"""A person who was erased is gone: from every view of every moment, from snapshots, backups and other processes."""

from __future__ import annotations

import io
import time
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.base import changed
from domain.erasing import erasures
from domain.officer import OfficerRegistered
from domain.personal import ERASED
from domain.refusals import InvalidInput, NotAllowed, NotPossible, ReasonRequired
from domain.values import Contact, PersonName
from planner.application import Planner
from planner.checks import Checks
from planner.exports.plan_json import plan_json
from planner.history.records import as_json
from planner.history.steps import steps
from planner.search import found
from planner.snapshots.content import Content
from planner.snapshots.file import FILE, Snapshots
from planner.store.backup import backup, restore
from planner.store.doctor import check
from planner.timeline import Timeline
from tests.examples import VIETNAMESE_OFFICERS, VISIT, delegation_details, member, officer_details, venue_details
from tests.planner.acting import BINH, HOA, Clock, another, assign, let_in

OFFICER = changed(officer_details(VIETNAMESE_OFFICERS[0]), phone="0912 345 678")
MEMBER = member("M-01")
OTHER = member("M-02", name=PersonName(romanised="Khamla Keo"))
NAMES = (OFFICER.name.romanised, MEMBER.name.romanised, OFFICER.phone, MEMBER.name.original)
WHY = "Theo yêu cầu của đương sự, văn thư số 12"
GUEST = f"{VISIT}/LA/M-01"


@pytest.fixture
def planner(planner: Planner) -> Planner:
    """With a delegation of two, a duty, and a name changed twice; Bình commands everywhere."""
    let_in(planner, BINH)
    planner.register_delegation(VISIT, "LA", delegation_details(), by=HOA)
    planner.add_member(VISIT, "LA", MEMBER, by=HOA)
    planner.add_member(VISIT, "LA", OTHER, by=HOA)
    assign(planner)
    planner.amend_officer("CA-0113", changed(OFFICER, rank="Trung tá"), by=HOA, reason=f"{OFFICER.name} lên cấp")
    return planner


def told(planner: Planner) -> str:
    """Everything that is said of the plan and its past, as one text."""
    whole = io.StringIO()
    history = as_json(steps(planner.timeline, range(1, planner.plan.position + 1)))
    whole.write(history.decode())
    for position in range(planner.plan.position + 1):
        plan = planner.timeline.at(position)
        whole.write(repr(list(plan.entities.items())))
    whole.write(plan_json(planner.plan, VISIT).decode())
    whole.write(repr(planner.checks.of(planner.plan, VISIT)))
    whole.write(repr([found(name, planner.plan.officers, lambda o: o.name.romanised) for name in NAMES]))
    return whole.getvalue()


def kept(planner: Planner) -> bytes:
    """Every snapshot, opened."""
    with closing(planner.store.connect(FILE)) as connection:
        rows = connection.execute("SELECT content FROM snapshots").fetchall()
    opened = [Content.of(content) for (content,) in rows]
    portions = (zlib.decompress(portion) for content in opened for portion in content._portions)
    return b"".join([*(repr(content.keys).encode() for content in opened), *portions])


def names_in(text: str | bytes) -> list[str]:
    return [name for name in NAMES if name and (name in text if isinstance(text, str) else name.encode() in text)]


def test_an_erased_person_is_in_no_view_of_any_moment_and_in_no_snapshot(planner: Planner) -> None:
    snapshots = Snapshots(planner.store, spacing=1)
    snapshots.offer(planner.plan)
    snapshots.close(planner.plan)
    assert names_in(told(planner)) == list(NAMES)  # the control
    assert names_in(kept(planner)) == list(NAMES)

    planner.erase_person("CA-0113", by=BINH, reason=WHY)
    planner.erase_person(GUEST, by=BINH, reason=WHY)

    assert names_in(told(planner)) == []
    assert names_in(kept(planner)) == []
    assert planner.plan.officer("CA-0113").name.romanised == ERASED
    assert planner.timeline.at(planner.plan.position - 3).officer("CA-0113").name.romanised == ERASED
    assert planner.plan.delegation(VISIT, "LA").member("M-02").name == OTHER.name
    assert planner.plan.assignment(VISIT, "A-0001").officer == "CA-0113"


def test_the_log_stays_the_same_to_the_last_bit_and_verifies(planner: Planner, tmp_path: Path) -> None:
    before = list(planner.recorder.rows())

    outcome = planner.erase_person("CA-0113", by=BINH, reason=WHY)

    assert list(planner.recorder.rows(upto=len(before))) == before
    assert [event.reason for event in outcome.events] == [WHY]
    assert names_in(repr(outcome.events)) == []
    assert [(one.key, one.version) for one in erasures(planner.plan)] == [("officer/CA-0113", 1)]
    planner.close()
    assert [found for found in check(tmp_path / "data", tmp_path / "key") if not found.ok] == []


def test_another_running_process_shows_it_within_a_second(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    other = another(tmp_path, clock)
    past = other.plan.position - 1
    assert names_in(told(other)) == list(NAMES)

    planner.erase_person("CA-0113", by=BINH, reason=WHY)
    planner.erase_person(GUEST, by=BINH, reason=WHY)
    erased_at = time.monotonic()
    other.timeline.wait(past + 2, timeout=1)

    assert other.timeline.at(past).officer("CA-0113").name.romanised == ERASED
    assert time.monotonic() - erased_at < 1
    assert names_in(told(other)) == []
    other.close()
    assert names_in(kept(planner)) == []


def test_a_process_that_still_folds_the_time_before_writes_no_snapshot_of_it(planner: Planner) -> None:
    late = Snapshots(planner.store, spacing=1)
    old = planner.plan
    late.nearest(old.position)

    planner.erase_person("CA-0113", by=BINH, reason=WHY)
    late.offer(old)
    late.close(old)
    assert planner.timeline._snapshots is not None
    planner.timeline._snapshots.settle()  # its own, of the time after, is written in the background

    assert names_in(kept(planner)) == [MEMBER.name.romanised, MEMBER.name.original]


def test_a_plan_that_stands_on_a_snapshot_forgets_too(planner: Planner) -> None:
    snapshots = Snapshots(planner.store, spacing=1)
    snapshots.offer(planner.plan)
    snapshots.settle()
    timeline = Timeline(planner.recorder, planner.store.mapper(), Snapshots(planner.store, spacing=1))
    timeline._plan = snapshots.nearest(planner.plan.position) or timeline._plan
    assert timeline.current.officer("CA-0113").name == OFFICER.name  # the control

    planner.erase_person("CA-0113", by=BINH, reason=WHY)

    plan = timeline.current
    assert plan.officer("CA-0113").name.romanised == ERASED
    assert "officer/CA-0113" not in plan.entities.foundation
    assert "officer/CA-0114" in plan.entities.foundation
    assert plan.entities == planner.plan.entities
    snapshots.close(plan)
    timeline.close()


def test_an_erasure_that_was_killed_before_the_key_went_is_completed_by_the_next_start(
    planner: Planner, tmp_path: Path, clock: Clock
) -> None:
    key = planner.store.keyring.live("officer/CA-0113")
    assert key is not None
    planner.erase_person("CA-0113", by=BINH, reason=WHY)
    planner.close()
    with closing(another(tmp_path, clock)) as opened:
        # As if the record had been saved and nothing else: the key is back.
        connection = opened.store.connect("keys.db")
        connection.execute("DELETE FROM destroyed")
        connection.execute("INSERT INTO keys (id, subject, wrapped) VALUES (?, 'officer/CA-0113', X'00')", (key,))
        connection.close()

    with closing(another(tmp_path, clock)) as again:
        assert again.plan.officer("CA-0113").name.romanised == ERASED
        assert again.store.keyring.destroyed(key)


def test_a_backup_holds_nothing_and_an_old_one_says_erased(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    backup(tmp_path / "data", tmp_path / "old.backup", tmp_path / "key")
    planner.erase_person("CA-0113", by=BINH, reason=WHY)
    planner.erase_person(GUEST, by=BINH, reason=WHY)

    backup(tmp_path / "data", tmp_path / "new.backup", tmp_path / "key")

    for name in ("old", "new"):
        restore(tmp_path / f"{name}.backup", tmp_path / name / "data", tmp_path / "key")
        with closing(Planner(tmp_path / name / "data", tmp_path / "key", clock=clock)) as restored:
            assert names_in(told(restored)) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if names_in(path.read_bytes())] == []


def test_undoing_brings_nobody_back(planner: Planner) -> None:
    amended = planner.amend_officer("CA-0113", changed(OFFICER, unit="Đội 9"), by=HOA, command_id="amended")
    removed = planner.remove_member(VISIT, "LA", "M-01", by=HOA, reason="Không đến", command_id="removed")
    erased = planner.erase_person("CA-0113", by=BINH, reason=WHY, command_id="erased")
    planner.erase_person(GUEST, by=BINH, reason=WHY)
    before = planner.plan.position

    for outcome in (amended, removed, erased):
        with pytest.raises(NotPossible):
            planner.undo(outcome.command_id, by=BINH)

    assert planner.plan.position == before


def test_a_retry_of_an_old_command_tells_nobody(planner: Planner) -> None:
    asked: dict[str, Any] = {"by": HOA, "command_id": "once"}
    details = officer_details(VIETNAMESE_OFFICERS[2])
    planner.register_officer("CA-0200", details, **asked)
    planner.erase_person("CA-0200", by=BINH, reason=WHY)

    again = planner.register_officer("CA-0200", details, **asked)

    assert [e.officer.name.romanised for e in again.events if isinstance(e, OfficerRegistered)] == [ERASED]


def test_nothing_more_is_recorded_of_who_was_erased_but_duties_go_on(planner: Planner) -> None:
    planner.erase_person("CA-0113", by=BINH, reason=WHY)

    with pytest.raises(NotPossible):
        planner.amend_officer("CA-0113", OFFICER, by=HOA)
    with pytest.raises(NotPossible):
        planner.erase_person("CA-0113", by=BINH, reason=WHY)

    assert planner.retire_officer("CA-0113", by=HOA, reason="Đã xoá").events != ()


def test_the_contacts_of_a_venue_are_erased_and_new_ones_may_be_entered(planner: Planner) -> None:
    details = venue_details(contacts=(Contact(name="Bà Lê Thị Hạnh", phone="0900 000 001"),))
    planner.amend_venue("HOTEL-1", details, by=HOA)

    planner.erase_person("venue/HOTEL-1", by=BINH, reason=WHY)

    assert planner.plan.venue("HOTEL-1").details == changed(details, contacts=())
    planner.amend_venue("HOTEL-1", details, by=HOA)
    assert planner.plan.venue("HOTEL-1").details == details
    planner.erase_person("venue/HOTEL-1", by=BINH, reason=WHY)
    assert [planner.timeline.at(n).venue("HOTEL-1").details.contacts for n in range(3, planner.plan.position)] == [
        ()
    ] * (planner.plan.position - 3)


def test_who_may_erase_needs_a_reason_that_names_nobody(planner: Planner) -> None:
    with pytest.raises(NotAllowed):
        planner.erase_person("CA-0113", by=HOA, reason=WHY)
    with pytest.raises(ReasonRequired):
        planner.erase_person("CA-0113", by=BINH)
    with pytest.raises(InvalidInput):
        planner.erase_person("CA-0113", by=BINH, reason=f"{OFFICER.name.romanised.upper()} yêu cầu")
    with pytest.raises(InvalidInput):
        planner.erase_person("a/b", by=BINH, reason=WHY)

    assert erasures(planner.plan) == ()
    assert planner.plan.officer("CA-0113").name == OFFICER.name


def test_findings_that_named_an_erased_person_are_made_anew(planner: Planner) -> None:
    checks = Checks(planner.timeline, planner.clock)
    old = planner.plan
    checks.of(old, VISIT)

    planner.erase_person("CA-0113", by=BINH, reason=WHY)

    assert names_in(repr(checks.of(planner.plan, VISIT))) == []
