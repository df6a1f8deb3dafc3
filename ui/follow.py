"""Open pages follow the plan: when anybody, in any process, changed it, they are drawn again within a second.
The same goes for a map pack that is being made, and when an emergency access ends.

The server looks at the log's version (7 µs) a few times a second and asks Streamlit to rerun only the sessions
that were drawn with an older plan. A timer in each page instead would cost every open page a rerun a second, and
would keep sessions of people who went away alive.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from starlette.concurrency import run_in_threadpool
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession, AppSessionState

from domain.erasing import erasures
from domain.refusals import PlanningError
from planner import search
from ui import unchanged
from ui.shell import Shell, State

LOOKED_EVERY: Final = 0.25


class Follower:
    """Looks at the position of the plan and wakes the pages that are behind."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self._erased = erasures(shell.planner.plan)

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follows while the block runs."""
        task = asyncio.create_task(self._follow(), name="follow the plan")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOKED_EVERY)
            with contextlib.suppress(PlanningError):
                # Where nobody looks too: whom another process erased goes from the memory of this one as well.
                plan = await run_in_threadpool(lambda: self.shell.planner.plan)
                if (erased := erasures(plan)) != self._erased:
                    self._erased = erased
                    unchanged.forget()
                    search.forget()
                    self.shell.rosters.close()
                self._wake(_active_sessions(), self.shell.state(plan))

    def _wake(self, sessions: dict[str, AppSession], state: State) -> None:
        drawn = self.shell.drawn
        for gone in drawn.keys() - sessions.keys():
            drawn.pop(gone, None)
        for session_id, session in sessions.items():
            if drawn.get(session_id, state) < state and _at_rest(session):
                drawn[session_id] = state
                # With the page and the address that it has: without, Streamlit leads its reader to the first page.
                session.request_rerun(session._client_state)


def _at_rest(session: AppSession) -> bool:
    """True where nothing is being drawn: to stop that could lose what the reader just pressed.

    The last run must be gone too: only then the session knows under which address it ended.
    """
    return session._state == AppSessionState.APP_NOT_RUNNING and session._scriptrunner is None


def _active_sessions() -> dict[str, AppSession]:
    if not Runtime.exists():
        return {}
    infos = Runtime.instance()._session_mgr.list_active_sessions()
    return {info.session.id: info.session for info in infos}
