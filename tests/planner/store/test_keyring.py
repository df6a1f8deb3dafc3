"""The keys of visits and persons: what they seal, that destroying one erases, and that no old copy brings it back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.base import Event
from domain.delegation import DelegationRegistered, MemberAdded
from domain.events import EVENTS
from domain.officer import OfficerAmended, OfficerRegistered
from domain.personal import ERASED, personal_facts
from domain.values import PersonName
from domain.venue import VenueRegistered
from domain.visit import VisitRegistered
from planner.store.backup import backup, restore
from planner.store.directory import Store
from planner.store.keeper import KEYS_FILE
from planner.store.opening import open_store
from planner.store.refusals import KeyLost, KeyMissing, StoreRefusal, Tampered
from tests.examples import (
    VIETNAMESE_OFFICERS,
    delegation_details,
    member,
    officer_details,
    venue_details,
    visit_details,
)
from tests.planner.store.notes import MOMENT, save, saved

NAME = officer_details(VIETNAMESE_OFFICERS[0]).name.romanised


def stamp(subject: str, version: int = 1, reason: str = "") -> dict[str, Any]:
    return {
        "originator_id": subject, "originator_version": version, "recorded_at": MOMENT, "occurred_at": MOMENT,
        "by": "lan", "command_id": "C-1", "reason": reason,
    }  # fmt: skip


def registered(code: str = "CA-1", version: int = 1) -> OfficerRegistered:
    details = officer_details(VIETNAMESE_OFFICERS[0])
    return OfficerRegistered(**stamp(f"officer/{code}", version, f"{NAME} mới về"), officer=details)


def joined(code: str = "M-1", version: int = 2) -> MemberAdded:
    return MemberAdded(**stamp("delegation/V-1/LA", version), member=member(code))


def founded(visit: str = "V-1") -> DelegationRegistered:
    return DelegationRegistered(**stamp(f"delegation/{visit}/LA"), delegation=delegation_details())


def opened(place: Path) -> Store:
    return open_store(place / "data", place / "key")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = opened(tmp_path)
    yield made
    made.close()


def key_of(store: Store, person: str) -> bytes:
    key = store.keyring.live(person)
    assert key is not None
    return key


def erase(store: Store, person: str) -> None:
    store.keyring.destroy([key_of(store, person)])


def names(events: list[Event]) -> list[str]:
    return [event.officer.name.romanised for event in events if isinstance(event, OfficerRegistered | OfficerAmended)]


def test_events_of_persons_and_visits_come_back_as_they_were(store: Store) -> None:
    events = [founded(), registered(), joined(), VenueRegistered(**stamp("venue/H"), venue=venue_details())]

    save(store, *events)

    assert saved(store) == events


def test_every_person_and_visit_has_a_key_of_its_own(store: Store) -> None:
    save(store, founded("V-1"), founded("V-2"), registered("CA-1"), registered("CA-2"), joined())

    subjects = ("visit/V-1", "visit/V-2", "officer/CA-1", "officer/CA-2", "delegation/V-1/LA/M-1")
    assert len({key_of(store, subject) for subject in subjects}) == len(subjects)


def test_events_of_one_command_are_sealed_each_with_the_key_of_its_visit(store: Store) -> None:
    mapper = store.mapper()
    visits = [VisitRegistered(**stamp(f"visit/V-{n}"), visit=visit_details()) for n in (1, 2)]
    venue = VenueRegistered(**stamp("venue/V-1"), venue=venue_details())
    events = [*visits, founded("V-1"), venue, founded("V-2"), registered("V-2"), joined(), *visits]

    rows = [(position, *sealed) for position, sealed in enumerate(mapper.seal(events), 1)]

    assert list(mapper.decode_rows(rows)) == events


def test_a_destroyed_key_erases_the_person_and_nothing_else_and_no_bit_of_the_log_changes(store: Store) -> None:
    save(store, founded(), registered("CA-1"), registered("CA-2"), joined("M-1"), joined("M-2", 3))
    before = list(store.recorder.rows())

    erase(store, "officer/CA-1")
    erase(store, "delegation/V-1/LA/M-1")

    assert list(store.recorder.rows()) == before
    after = saved(store)
    assert names(after) == [ERASED, NAME]
    assert [event.reason for event in after if isinstance(event, OfficerRegistered)] == [ERASED, f"{NAME} mới về"]
    assert [(event.member.code, event.member.name.romanised) for event in after if isinstance(event, MemberAdded)] == [
        ("M-1", ERASED),
        ("M-2", member("M-2").name.romanised),
    ]


def test_another_open_process_loses_the_key_when_it_looks(tmp_path: Path, store: Store) -> None:
    save(store, registered())
    other = opened(tmp_path)
    assert names(saved(other)) == [NAME]

    erase(store, "officer/CA-1")
    other.keyring.catch_up()

    assert names(saved(other)) == [ERASED]
    other.close()


def test_nothing_with_the_stores_own_key_still_tells_of_an_erased_person(store: Store) -> None:
    save(store, registered())
    (row,) = store.recorder.rows()
    told = store.mapper()._open(row)[0]
    assert NAME.encode() not in told
    assert NAME.encode() in store.mapper()._whole(told, row, store.mapper()._open(row)[1])

    erase(store, "officer/CA-1")

    assert store.mapper()._whole(told, row, b"") == told.partition(b"\n")[0]


def test_the_file_of_keys_holds_no_destroyed_key(tmp_path: Path, store: Store) -> None:
    save(store, registered("CA-1"), registered("CA-2"))
    gone = key_of(store, "officer/CA-1")
    erase(store, "officer/CA-1")
    left = store.connect(KEYS_FILE)

    assert left.execute("SELECT subject FROM keys").fetchall() == [("officer/CA-2",)]
    assert left.execute("SELECT id, subject FROM destroyed").fetchall() == [(gone, "officer/CA-1")]
    assert (tmp_path / "data" / f"{KEYS_FILE}-wal").stat().st_size == 0
    left.close()


def test_a_person_may_be_sealed_anew_under_another_key(store: Store) -> None:
    save(store, registered())
    erase(store, "officer/CA-1")

    details = officer_details(VIETNAMESE_OFFICERS[1])
    save(store, OfficerAmended(**stamp("officer/CA-1", 2), officer=details))

    assert names(saved(store)) == [ERASED, details.name.romanised]


def test_an_event_without_its_visits_key_is_told_from_a_changed_one(store: Store) -> None:
    save(store, founded())
    key = key_of(store, "visit/V-1")
    store.keyring._wrapped.pop(key)
    store.keyring.visits.clear()
    store.keyring._opened.clear()

    with pytest.raises(KeyLost):
        saved(store)


def test_the_sealed_part_of_one_person_cannot_be_put_into_another_row(store: Store) -> None:
    mapper = store.mapper()
    save(store, registered("CA-1"), registered("CA-2"))
    one, two = store.recorder.rows()
    plain, bound = mapper._open(one)
    other = mapper._open(two)[0].partition(b"\n")[2]

    with pytest.raises(Tampered):
        mapper._whole(plain.partition(b"\n")[0] + b"\n" + other, one, bound)


def test_data_without_their_file_of_keys_are_refused(tmp_path: Path) -> None:
    store = opened(tmp_path)
    save(store, founded())
    store.close()
    (tmp_path / "data" / KEYS_FILE).unlink()

    with pytest.raises(KeyMissing):
        opened(tmp_path)


def restored(place: Path, target: str, **how: Any) -> list[Event]:
    restore(place / "old.backup", place / target, place / "key", **how)
    store = open_store(place / target, place / "key")
    events = saved(store)
    store.close()
    return events


def test_an_old_backup_says_erased_once_a_newer_one_was_made_beside_it(tmp_path: Path, store: Store) -> None:
    save(store, registered())
    backup(tmp_path / "data", tmp_path / "old.backup", tmp_path / "key")
    assert names(restored(tmp_path, "before")) == [NAME]

    erase(store, "officer/CA-1")
    backup(tmp_path / "data", tmp_path / "new.backup", tmp_path / "key")

    assert names(restored(tmp_path, "after")) == [ERASED]


def test_an_old_backup_of_the_keys_brings_nothing_back_over_the_data(tmp_path: Path, store: Store) -> None:
    save(store, registered())
    backup(tmp_path / "data", tmp_path / "old.backup", tmp_path / "key")
    erase(store, "officer/CA-1")
    store.close()

    assert names(restored(tmp_path, "elsewhere")) == [NAME]  # the control: the old keys still open it elsewhere
    assert names(restored(tmp_path, "data", replace=True)) == [ERASED]


def test_backups_of_two_copies_of_a_store_keep_the_keys_of_both(tmp_path: Path) -> None:
    first = opened(tmp_path)
    save(first, registered("CA-1"))
    backup(tmp_path / "data", tmp_path / "old.backup", tmp_path / "key")
    restore(tmp_path / "old.backup", tmp_path / "copy", tmp_path / "key")
    second = open_store(tmp_path / "copy", tmp_path / "key")
    save(second, registered("CA-2"))
    second.close()
    backup(tmp_path / "copy", tmp_path / "copy.backup", tmp_path / "key")
    save(first, registered("CA-3"))
    first.close()

    backup(tmp_path / "data", tmp_path / "third.backup", tmp_path / "key")

    restore(tmp_path / "copy.backup", tmp_path / "again", tmp_path / "key")
    third = open_store(tmp_path / "again", tmp_path / "key")
    assert names(saved(third)) == [NAME, NAME]
    third.close()


def test_a_backup_without_its_keys_or_with_a_flipped_bit_in_them_is_refused(tmp_path: Path, store: Store) -> None:
    save(store, registered())
    made = backup(tmp_path / "data", tmp_path / "old.backup", tmp_path / "key")
    place = made.keys
    sound = place.read_bytes()
    assert place == made.keys

    for position in (0, len(sound) // 3, len(sound) // 2, len(sound) - 1):
        place.write_bytes(sound[:position] + bytes((sound[position] ^ 1,)) + sound[position + 1 :])
        with pytest.raises(StoreRefusal):
            restored(tmp_path, "copy")
    place.unlink()
    with pytest.raises(KeyMissing):
        restored(tmp_path, "copy")
    assert not (tmp_path / "copy").exists()
    (tmp_path / "safe").write_bytes(sound)

    assert names(restored(tmp_path, "copy", keys_from=tmp_path / "safe")) == [NAME]


def test_a_file_of_keys_copied_back_from_an_old_day_is_opened_by_nobody_elses_key(tmp_path: Path) -> None:
    store = opened(tmp_path)
    save(store, registered())
    store.close()
    other = open_store(tmp_path / "other", tmp_path / "other.key")
    other.close()
    shutil.copy(tmp_path / "data" / KEYS_FILE, tmp_path / "other" / KEYS_FILE)

    other = open_store(tmp_path / "other", tmp_path / "other.key")
    with pytest.raises(StoreRefusal):
        other.keyring.live("officer/CA-1")
    other.close()


@pytest.mark.parametrize("event_class", EVENTS)
def test_names_are_marked_as_personal_wherever_an_event_holds_one(event_class: type[Event]) -> None:
    facts = personal_facts(event_class)
    named = {
        (field, inner)
        for field, value in event_class.__dataclass_fields__.items()
        for inner, held in getattr(value.type, "__dataclass_fields__", {}).items()
        if PersonName.__name__ in str(held.type) or "ErasableName" in str(held.type)
    }

    assert named <= {(facts.field, name) for name, _ in facts.erased} if facts else not named
