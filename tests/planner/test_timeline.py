"""The plan in time: by snapshot, step by step, after damage, and as others record."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.base import Event, Role
from domain.erasure import Erasure, PersonErased, VisitErased
from domain.membership import Terms
from domain.plan import Plan
from domain.signer import SigningKeys
from domain.signing import signing_keys
from domain.values import Coordinates
from domain.ways import Inside, Roads
from planner.snapshots import file as snapshot_file
from planner.snapshots.file import FILE, Snapshots
from planner.snapshots.kept import KeptEntities
from planner.snapshots.packing import KINDS, pack, revive
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.timeline import Timeline
from tests.benchmarks.large_log import Size, events, write_log
from tests.domain.test_emergency import Signs
from tests.examples import OTHER_VISIT, VISIT, Story, a_visit, at

EVENTS = 3_000
SIZE = Size(events=EVENTS, visits=3, venues=5, officers=30, posts=90, routes=10, assignments=300)
positions = st.integers(0, EVENTS)


def opened(place: Path) -> Store:
    return open_store(place / "data", place / "key")


def timeline(store: Store, spacing: int = 200) -> Timeline:
    return Timeline(store.recorder, store.mapper(), Snapshots(store, spacing))


def contents(plan: Plan) -> tuple[Any, ...]:
    """Everything a plan says, in plain containers."""
    indexes = {index: frozenset(members) for index, members in plan.indexes.items()}
    standing = {index: members for index, members in indexes.items() if members}
    return (plan.position, plan.recorded_at, dict(plan.entities), standing)


@pytest.fixture(scope="module")
def told() -> list[Event]:
    return list(itertools.islice(events(SIZE), EVENTS))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with its snapshots."""
    place = tmp_path_factory.mktemp("log")
    store = opened(place)
    write_log(store, SIZE)
    snapshots = Snapshots(store, 200)
    plans = Timeline(store.recorder, store.mapper(), snapshots)
    for position in range(0, EVENTS, 170):
        plans.at(position)
    snapshots.settle()
    plans.close()
    store.close()
    return place


@pytest.fixture(scope="module")
def shared(written: Path) -> Iterator[Timeline]:
    """One timeline over all examples of a property, as a running application has one."""
    store = opened(written)
    plans = timeline(store)
    yield plans
    plans.close()
    store.close()


