"""What changed between two values, in words: each kind of fact says its own change and its own state.

The table in ``planner.history.facts`` names the facts; sentences of events and differences of plans both use
``changes`` and ``stated`` and nothing else, so the same change reads the same everywhere.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from domain.base import by_code
from domain.messages import Message, message
from planner.history.names import Names, one_line
from planner.text import Change

#: Longest piece of a long text that a sentence quotes.
QUOTED = 120
#: What stands before and after the changed part of a long text.
CONTEXT = 20

type Shown = Callable[[Any, Any, Names], Any]
type Table = Mapping[type, Mapping[str, Fact]]


class Fact(Protocol):
    """One kind of fact: how its change and its state are said."""

    def change(self, old: Field, new: Field) -> list[Message]:
        """The change, in any number of messages."""
        ...

    def state(self, field: Field) -> list[Message]:
        """The state as it is, nothing where it says nothing."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A field's value in its owner, with the names of the plan that it stands in and the table of facts."""

    value: Any
    owner: Any
    names: Names
    table: Table


def changes(old: Any, new: Any, before: Names, after: Names, table: Table) -> list[Message]:
    """Which facts differ between two values of the same class, each old → new."""
    told: list[Message] = []
    for name, fact in table[type(new)].items():
        was, now = getattr(old, name), getattr(new, name)
        if was is not now and was != now:
            told += fact.change(Field(was, old, before, table), Field(now, new, after, table))
    return told


def stated(value: Any, names: Names, table: Table) -> list[Message]:
    """What a value says beyond its defaults and beyond the name that it goes by."""
    defaults = _defaults(type(value))
    told: list[Message] = []
    for name, fact in table[type(value)].items():
        held = getattr(value, name)
        always = isinstance(fact, Plain) and fact.always
        if always or name not in defaults or held != defaults[name]:
            told += fact.state(Field(held, value, names, table))
    return told


_DEFAULTS: dict[type, Mapping[str, Any]] = {}


def _defaults(kind: type[Any]) -> Mapping[str, Any]:
    """What the fields of a class are where nobody says otherwise; looked up once for each class."""
    if kind not in _DEFAULTS:
        fields = dataclasses.fields(kind)
        _DEFAULTS[kind] = {field.name: field.default for field in fields if field.default is not dataclasses.MISSING}
    return _DEFAULTS[kind]


def joined(messages: list[Message]) -> Message:
    """Several messages as one; halved, not chained, so that hundreds of them nest only a few deep."""
    if len(messages) == 1:
        return messages[0]
    if not messages:
        return message("nothing else")
    middle = len(messages) // 2
    return message("{first}; {rest}", first=joined(messages[:middle]), rest=joined(messages[middle:]))


def quoted(text: str, *_: Any) -> str | None:
    """Free text in quotation marks; None where there is none."""
    return f"«{one_line(text)}»" if text.strip() else None


def plain(value: Any, *_: Any) -> Any:
    """A value that every reader's ``Speaker`` can show."""
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    """A fact with a label: «officers needed 2 → 3».

    ``said`` where the name of its owner says it already; ``always`` where also the usual value is worth saying.
    """

    label: Message
    shown: Shown = plain
    said: bool = False
    always: bool = False

    def change(self, old: Field, new: Field) -> list[Message]:
        was, now = self._shown(old), self._shown(new)
        if was == now:  # what differs is finer than what is shown
            return [message("{label} changed", label=self.label)]
        return [message("{label} {change}", label=self.label, change=Change(was, now))]

    def state(self, field: Field) -> list[Message]:
        shown = self._shown(field)
        if self.said or shown is None or shown in ("", ()):
            return []
        return [message("{label} {value}", label=self.label, value=shown)]

    def _shown(self, field: Field) -> Any:
        return None if field.value is None else self.shown(field.value, field.owner, field.names)


@dataclasses.dataclass(frozen=True, slots=True)
class Long:
    """A long text: a change quotes only the part that differs, a state only its beginning."""

    label: Message

    def change(self, old: Field, new: Field) -> list[Message]:
        change = quoted_change(old.value, new.value)
        return [message("{label} {change}", label=self.label, change=change)]

    def state(self, field: Field) -> list[Message]:
        text = one_line(field.value)
        if not text:
            return []
        return [message("{label} {value}", label=self.label, value=quoted(shortened(text)))]


