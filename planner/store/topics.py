"""The allow-list of event classes: what a stored row may be turned into, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic_core import CoreSchema, SchemaSerializer, SchemaValidator, from_json, to_json, to_jsonable_python

from domain.base import Event
from domain.personal import PersonalFacts, personal_facts

_LIMITS = {"str": frozenset({"pattern", "min_length", "max_length"}), "dataclass": frozenset({"post_init"})}
_AS_THEY_ARE = frozenset({"serialization", "metadata", "config", "default"})

#: What the row of an event tells already, and what all events of one act share.
IN_ROW = ("originator_id", "originator_version")
STAMP = tuple(field.name for field in dataclasses.fields(Event) if field.name not in IN_ROW)


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """One class of events under its stable name, with its compiled serializer and validator.

    ``facts`` gives the JSON of what the class adds to ``Event``, as ``stamp`` that of what all events have besides
    their row; ``validate`` takes the event's whole JSON: originator id and version, the stamp, the facts.
    """

    name: str
    event_class: type[Event]
    schema_version: int
    validate: Callable[[bytes], Event]
    facts: Callable[[Event], bytes]
    personal: PersonalFacts | None = None
    #: What stands for the personal facts once they were erased, as JSON tells it.
    erased: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, event_class: type[Event]) -> Topic:
        """The topic of a class: its name, or its ``topic`` where the class was renamed after release."""
        adapter: TypeAdapter[Any] = TypeAdapter(event_class)
        personal = personal_facts(event_class)
        return cls(
            name=getattr(event_class, "topic", event_class.__name__),
            event_class=event_class,
            schema_version=event_class.schema_version,
            validate=_reader(adapter.core_schema).validate_json,
            facts=_writer(adapter.core_schema, (*IN_ROW, *STAMP)),
            personal=personal,
            erased=to_jsonable_python(dict(personal.erased)) if personal is not None else {},
        )

    def upcast(self, plain: bytes, version: int) -> bytes:
        """The JSON of an older schema as this version writes it: each step is a classmethod of the event."""
        fields: dict[str, Any] = from_json(plain)
        for older in range(version, self.schema_version):
            step = getattr(self.event_class, f"upcast_v{older}_v{older + 1}")
            fields = step(fields)
        return to_json(fields)


def _writer(schema: CoreSchema, left_out: Collection[str]) -> Callable[[Event], bytes]:
    """The JSON of an event without some of its own fields, which are not even read."""

    def without(node: Any) -> Any:
        if node["type"] == "dataclass-args":
            return {**node, "fields": [field for field in node["fields"] if field["name"] not in left_out]}
        kept = {"fields": [name for name in node["fields"] if name not in left_out]} if "fields" in node else {}
        return {**node, **kept, "schema": without(node["schema"])}

    # Without the last argument pydantic-core takes the serializers that the classes carry, with all fields.
    return SchemaSerializer(cast(CoreSchema, without(schema)), None, False).to_json


#: The JSON of an event's stamp alone.
stamp = _writer(TypeAdapter(Event).core_schema, IN_ROW)


def _reader(schema: CoreSchema) -> SchemaValidator:
    """A validator without the limits of texts and the checks of values, which held when the event was written.

    They may be tightened later, and an event that was recorded stays readable; it also halves the time to read.
    """
    # Without the last argument pydantic-core takes the validators that the classes carry, limits and all.
    return SchemaValidator(cast(CoreSchema, _without_limits(schema)), None, False)


def _without_limits(node: Any) -> Any:
    if isinstance(node, list | tuple):
        return type(node)(_without_limits(part) for part in node)
    if not isinstance(node, dict):
        return node
    left_out = _LIMITS.get(str(node.get("type")), frozenset())
    return {
        name: part if name in _AS_THEY_ARE else _without_limits(part)
        for name, part in node.items()
        if name not in left_out
    }


class Topics(Mapping[str, type[Event]]):
    """Event classes by their stable names. Two classes of one name are a fault of the program."""

    def __init__(self, event_classes: Iterable[type[Event]]) -> None:
        self.by_class: dict[type[Event], Topic] = {}
        self.by_name: dict[str, Topic] = {}
        for event_class in event_classes:
            topic = Topic.of(event_class)
            if topic.name in self.by_name:
                raise ValueError(f"two event classes share the topic {topic.name}")
            self.by_class[event_class] = self.by_name[topic.name] = topic

    def __getitem__(self, name: str) -> type[Event]:
        return self.by_name[name].event_class

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)
