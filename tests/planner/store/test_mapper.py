"""Events as they are sealed in rows, and rows that are not what was written."""

import dataclasses
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given
from hypothesis import strategies as st
from pydantic import StringConstraints

from domain.base import Event, value
from domain.events import EVENTS
from planner.store.keeper import FileKeeper
from planner.store.keyring import Keyring
from planner.store.mapper import EventMapper, Row
from planner.store.refusals import DataDamaged, DataTooNew, Tampered
from planner.store.topics import IN_ROW, STAMP, Topics
from tests.planner.store.notes import HOSTILE, LATER_TOPICS, MOMENT, TOPICS, NoteStruck, NoteTaken, RenamedNote, note

KEY = bytes(range(32))
#: Notes belong to no visit and tell of nobody: the file of keys is never looked for.
NO_KEYS = Keyring(FileKeeper(Path("nowhere"), KEY), KEY)
MAPPER = EventMapper(TOPICS, KEY, NO_KEYS)


def row(stored: StoredEvent, position: int = 1) -> Row:
    return (position, str(stored.originator_id), stored.originator_version, stored.topic, stored.state)


def test_an_event_comes_back_as_it_was() -> None:
    event = note("LA-2026-01/Đ.7", 3, HOSTILE, weight=0.1, at=MOMENT.astimezone(timezone(timedelta(hours=7))))

    stored = MAPPER.to_stored_event(event)

    assert MAPPER.to_domain_event(stored) == event
    assert list(MAPPER.decode_rows([row(stored), row(stored)])) == [event, event]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_comes_back_as_it_was(text: str, weight: float) -> None:
    event = note(text=text, weight=weight)

    assert MAPPER.to_domain_event(MAPPER.to_stored_event(event)) == event


def test_nothing_of_an_event_can_be_read_without_the_key() -> None:
    stored = MAPPER.to_stored_event(note(text="Nguyễn Thị Lan"))

    assert b"Lan" not in stored.state
    assert MAPPER.to_stored_event(note(text="Nguyễn Thị Lan")).state != stored.state


@pytest.mark.parametrize("originator_id", ['note/"', "note/\\", "note/\n", "note/\x00"])
def test_an_id_that_would_break_the_record_is_a_fault_of_the_program(originator_id: str) -> None:
    event = dataclasses.replace(note(), originator_id=originator_id)

    with pytest.raises(ValueError, match="originator id"):
        MAPPER.to_stored_event(event)


def test_states_of_two_rows_cannot_be_exchanged() -> None:
    one, two = (MAPPER.to_stored_event(note("N-1", version)) for version in (1, 2))
    exchanged = dataclasses.replace(one, state=two.state)

    assert MAPPER.to_domain_event(one) == note("N-1", 1)
    with pytest.raises(Tampered):
        MAPPER.to_domain_event(exchanged)


@pytest.mark.parametrize(
    "changed",
    [{"originator_id": "note/N-2"}, {"originator_version": 2}, {"topic": "NoteStruck"}, {"topic": "os.system"}],
)
def test_the_labels_of_a_row_cannot_be_changed(changed: dict[str, Any]) -> None:
    stored = MAPPER.to_stored_event(note("N-1", 1))

    with pytest.raises(Tampered):
        MAPPER.to_domain_event(dataclasses.replace(stored, **changed))


def test_every_flipped_bit_is_noticed() -> None:
    stored = MAPPER.to_stored_event(note())

    for bit in range(8 * len(stored.state)):
        state = bytearray(stored.state)
        state[bit // 8] ^= 1 << bit % 8
        with pytest.raises((Tampered, DataTooNew)):
            MAPPER.to_domain_event(dataclasses.replace(stored, state=bytes(state)))


@pytest.mark.parametrize("length", [0, 1, 3, 15, 30])
def test_a_state_cut_short_is_noticed(length: int) -> None:
    stored = MAPPER.to_stored_event(note())

    with pytest.raises(Tampered):
        MAPPER.to_domain_event(dataclasses.replace(stored, state=stored.state[:length]))


def test_another_key_opens_nothing() -> None:
    stored = MAPPER.to_stored_event(note())

    with pytest.raises(Tampered):
        EventMapper(TOPICS, bytes(32), NO_KEYS).to_domain_event(stored)


def test_a_topic_of_a_newer_version_is_refused_and_nothing_is_imported() -> None:
    stored = MAPPER.to_stored_event(note())
    older = EventMapper(Topics([NoteStruck]), KEY, NO_KEYS)

    with pytest.raises(DataTooNew):
        older.to_domain_event(stored)


def test_a_newer_form_of_a_known_topic_is_refused() -> None:
    event = RenamedNote(
        originator_id="note/N-1", originator_version=1, recorded_at=MOMENT, occurred_at=MOMENT,
        by="lan", command_id="C-1", words="ghi", weight=1.0, at=None, language="vi",
    )  # fmt: skip
    stored = EventMapper(LATER_TOPICS, KEY, NO_KEYS).to_stored_event(event)

    with pytest.raises(DataTooNew):
        MAPPER.to_domain_event(stored)


def test_an_older_form_is_brought_up_to_date_step_by_step() -> None:
    stored = MAPPER.to_stored_event(note(text="mưa", weight=2.5, at=MOMENT))

    event = EventMapper(LATER_TOPICS, KEY, NO_KEYS).to_domain_event(stored)

    assert event == RenamedNote(
        originator_id="note/N-1", originator_version=1, recorded_at=MOMENT, occurred_at=MOMENT,
        by="lan", command_id="C-1", words="mưa", weight=2.5, at=MOMENT, language="vi",
    )  # fmt: skip


def test_a_sealed_event_that_no_longer_fits_its_class_is_refused_as_unreadable() -> None:
    @value
    class Narrower(NoteTaken):
        topic: ClassVar[str] = "NoteTaken"
        schema_version: ClassVar[int] = 2

    stored = MAPPER.to_stored_event(note())

    with pytest.raises(DataDamaged):
        EventMapper(Topics([Narrower]), KEY, NO_KEYS).to_domain_event(stored)


def test_two_classes_of_one_topic_are_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="NoteTaken"):
        Topics([NoteTaken, RenamedNote])


def test_an_event_stays_readable_when_the_limits_of_its_fields_are_tightened_later() -> None:
    @value
    class StrictNote(Event):
        topic: ClassVar[str] = "NoteTaken"
        text: Annotated[str, StringConstraints(max_length=3)]
        weight: float
        at: datetime | None

    stored = MAPPER.to_stored_event(note(text="longer than three"))

    event = EventMapper(Topics([StrictNote]), KEY, NO_KEYS).to_domain_event(stored)

    assert isinstance(event, StrictNote)
    assert event.text == "longer than three"


def test_events_of_one_act_and_of_others_are_sealed_together_as_one_by_one() -> None:
    hanoi = MOMENT.astimezone(timezone(timedelta(hours=7)))
    events = [note("N-1"), note("N-2"), dataclasses.replace(note("N-3"), recorded_at=hanoi, by="minh"), note("N-4")]

    sealed = list(MAPPER.seal(events))

    assert list(MAPPER.decode_rows((n, *one) for n, one in enumerate(sealed, 1))) == events
    assert [len(state) for *_, state in sealed] == [len(MAPPER.to_stored_event(event).state) for event in events]


@pytest.mark.parametrize("event_class", EVENTS)
def test_stamp_and_facts_are_the_whole_event(event_class: type[Event]) -> None:
    first = [field.name for field in dataclasses.fields(event_class)][: len(IN_ROW) + len(STAMP)]

    assert first == [*IN_ROW, *STAMP]
