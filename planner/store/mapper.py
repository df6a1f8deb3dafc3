"""Events to stored rows and back: one JSON object per event, sealed, bound to its row.

State of a row, format 2::

    byte 0      format, 2
    bytes 1-2   schema version of the event class, big-endian
    bytes 3-14  nonce, random
    rest        AES-256-GCM of the event's JSON without ``originator_id`` and ``originator_version``

The associated data are the three first bytes, the originator id with its length, the version and the topic,
so that neither the states of two rows nor their labels can be exchanged unseen (RFC 5116). The key is that of the
visit which the entity belongs to, or the store's own for what visits share (``keyring``).

Where an event tells of a person, the JSON says what it says once that person is erased, and behind it stand, inside
the same seal, a line feed, the id of the person's key, a nonce, and what it says until then, sealed with that key.
With the key destroyed the row is the same to the last bit and still opens, to an event without the person. With the key
of a visit destroyed its rows open no more: an ``Erased`` stands for each.

Format 1 had neither: everything with the store's key.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from domain.base import Event
from domain.erasure import Erased
from domain.parked import Unreadable
from domain.personal import ERASED
from domain.refusals import PlanningError
from domain.rules.scope import OF_A_VISIT
from planner.store.keyring import KEY_ID, Keyring
from planner.store.refusals import DataDamaged, DataTooNew, KeyLost, StoreRefusal, StoreUnavailable, Tampered
from planner.store.topics import STAMP, Topic, Topics, stamp

FORMAT = 2
#: Bytes of a state that tell its form and schema version.
SCHEMA_END = 3
_NONCE = 12
#: The moment of what cannot be read and has nothing before it.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SEALED = SCHEMA_END + _NONCE
_OVERHEAD = _SEALED + 16

#: originator id, originator version, topic, state
type Sealed = tuple[str, int, str, bytes]
#: position, and what was sealed
type Row = tuple[int, str, int, str, bytes]

_SUBJECT_OF = attrgetter("originator_id")
_VERSION_OF = attrgetter("originator_version")
_STAMP_OF = attrgetter(*STAMP)
_NONCES = struct.Struct(f"{_NONCE}s").iter_unpack
#: What JSON writes otherwise than it stands.
_ESCAPED = re.compile(r'["\\\x00-\x1f]')

#: What the row tells already: left out of the sealed JSON, put back before it is read.
_IN_ROW = b'{"originator_id":"%b","originator_version":%d,'


def _header(schema_version: int) -> bytes:
    return bytes((FORMAT,)) + schema_version.to_bytes(2, "big")


def schema_version_of(state: bytes) -> int:
    """The schema version in the head of a state."""
    return int.from_bytes(state[1:SCHEMA_END], "big")


class _Gone(Exception):
    """The visit that a row is of was erased."""


class EventMapper(Mapper[str]):
    """Seals and opens events with the record key (32 bytes) and the keys of visits and persons.

    Opening refuses: ``Tampered`` where a row is not what was written, ``DataTooNew`` where a newer program
    wrote it, ``DataDamaged`` where this program wrote it and cannot read it, ``KeyLost`` without its key.
    """

    def __init__(self, topics: Topics, record_key: bytes, keyring: Keyring) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self.topics = topics
        self.keyring = keyring
        self._aead = AESGCM(record_key)
        self._writers = {
            event_class: (
                topic.name,
                topic.name.encode(),
                _header(topic.schema_version),
                topic.facts,
                topic.personal is not None,
            )
            for event_class, topic in topics.by_class.items()
        }
        self._readers = {
            topic.name: (topic.name.encode(), _header(topic.schema_version), topic.validate)
            for topic in topics.by_class.values()
            if topic.personal is None
        }
        self._personal = {
            event_class: topic.personal for event_class, topic in topics.by_class.items() if topic.personal is not None
        }

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The event as it is stored. ``ValueError`` for an id that has no place in JSON as it stands."""
        return StoredEvent(*next(self.seal((cast(Event, domain_event),))))

    def seal(self, events: Sequence[Event]) -> Iterator[Sealed]:
        """Events as they are stored, in their order; where they share their stamp it is written once.

        ``ValueError`` for an id that has no place in JSON as it stands.
        """
        writers = self._writers
        subjects = [*map(_SUBJECT_OF, events)]
        if _ESCAPED.search("".join(subjects)):
            raise ValueError(f"originator ids of letters, digits and marks are needed: {subjects}")
        self._make_keys(events)
        nonces = _NONCES(os.urandom(_NONCE * len(events)))
        # Apart from the sealing: a processor does one thing many times sooner than two in turn.
        told = [writers[type(event)][3](event) for event in events]
        versions, stamps = map(_VERSION_OF, events), map(_STAMP_OF, events)
        last: tuple[object, ...] = (None, None)
        head = b""
        keys: dict[str, AESGCM] = {}
        for event, subject_text, version, at, own, (nonce,) in zip(
            events, subjects, versions, stamps, told, nonces, strict=True
        ):
            # The same two moments, since equal ones may be written in two zones.
            if at[0] is not last[0] or at[1] is not last[1] or at != last:
                last, head = at, stamp(event)[:-1] + b","
            topic, name, header, _, personal = writers[type(event)]
            subject = subject_text.encode()
            plain = head + own[1:] if len(own) > 2 else head[:-1] + b"}"
            bound = b"%b%d:%b%d:%b" % (header, len(subject), subject, version, name)
            if personal:
                plain = self._apart(self.topics.by_name[topic], event, plain, bound)
            of = subject_text.rpartition("/")[0]
            aead = keys.get(of)
            if aead is None:
                aead = self._sealing(subject_text)
                if "/" in of:
                    # Kind and visit: what else is of them has the same key.
                    keys[of] = aead
            yield subject_text, version, topic, header + nonce + aead.encrypt(nonce, plain, bound)

    def _sealing(self, subject: str) -> AESGCM:
        """The key that the events of an entity are sealed with; a visit that had none gets its own."""
        kind, _, key = subject.partition("/")
        if kind not in OF_A_VISIT:
            return self._aead
        visit = key.partition("/")[0]
        return self.keyring.visits.get(visit) or self._new_visit(visit)

    def _make_keys(self, events: Sequence[Event]) -> None:
        """The keys of the persons that these events tell of, made at once where they are missing."""
        personal = self._personal
        if not personal.keys().isdisjoint(map(type, events)):
            told = ((facts, event) for event in events if (facts := personal.get(type(event))) is not None)
            self.keyring.make([facts.person(event) for facts, event in told if facts.tells(event)])

    def _new_visit(self, code: str) -> AESGCM:
        """The key of a visit that had none."""
        self.keyring.make((f"visit/{code}",))
        return self._of_visit(code, (0, f"visit/{code}", 0, "", b""))

    def _apart(self, topic: Topic, event: Event, plain: bytes, bound: bytes) -> bytes:
        """The JSON of an event as it is without the person, and behind it the rest, sealed with the person's key."""
        if topic.personal is None or not topic.personal.tells(event):
            return plain
        key = self.keyring.live(topic.personal.person(event))
        aead = None if key is None else self.keyring.opener(key)
        if key is None or aead is None:
            raise self._key_lost((0, event.originator_id, 0, "", b""))
        fields = from_json(plain)
        value = fields[topic.personal.field]
        told = {topic.personal.field: {name: value[name] for name in topic.erased}, "reason": fields["reason"]}
        value.update(topic.erased)
        fields["reason"] = ERASED if fields["reason"] else ""
        nonce = os.urandom(_NONCE)
        return to_json(fields) + b"\n" + key + nonce + aead.encrypt(nonce, to_json(told), bound)

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

    def readable_rows(self, rows: Iterable[Row]) -> Iterator[Event]:
        """As ``decode_rows``, with an ``Unreadable`` in the place of what cannot be read; newer data are refused."""
        return self.decode_rows(rows, parks=True)

    def decode_rows(self, rows: Iterable[Row], *, parks: bool = False) -> Iterator[Event]:
        """The events of many rows, in their order."""
        readers, visits = self._readers, self.keyring.visits
        event: Event | None = None
        for row in rows:
            _, subject_text, version, name_text, state = row
            reader = readers.get(name_text)
            try:
                if reader is None or not state.startswith(reader[1]):
                    event = self._decode_unusual(row)
                else:
                    name, header, validate = reader
                    subject = subject_text.encode()
                    bound = b"%b%d:%b%d:%b" % (header, len(subject), subject, version, name)
                    kind, _, key = subject_text.partition("/")
                    if kind in OF_A_VISIT:
                        aead = visits.get(visit := key.partition("/")[0]) or self._of_visit(visit, row)
                    else:
                        aead = self._aead
                    plain = aead.decrypt(state[SCHEMA_END:_SEALED], state[_SEALED:], bound)
                    event = validate(_IN_ROW % (subject, version) + plain[1:])
            except (InvalidTag, ValidationError, ValueError, StoreRefusal) as error:
                refusal = error if isinstance(error, StoreRefusal) else _refused(row, error)
                if not parks or isinstance(refusal, DataTooNew | StoreUnavailable):
                    raise refusal from error
                event = _unreadable(row, isinstance(refusal, Tampered), event)
            except _Gone:
                event = _erased(row, event)
            yield event

    def _decode_unusual(self, row: Row) -> Event:
        """A row that tells of a person, or that this version would not write: older, newer, or not of this program."""
        position, subject, version, name, state = row
        plain, bound = self._open(row)
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
            if topic.personal is not None and state[0] > 1:
                plain = self._whole(plain, row, bound)
            current = _upcast(topic, plain, written)
            return topic.validate(_IN_ROW % (subject.encode(), version) + current[1:])
        except ValueError as error:
            raise _refused(row, error) from error

    def _whole(self, told: bytes, row: Row, bound: bytes) -> bytes:
        """What an event says of its person too, as long as the person's key is there."""
        plain, _, rest = told.partition(b"\n")
        if not rest:
            return plain
        key, nonce, sealed = rest[:KEY_ID], rest[KEY_ID : KEY_ID + _NONCE], rest[KEY_ID + _NONCE :]
        aead = self.keyring.opener(key)
        if aead is None:
            if self.keyring.destroyed(key):
                return plain
            raise self._key_lost(row)
        try:
            personal = from_json(aead.decrypt(nonce, sealed, bound))
        except InvalidTag as error:
            raise _refused(row, error) from error
        fields = from_json(plain)
        fields["reason"] = personal.pop("reason")
        for field, facts in personal.items():
            fields[field].update(facts)
        return to_json(fields)

    def _of_visit(self, visit: str, row: Row) -> AESGCM:
        if self.keyring.gone(f"visit/{visit}"):  # first: of a key that is missing others are asked, for each row
            raise _Gone
        found = self.keyring.of_visit(visit)
        if found is None:
            raise self._key_lost(row)
        return found

    def _key_lost(self, row: Row) -> PlanningError:
        return KeyLost.because(
            "Event {position} of {subject} cannot be read: its own key is not in {file}. "
            "Restore the newest backup of the keys beside the data.",
            position=row[0],
            subject=row[1],
            file=self.keyring.keeper.place,
        )

    def _open(self, row: Row) -> tuple[bytes, bytes]:
        """What a row of any topic and schema version holds, and what binds it to the row.

        ``Tampered`` where the seal does not hold.
        """
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
            kind, _, key = subject.partition("/")
            of_visit = kind in OF_A_VISIT and state[0] > 1
            aead = self._of_visit(key.partition("/")[0], row) if of_visit else self._aead
            return aead.decrypt(state[SCHEMA_END:_SEALED], state[_SEALED:], bound), bound
        except InvalidTag as error:
            raise _refused(row, error) from error


def _upcast(topic: Topic, plain: bytes, written: int) -> bytes:
    try:
        return topic.upcast(plain, written)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"cannot be brought from form {written} to {topic.schema_version}") from error


def _unreadable(row: Row, forged: bool, before: Event | None) -> Unreadable:
    return Unreadable(**_gap(row, before), forged=forged)


def _erased(row: Row, before: Event | None) -> Erased:
    return Erased(**_gap(row, before), forged=False, topic=row[3], form=schema_version_of(row[4]))


def _gap(row: Row, before: Event | None) -> dict[str, Any]:
    """What is known of an event that cannot be opened: its place, and that it came after the one before."""
    moment = LONG_AGO if before is None else before.recorded_at
    return {
        "originator_id": row[1],
        "originator_version": row[2],
        "recorded_at": moment,
        "occurred_at": moment,
        "by": "",
        "command_id": "",
        "position": row[0],
    }


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
