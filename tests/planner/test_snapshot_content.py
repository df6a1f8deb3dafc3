"""What a snapshot holds: in parts that are opened when somebody asks, and without what was erased."""

from __future__ import annotations

import dataclasses
import itertools
import zlib

import pytest

from domain.base import Event
from domain.layered import Layered
from domain.plan import Plan
from planner.snapshots import content as snapshot_content
from planner.snapshots import file as snapshot_file
from planner.snapshots import kept as snapshot_kept
from planner.snapshots.content import Content
from planner.snapshots.kept import KeptEntities
from planner.snapshots.packing import pack
from tests.benchmarks.large_log import Size, events

EVENTS = 3_000
OFFICERS = ["officer/CA-00003", "officer/CA-00029"]
SIZE = Size(events=EVENTS, visits=3, venues=5, officers=30, posts=90, routes=10, assignments=300)


@pytest.fixture(scope="module")
def told() -> list[Event]:
    return list(itertools.islice(events(SIZE), EVENTS))


def in_portions_of(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small portions, and no snapshot read that was written in others."""
    monkeypatch.setattr(snapshot_content, "PORTION", size)
    monkeypatch.setattr(snapshot_kept, "PORTION", size)
    monkeypatch.setattr(snapshot_file, "form", lambda: f"in portions of {size}")


def lines_of(content: Content, portion: int) -> list[bytes]:
    return [line for number in range(-(-len(content.keys) // portion)) for line in content.lines(number)]


def foundation(told: list[Event], *cuts: int) -> KeptEntities:
    """What snapshots of a plan at some positions keep, a full one and the changes after it."""
    plan, kept = Plan(), []
    for cut in cuts:
        subjects = {event.originator_id for event in told[plan.position : cut]}
        plan = plan.after(told[plan.position : cut])
        kept.append(Content.of(snapshot_file._content(plan, sorted(subjects))))
    return KeptEntities(kept)


def opened_lines(kept: KeptEntities) -> int:
    return sum(not isinstance(one, int) for one in kept._kept.values())


def test_who_asks_for_one_entity_opens_its_portion_and_no_other(
    told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_portions_of(7, monkeypatch)
    kept = foundation(told, EVENTS)
    closed = opened_lines(kept)

    entity = kept[OFFICERS[0]]

    assert entity == Plan().after(told).entities[OFFICERS[0]]
    assert (closed, opened_lines(kept)) == (0, 7)
    assert kept[OFFICERS[0]] is entity


def test_what_a_later_snapshot_tells_stands_over_what_an_earlier_one_told(
    told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_portions_of(7, monkeypatch)

    kept = foundation(told, 1_000, 1_800, EVENTS)

    assert dict(kept) == dict(Plan().after(told).entities)


def test_lines_are_read_in_any_order_without_being_kept(told: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    in_portions_of(7, monkeypatch)
    kept = foundation(told, 1_000, 1_800, EVENTS)
    entities = Plan().after(told).entities
    line = kept.reading()

    read = {key: line(key) for key in sorted(kept, key=lambda key: key[::-1])}

    assert read == {key: pack(entities[key]) for key in kept}
    assert opened_lines(kept) == 0
    assert line("officer/nobody") is None


def test_what_is_left_out_of_a_foundation_is_in_none_of_its_bytes(
    told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_portions_of(7, monkeypatch)
    kept = foundation(told, 1_000, 1_800, EVENTS)
    gone = OFFICERS
    names = [pack(kept[key])[:30] for key in gone]

    without = kept.without(gone)

    assert [
        name for name in names if name in every_byte(foundation(told, 1_000, 1_800, EVENTS))
    ] == names  # the control
    assert [name for name in names if name in every_byte(without)] == []
    assert dict(without) == {key: entity for key, entity in kept.items() if key not in gone}


def every_byte(kept: KeptEntities) -> bytes:
    portions = [portion for content in kept._contents for portion in content._portions if portion]
    lines = [line for line in kept._kept.values() if isinstance(line, bytes)]
    return b"".join([*map(zlib.decompress, portions), *lines, repr(list(kept.items())).encode()])


@pytest.mark.parametrize(
    "damage",
    [b"", b"{}\n", b"[3]\nab", b"not JSON\n", b"[2,2]\nabcd"],
    ids=["empty", "no lengths", "cut off", "no header", "not compressed"],
)
def test_what_is_no_content_of_a_snapshot_is_refused(damage: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        Content.of(damage)


@pytest.mark.parametrize("looked_at", [False, True])
def test_a_snapshot_is_the_same_whether_its_plan_was_looked_at_or_not(
    told: list[Event], monkeypatch: pytest.MonkeyPatch, looked_at: bool
) -> None:
    in_portions_of(7, monkeypatch)
    whole = Plan().after(told)
    plan = dataclasses.replace(whole, entities=Layered(foundation(told, 1_000, EVENTS)))
    subjects = sorted(plan.entities)
    if looked_at:
        for key in subjects:
            plan.entities[key]

    content = Content.of(snapshot_file._content(plan, subjects))

    assert content.keys == subjects
    assert lines_of(content, 7) == [pack(whole.entities[key]) for key in subjects]
