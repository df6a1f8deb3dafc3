"""What the command line says, and to whom: results on standard output, everything else on standard error."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from domain.messages import Message
from domain.refusals import PlanningError

if TYPE_CHECKING:
    from planner.text import Speaker


#: What ends a line for some programs, as JSON may write it.
_LINE_ENDS = {number: f"\\u{number:04x}" for number in (0x85, 0x2028, 0x2029)}


class ProgramMistake(PlanningError):
    """The program itself made a mistake."""


class Console:
    """One run of the command line, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    @functools.cached_property
    def speaker(self) -> Speaker:
        """Speaks in the language of this run, with times of the default zone."""
        return self.in_zone(None)

    def in_zone(self, zone: str | None) -> Speaker:
        """Speaks in the language of this run, with times of a zone."""
        from planner.text import DEFAULT_ZONE, Speaker  # noqa: PLC0415 - loaded when there is something to say

        return Speaker("vi" if self.language == "vi" else "en", zone or DEFAULT_ZONE)

    # Results

    def line(self, text: str = "") -> None:
        """One line of the answer."""
        sys.stdout.write(text + "\n")

    def line_at_once(self, text: str) -> None:
        """One line that somebody waits for."""
        self.line(text)
        sys.stdout.flush()

    def json(self, answer: Any, *, indent: int | None = 1) -> None:
        """The answer for scripts."""
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=indent, allow_nan=False) + "\n")

    def json_line(self, answer: Any) -> None:
        """One of several answers, at once; on one line also for programs that know other line ends than ours."""
        written = json.dumps(answer, ensure_ascii=False, separators=(", ", ": "), allow_nan=False)
        sys.stdout.write(written.translate(_LINE_ENDS) + "\n")
        sys.stdout.flush()

    # Everything else

    def tell(self, text: str, **values: Any) -> None:
        """Something beside the answer, for whoever watches."""
        sys.stdout.flush()
        print(self.speaker(text, **values), file=sys.stderr, flush=True)

    def note(self, said: str) -> None:
        """The same, for what is said already."""
        sys.stdout.flush()
        print(said, file=sys.stderr, flush=True)

    def tell_message(self, message: Message) -> None:
        """The same, for a sentence made elsewhere."""
        print(self.speaker.say(message), file=sys.stderr, flush=True)

    def refuse(self, refusal: PlanningError) -> None:
        """Why nothing was done, in one line."""
        said = self.speaker.say(refusal.message)
        print(" ".join(said.split("\n")), file=sys.stderr)

    def cannot(self, error: OSError) -> None:
        """Why a file could not be used, in one line."""
        self.tell("{file} cannot be used: {why}.", file=error.filename or "–", why=error.strerror or str(error))

    def broken(self, error: Exception) -> PlanningError:
        """A mistake of the program itself, told; who debugs is shown where."""
        if os.environ.get("PLANNER_DEBUG"):
            raise error
        mistake = ProgramMistake.because(
            "The program made a mistake of its own ({error}). What was saved before is safe. "
            "Set PLANNER_DEBUG=1 and try again to see where.",
            error=f"{type(error).__name__}: {error}",
        )
        self.refuse(mistake)
        return mistake

    def counting(self, said: Callable[[int, int], Message]) -> Callable[[int, int], None]:
        """Tells how far something long is, each second from the second one on: how many are done, of how many."""
        told = monotonic()

        def count(done: int, total: int) -> None:
            nonlocal told
            if monotonic() - told >= 1:
                told = monotonic()
                self.tell_message(said(done, total))

        return count

    def progress(self) -> Callable[[Message], None]:
        """Tells each step of something long."""
        return self.tell_message
