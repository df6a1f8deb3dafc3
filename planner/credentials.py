"""User names, passwords and tokens: what is accepted, and what is kept of them."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from pydantic import TypeAdapter, ValidationError

from domain.base import Code, Line
from domain.refusals import InvalidInput
from planner.guessing import guessed_soon

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000

_USER = TypeAdapter(Code)
_NAME = TypeAdapter(Line)


class NotRight(InvalidInput):
    """What was typed to show who one is, a password or a code, does not hold."""


def user_name(typed: str) -> str:
    """The name an account is kept under: composed, without case, without spaces around it."""
    return unicodedata.normalize("NFC", typed.strip()).casefold()


def hashed_token(token: str) -> str:
    """What is stored of a secret that its holder presents."""
    return hashlib.sha256(token.encode()).hexdigest()


def one_time_password() -> str:
    """A password to be read out once: 80 bits in groups of letters and digits that cannot be confused."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def valid_user(typed: str) -> str:
    """The user name that was typed, as it is kept. Raises ``InvalidInput``."""
    name = user_name(typed)
    try:
        return _USER.validate_python(name)
    except ValidationError:
        raise InvalidInput.because(
            "A user name has 1 to 40 letters, digits, and . _ - after the first: «{user}» cannot be one.",
            user=typed,
        ) from None


def valid_name(typed: str) -> str:
    """A name to show. Raises ``InvalidInput``."""
    try:
        return _NAME.validate_python(typed)
    except ValidationError:
        raise InvalidInput.because("A name has 1 to 200 characters in one line.") from None


def strong(password: str, *names: str) -> str:
    """The password, if it is hard enough to guess for who knows the ``names`` of its owner. Raises ``InvalidInput``."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInput.because(
            "A password has at least {n} characters. Several words are easy to remember.",
            n=SHORTEST_PASSWORD,
        )
    if guessed_soon(password, names):
        raise InvalidInput.because(
            "This password would soon be guessed: it is a common one, or made of names, dates, neighbouring keys or "
            "words of this office. Take four words that have nothing to do with each other."
        )
    return password
