"""Events to stored rows and back: one JSON object per event, sealed, bound to its row.

State of a row, format 1::

    byte 0      format, 1
    bytes 1-2   schema version of the event class, big-endian
    bytes 3-14  nonce, random
    rest        AES-256-GCM of the event's JSON without ``originator_id`` and ``originator_version``

The associated data are the three first bytes, the originator id with its length, the version and the topic,
so that neither the states of two rows nor their labels can be exchanged unseen (RFC 5116).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic import ValidationError

from domain.base import Event
from domain.refusals import PlanningError
from planner.store.refusals import DataDamaged, DataTooNew, Tampered
from planner.store.topics import STAMP, Topic, Topics, stamp

FORMAT = 1
#: Bytes of a state that tell its form and schema version.
SCHEMA_END = 3
_NONCE = 12
_SEALED = SCHEMA_END + _NONCE
_OVERHEAD = _SEALED + 16

#: originator id, originator version, topic, state
type Sealed = tuple[str, int, str, bytes]
#: position, and what was sealed
type Row = tuple[int, str, int, str, bytes]

_STAMP_OF = attrgetter(*STAMP)
#: What JSON writes otherwise than it stands.
_ESCAPED = re.compile(r'["\\\x00-\x1f]')

#: What the row tells already: left out of the sealed JSON, put back before it is read.
_IN_ROW = b'{"originator_id":"%b","originator_version":%d,'


def _header(schema_version: int) -> bytes:
    return bytes((FORMAT,)) + schema_version.to_bytes(2, "big")


def schema_version_of(state: bytes) -> int:
    """The schema version in the head of a state."""
    return int.from_bytes(state[1:SCHEMA_END], "big")


class EventMapper(Mapper[str]):
    """Seals and opens events with the record key (32 bytes).

    Opening refuses: ``Tampered`` where a row is not what was written, ``DataTooNew`` where a newer program
    wrote it, ``DataDamaged`` where this program wrote it and cannot read it.
    """

    def __init__(self, topics: Topics, record_key: bytes) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self.topics = topics
        self._aead = AESGCM(record_key)
        self._writers = {
            event_class: (topic.name, topic.name.encode(), _header(topic.schema_version), topic.facts)
            for event_class, topic in topics.by_class.items()
        }
        self._readers = {
            topic.name: (topic.name.encode(), _header(topic.schema_version), topic.validate)
            for topic in topics.by_class.values()
        }

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The event as it is stored. ``ValueError`` for an id that has no place in JSON as it stands."""
        return StoredEvent(*next(self.seal((cast(Event, domain_event),))))

    def seal(self, events: Sequence[Event]) -> Iterator[Sealed]:
        """Events as they are stored, in their order; about 4 µs each where they share their stamp.

        ``ValueError`` for an id that has no place in JSON as it stands.
        """
        encrypt, writers = self._aead.encrypt, self._writers
        nonces = os.urandom(_NONCE * len(events))
        shared: tuple[int, ...] = ()
        head = b""
        for start, event in zip(range(0, len(nonces), _NONCE), events, strict=True):
            subject_text, version = event.originator_id, event.originator_version
            if _ESCAPED.search(subject_text):
                raise ValueError(f"an originator id of letters, digits and marks is needed: {subject_text!r}")
            # The same objects, since equal moments may be written in two zones.
            if shared != (shared := tuple(map(id, _STAMP_OF(event)))):
                head = stamp(event)[:-1]
            topic, name, header, facts = writers[type(event)]
            subject, own = subject_text.encode(), facts(event)
            plain = head + (b"," + own[1:] if len(own) > 2 else b"}")
            bound = b"%b%d:%b%d:%b" % (header, len(subject), subject, version, name)
            nonce = nonces[start : start + _NONCE]
            yield subject_text, version, topic, header + nonce + encrypt(nonce, plain, bound)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The event of a stored row."""
        row = (
            getattr(stored_event, "id", 0),
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )
        return cast(DomainEventProtocol[str], next(self.decode_rows((row,))))

    def decode_rows(self, rows: Iterable[Row]) -> Iterator[Event]:
        """The events of many rows, in their order; about 5 µs each."""
        open_sealed, readers = self._aead.decrypt, self._readers
        for row in rows:
            _, subject_text, version, name_text, state = row
            reader = readers.get(name_text)
            if reader is None or not state.startswith(reader[1]):
                yield self._decode_unusual(row)
                continue
            name, header, validate = reader
            subject = subject_text.encode()
            bound = b"%b%d:%b%d:%b" % (header, len(subject), subject, version, name)
            try:
                plain = open_sealed(state[SCHEMA_END:_SEALED], state[_SEALED:], bound)
                whole = _IN_ROW % (subject, version) + plain[1:]
                event = validate(whole)
            except (InvalidTag, ValidationError, ValueError) as error:
                raise _refused(row, error) from error
            yield event

    def _decode_unusual(self, row: Row) -> Event:
        """A row that this version would not write: older, newer, or not of this program at all."""
        position, subject, version, name, state = row
        plain = self._open(row)
        topic = self.topics.by_name.get(name)
        written = schema_version_of(state)
        if topic is None or written > topic.schema_version:
            raise DataTooNew.because(
                "Event {position} ({topic}, form {version}) was written by a newer version of this program. "
                "Update the program; nothing was changed.",
                position=position,
                topic=name,
                version=written,
            )
        try:
            current = _upcast(topic, plain, written)
            return topic.validate(_IN_ROW % (subject.encode(), version) + current[1:])
        except ValueError as error:
            raise _refused(row, error) from error

    def _open(self, row: Row) -> bytes:
        """What a row of any topic and schema version holds. ``Tampered`` where the seal does not hold."""
        position, subject, version, name, state = row
        if state[:1] and state[0] > FORMAT:
            raise DataTooNew.because(
                "Event {position} is stored in form {form}, which only a newer version of this program "
                "reads. Update the program; nothing was changed.",
                position=position,
                form=state[0],
            )
        owner = subject.encode()
        bound = b"%b%d:%b%d:%b" % (state[:SCHEMA_END], len(owner), owner, version, name.encode())
        try:
            if len(state) < _OVERHEAD:
                raise InvalidTag
            return self._aead.decrypt(state[SCHEMA_END:_SEALED], state[_SEALED:], bound)
        except InvalidTag as error:
            raise _refused(row, error) from error


def _upcast(topic: Topic, plain: bytes, written: int) -> bytes:
    try:
        return topic.upcast(plain, written)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"cannot be brought from form {written} to {topic.schema_version}") from error


def _refused(row: Row, error: Exception) -> PlanningError:
    if isinstance(error, InvalidTag) or len(row[4]) < _OVERHEAD:
        return Tampered.because(
            "Event {position} of {subject} is not as it was written: its seal does not hold. "
            "Stop working with this data, keep the files as they are, and restore a backup beside them.",
            position=row[0],
            subject=row[1],
        )
    return DataDamaged.because(
        "Event {position} of {subject} is sealed properly, but this version of the program cannot read it. "
        "Keep the data as they are and ask whoever maintains the program.",
        position=row[0],
        subject=row[1],
    )