@dataclasses.dataclass(frozen=True, slots=True)
class Unseen:
    """A fact that words cannot show, such as the line of a route."""

    label: Message

    def change(self, old: Field, new: Field) -> list[Message]:
        return [message("{label} changed", label=self.label)]

    def state(self, field: Field) -> list[Message]:
        return []


@dataclasses.dataclass(frozen=True, slots=True)
class Flag:
    """Something that is so or not: each with its own words."""

    on: Message
    off: Message

    def change(self, old: Field, new: Field) -> list[Message]:
        return [self.on if new.value else self.off]

    def state(self, field: Field) -> list[Message]:
        return [self.on] if field.value else []


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """A value of several facts: says the changed ones."""

    label: Message

    def change(self, old: Field, new: Field) -> list[Message]:
        if old.value is None:
            return [message("{label} added: {facts}", label=self.label, facts=joined(self.state(new)))]
        if new.value is None:
            return [message("{label} removed: {facts}", label=self.label, facts=joined(self.state(old)))]
        return changes(old.value, new.value, old.names, new.names, new.table)

    def state(self, field: Field) -> list[Message]:
        return [] if field.value is None else stated(field.value, field.names, field.table)


@dataclasses.dataclass(frozen=True, slots=True)
class Items:
    """Things with codes inside an entity: added, changed or removed one by one."""

    noun: Message
    nouns: Message
    name: Callable[[Any], str]

    def change(self, old: Field, new: Field) -> list[Message]:
        was, now = by_code(old.value), by_code(new.value)
        told = [self._added(new, item) for code, item in now.items() if code not in was]
        for code, item in now.items():
            if code in was and was[code] != item:
                told += self._changed(old, new, was[code], item)
        told += [
            message("{noun} {item} removed", noun=self.noun, item=self.name(item))
            for code, item in was.items()
            if code not in now
        ]
        return told

    def _added(self, new: Field, item: Any) -> Message:
        facts = stated(item, new.names, new.table)
        if not facts:
            return message("{noun} {item} added", noun=self.noun, item=self.name(item))
        return message("{noun} {item} added ({facts})", noun=self.noun, item=self.name(item), facts=joined(facts))

    def _changed(self, old: Field, new: Field, was: Any, now: Any) -> list[Message]:
        told = changes(was, now, old.names, new.names, new.table)
        if not told:
            return []
        return [message("{noun} {item}: {facts}", noun=self.noun, item=self.name(was), facts=joined(told))]

    def state(self, field: Field) -> list[Message]:
        if not field.value:
            return []
        names = tuple(self.name(item) for item in field.value)
        return [message("{label} {value}", label=self.nouns, value=names)]


def quoted_change(old: str, new: str) -> Change:
    """The parts of two long texts that differ, each in quotation marks."""
    was, now = narrowed(one_line(old), one_line(new))
    return Change(quoted(was), quoted(now))


def narrowed(old: str, new: str) -> tuple[str, str]:
    """The parts of two long texts that differ, with a little of what stands around them."""
    if len(old) <= QUOTED and len(new) <= QUOTED:
        return old, new
    limit = min(len(old), len(new))
    head = next((i for i in range(limit) if old[i] != new[i]), limit)
    tail = next((i for i in range(limit - head) if old[-1 - i] != new[-1 - i]), limit - head)
    start, rest = max(0, head - CONTEXT), max(0, tail - CONTEXT)
    return _cut(old, start, len(old) - rest), _cut(new, start, len(new) - rest)


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def _cut(text: str, start: int, end: int) -> str:
    while start and unicodedata.category(text[start : start + 1] or " ").startswith("M"):
        start -= 1  # a vowel or tone mark stays with its letter
    piece = text[start:end]
    return ("…" if start else "") + shortened(piece) + ("…" if end < len(text) and len(piece) <= QUOTED else "")
