"""Which commands were refused to whom: a sealed log beside that of reads.

Recorded is what may be an attempt on what somebody may not do or see, before the refusal is told: what the account may
not do (``NotAllowed``); what is hidden or not there (``NotFound``: both are answered alike, so both are kept alike);
and a code of a visit that is taken, which tells who registers one that it exists (``CodeTaken``). What rules refuse,
such as a double booking, what the state of a thing refuses, and what was typed wrongly is how people plan: recording it
would bury the rest. A signature whose password was wrong is recorded too.

A row says who, when, which command, by which way and the codes that it named, and no text that a person typed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, get_type_hints

from pydantic import TypeAdapter, ValidationError

from domain.base import Actor, Code
from domain.messages import Message, message
from domain.refusals import CodeTaken, NotAllowed, NotFound, PlanningError
from planner.access.registry import rule_of
from planner.access.sealed_log import LONGEST, Sealed, SealedLog
from planner.history.cases import Case

FILE: Final = "refusals.db"
#: The command that can tell, at a price, whether a code is there.
GUESSING: Final = "open_emergency_access"
#: Stands for a command where the password of a signature was wrong, whatever was to be signed.
SIGNING: Final = "sign"
#: Commands to which a code that is taken tells that a visit is there.
_TELLING: Final = frozenset({"register_visit", "import_visit"})
_SIGNS: Final = message("sign an override, an emergency access or its review")
#: Arguments that name a thing without being one code.
_PATHS: Final = frozenset({"person"})
_COLUMNS: Final = dict.fromkeys(("at", "user", "via", "command", "visit", "codes", "cause"), "TEXT")
#: Beside the log: who is asking right now for a visit that may not be there. It is counted as a guess until it is known
#: to be none, so that many who ask at once are no more than one after another.
_BESIDE: Final = """
CREATE TABLE IF NOT EXISTS asking (number INTEGER PRIMARY KEY, user TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS refusals_by_command ON refusals (command, cause, at);
"""
_CODE: Final[TypeAdapter[str]] = TypeAdapter(Code)


class Cause(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not allowed"
    NOT_THERE = "hidden or not there"
    TAKEN = "code taken"
    WRONG_PASSWORD = "wrong password"


#: The command and the cause of who asked to open a visit that is not there.
_A_GUESS: Final = (GUESSING, Cause.NOT_THERE)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One refusal. ``visit`` is the code that was meant, empty where none was; ``codes`` as they were asked for."""

    number: int
    at: datetime
    user: str
    via: str
    command: str
    visit: str
    codes: tuple[str, ...]
    cause: Cause


class Refusals(Sealed):
    """The log of refused commands of one data directory. Safe for threads and several processes."""

    def __init__(self, data_dir: Path, key: bytes, clock: Callable[[], datetime]) -> None:
        super().__init__(SealedLog(data_dir, key, "refusals", _COLUMNS, beside=_BESIDE), clock)

    def note(
        self, actor: Actor, command: str, given: Mapping[str, Any], codes: frozenset[str], error: PlanningError
    ) -> None:
        """Records a refusal that may be an attempt; ``codes`` are the arguments that hold codes.

        Raises ``StoreUnavailable`` and its kinds: then that is the answer, whatever was asked for.
        """
        cause = _cause(command, error)
        if cause is None:
            return
        named = [one for name in given if name in codes and (one := _code(name, given[name]))]
        rule = rule_of(command)
        argument = rule.argument if rule.of_visit else "code" if command in _TELLING else "visit"
        with self._log.file.writing():
            self._append(actor, command, _code(argument, _named(given, argument)), named, cause)
            if (command, cause) == _A_GUESS:
                self.was_no_guess(actor.user)

    @contextlib.contextmanager
    def signing(self, actor: Actor, visit: str = "") -> Iterator[None]:
        """Around the use of a password to sign something, of that visit: a wrong one is recorded; never what it was."""
        try:
            yield
        except NotAllowed:
            code = _code("visit", visit)
            self._append(actor, SIGNING, code, [code] if code else [], Cause.WRONG_PASSWORD)
            raise

    def _append(self, actor: Actor, command: str, visit: str, codes: list[str], cause: Cause) -> None:
        said = " ".join(codes)[:LONGEST]
        self._log.append((self._clock().isoformat(), actor.user, actor.via, command, visit, said, cause.value))

    def listed(self, *, visit: str = "", user: str = "", last: int = 1_000) -> list[Refused]:
        """The last refusals, newest first: about a visit, to an account, or all."""
        asked, values = ["1"], list[object]()
        for column, value in (("visit", visit), ("user", user)):
            if value:
                asked.append(f"{column} = ?")
                values.append(value)
        return [_read(row) for row in self._log.found(" AND ".join(asked), *values, last=last)]

    def guessed(self, since: datetime) -> dict[str, int]:
        """How often each account asked to open a visit that is not there, since then."""
        counted = "SELECT user, count(*) FROM refusals WHERE command = ? AND cause = ? AND at >= ? GROUP BY user"
        return dict(tuple(row) for row in self._log.file.rows(counted, *_A_GUESS, since.isoformat()))

    def may_guess(self, user: str, since: datetime, most: int) -> bool:
        """Counts one more guess of an account, before it is looked whether it is one; False where there were ``most``.

        What refuses the guess as one takes its place; whoever finds that it was none says ``was_no_guess``.
        """
        file = self._log.file
        with file.writing():
            file.execute("DELETE FROM asking WHERE at < ?", since.isoformat())
            asking = len(file.rows("SELECT number FROM asking WHERE user = ?", user))
            if self.guessed(since).get(user, 0) + asking >= most:
                return False
            file.execute("INSERT INTO asking (user, at) VALUES (?, ?)", user, self._clock().isoformat())
            return True

    def was_no_guess(self, user: str) -> None:
        """What an account asked for last was there, or was not looked for; or what it asked for is noted by now."""
        one = "SELECT max(number) FROM asking WHERE user = ?"
        self._log.file.execute(f"DELETE FROM asking WHERE number = ({one})", user)


@functools.cache
def coded(method: Callable[..., Any]) -> frozenset[str]:
    """The arguments of a command that hold codes: nothing that a person wrote is among them."""
    hints = get_type_hints(inspect.unwrap(method), include_extras=True)
    return frozenset(name for name, hint in hints.items() if hint in (Code, Code | None)) | _PATHS


def _cause(command: str, error: PlanningError) -> Cause | None:
    match error:
        case NotAllowed():
            return Cause.NOT_ALLOWED
        case NotFound():
            return Cause.NOT_THERE
        case CodeTaken() if command in _TELLING:
            return Cause.TAKEN
    return None


def _named(given: Mapping[str, Any], argument: str) -> object:
    """The visit that is meant; of a whole plan that is taken in, the one it is of."""
    document = given.get("document")
    return given.get(argument) if document is None else getattr(getattr(document, "visit", None), "code", None)


def _code(name: str, given: object) -> str:
    """What was given, where it is a code, or codes with strokes between them."""
    if not isinstance(given, str):
        return ""
    try:
        for part in given.split("/") if name in _PATHS else (given,):
            _CODE.validate_python(part)
    except ValidationError:
        return ""
    return given[:LONGEST]


def _read(row: tuple[Any, ...]) -> Refused:
    number, at, user, via, command, visit, codes, cause = row
    return Refused(
        number=number,
        at=datetime.fromisoformat(at),
        user=user,
        via=via,
        command=command,
        visit=visit,
        codes=tuple(codes.split()),
        cause=Cause(cause),
    )


def cases(refusals: list[Refused]) -> Iterator[Case]:
    """The cases of the auditor's question, first come first; ``refusals`` newest first."""
    for one in reversed(refusals):
        yield Case(subject=f"visit/{one.visit}", message=said(one), recorded_at=one.at, by=one.user)


def said(one: Refused) -> Message:
    """One refusal in words."""
    what = _SIGNS if one.command == SIGNING else rule_of(one.command).says
    if not one.codes:
        return message("refused ({cause}): to {what}", cause=one.cause, what=what)
    return message("refused ({cause}): to {what}; codes: {codes}", cause=one.cause, what=what, codes=one.codes)
