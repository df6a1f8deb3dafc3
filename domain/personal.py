"""Which facts tell of a person, whom they tell of, and what stands in their place once they were erased."""

from __future__ import annotations

import dataclasses
import functools
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

#: Stands where a name or a reason was. In both languages, since it is read wherever names are, in files too.
ERASED: Final = "đã xoá / erased"


@dataclasses.dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field of a value: ``Annotated[..., Personal()]``. Erased, it is its default, or what is named here."""

    erased: Any = ...


@dataclasses.dataclass(frozen=True, slots=True)
class PersonalFacts:
    """The personal fields of one class of events, all in one of its values.

    ``field`` holds the value, ``erased`` what stands for each of its personal fields once they were erased.
    ``coded`` where the value carries a code of its own: then the person is one of several of the entity.
    """

    field: str
    coded: bool
    erased: tuple[tuple[str, Any], ...]

    def person(self, event: Any) -> str:
        """Whom an event tells of, such as ``officer/CA-0113`` or ``delegation/LA-2026-01/LA/M-01``."""
        return person_of(event.originator_id, getattr(event, self.field).code if self.coded else None)

    def tells(self, event: Any) -> bool:
        """True where the event says anything of the person that is not erased."""
        value = getattr(event, self.field)
        return any(getattr(value, name) != erased for name, erased in self.erased)


def person_of(entity: str, code: str | None) -> str:
    """The name of a person among those whose facts are kept."""
    return entity if code is None else f"{entity}/{code}"


def personal_facts(event_class: Any) -> PersonalFacts | None:
    """The personal fields of a class of events; None where it has none."""
    return _found(event_class)


@functools.cache
def _found(event_class: Any) -> PersonalFacts | None:
    types: dict[str, Any] = get_type_hints(event_class)
    found = [
        PersonalFacts(field.name, "code" in hints, erased)
        for field in dataclasses.fields(event_class)
        if isinstance(value := types[field.name], type) and dataclasses.is_dataclass(value)
        for hints in (_hints(value),)
        if (erased := tuple(_erased(value, hints)))
    ]
    if len(found) > 1:
        raise TypeError(f"{event_class.__name__} tells of more than one person")
    return found[0] if found else None


@functools.cache
def _hints(value: type) -> dict[str, Any]:
    """What the annotations of a value say; many events hold values of one class, and asking takes its time."""
    return get_type_hints(value, include_extras=True)


def _erased(value: Any, hints: dict[str, Any]) -> Any:
    for field in dataclasses.fields(value):
        marks = get_args(hints[field.name])[1:] if get_origin(hints[field.name]) is Annotated else ()
        for mark in marks:
            if isinstance(mark, Personal):
                default = field.default if mark.erased is ... else mark.erased
                if default is dataclasses.MISSING:
                    raise TypeError(f"{value.__name__}.{field.name} needs to say what it is once erased")
                yield field.name, default
