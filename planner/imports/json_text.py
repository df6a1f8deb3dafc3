"""JSON as people and scripts write it: a name that stands twice in one object is refused, not taken last."""

from __future__ import annotations

import json
from typing import Any

from domain.refusals import InvalidInput


def refuse_repeated(content: bytes) -> None:
    """Refuse JSON, known to be such, in which an object has a name twice. Raises ``InvalidInput``."""
    json.loads(content, object_pairs_hook=_object, parse_int=str, parse_float=str)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                raise InvalidInput.because("«{name}» stands twice in one object; leave one of the two.", name=name)
            seen.add(name)
    return found
