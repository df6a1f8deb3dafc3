"""A visit that was erased is gone from every view of every moment, and everything else goes on."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.base import Actor, Role
from domain.erasing import erasure_of_visit
from domain.erasure import Erased, VisitErased
from domain.membership import Terms
from domain.refusals import InvalidInput, NotAllowed, NotFound, NotPossible, PlanningError, ReasonRequired
from domain.values import TimeWindow
from planner.access.exporting import Subject, permit_export
from planner.access.reader import Reader
from planner.application import Planner
from planner.audit.verify import verify_store
from planner.checks import Checks
from planner.exports.plan_json import plan_json
from planner.history.questions import Question
from planner.history.records import as_json
from planner.history.steps import steps
from planner.imports.visit_json import read_visit
from planner.snapshots.content import Content
from planner.snapshots.file import FILE, Snapshots
from planner.store.backup import backup, restore
from planner.store.doctor import check
from planner.store.postgresql.opening import use_postgresql
from planner.timeline import Timeline
from tests.domain.test_emergency import Signs
from tests.examples import OTHER_VISIT, VISIT, delegation_details, member, post_details, visit_details
from tests.planner.acting import ADMINISTRATOR, BINH, HOA, Clock, another, assign, let_in, prepare
from tests.planner.store.raw_pages import raw_pages

CANARIES = ("zqtitlezq", "zqpostzq", "zqguestzq", "zqreasonzq", "zqorderzq")
TITLE, TASK, GUEST, REASON, ORDER = CANARIES
WHY = "Hết thời hạn lưu giữ, quyết định số 7"
KIM = Actor("commander.kim", frozenset({Role.COMMANDER, Role.AUDITOR}))


def fill(planner: Planner) -> None:
    """Two visits that share officers; the canaries stand in the first alone. Bình and Kim command everywhere."""
    let_in(planner, BINH, KIM)
    planner.amend_visit(VISIT, visit_details(title=TITLE), by=HOA, reason=REASON)
    planner.register_delegation(VISIT, "LA", delegation_details(), by=HOA)
    planner.add_member(VISIT, "LA", member("M-01", rank=GUEST), by=HOA)
    planner.create_post(VISIT, "P-03", post_details(task=TASK, venue="HOTEL-1"), by=HOA)
    planner.issue_post_order(VISIT, "P-03", ORDER, by=HOA)
    assign(planner, reason=REASON)
    planner.register_visit(OTHER_VISIT, visit_details(title="Đoàn khác"), by=HOA)
    planner.create_post(OTHER_VISIT, "P-01", post_details(), by=HOA)
    planner.assign_officer(OTHER_VISIT, "P-01", "CA-0114", by=HOA)


@pytest.fixture
def planner(planner: Planner, clock: Clock) -> Planner:
    fill(planner)
    clock.passes(timedelta(days=60))
    return planner


def erase(planner: Planner, visit: str = VISIT, **changes: Any) -> Any:
    asked: dict[str, Any] = {"confirmed": visit, "by": BINH, "reason": WHY} | changes
    return planner.erase_visit(visit, **asked)


def told(planner: Planner) -> str:
    """Everything that is said of the plan and its past, as one text."""
    whole = [as_json(steps(planner.timeline, range(1, planner.plan.position + 1))).decode()]
    whole += (repr(list(planner.timeline.at(at).entities.items())) for at in range(planner.plan.position + 1))
    whole += [repr(list(planner.plan.indexes.items())), repr(list(planner.timeline.events()))]
    return "".join(whole)


def kept(planner: Planner) -> bytes:
    """Every snapshot, opened."""
    with closing(planner.store.connect(FILE)) as connection:
        rows = connection.execute("SELECT content FROM snapshots").fetchall()
    opened = [Content.of(content) for (content,) in rows]
    return b"".join(zlib.decompress(portion) for content in opened for portion in content._portions)


def in_it(text: str | bytes) -> list[str]:
    return [one for one in CANARIES if (one in text if isinstance(text, str) else one.encode() in text)]


def wrong(planner: Planner) -> list[str]:
    return [str(found.why) for found in verify_store(planner.store, level=5) if not found.ok]


def test_it_is_in_no_view_of_any_moment_and_in_no_snapshot(planner: Planner) -> None:
    snapshots = Snapshots(planner.store, spacing=1)
    snapshots.offer(planner.plan)
    snapshots.close(planner.plan)
    assert (in_it(told(planner)), in_it(kept(planner))) == (list(CANARIES), [TITLE, TASK, GUEST, ORDER])  # the control

    (event,) = erase(planner).events

    assert (in_it(told(planner)), in_it(kept(planner))) == ([], [])
    assert isinstance(event, VisitErased)
    assert (event.accounts, event.reason) == (("commander.binh", "planner.hoa"), WHY)
    assert [visit.key for visit in planner.plan.visits] == [OTHER_VISIT]
    assert [key for key in planner.plan.entities if VISIT in key] == [f"erasure/visit/{VISIT}"]


def test_the_log_stays_the_same_to_the_last_bit_and_verifies_at_all_levels(planner: Planner, tmp_path: Path) -> None:
    before = list(planner.recorder.rows())

    erase(planner)

    assert list(planner.recorder.rows(upto=len(before))) == before
    assert wrong(planner) == []
    planner.close()
    assert [found for found in check(tmp_path / "data", tmp_path / "key") if not found.ok] == []


def test_a_fresh_start_and_a_running_process_fold_the_same_plan(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    other = another(tmp_path, clock)
    assert TITLE in told(other)

    erase(planner)
    other.timeline.wait(planner.plan.position - 1, timeout=1)

    fresh = Timeline(planner.recorder, planner.store.mapper())
    assert in_it(told(other)) == []
    assert fresh.current.entities == planner.plan.entities == other.plan.entities
    assert {key: set(members) for key, members in fresh.current.indexes.items() if members} == {
        key: set(members) for key, members in planner.plan.indexes.items() if members
    }
    for one in (other, fresh):
        one.close()


def test_neither_the_key_nor_anything_of_it_lies_in_any_file(planner: Planner, tmp_path: Path) -> None:
    with closing(planner.store.connect("keys.db")) as connection:
        ((key,),) = connection.execute("SELECT wrapped FROM keys WHERE subject = ?", (f"visit/{VISIT}",)).fetchall()
    snapshots = Snapshots(planner.store, spacing=1)
    snapshots.offer(planner.plan)
    snapshots.close(planner.plan)
    with closing(planner.store.connect(FILE)) as connection:
        parts = [bytes(content[:60]) for (content,) in connection.execute("SELECT content FROM snapshots")]
    Reader(planner, BINH).record("read_visit", (VISIT,))

    def holding() -> set[str]:
        files = [path for path in (tmp_path / "data").glob("*.db") if path.stat().st_size]
        pages = {path.name: raw_pages(path, planner.store.keys.database) for path in files}
        secrets = [key, *parts, *(one.encode() for one in CANARIES)]
        return {name for name, content in pages.items() if any(secret in content for secret in secrets)}

    assert holding() == {"keys.db", FILE}  # the control

    erase(planner)
    assert planner.timeline._snapshots is not None
    planner.timeline._snapshots.settle()

    assert holding() == set()


def test_a_backup_holds_nothing_and_an_old_one_says_erased(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    backup(tmp_path / "data", tmp_path / "old.backup", tmp_path / "key")
    erase(planner)
    backup(tmp_path / "data", tmp_path / "new.backup", tmp_path / "key")

    for name in ("old", "new"):
        restore(tmp_path / f"{name}.backup", tmp_path / name / "data", tmp_path / "key")
        with closing(Planner(tmp_path / name / "data", tmp_path / "key", clock=clock)) as restored:
            assert in_it(told(restored)) == []
            assert restored.plan.visit(OTHER_VISIT).details.title == "Đoàn khác"
    with closing(Planner(tmp_path / "new" / "data", tmp_path / "key", clock=clock)) as restored:
        assert wrong(restored) == []


def test_what_was_killed_before_the_key_went_is_completed_by_the_next_start(
    planner: Planner, tmp_path: Path, clock: Clock
) -> None:
    key = planner.store.keyring.live(f"visit/{VISIT}")
    with closing(planner.store.connect("keys.db")) as connection:
        rows = connection.execute("SELECT id, subject, wrapped FROM keys").fetchall()
    erase(planner)
    planner.close()
    with closing(another(tmp_path, clock)) as opened, closing(opened.store.connect("keys.db")) as connection:
        # As if the record had been saved and nothing else: the key is back.
        connection.execute("DELETE FROM destroyed")
        connection.executemany("INSERT OR IGNORE INTO keys (id, subject, wrapped) VALUES (?, ?, ?)", map(tuple, rows))

    with closing(another(tmp_path, clock)) as again:
        assert key is not None
        assert in_it(told(again)) == []
        assert again.store.keyring.destroyed(key)
        assert wrong(again) == []


# Who may, and when


def test_it_is_refused_to_all_but_a_commander_of_the_visit_with_a_reason_and_the_code(planner: Planner) -> None:
    cases: tuple[tuple[type[PlanningError], dict[str, Any]], ...] = (
        (NotAllowed, {"by": HOA}),
        (NotAllowed, {"by": ADMINISTRATOR}),
        (NotFound, {"by": Actor("stranger", frozenset({Role.COMMANDER}))}),
        (NotFound, {"visit": "XX-1"}),
        (ReasonRequired, {"reason": " "}),
        (InvalidInput, {"reason": f"{TITLE.upper()} đã xong"}),
        (InvalidInput, {"confirmed": OTHER_VISIT}),
        (InvalidInput, {"confirmed": VISIT.lower()}),
    )
    before = planner.plan.position

    for kind, changes in cases:
        with pytest.raises(kind):
            erase(planner, **changes)

    assert (planner.plan.position, planner.plan.visit(VISIT).details.title) == (before, TITLE)


def test_it_is_refused_to_the_last_minute_of_the_last_day_where_the_visit_is(planner: Planner, clock: Clock) -> None:
    last = planner.plan.visit(VISIT).details.last_day
    ends = visit_details().last_day
    clock.moment = clock.moment.replace(year=ends.year, month=ends.month, day=ends.day, hour=16, minute=59, second=59)

    with pytest.raises(NotPossible, match="not over before"):
        erase(planner)
    clock.passes(timedelta(seconds=1))  # midnight in Hà Nội is 17:00 UTC

    assert (erase(planner).events != (), last) == (True, ends)


def test_a_post_that_lies_ahead_holds_it_up(planner: Planner, clock: Clock) -> None:
    ahead = TimeWindow(start=clock.moment - timedelta(hours=1), end=clock.moment + timedelta(hours=1))
    planner.reschedule_post(VISIT, "P-03", ahead, by=HOA, reason="Thu dọn")

    with pytest.raises(NotPossible, match="not over before"):
        erase(planner)
    clock.passes(timedelta(hours=1, seconds=1))

    assert erase(planner).events != ()


def test_who_is_still_on_post_holds_it_up(planner: Planner) -> None:
    planner.start_duty(VISIT, "A-0001", by=BINH)

    with pytest.raises(NotPossible, match="still on post"):
        erase(planner)
    planner.end_duty(VISIT, "A-0001", by=BINH)

    assert erase(planner).events != ()


def test_what_was_opened_in_an_emergency_is_reviewed_first(planner: Planner, clock: Clock) -> None:
    minh = Actor("minh", frozenset({Role.PLANNER}), signer=Signs())
    planner.open_emergency_access(VISIT, by=minh, reason="Cháy ở khách sạn, cần biết các chốt")
    clock.passes(timedelta(hours=2))

    with pytest.raises(NotPossible, match="nobody has reviewed"):
        erase(planner)
    planner.review_emergency_access(VISIT, "minh", "Cần thiết", by=dataclasses.replace(BINH, signer=Signs()))

    assert erase(planner).events != ()
    assert [opening.verdict for one in planner.plan.emergencies() for opening in one.openings] == ["Cần thiết"]
    assert Reader(planner, KIM).plan.emergencies(user="minh") != ()


def test_a_cancelled_visit_is_erased_before_its_days(planner: Planner, clock: Clock) -> None:
    clock.moment -= timedelta(days=59)
    planner.cancel_visit(VISIT, by=HOA, reason="Nhập nhầm")

    assert erase(planner).events != ()


# Afterwards


def test_members_are_told_that_it_was_erased_and_others_that_there_is_none(planner: Planner) -> None:
    erase(planner)
    stranger = Actor("stranger", frozenset({Role.COMMANDER, Role.AUDITOR, Role.PLANNER}))

    for ask in (
        lambda who: permit_export(Reader(planner, who), Subject("export_plan", "json", "plan", VISIT)),
        lambda who: Reader(planner, who).permit("read_programme", VISIT),
        lambda who: planner.amend_visit(VISIT, visit_details(), by=who),
        lambda who: planner.create_post(VISIT, "P-09", post_details(), by=who),
    ):
        with pytest.raises(NotPossible, match="was erased"):
            ask(KIM)
        with pytest.raises(NotFound, match="There is no visit"):
            ask(stranger)
    assert f"erasure/visit/{VISIT}" in Reader(planner, KIM).plan.entities
    assert f"erasure/visit/{VISIT}" not in Reader(planner, stranger).plan.entities


def test_its_code_is_never_used_again(planner: Planner) -> None:
    document = read_visit(plan_json(planner.plan, VISIT))
    former = planner.amend_visit(VISIT, visit_details(title="Khác"), by=HOA, command_id="former")
    done = erase(planner, command_id="erased")
    before = planner.plan.position

    ways: tuple[Callable[[], object], ...] = (
        lambda: planner.register_visit(VISIT, visit_details(), by=HOA),
        lambda: planner.import_visit(document, by=HOA),
        lambda: planner.undo(done.command_id, by=BINH, reason="x"),
        lambda: planner.undo(former.command_id, by=BINH, reason="x"),
        lambda: planner.grant_membership(VISIT, "x", Terms(roles=frozenset({Role.PRESS})), by=BINH, reason="x"),
    )
    for way in ways:
        with pytest.raises(PlanningError):
            way()

    assert (planner.plan.position, in_it(told(planner))) == (before, [])
    again = erase(planner, command_id="erased")
    assert (again.repeated, again.position) == (True, before)


def test_the_officers_who_stood_in_it_go_on_and_rules_do_not_stumble(planner: Planner) -> None:
    erase(planner)

    planner.assign_officer(OTHER_VISIT, "P-01", "CA-0113", by=HOA)

    assert [duty.visit for duty in planner.plan.assignments_of_officer("CA-0113")] == [OTHER_VISIT]
    assert planner.plan.assignments_ever_of("CA-0113") == planner.plan.assignments_of_officer("CA-0113")
    assert in_it(repr(Checks(planner.timeline, planner.clock).of(planner.plan, OTHER_VISIT))) == []
    assert set(Reader(planner, KIM).answers(OTHER_VISIT)) == set(Question)
    assert [post.visit for post in planner.plan.posts_at("HOTEL-1")] == []


def test_a_member_of_two_visits_of_which_one_was_erased_sees_no_third(planner: Planner) -> None:
    """Counts of visits must not be taken for the visits themselves."""
    lan = Actor("lan", frozenset({Role.PLANNER, Role.COMMANDER, Role.AUDITOR, Role.PROTOCOL}))
    planner.register_visit("XX-2026-03", visit_details(title="Đoàn thứ ba"), by=HOA)
    for visit in (VISIT, OTHER_VISIT):
        let_in(planner, lan, visit=visit)

    erase(planner)

    seen = Reader(planner, lan)
    assert (seen.clearance.whole, [visit.key for visit in seen.plan.visits]) == (False, [OTHER_VISIT])


# What a forger may try


def forged(planner: Planner, topic: str = "PostCreated", subject: str = f"post/{VISIT}/P-99") -> int:
    """Puts noise under the code of the visit, as who has the keys of the store and not that of the visit can."""
    stored = next(row for row in planner.recorder.rows() if row[3] == topic)
    event = next(event for _, event in planner.timeline.events(stored[0] - 1, stored[0]))
    sealed = planner.mapper.to_stored_event(
        dataclasses.replace(last_of_others(planner), originator_id=f"post/{OTHER_VISIT}/P-98", originator_version=1)
    )
    assert isinstance(event, Erased)
    planner.recorder.insert_events(
        [dataclasses.replace(sealed, originator_id=subject, originator_version=1)], command_id="forged"
    )
    return planner.recorder.head()


def last_of_others(planner: Planner) -> Any:
    return next(event for _, event in planner.timeline.events() if event.originator_id == f"post/{OTHER_VISIT}/P-01")


def test_noise_that_is_put_under_its_code_later_is_found(planner: Planner) -> None:
    erase(planner)

    position = forged(planner)

    assert any(str(position) in why and "came after visit" in why for why in wrong(planner))


def test_a_key_that_was_destroyed_without_a_record_is_found(planner: Planner) -> None:
    key = planner.store.keyring.live(f"visit/{VISIT}")
    assert key is not None

    planner.store.keyring.destroy([key])

    assert any("no erasure is recorded" in why for why in wrong(planner))


# A team


@pytest.fixture
def team(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Callable[[str], Planner]]:
    database, opened, clock = new_database(), list[Planner](), Clock()

    def make(name: str) -> Planner:
        use_postgresql(tmp_path / name, tmp_path / "key", database)
        opened.append(Planner(tmp_path / name, tmp_path / "key", clock=clock))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.mark.slow
def test_on_one_machine_of_a_team_is_on_all(team: Callable[[str], Planner]) -> None:
    here = team("here")
    prepare(here)
    fill(here)
    there = team("there")
    assert in_it(told(there)) == list(CANARIES)
    assert isinstance(here.clock, Clock)
    here.clock.passes(timedelta(days=60))

    erase(here)
    there.timeline.wait(here.plan.position - 1, timeout=1)

    assert (in_it(told(there)), erasure_of_visit(there.plan, VISIT) is not None) == ([], True)
    assert (wrong(here), wrong(there)) == ([], [])


def test_the_moment_of_what_was_erased_is_that_of_the_last_event_before_it(planner: Planner, clock: Clock) -> None:
    """However much was recorded of the visit in one go."""
    before = clock.moment
    planner.register_visit("XX-2026-03", visit_details(title="Đoàn thứ ba"), by=HOA)
    last = planner.plan.position
    clock.passes(timedelta(minutes=1))
    with planner.together(HOA):
        for number in range(600):
            planner.create_post(VISIT, f"Q-{number}", post_details(), by=HOA)
    clock.passes(timedelta(minutes=1))

    erase(planner)

    head = planner.plan.position
    moments = (before, before + timedelta(seconds=90), clock.moment)
    assert [planner.timeline.position_at(one) for one in moments] == [head - 1, head - 1, head]
    assert last == head - 601


def test_whoever_looks_at_what_was_erased_is_told_no_moment_before_there_was_anything(planner: Planner) -> None:
    """Wherever the looking begins: a page of the history begins anywhere, the log perhaps with what was erased."""
    erase(planner)

    looked_at = [*planner.timeline.events(), *planner.timeline.recent(3, 5), *planner.timeline.events_at((3, 5, 9))]
    looked_at += [one for at in range(planner.plan.position) for one in planner.timeline.events(at, at + 1)]

    first = min(event.recorded_at for _, event in looked_at if not isinstance(event, Erased))
    assert any(isinstance(event, Erased) for _, event in looked_at)
    assert all(event.recorded_at >= first for _, event in looked_at)
