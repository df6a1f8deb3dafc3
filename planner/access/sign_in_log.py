"""Who came in and went, who was refused, and what was done to accounts: a sealed log beside that of reads.

Recorded is the moment (UTC), the account, who did it, the address it came from and what happened: never a password, a
code or a token, and a user name only where it is one, because people type their password into the wrong field. What
cannot be recorded does not happen: nobody comes in, and no account is changed. Leaving is the exception.

What anybody can repeat without end, such as waiting out a throttle or asking from another site, is recorded once a
minute for each address, so that nobody fills the disk.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from domain.messages import Message, message
from planner.access.sealed_log import LONGEST, Sealed, SealedLog
from planner.text import Speaker

FILE: Final = "sign_ins.db"
SELDOM: Final = timedelta(minutes=1)
_MOST_REMEMBERED: Final = 10_000
_COLUMNS: Final = dict.fromkeys(("at", "what", "user", "by", "client"), "TEXT")


#: The name of an act: somebody has a key to sign with who had none that the password opens.
KEY_MADE: Final = "signing key made"


class Happened(StrEnum):
    """What happened at the door. What is done to accounts stands under the name of the act."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SESSIONS_ENDED = "sessions ended"
    REFUSED = "sign-in refused"
    ONE_TIME_OVER = "one-time password over"
    CODE_REFUSED = "code refused"
    PASSWORD_REFUSED = "password refused"
    MADE_TO_WAIT = "made to wait"
    PROVIDER_REFUSED = "sign-in by the provider refused"
    OTHER_SITE = "request of another site refused"


#: How acts of administration are said, which the accounts keep by the same names.
_ACTS: Final[dict[str, Message]] = {
    "created": message("account created"),
    "renamed": message("account renamed"),
    "disabled": message("account disabled"),
    "enabled": message("account enabled"),
    "roles": message("roles changed"),
    "linked": message("linked to an officer"),
    "password reset": message("password reset"),
    "password changed": message("password changed"),
    "second factor": message("second factor turned on"),
    "second factor given up": message("second factor turned off"),
    "second factor reset": message("second factor reset"),
    "second factor demanded": message("second factor demanded of commanders and auditors"),
    "second factor demanded of all": message("second factor demanded of everybody"),
    "second factor not demanded": message("second factor no longer demanded"),
    "identity linked": message("linked to an identity of the provider"),
    "identity unlinked": message("identity of the provider unlinked"),
    "calendar opened": message("calendar address opened"),
    "calendar closed": message("calendar address closed"),
    KEY_MADE: message("signing key made"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row. ``user`` is the account that is meant, empty where it is none; ``by`` who did it, where another did."""

    number: int
    at: datetime
    what: str
    user: str
    by: str
    client: str
    #: What it is about, where that matters: the public key that was made, how a person showed who they are.
    about: str = ""


class SignInLog(Sealed):
    """The log of one data directory. Safe for threads and several processes."""

    def __init__(self, data_dir: Path, key: bytes, clock: Callable[[], datetime]) -> None:
        super().__init__(SealedLog(data_dir, key, "sign_ins", _COLUMNS, later=("about",)), clock)
        self._lock = threading.Lock()
        self._noted: dict[tuple[str, str], datetime] = {}

    def note(self, what: str, *, user: str = "", by: str = "", client: str = "", about: str = "") -> None:
        """Records it; when this returns it is on disk. Raises ``StoreUnavailable`` and its kinds."""
        self._log.append((self._clock().isoformat(), str(what), user, by, client[:LONGEST], about))

    def keys_made(self) -> frozenset[tuple[str, str]]:
        """The users and public keys of all signing keys whose making is recorded here."""
        rows = self._log.found("what = ?", KEY_MADE, last=-1)
        return frozenset((one.user, one.about) for one in map(_read, rows))

    def note_seldom(self, what: Happened, *, user: str = "", client: str = "") -> None:
        """The same, once a minute for each address: for what anybody can repeat without end."""
        now = self._clock()
        with self._lock:
            if now - self._noted.get((what, client), datetime.min.replace(tzinfo=now.tzinfo)) < SELDOM:
                return
            if len(self._noted) >= _MOST_REMEMBERED:
                self._noted.clear()
            self._noted[what, client] = now
        self.note(what, user=user, client=client)

    def listed(self, *, user: str = "", last: int = 1_000) -> list[Entry]:
        """The last entries, newest first: of an account, or all."""
        condition, values = ("(user = ? OR by = ?)", (user, user)) if user else ("1", ())
        return [_read(row) for row in self._log.found(condition, *values, last=last)]


def said(what: str, speaker: Speaker) -> str:
    """What happened, or what was done to an account, in the reader's language."""
    return speaker.label(Happened(what)) if what in Happened else speaker.say(_ACTS[what])


def _read(row: tuple[Any, ...]) -> Entry:
    number, at, what, user, by, client, about = row
    moment = datetime.fromisoformat(at)
    return Entry(number=number, at=moment, what=what, user=user, by=by, client=client, about=about)
