"""Short codes as people type them: checked before a command carries them."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from domain.base import Code

_CODES: Final[TypeAdapter[str]] = TypeAdapter(Code)


def checked_code(typed: str) -> str:
    """The code without spaces around it. Raises ``ValidationError`` for what is no code."""
    return _CODES.validate_python(typed.strip())
