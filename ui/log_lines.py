"""The server's own log, on standard error: a line for each record, whatever texts of others stand in it."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

#: What would end a line, move the cursor or colour what follows.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneLine(logging.LogRecord):
    """A record whose message, and whose traceback, each stay on the line that they begin."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.exc_info:
            self.exc_text = one_line("".join(traceback.format_exception(*self.exc_info)))

    def getMessage(self) -> str:  # noqa: N802 - the name is the library's
        return one_line(super().getMessage())


def one_line(text: str) -> str:
    """A text with its control characters written out."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def keep_lines() -> None:
    """From now on every record of this process is written so."""
    logging.setLogRecordFactory(OneLine)