@pytest.fixture
def place(written: Path, tmp_path: Path) -> Path:
    """A log with its snapshots that a test may damage."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    return tmp_path


# Folding


@given(cuts=st.lists(positions, max_size=8))
@settings(max_examples=20, deadline=None)
def test_events_fold_in_batches_of_any_size_to_the_same_plan(told: list[Event], cuts: list[int]) -> None:
    bounds = sorted({0, *cuts, 1_000})
    whole = Plan().after(told[:1_000])

    plan = Plan()
    for first, last in itertools.pairwise(bound for bound in bounds if bound <= 1_000):
        plan = plan.after(told[first:last])

    assert contents(plan) == contents(whole)


@given(first=st.integers(0, EVENTS - 1), batches=st.lists(st.integers(1, 40), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_lists_that_are_handed_on_are_those_a_new_plan_would_make(
    told: list[Event], first: int, batches: list[int]
) -> None:
    plan = Plan().after(told[:first])
    handed_on = lists_of(plan)

    for size in batches:
        plan = plan.after(told[plan.position : plan.position + size])
        handed_on = lists_of(plan)

    assert handed_on == lists_of(Plan().after(told[: plan.position]))


def lists_of(plan: Plan) -> list[Any]:
    return [
        plan.officers,
        *(ask(visit.key) for visit in plan.visits for ask in (plan.posts, plan.assignments, plan.routes)),
    ]


def test_every_kind_of_entity_is_revived_as_it_was_packed(told: list[Event]) -> None:
    story = a_visit()
    story.visit(OTHER_VISIT)
    story.route("R-1", "HOTEL-1", "HOTEL-1")
    story.placed()
    story.policy(min_rest_hours=10.5)
    terms = Terms(roles=frozenset({Role.PLANNER, Role.AUDITOR}), opens=at("08:00"))
    story.tell(story.plan.membership(VISIT, "lan").grant(terms, story.act("nhận việc", role=Role.COMMANDER)))
    opened = story.plan.emergency(VISIT, "minh").open(frozenset({Role.PLANNER, Role.AUDITOR}), 60, story.act("vì cháy"))
    story.tell(opened)
    story.tell(story.plan.emergency(VISIT, "minh").end(story.act()))
    signing = dataclasses.replace(story.act(), signer=Signs())
    story.tell(story.plan.emergency(VISIT, "minh").review("Cần thiết", signing))
    places = (Coordinates(lat=19.88, lon=102.13), Coordinates(lat=19.95, lon=102.13))
    inside = (Inside.of((0, 1), ((0, 5700), (None, 0))),)
    roads = Roads.of(places, ((0, 510), (None, 0)), inside, pack="a" * 64)
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))
    story.tell((PersonErased(**story.act().founds(Erasure, "officer/CA-0113"), keys=("00", "11")),))
    gone = story.act().founds(Erasure, "visit/LA-2025-09")
    story.tell((VisitErased(**gone, keys=("22",), accounts=("lan", "minh")),))
    minh = dataclasses.replace(story.act(), by="minh")
    story.tell(SigningKeys(key="minh", version=0).make(Signs("minh+0a0b0c0d+AQ==", "machine"), minh))
    vouching = dataclasses.replace(story.act(), by="lan", signer=Signs())
    story.tell(signing_keys(story.plan, "minh").vouch(vouching))
    story.tell(signing_keys(story.plan, "minh").revoke(story.act("mất máy")))
    entities = {**Plan().after(told).entities, **story.plan.entities}

    revived = {key: revive(key, pack(entity)) for key, entity in entities.items()}

    assert revived == entities
    assert {entity.kind for entity in revived.values()} == set(KINDS)


# Snapshots


@given(position=positions)
@settings(max_examples=40, deadline=None)
def test_a_plan_by_snapshot_is_the_plan_of_a_full_fold(told: list[Event], shared: Timeline, position: int) -> None:
    assert contents(shared.at(position)) == contents(Plan().after(told[:position]))


def test_snapshots_are_used_at_all(place: Path) -> None:
    store = opened(place)

    nearest = Snapshots(store).nearest(EVENTS)

    assert nearest is not None
    assert nearest.position > EVENTS // 2
    store.close()


def test_after_a_long_fold_the_plan_stands_on_a_snapshot_made_then(
    place: Path, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.timeline.LONG", 1_000)
    delete(place)
    store = opened(place)
    plans = timeline(store)

    current = plans.current

    assert isinstance(current.entities.foundation, KeptEntities)
    assert contents(current) == contents(Plan().after(told))
    plans.close()
    store.close()


def delete(place: Path) -> None:
    for file in (place / "data").glob(f"{FILE}*"):
        file.unlink()


def overwrite(place: Path) -> None:
    (place / "data" / FILE).write_bytes(b"no database " * 999)


def flip_a_byte(place: Path) -> None:
    file = place / "data" / FILE
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def empty_the_lines(place: Path) -> None:
    with_snapshots(place, "UPDATE snapshots SET content = x'00'")


def age(place: Path) -> None:
    with_snapshots(place, "UPDATE snapshots SET form = 'older', content = x'00'")


def exchange_the_log(place: Path) -> None:
    with_snapshots(place, "UPDATE snapshots SET proof = x'00' WHERE position > 1000")


def lose_the_full_ones(place: Path) -> None:
    with_snapshots(place, "DELETE FROM snapshots WHERE position = base")


def put_a_folder_there(place: Path) -> None:
    delete(place)
    (place / "data" / FILE).mkdir()


def with_snapshots(place: Path, statement: str) -> None:
    store = opened(place)
    connection = store.connect(FILE)
    connection.execute(statement)
    connection.close()
    store.close()


@pytest.mark.parametrize(
    "damage",
    [
        delete,
        overwrite,
        flip_a_byte,
        empty_the_lines,
        age,
        exchange_the_log,
        lose_the_full_ones,
        put_a_folder_there,
    ],
    ids=lambda damage: damage.__name__,
)
def test_no_damage_to_snapshots_changes_a_plan(place: Path, told: list[Event], damage: Any) -> None:
    damage(place)

    store = opened(place)
    plans = timeline(store)
    seen = [contents(plans.at(position)) for position in (2_999, 1_234, 2_500, 3)]
    now = contents(plans.current)
    plans.close()
    store.close()

    assert seen == [contents(Plan().after(told[:position])) for position in (2_999, 1_234, 2_500, 3)]
    assert now == contents(Plan().after(told))


def test_another_version_of_the_language_folds_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(place)
    monkeypatch.setattr(snapshot_file, "form", lambda: "of another version")

    nearest = Snapshots(store).nearest(EVENTS)

    assert nearest is None
    store.close()


def test_two_who_keep_snapshots_of_one_log_do_not_disturb_each_other(place: Path, told: list[Event]) -> None:
    delete(place)
    stores = [opened(place), opened(place)]
    both = [timeline(stores[0], 130), timeline(stores[1], 170)]

    threads = [threading.Thread(target=lambda plans=plans: plans.current) for plans in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for plans in both:
        plans.close()

    third = timeline(stores[0])
    assert contents(third.at(2_900)) == contents(Plan().after(told[:2_900]))
    third.close()
    for store in stores:
        store.close()


def test_what_is_offered_after_the_end_starts_no_writer_on_a_closed_log(place: Path, told: list[Event]) -> None:
    store = opened(place)
    kept = Snapshots(store, 200)
    kept.close(Plan())
    others = set(threading.enumerate())

    kept.offer(Plan().after(told))

    assert set(threading.enumerate()) - others == set()
    store.close()


# Steps


def test_steps_forth_and_back_show_what_a_full_fold_shows(told: list[Event], shared: Timeline) -> None:
    walk = [2_000, 2_001, 2_002, 2_001, 2_000, 1_999, 1_998, 2_000, 1_500, 1_499]

    seen = []
    for position in walk:
        plan = shared.at(position)
        seen.append((contents(plan), lists_of(plan)))

    full = [Plan().after(told[:position]) for position in walk]
    assert seen == [(contents(plan), lists_of(plan)) for plan in full]


def test_before_the_first_event_there_is_nothing(shared: Timeline) -> None:
    assert contents(shared.at(0)) == contents(Plan())
    assert contents(shared.at(-5)) == contents(Plan())


def test_past_the_last_event_stands_the_current_plan(shared: Timeline) -> None:
    assert shared.at(EVENTS + 1) is shared.current


def test_a_moment_has_the_position_of_the_last_event_recorded_by_then(told: list[Event], shared: Timeline) -> None:
    moment = told[999].recorded_at

    assert shared.position_at(moment) == 1_000
    assert shared.position_at(moment - timedelta(microseconds=1)) == 999
    assert shared.position_at(told[0].recorded_at - timedelta(days=1)) == 0
    assert shared.position_at(told[-1].recorded_at + timedelta(days=1)) == EVENTS


# Histories


def test_recent_events_are_the_last_ones_up_to_a_position(told: list[Event], shared: Timeline) -> None:
    assert shared.recent(3, upto=1_000) == [(998, told[997]), (999, told[998]), (1_000, told[999])]
    assert shared.recent(2) == [(2_999, told[2_998]), (3_000, told[2_999])]
    assert shared.recent(5, upto=1) == [(1, told[0])]


def test_the_history_of_a_subject_has_all_its_events_and_no_other(told: list[Event], shared: Timeline) -> None:
    subject = "officer/CA-00007"

    found = list(shared.events_at(shared.positions_of(subject)))

    assert found == [(n, event) for n, event in enumerate(told, 1) if event.originator_id == subject]
    assert len(found) > 5


def test_the_history_of_a_visit_has_what_belongs_to_it_and_what_it_uses(told: list[Event], shared: Timeline) -> None:
    visit = "LA-2026-002"
    plan = Plan().after(told)
    used = {f"officer/{duty.officer}" for duty in plan.assignments(visit)}
    used |= {f"officer/{post.details.commander}" for post in plan.posts(visit)}
    used |= {f"venue/{post.details.venue}" for post in plan.posts(visit)}
    used |= {f"venue/{activity.venue}" for activity in plan.visit(visit).activities}
    used |= {f"venue/{end}" for route in plan.routes(visit) for end in route.leg}

    found = shared.positions_of_visit(visit)

    belonging = (visit, f"{visit}/")
    assert found == [
        n
        for n, event in enumerate(told, 1)
        if event.key == belonging[0] or event.key.startswith(belonging[1]) or event.originator_id in used
    ]


def test_a_visit_whose_code_begins_like_another_keeps_its_own_history(tmp_path: Path) -> None:
    story = Story()
    story.visit(VISIT)
    story.visit(f"{VISIT}1")
    story.post("P-01", visit=f"{VISIT}1")
    store = opened(tmp_path)
    mapper = store.mapper()
    store.recorder.insert_events([mapper.to_stored_event(event) for event in story.events])

    plans = timeline(store)

    assert plans.positions_of_visit(VISIT) == [1]
    assert plans.positions_of_visit(f"{VISIT}1") == [2, 3]
    plans.close()
    store.close()


# Waiting


def test_who_waits_sees_what_another_records(tmp_path: Path) -> None:
    story = a_visit()
    here, there = opened(tmp_path), opened(tmp_path)
    plans = timeline(here)
    mapper = there.mapper()
    stored = [mapper.to_stored_event(event) for event in story.events]
    there.recorder.insert_events(stored[:5])
    later = threading.Timer(0.2, lambda: there.recorder.insert_events(stored[5:]))
    later.start()

    started = time.monotonic()
    seen = plans.wait(5, timeout=20)

    assert seen.position == len(stored)
    assert time.monotonic() - started < 10
    later.join()
    plans.close()
    there.close()
    here.close()


def test_waiting_ends_in_time_where_nothing_happens(tmp_path: Path) -> None:
    store = opened(tmp_path)
    plans = timeline(store)

    assert plans.wait(0, timeout=0.05).position == 0

    plans.close()
    store.close()
