"""For whom tests take things out, and why."""

from __future__ import annotations

from typing import Final

from planner.access.exporting import Release

RECIPIENT: Final = "Sở Ngoại vụ, ông Lê Văn Tâm"
REASON: Final = "thống nhất chương trình"
REDACTED: Final = Release(RECIPIENT, REASON)
WHOLE: Final = Release(RECIPIENT, REASON, whole=True)
#: The same at the prompt.
ASKED: Final = ("--recipient", RECIPIENT, "--reason", REASON)
ASKED_WHOLE: Final = (*ASKED, "--whole")
