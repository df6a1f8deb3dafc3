"""Where a reader had got to in the history when the last session ended."""

from __future__ import annotations

import weakref

from planner.account_file import AccountFile
from planner.last_looks import LastLooks
from ui.session import Session
from ui.shell import shell

_kept: weakref.WeakKeyDictionary[AccountFile, LastLooks] = weakref.WeakKeyDictionary()


def looked_before(session: Session, position: int) -> int:
    """Notes that the reader of a session looks at the plan as of ``position``; see ``LastLooks.look``."""
    file = shell().accounts.file
    looks = _kept.get(file)
    if looks is None:
        looks = _kept[file] = LastLooks(file)
    return looks.look(session.account.user, session.id, position)
