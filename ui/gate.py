"""The gate around the whole web application: nothing inside is reached without a session that holds.

It checks every request and every websocket: the host name (against DNS rebinding), the origin of everything that
changes something (against forged requests), and the session. Streamlit's own endpoints for media, uploads,
components and metrics ask for no login by themselves; behind the gate they need not. Inside the gate nobody sees
the session's token: it is taken out of the request, and the id of the session stands in ``SESSION_HEADER``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from domain.refusals import PlanningError
from planner.access.sign_in_log import Happened
from planner.sign_in import Doorkeeper, SignedIn
from ui.hosts import cookie_name
from ui.policy import PlainHeaders, headers_for

SESSION_COOKIE: Final = "planner_session"
#: Carries the id of the session to the pages; never accepted from outside.
SESSION_HEADER: Final = "x-planner-session"
#: Close code of a websocket whose session has ended.
SESSION_ENDED: Final = 4401
#: How often live websockets are compared with the sessions that hold.
WATCHED_EVERY: Final = 0.25

#: What is served to anybody; each is answered by a route of ours, and never falls through to Streamlit.
_OPEN = frozenset({"/login", "/login/code", "/login/oidc", "/login/oidc/back", "/healthz", "/static/assets/fonts.css"})
_OPEN_FOLDERS = ("/static/shell/", "/static/assets/noto-sans", "/calendar/")
#: Streamlit's endpoints that nobody here needs.
_CLOSED = ("/_stcore/metrics", "/_stcore/agent/", "/_stcore/script-health-check", "/auth/", "/oauth2callback", "/app/")
#: Fetched by programs, not looked at by people: they get a status, no login page.
_PARTS = ("/_stcore/", "/media/", "/component/", "/static/", "/map/", "/session/")
#: Until a one-time password is changed, only these are reached.
_PASSWORD_ONLY = frozenset({"/password", "/logout", "/session/"})
#: Until a second factor that must be is there, only these are.
_ENROLMENT_ONLY = frozenset({"/second-factor", "/logout", "/session/"})
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Gate:
    """ASGI middleware; ``watching`` must run while it serves, or live websockets are not cut."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        door: Doorkeeper,
        hosts: frozenset[str],
        secure: bool = False,
        plain: PlainHeaders,
    ) -> None:
        self.app = app
        self.door = door
        self.hosts = hosts
        self.secure = secure
        self.plain = plain
        self.cookie = cookie_name(SESSION_COOKIE, secure=secure)
        self.live: dict[str, set[asyncio.Event]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, self._dressed(scope["path"], send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    # requests

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        refusal = self._wrong_from_outside(connection, scope["method"])
        if refusal is not None:
            if refusal.status_code == 403:
                await self._note_other_site(connection)
            await refusal(scope, receive, send)
            return
        try:
            session = await self._session(connection)
        except PlanningError:
            await PlainTextResponse("The accounts cannot be read now.", 503)(scope, receive, send)
            return
        if not _is_open(scope["path"]):
            answer = _turned_away(scope, session)
            if answer is not None:
                await answer(scope, receive, send)
                return
        if session is not None and _is_activity(scope):
            await run_in_threadpool(self.door.used, session)
        scope["session_of_account"] = session
        await self.app(self._inside(scope, session), receive, send)

    def _wrong_from_outside(self, connection: HTTPConnection, method: str) -> Response | None:
        if not self._known_host(connection.headers):
            return PlainTextResponse("This host name is not served here.", 421)
        if method in _CHANGING and not self._own_origin(connection.headers):
            return PlainTextResponse("This request came from another site.", 403)
        return None

    async def _note_other_site(self, connection: HTTPConnection) -> None:
        """Notes a request that another site made; it is refused all the same where that cannot be noted."""
        client = connection.client.host if connection.client else ""
        with contextlib.suppress(PlanningError):
            await run_in_threadpool(self.door.accounts.log.note_seldom, Happened.OTHER_SITE, client=client)

    def _known_host(self, headers: Headers) -> bool:
        return len(headers.getlist("host")) == 1 and _host_name(headers["host"]) in self.hosts

    def _own_origin(self, headers: Headers) -> bool:
        """Whether the request was made by a page of ours: by its origin, or by what the browser says of it."""
        own = f"{'https' if self.secure else 'http'}://{headers['host']}"
        origin = headers.get("origin")
        if origin is not None and origin != "null":
            return origin == own
        if "sec-fetch-site" in headers:
            return headers["sec-fetch-site"] == "same-origin"
        return headers.get("referer", "").startswith(f"{own}/")

    async def _session(self, connection: HTTPConnection) -> SignedIn | None:
        token = connection.cookies.get(self.cookie)
        return await run_in_threadpool(self.door.by_token, token) if token else None

    def _inside(self, scope: Scope, session: SignedIn | None) -> Scope:
        """The request as the application sees it: without the token, with the id of the session."""
        kept = []
        for name, value in scope["headers"]:
            if name == b"cookie":
                value = b"; ".join(
                    part.strip()
                    for part in value.split(b";")
                    if part.partition(b"=")[0].strip() != self.cookie.encode()
                )
            if name != SESSION_HEADER.encode():
                kept.append((name, value))
        if session is not None:
            kept.append((SESSION_HEADER.encode(), session.id.encode()))
        return {**scope, "headers": kept}

    def _dressed(self, path: str, send: Send) -> Send:
        """Sends with the security headers of that path."""
        wanted = headers_for(path, self.plain, secure=self.secure)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers[name] = value
            await send(message)

        return sending

    # websockets

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        session = None
        ours = self._known_host(connection.headers) and "origin" in connection.headers
        if ours and self._own_origin(connection.headers):
            with contextlib.suppress(PlanningError):
                session = await self._session(connection)
        elif ours:
            await self._note_other_site(connection)
        if session is None or session.account.must_change_password or session.must_enrol:
            await receive()
            await send({"type": "websocket.close", "code": SESSION_ENDED})
            return
        ended = asyncio.Event()
        self.live.setdefault(session.id, set()).add(ended)
        try:
            await self.app(self._inside(scope, session), _Listener(self, session.id, ended, receive, send), send)
        finally:
            self.live[session.id].discard(ended)
            if not self.live[session.id]:
                del self.live[session.id]

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Cuts the live websockets of sessions that no longer hold, while the block runs."""
        task = asyncio.create_task(self._watch(), name="watch sessions")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCHED_EVERY)
            if not self.live:
                continue
            with contextlib.suppress(PlanningError):
                holding = await run_in_threadpool(self.door.holding)
                for session in self.live.keys() - holding:
                    for ended in self.live[session]:
                        ended.set()

    async def noticed(self, session: str) -> None:
        """The person of a session did something on a live page."""
        with contextlib.suppress(PlanningError):
            found = await run_in_threadpool(self.door.by_id, session)
            if found is not None:
                await run_in_threadpool(self.door.used, found)


class _Listener:
    """What the application hears of one websocket: its messages, until the session ends."""

    def __init__(self, gate: Gate, session: str, ended: asyncio.Event, receive: Receive, send: Send) -> None:
        self._gate = gate
        self._session = session
        self._ended = ended
        self._receive = receive
        self._send = send
        self._heard = 0

    async def __call__(self) -> Message:
        message = await self._next()
        if message is None:
            await self._send({"type": "websocket.close", "code": SESSION_ENDED})
            return {"type": "websocket.disconnect", "code": SESSION_ENDED}
        if message["type"] == "websocket.receive":
            self._heard += 1
            # The first message only draws the page: a line that drops and returns is no activity.
            if self._heard > 1 and _is_by_hand(message.get("bytes")):
                await self._gate.noticed(self._session)
        return message

    async def _next(self) -> Message | None:
        """The next message, or none when the session has ended first."""
        if self._ended.is_set():
            return None
        hearing = asyncio.ensure_future(self._receive())
        ending = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait({hearing, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            if not hearing.done():
                hearing.cancel()
        return None if self._ended.is_set() else hearing.result()


def _is_by_hand(data: bytes | None) -> bool:
    """Whether a message of a page was caused by its person, not by a timer."""
    if not data:
        return False
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except ValueError:
        return False
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun


def _is_activity(scope: Scope) -> bool:
    return scope["method"] in _CHANGING or not (scope["path"].startswith(_PARTS) or _is_open(scope["path"]))


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_FOLDERS)


def _turned_away(scope: Scope, session: SignedIn | None) -> Response | None:
    """The answer to a request that may not come in; none where it may."""
    path: str = scope["path"]
    if session is None:
        form_of_a_person = path.startswith("/m/") and scope["method"] == "POST"
        if path.startswith(_PARTS) or (scope["method"] not in {"GET", "HEAD"} and not form_of_a_person):
            return PlainTextResponse("Sign in first.", 401)
        if Headers(scope=scope).get("sec-fetch-site") == "cross-site":
            # A link in a message: the browser keeps the strict cookie back until our own page asks again.
            return HTMLResponse('<!doctype html><title>…</title><meta http-equiv="refresh" content="0">')
        query = scope["query_string"].decode("latin-1")
        wanted = path + (f"?{query}" if query else "")
        asked = "" if wanted == "/" else f"?next={quote(wanted, safe='')}"
        return RedirectResponse(f"/login{asked}", 303)
    if session.account.must_change_password and path not in _PASSWORD_ONLY:
        if path.startswith(_PARTS):
            return PlainTextResponse("Change the password first.", 403)
        return RedirectResponse("/password", 303)
    if session.must_enrol and not session.account.must_change_password and path not in _ENROLMENT_ONLY:
        if path.startswith(_PARTS):
            return PlainTextResponse("Set up the second factor first.", 403)
        return RedirectResponse("/second-factor", 303)
    if path.startswith(_CLOSED):
        return PlainTextResponse("Not Found", 404)
    return None


def _host_name(header: str) -> str:
    """The name in a ``Host`` header, without its port and in small letters; empty where it is none."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
        plain = not (parts.username or parts.password or parts.path or parts.query or parts.fragment)
        return (parts.hostname or "").lower().rstrip(".") if plain else ""
    except ValueError:
        return ""
