"""What a redacted file does not say: the plan and the log without it, asked as any plan and any log.

Left out are telephones and other contacts, the needs of guests (health, diet), names and ranks of officers who
command no post, absences, instructions, equipment, radio, notes, and who entered what and why, read it, was refused or
broke the glass. In all other text, numbers that identify somebody (passports, identity cards, telephones), dates of
birth and e-mail addresses are masked. Titles, places, times, guests' names and codes stay. One table says it for every
text that an event may hold.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from domain.activities import Activities
from domain.assignment import Override
from domain.base import Entity, Event, fields_of, folded
from domain.delegation import DelegationDetails, Member
from domain.emergency import Opening
from domain.layered import Layered
from domain.officer import (
    AbsenceAmended,
    AbsenceCancelled,
    AbsenceRecorded,
    Officer,
    OfficerDetails,
    QualificationRemoved,
    QualificationRevoked,
)
from domain.plan import Plan
from domain.post import PostDetails
from domain.route import RouteDetails
from domain.values import Contact, PersonName, Qualification
from domain.venue import KeyPoint, Room, VenueDetails
from domain.visit import Activity, Journey, VisitDetails
from domain.ways import Inside, Roads
from planner.access.clearance import ALL_KINDS, ALL_SHARED, Clearance
from planner.access.reads import Recorded
from planner.access.refused import Refused
from planner.access.seen_timeline import SeenTimeline
from planner.exports.watermark import WITHHELD
from planner.timeline import Timeline

#: Stands where a number was that identifies somebody.
MASK: Final = "•••"

#: A date in digits, as days of a programme are written.
_DATE: Final = r"(?:(?:[12]\d|3[01]|0?[1-9])[./-](?:[12]\d|3[01]|0?[1-9])[./-](?:19|20)\d\d|\d{4}-\d{2}-\d{2})(?!\d)"
#: What begins a telling of when somebody was born; not pupils, students, hygiene and the like.
_BORN: Final = (
    r"(?:\b(?:born|d\.?o\.?b|birth(?:day)?)\b"
    r"|(?<!học )(?<!vệ )(?<!thí )(?<!phát )(?<!hy )(?<!an )\bsinh\b(?! (?:viên|hoạt|thái|học|vật|kế|trắc)\b))"
)
#: Where a telephone ends though digits follow: a date, or an hour. Not where one stroke parts it all: 09.12.03.2012.
_AFTER: Final = rf"[ .()/-]?(?:[ ()]|(?P<to>[./-])(?!\d+(?P=to))){_DATE}|[ ,.(]{{1,2}}\d{{1,2}}[:h]\d\d"
_IDENTIFYING: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    rf"|{_BORN}\D{{0,20}}\d{{1,4}}[./-]\d{{1,2}}(?:[./-]\d{{1,4}})?"  # a date of birth
    rf"|{_BORN}[^\n]{{0,40}}?\b(?:19|20)\d\d\b|\bsn[:. ]{{1,2}}(?:19|20)\d\d\b"  # the same in words, or the year alone
    rf"|(?P<day>(?<!\d){_DATE})"  # any other date, which stays
    r"|(?<![\w-])[A-Za-z]{1,3} ?\d{6,9}(?!\w)"  # a passport
    # A telephone, an identity card.
    rf"|\+?\d(?:(?!{_AFTER})[ .()/-]{{0,2}}\d){{8,}}",
    re.IGNORECASE,
)


class _Masked:
    """Marks a text that stays, but for the numbers in it that identify somebody."""


masked: Final = _Masked()

#: What becomes of each text: masked, or what stands in its place. What is not named here stays as it is.
TREATED: Final[Mapping[type[Any], Mapping[str, Any]]] = {
    VisitDetails: {"title": masked, "notes": ""},
    Activity: {"title": masked, "party": masked, "host": masked, "notes": ""},
    Journey: {"gate": masked},
    DelegationDetails: {
        "name": masked,
        "province": masked,
        "inviting_agency": masked,
        "presiding_agency": masked,
        "purpose": masked,
    },
    Member: {"rank": masked, "role": masked, "party": masked, "needs": ""},
    PersonName: {"romanised": masked, "original": masked, "form_of_address": masked, "said": masked},
    VenueDetails: {
        "name": masked,
        "name_en": masked,
        "address": masked,
        "district": masked,
        "contacts": (),
        "notes": "",
    },
    Contact: {"name": WITHHELD, "role": "", "phone": ""},
    Room: {"name": masked, "floor": masked},
    KeyPoint: {"name": masked, "phone": "", "notes": ""},
    RouteDetails: {"streets": masked},
    PostDetails: {
        "task": masked,
        "place": masked,
        "equipment": (),
        "radio": "",
        "instructions": "",
    },
    OfficerDetails: {
        "name": PersonName(romanised=WITHHELD),
        "unit": masked,
        "rank": "",
        "callsign": "",
        "phone": "",
        "licences": masked,
    },
    Override: {"authority": WITHHELD},
    Opening: {"reason": "", "verdict": "", "reviewer": WITHHELD},
}
#: What is left out of states and events themselves, wherever they have it: who did it and why, the fingerprint of what
#: an officer was told, absences.
LEFT_OUT: Final[Mapping[str, Any]] = {
    "by": WITHHELD,
    "via": "",
    "reason": "",
    "verdict": WITHHELD,
    "command_id": "",
    "registrar": WITHHELD,
    "instructions": "",
    "public_key": WITHHELD,
    "signature": WITHHELD,
    "vouched": WITHHELD,
    "vouched_by": WITHHELD,
    "machine": "",
    "proof": "",
    "accounts": (),
    "absences": (),
}
#: What is not told at all: that somebody is ill.
UNTOLD: Final = (AbsenceRecorded, AbsenceAmended, AbsenceCancelled)
#: What is not told either, since it names accounts: who belongs to a visit, who opened it by break-glass, who signs.
_OF_ACCOUNTS: Final = frozenset({"membership", "emergency", "signer"})
#: Texts that stay as they are, because they name things or draw them: a flight, a map, a qualification, a rule.
KEPT: Final = frozenset(
    {
        (Journey, "number"),
        (RouteDetails, "pack"),
        (Roads, "driving"),
        (Inside, "walking"),
        (Roads, "pack"),
        (RouteDetails, "geometry"),
        (VisitDetails, "zone"),
        (Qualification, "code"),
        (QualificationRevoked, "qualification"),
        (QualificationRemoved, "qualification"),
        (PostDetails, "required"),
        (PostDetails, "desired"),
        (PostDetails, "licence"),
        (Override, "rules"),
        (Override, "findings"),
    }
)


def without_identifying(text: str) -> str:
    """The text with every number that identifies somebody masked."""
    return _IDENTIFYING.sub(lambda found: found["day"] or MASK, text)


@dataclasses.dataclass(frozen=True)
class Redaction:
    """Redacts; ``named`` are the officers who command a post: their names and ranks stay."""

    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, plan: Plan) -> Redaction:
        """The redaction of files that are made of a plan."""
        posts = (post for visit in plan.visits for post in plan.posts(visit.key))
        return cls(frozenset(post.details.commander for post in posts if post.details.commander is not None))

    def plan(self, plan: Plan) -> Plan:
        """The plan as redacted files are made of it."""
        return plan.remembered(("redacted", self.named), lambda: _made(plan, self))

    def entity(self, entity: Entity) -> Entity:
        return self._commander(entity, self._whole(entity), entity.id)

    def event(self, event: Event) -> Event:
        return self._commander(event, self._whole(event), event.originator_id)

    def _whole[T](self, thing: T) -> T:
        """A state or an event, with what is left out of any and each of its values redacted."""
        known = {field.name for field in dataclasses.fields(cast(Any, thing))}
        left = {name: nothing for name, nothing in LEFT_OUT.items() if name in known}
        if "duty" in known:
            left["duty"] = None if isinstance(thing, Entity) else WITHHELD
        return folded(thing, **(_redacted_fields(thing) | left))

    def _commander[T](self, was: T, now: T, key: str) -> T:
        """Whoever commands a post keeps name and rank."""
        kind, _, code = key.partition("/")
        if kind != Officer.kind or code not in self.named:
            return now
        for field in ("details", "officer"):
            details = getattr(was, field, None)
            if isinstance(details, OfficerDetails):
                name = _redacted(details.name)
                said = {"name": name, "rank": without_identifying(details.rank)}
                return folded(now, **{field: folded(getattr(now, field), **said)})
        return now


def _redacted(value: Any) -> Any:
    """A value of any kind; tuples and what values hold too. The same object where nothing changes."""
    kind: Any = type(value)
    if kind in (tuple, Activities):
        items = kind(map(_redacted, value))
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if not _holds_values(kind):
        return value
    changes = _redacted_fields(value)
    return folded(value, **changes) if changes else value


def _redacted_fields(value: Any) -> dict[str, Any]:
    """The fields of a value that become something else."""
    kind: Any = type(value)
    treated = _treated(kind)
    changes: dict[str, Any] = {}
    for name, read, _ in fields_of(kind):
        held = read(value)
        if name not in treated:
            told = _redacted(held)
        elif treated[name] is not masked:
            told = treated[name]
        elif isinstance(held, tuple):
            told = tuple(map(without_identifying, held))
        else:
            told = without_identifying(held)
        if told is not held:
            changes[name] = told
    return changes


@functools.cache
def _treated(kind: type[Any]) -> Mapping[str, Any]:
    """What becomes of the fields of a class; a kind of another one is treated as that."""
    return next((TREATED[one] for one in kind.__mro__ if one in TREATED), {})


@functools.cache
def _holds_values(kind: type[Any]) -> bool:
    return dataclasses.is_dataclass(kind) and kind.__module__.startswith("domain.") and "__slots__" in vars(kind)


class RedactedPlan(Plan):
    """A plan in which everything is redacted."""

    __slots__ = ("_behind", "_redaction")

    _behind: Plan
    _redaction: Redaction

    def after(self, events: Iterable[Event], position: int | None = None) -> Plan:
        return self._redaction.plan(self._behind.after(events, position))

    @property
    def worth_taking_over(self) -> bool:
        return False

    def assignments_ever_made(self, visit: str) -> int:
        return self._behind.assignments_ever_made(visit)

    def _listed(self, index: str) -> tuple[Any, ...]:
        return tuple(self._redaction.entity(one) for one in self._behind._listed(index))


class _RedactedEntities(Layered[Entity]):
    """The entities of a plan, redacted as they are asked for."""

    __slots__ = ("_behind", "_redaction")

    def __init__(self, behind: Layered[Entity], redaction: Redaction) -> None:
        super().__init__()
        self._behind = behind
        self._redaction = redaction

    def get(self, key: str, /, default: Any = None) -> Any:
        found = self._behind.get(key)
        return default if found is None else self._redaction.entity(found)

    def __getitem__(self, key: str) -> Entity:
        return self._redaction.entity(self._behind[key])

    def __contains__(self, key: object) -> bool:
        return key in self._behind

    def __iter__(self) -> Iterator[str]:
        return iter(self._behind)

    def __len__(self) -> int:
        return len(self._behind)

    def differing(self, other: Layered[Entity]) -> Iterator[tuple[str, Entity | None, Entity | None]]:
        theirs = other._behind if isinstance(other, _RedactedEntities) else other
        for key, here, there in self._behind.differing(theirs):
            mine, its = here and self._redaction.entity(here), there and self._redaction.entity(there)
            yield key, mine, its


def _made(plan: Plan, redaction: Redaction) -> Plan:
    made = RedactedPlan(
        position=plan.position,
        recorded_at=plan.recorded_at,
        entities=_RedactedEntities(plan.entities, redaction),
        indexes=plan.indexes,
        parked=plan.parked,
    )
    object.__setattr__(made, "_behind", plan)
    object.__setattr__(made, "_redaction", redaction)
    return made


class RedactedTimeline(SeenTimeline):
    """Past plans and events as redacted files are made of them."""

    def __init__(self, behind: Timeline, clear: Clearance, redaction: Redaction) -> None:
        super().__init__(behind, clear)
        self._redaction = redaction

    @property
    def current(self) -> Plan:
        return self._redaction.plan(super().current)

    def at(self, position: int) -> Plan:
        return self._redaction.plan(super().at(position))

    def _visible(self, events: Iterable[tuple[int, Event]]) -> Iterator[tuple[int, Event]]:
        told = ((at, event) for at, event in super()._visible(events) if not isinstance(event, UNTOLD))
        return ((position, self._redaction.event(event)) for position, event in told)


def without_accounts(clear: Clearance, plan: Plan) -> Clearance:
    """A clearance that shows the same, but for what only tells of accounts of ours."""
    visits = {visit.key: ALL_KINDS for visit in plan.visits} if clear.whole else clear.visits
    seen_of = {code: kinds - _OF_ACCOUNTS for code, kinds in visits.items() if code}
    return Clearance(seen_of, ALL_SHARED if clear.whole else clear.shared, clear.own)


def without_reader(recorded: Recorded) -> Recorded:
    """A read, but not who read."""
    read = dataclasses.replace(recorded.read, user=WITHHELD, via="", purpose="", recipient="")
    return dataclasses.replace(recorded, read=read)


def without_refused(refused: Refused) -> Refused:
    """A refusal, but not to whom, nor of what: members are named by their accounts."""
    return dataclasses.replace(refused, user=WITHHELD, via="", codes=())
