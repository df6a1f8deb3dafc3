"""Our own routes beside Streamlit: plain pages, files, health, and Streamlit's page with our head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from domain.refusals import InvalidInput, NotFound, PlanningError
from planner.access.exporting import Subject
from planner.access.reader import Reader
from planner.account import Look
from planner.sign_in import SignedIn
from planner.text import Speaker
from ui import downloads
from ui.enrolment import SecondFactorPage
from ui.login import Entrance, document, signed_in
from ui.menu import FIRST, pages_for
from ui.phone.routes import PhonePages
from ui.releasing import release_form, release_from
from ui.shell import Shell
from ui.told import told

STATIC = Path(__file__).parent / "static"
#: Bytes of what a form without a file sends, of whoever it may be.
LARGEST_FORM: Final = 64_000
_MAP_FILE = re.compile(r"[\w-]+\.(?:pmtiles|json)")
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


class PageName(Convertor[str]):
    """The address of a page, or of nothing: all but the files and endpoints of Streamlit, which would answer anything
    else with a page of its own that is dressed for nobody."""

    regex = r"(?!(?:static|media|component|app/static)/|(?:.+/)?_stcore/|favicon\.png$).+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page_name", PageName())


class OwnRoutes:
    """The endpoints of our own routes, which come before Streamlit's."""

    def __init__(self, shell: Shell, entrance: Entrance, page: str) -> None:
        self.shell = shell
        self.entrance = entrance
        self.streamlit_page = page

    def listed(self) -> list[BaseRoute]:
        """The routes, first match first."""
        both = ["GET", "POST"]
        short = [Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_FORM)]
        return [
            Route("/login", self.entrance.login, methods=both, middleware=short),
            Route("/login/code", self.entrance.code, methods=["POST"], middleware=short),
            Route("/second-factor", SecondFactorPage(self.entrance).answer, methods=both, middleware=short),
            Route("/logout", self.entrance.logout, methods=both, middleware=short),
            Route("/password", self.entrance.password, methods=both, middleware=short),
            Route("/healthz", self.health),
            Route("/session/", self.holds),
            Route("/download/{name}", self.download, methods=both),
            Route("/calendar/{secret}.ics", self.calendar),
            Mount("/calendar", not_found),
            *PhonePages(self.shell).listed(),
            Route("/map/{name}", self.map_file),
            Mount("/static/shell", StaticFiles(directory=STATIC / "shell")),
            Mount("/static/assets", StaticFiles(directory=STATIC / "assets", check_dir=False)),
            Route("/", self.page),
            Route("/{page:page_name}", self.page),
        ]

    async def health(self, request: Request) -> Response:
        """For whoever watches the machine: that the plan can be read; its position only to who is signed in."""
        try:
            plan = await run_in_threadpool(lambda: self.shell.planner.plan)
        except PlanningError as refusal:
            return JSONResponse({"status": "failing", "refusal": refusal.name}, 503)
        told: dict[str, str | int] = {"status": "ok"}
        return JSONResponse(told if signed_in(request) is None else told | {"position": plan.position})

    async def page(self, request: Request) -> Response:
        """Streamlit's page, dressed for its reader. Of pages that are not in the menu it would speak English."""
        session = signed_in(request)
        look = session.account.look if session else Look(language=self.shell.language)
        asked = request.path_params.get("page", FIRST)
        if session is not None and asked not in pages_for(session.account.roles):
            return _no_page(look)
        if request.url.path == f"/{FIRST}":
            return RedirectResponse("/", 303)
        return HTMLResponse(dressed_page(self.streamlit_page, look))

    async def holds(self, _request: Request) -> Response:
        """Answers only while the session holds; asking does not prolong it."""
        return Response(status_code=204)

    async def download(self, request: Request) -> Response:
        """A file of the table in ``ui.downloads``: first the form that asks for whom and why, then the file."""
        session = cast(SignedIn, signed_in(request))
        reader = Reader(self.shell.planner, session.account.actor("download"))
        try:
            return await self._taken_out(request, reader, session.account.look)
        except PlanningError as refusal:
            return _refused(refusal, session.account.look)

    async def _taken_out(self, request: Request, reader: Reader, look: Look) -> Response:
        name, asked = request.path_params["name"], downloads.asked_by(look, request.query_params)
        if downloads.listed(name).guard is not downloads.Guard.NAMED:
            return _sent(await run_in_threadpool(downloads.fetched, name, reader, asked))
        filled: dict[str, str] = {}
        wrong = ""
        if request.method == "POST":
            posted = await request.form()
            filled = {key: value for key, value in posted.items() if isinstance(value, str)}
            try:
                release = release_from(filled)
            except InvalidInput as refusal:
                wrong = Speaker(look.language).say(told(refusal))
            else:
                return _sent(await run_in_threadpool(downloads.fetched, name, reader, asked, release))
        subject = await run_in_threadpool(downloads.permitted, name, reader, asked)
        return await self._asks(reader, subject, look, filled, wrong)

    async def _asks(
        self, reader: Reader, subject: Subject, look: Look, filled: Mapping[str, str], wrong: str
    ) -> Response:
        """The page that asks for whom and why."""
        speaker = Speaker(look.language, look.zone)
        title, body = await run_in_threadpool(release_form, speaker, reader, subject, filled, wrong)
        return HTMLResponse(document(speaker, look, title, body, inside=True), 422 if wrong else 200)

    async def calendar(self, request: Request) -> Response:
        """The duties of one officer, for a calendar program that cannot sign in: it knows a secret address."""
        secret = request.path_params["secret"]
        try:
            account = await run_in_threadpool(self.shell.accounts.of_feed, secret)
            if account is None:
                return PlainTextResponse("Not Found", 404)
            asked = downloads.asked_by(account.look, {})
            actor = account.actor("calendar")
            file = await run_in_threadpool(downloads.duties, Reader(self.shell.planner, actor), asked)
        except PlanningError as refusal:
            return PlainTextResponse(refusal.name, 404)
        return _sent(file)

    async def map_file(self, request: Request) -> Response:
        """A file of the map pack, in parts where the browser asks for a range."""
        name = request.path_params["name"]
        path = self.shell.map_dir / name if self.shell.map_dir is not None else None
        if path is None or not _MAP_FILE.fullmatch(name) or not path.is_file():
            return PlainTextResponse("Not Found", 404)
        return FileResponse(path, headers={"cache-control": "private, max-age=3600"})


