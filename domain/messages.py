"""What the domain says to people: a message id with its values, rendered elsewhere in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class LanguageCode(str):
    """An ISO 639 code among the values of a message: shown as the language's name."""

    __slots__ = ()


_NOTHING: Final[Mapping[str, Any]] = {}


class Message(NamedTuple):
    """One sentence, not yet in a language.

    ``text`` is the English sentence and the key of its translation; ``{name}`` places take ``values``,
    which may be text, numbers, moments, time windows, members of the vocabulary (``StrEnum``) or messages.
    Where ``plural`` is given, ``values["n"]`` decides between ``text`` and ``plural``. A tuple with names, as a
    finding is: rules make thousands of both, and a frozen dataclass takes three times as long to make.
    """

    text: str
    values: Mapping[str, Any] = _NOTHING
    plural: str | None = None

    def __str__(self) -> str:
        """The English sentence with plain values: for logs and test failures, never for a page."""
        text = self.plural if self.plural is not None and self.values.get("n") != 1 else self.text
        return text.format_map({name: str(value) for name, value in self.values.items()})


def message(text: str, **values: Any) -> Message:
    """A message with its values; extraction of translations looks for this name."""
    return Message(text, values)


def counted(text: str, plural: str, n: int, **values: Any) -> Message:
    """A message whose English form depends on the number ``n``."""
    return Message(text, {"n": n, **values}, plural)
