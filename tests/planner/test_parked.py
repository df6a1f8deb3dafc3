"""An event that cannot be read parks its thing: loudly, while everything else goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.parked import Parked
from planner.access.reader import Reader
from planner.application import Planner
from planner.history.sentences import full_sentence
from planner.store.doctor import check
from planner.store.mapper import FORMAT
from planner.store.sqlite import EVENTS_FILE
from tests.examples import VISIT, window
from tests.planner.acting import ADMINISTRATOR, HOA, Clock, another, assign

type Harm = Callable[[Planner, int], bytes]


def flipped(planner: Planner, position: int) -> bytes:
    """One bit of the row's seal is another."""
    ((*_, state),) = planner.recorder.select_positions([position])
    return bytes((*state[:-1], state[-1] ^ 1))


def unknown(planner: Planner, position: int) -> bytes:
    """The row is sealed properly, and says what this version does not know."""
    ((_, subject, version, topic, state),) = planner.recorder.select_positions([position])
    header, owner = state[:3], subject.encode()
    bound = b"%b%d:%b%d:%b" % (header, len(owner), owner, version, topic.encode())
    key = planner.store.keyring.of_visit(VISIT)
    assert isinstance(key, AESGCM)
    return header + bytes(12) + key.encrypt(bytes(12), b'{"of": "another time"}', bound)


def harmed(planner: Planner, position: int, harm: Harm, place: Path, clock: Clock) -> Planner:
    """A planner that opens the log after one of its rows was changed behind its back."""
    state = harm(planner, position)
    with closing(planner.store.connect(EVENTS_FILE)) as connection:
        connection.execute("DROP TRIGGER events_are_never_changed")
        connection.execute("UPDATE stored_events SET state = ? WHERE position = ?", (state, position))
    planner.close()
    return another(place, clock)


@pytest.fixture(params=[flipped, unknown])
def after(request: pytest.FixtureRequest, planner: Planner, tmp_path: Path, clock: Clock) -> Iterator[Planner]:
    """A planner whose second event of post P-01 cannot be read."""
    assert FORMAT == 2
    assign(planner)
    moved = planner.reschedule_post(VISIT, "P-01", window("13:00", "17:00"), by=HOA, reason="Đoàn đến muộn")
    planner.amend_post(VISIT, "P-01", planner.plan.post(VISIT, "P-01").details, by=HOA)
    at = next(position for position, event in planner.timeline.events() if event in moved.events)
    with closing(harmed(planner, at, request.param, tmp_path, clock)) as opened:
        yield opened


def test_the_administrator_is_told_the_number_of_the_event_and_not_of_what(after: Planner) -> None:
    (gap,) = after.plan.parked.values()

    administrator, member = Reader(after, ADMINISTRATOR), Reader(after, HOA)

    assert (administrator.unseen_gaps, dict(administrator.plan.parked)) == ((gap.position,), {})
    assert (member.unseen_gaps, dict(member.plan.parked)) == ((), {gap.originator_id: gap})


def test_the_thing_stays_as_it_was_before_and_an_alarm_tells(after: Planner) -> None:
    plan = after.plan

    (gap,) = plan.parked.values()
    assert (gap.originator_id, gap.originator_version) == (f"post/{VISIT}/P-01", 2)
    assert plan.post(VISIT, "P-01").version == 1
    assert plan.position == after.recorder.head()
    assert str(gap.alarm).startswith(f"Event {gap.position} of post/{VISIT}/P-01 ")


def test_others_go_on_and_nothing_is_recorded_of_the_parked_thing_or_built_on_it(after: Planner) -> None:
    before = after.plan.position

    with pytest.raises(Parked):
        after.cancel_post(VISIT, "P-01", by=HOA, reason="Thừa")
    with pytest.raises(Parked):
        assign(after, "P-01", "CA-0114")

    assert after.plan.position == before
    assert assign(after, "P-02", "CA-0114").position == before + 1


def test_the_history_tells_of_the_gap_in_its_place(after: Planner) -> None:
    gap = next(iter(after.plan.parked.values()))
    told = [event for _, event in after.timeline.events()]

    assert told.count(gap) == 1
    plan = after.plan
    assert str(full_sentence(told[gap.position - 1], plan, plan)).count("post/") > 0
    assert after.timeline.position_at(after.plan.recorded_at or gap.recorded_at) == after.plan.position


def test_the_doctor_names_it(after: Planner, tmp_path: Path) -> None:
    gap = next(iter(after.plan.parked.values()))

    (found,) = [one for one in check(tmp_path / "data", tmp_path / "key") if not one.ok]

    assert str(found.why) == f"1 cannot be read: {gap.position} ({gap.originator_id})"


def test_what_was_founded_by_an_unreadable_event_is_not_said_to_be_missing(
    planner: Planner, tmp_path: Path, clock: Clock
) -> None:
    at = next(p for p, event in planner.timeline.events() if event.originator_id == f"post/{VISIT}/P-02")
    opened = harmed(planner, at, flipped, tmp_path, clock)

    with closing(opened):
        with pytest.raises(Parked):
            opened.plan.post(VISIT, "P-02")
        assert [post.code for post in opened.plan.posts(VISIT)] == ["P-01"]


def test_no_snapshot_is_kept_of_a_plan_with_a_gap(after: Planner) -> None:
    assert after.timeline._snapshots is not None
    after.timeline._snapshots.spacing = 0
    after.timeline._snapshots._take(after.plan)

    assert after.timeline._snapshots.nearest(after.plan.position) is None