def _sent(file: downloads.File) -> Response:
    return Response(file.content, media_type=file.media_type, headers={"content-disposition": file.disposition})


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Nothing falls through from here to Streamlit, which answers any address with its page."""
    await PlainTextResponse("Not Found", 404)(scope, receive, send)


def dressed_page(page: str, look: Look) -> str:
    """Streamlit's page in the reader's language and look, with our style sheet and without its advertisement."""
    speaker = Speaker(look.language)
    contrast = "high" if look.high_contrast else "plain"
    page = page.replace(
        '<html lang="en">',
        f'<html lang="{look.language}" data-text="{look.text_size}" data-contrast="{contrast}">',
        1,
    )
    page = page.replace("<title>Streamlit</title>", f"<title>{escape(speaker('Security planner'))}</title>", 1)
    page = re.sub(r'<link rel="(?:shortcut icon|service-desc)"[^>]*>', "", page)
    needed = escape(speaker("This page needs JavaScript."))
    page = _NOSCRIPT.sub(lambda _: f"<noscript><p>{needed}</p></noscript>", page)
    head = (
        '<link rel="icon" href="/static/shell/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/static/assets/fonts.css">'
        '<link rel="stylesheet" href="/static/shell/history.css">'
        '<link rel="stylesheet" href="/static/shell/shell.css">'
        '<link rel="stylesheet" href="/static/shell/planning.css">'
        '<script src="/static/shell/shell.js"></script>'
    )
    return page.replace("<title>", f"{head}<title>", 1)


def _no_page(look: Look) -> Response:
    speaker = Speaker(look.language)
    title = speaker("There is no such page for you")
    why = speaker("The address is mistyped, or the page is for other roles than yours.")
    way = f'<p><a href="/">{escape(speaker("Home"))}</a></p>'
    body = f"<h1>{escape(title)}</h1><p>{escape(why)}</p>{way}"
    return HTMLResponse(document(speaker, look, title, body, inside=True), 404)


def _refused(refusal: PlanningError, look: Look) -> Response:
    speaker = Speaker(look.language)
    title = speaker("This file cannot be made")
    body = f"<h1>{escape(title)}</h1><p class=alert>{escape(speaker.say(told(refusal)))}</p>"
    status = 404 if isinstance(refusal, NotFound) else 403
    return HTMLResponse(document(speaker, look, title, body, inside=True), status)
