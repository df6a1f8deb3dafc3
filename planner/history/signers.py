"""Sentences about the keys with which people sign."""

from __future__ import annotations

from domain.messages import Message, message
from domain.signer import SigningKeyMade, SigningKeyRevoked, SigningKeyVouched, key_number
from planner.history.names import Names
from planner.history.telling import Tellings


def _made(event: SigningKeyMade, before: Names, after: Names) -> Message:
    return message("has a key to sign with, number {key}", key=key_number(event.public_key))


def _vouched(event: SigningKeyVouched, before: Names, after: Names) -> Message:
    return message("vouched for the signing key {key} of {user}", user=event.key, key=key_number(event.vouched))


def _revoked(event: SigningKeyRevoked, before: Names, after: Names) -> Message:
    return message("revoked a signing key of {user}", user=event.key)


TELLINGS: Tellings = {SigningKeyMade: _made, SigningKeyVouched: _vouched, SigningKeyRevoked: _revoked}
