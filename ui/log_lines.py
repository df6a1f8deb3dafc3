"""The server's own log, on standard error: a line for each record, whatever texts of others stand in it."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any, Final

#: What would end a line, move the cursor or colour what follows.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

#: For uvicorn, where records are JSON: nothing before or behind the record.
AS_THEY_ARE: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"format": "%(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "loggers": {"uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}


class OneLine(logging.LogRecord):
    """A record whose message, and whose traceback, each stay on the line that they begin."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.exc_info:
            self.exc_text = one_line("".join(traceback.format_exception(*self.exc_info)))

    def getMessage(self) -> str:  # noqa: N802 - the name is the library's
        return one_line(super().getMessage())


class JsonLine(OneLine):
    """A record that is one JSON object: ``at`` (UTC), ``level``, ``log``, ``message``, perhaps ``error``."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._error, self.exc_text, self.exc_info, self.stack_info = self.exc_text, None, None, None

    def getMessage(self) -> str:  # noqa: N802 - the name is the library's
        told = {
            "at": datetime.fromtimestamp(self.created, UTC).isoformat(),
            "level": self.levelname,
            "log": self.name,
            "message": super().getMessage(),
        }
        return json.dumps(told | ({"error": self._error} if self._error else {}), ensure_ascii=False)


def one_line(text: str) -> str:
    """A text with its control characters written out."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def keep_lines(*, as_json: bool = False) -> None:
    """From now on every record of this process is written so."""
    logging.setLogRecordFactory(JsonLine if as_json else OneLine)
