"""The addresses of the plain pages, and what they do. Behind the gate: only who is signed in gets here, and a form is
believed only when a page of ours sent it."""

from __future__ import annotations

from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from domain.base import Actor
from domain.messages import Message
from domain.refusals import PlanningError
from planner.access.reader import Reader
from planner.account import Account
from planner.duty_list import DutyList, Lapse, ListedDuty, changes_of, duty_list, lapse_of, starting_points
from planner.routing.way import estimated_way
from planner.sign_in import IDLE, SignedIn
from planner.text import Speaker
from ui.login import signed_in
from ui.phone import page
from ui.shell import Shell
from ui.told import told

#: How a choice of the page is kept in the account.
_LOOK = {"language": "language", "text": "text_size", "contrast": "high_contrast"}

#: Without a script nothing takes a page away when its session has ended: the browser does, as soon as that is over
#: unless it is used. It asks for a page that needs no session, so that a forgotten page keeps none alive.
_AWAY = {"refresh": f"{IDLE.total_seconds():.0f}; url=/static/shell/away.html"}


class PhonePages:
    """The endpoints of the plain pages."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def listed(self) -> list[BaseRoute]:
        """The routes; nothing below ``/m`` falls through to Streamlit."""
        return [
            Route("/m", _home),
            Route("/m/", self.duties),
            Route("/m/look", self.look, methods=["POST"]),
            Route("/m/look", _home),
            Route("/m/duty/{visit}/{code}", self.duty, methods=["GET", "POST"]),
            Mount("/m", _not_found),
        ]

    async def duties(self, request: Request) -> Response:
        """The own duties: today, next, later, past."""
        account = _account(request)
        return await run_in_threadpool(self._duties, account)

    async def duty(self, request: Request) -> Response:
        """One own duty; a form of it acknowledges it, or reports on post. Others' are as unknown as none."""
        account = _account(request)
        visit, code = request.path_params["visit"], request.path_params["code"]
        form = await request.form() if request.method == "POST" else {}
        act, seen = str(form.get("act") or ""), str(form.get("seen") or "")
        return await run_in_threadpool(self._duty, account, visit, code, act, seen)

    async def look(self, request: Request) -> Response:
        """Language, text size and contrast, kept in the account."""
        form = await request.form()
        chosen = {field: str(form[name]) for name, field in _LOOK.items() if form.get(name)}
        changes = {field: value == "high" if field == "high_contrast" else value for field, value in chosen.items()}
        try:
            await run_in_threadpool(self.shell.accounts.set_look, _account(request).user, **changes)
        except PlanningError:
            return PlainTextResponse("There is no such language or text size.", 400)
        back = str(form.get("back") or "")
        return RedirectResponse(back if back.startswith("/m/") and back.isprintable() else "/m/", 303)

    def _reader(self, account: Account) -> Reader:
        return Reader(self.shell.planner, account.actor("phone"))

    def _mine(self, account: Account) -> DutyList:
        return duty_list(self._reader(account).plan, account.officer or "", self.shell.planner.clock())

    def _duties(self, account: Account) -> Response:
        speaker = Speaker(account.look.language, account.look.zone)
        title = speaker("My duties")
        if account.officer is None:
            return _shown(page.document(account, title, page.unlinked(speaker)))
        reader = self._reader(account)
        reader.record("read_own_duties", reader.visits_seen, "phone")
        body = page.duties(account, self._mine(account), self.shell.planner.clock())
        return _shown(page.document(account, title, body))

    def _duty(self, account: Account, visit: str, code: str, act: str, seen: str) -> Response:
        mine = self._mine(account)
        one = _found(mine, visit, code)
        if one is None:
            speaker = Speaker(account.look.language, account.look.zone)
            return _shown(page.document(account, speaker("My duties"), page.unknown(speaker)), 404)
        self._reader(account).record("read_own_duties", (one.assignment.visit,), f"phone {one.assignment.key}")
        wrong = ""
        if act:
            try:
                self._acted(account.actor("phone"), one, act, seen)
            except PlanningError as refusal:
                wrong = Speaker(account.look.language, one.zone).say(told(refusal))
                one = _found(self._mine(account), visit, code) or one
            else:
                return RedirectResponse(page.where(one), 303)
        body = page.one_duty(
            account,
            one,
            self.shell.planner.clock(),
            off=one in mine.called_off,
            way=self._way(account, mine, one),
            lapse=self._lapse(account, one),
            wrong=wrong,
        )
        title = f"{one.duty.post.code} · {one.duty.post.details.task}"
        return _shown(page.document(account, title, body, page.where(one)), 409 if wrong else 200)

    def _acted(self, by: Actor, one: ListedDuty, act: str, seen: str) -> None:
        """Gives the command that a button stands for; any other word does nothing."""
        give, visit, code = self.shell.planner, one.assignment.visit, one.assignment.code
        match act:
            case "acknowledge":
                give.acknowledge_assignment(visit, code, seen=seen or "?", by=by)
            case "start":
                give.start_duty(visit, code, by=by)
            case "end":
                give.end_duty(visit, code, by=by)

    def _lapse(self, account: Account, one: ListedDuty) -> tuple[Lapse, tuple[Message, ...]] | None:
        timeline = self._reader(account).timeline
        lapse = lapse_of(timeline, one.assignment)
        return None if lapse is None else (lapse, changes_of(timeline, lapse))

    def _way(self, account: Account, mine: DutyList, one: ListedDuty) -> page.FoundWay | None:
        """A way from the post before, or from where officers gather; no place of a person is asked for."""
        start, at = next(iter(starting_points(mine, one)), None), one.duty.coordinates
        if start is None or at is None:
            return None
        routing = self.shell.routing
        if routing.router is not None and routing.pack is not None:
            try:
                return page.FoundWay(start.name, routing.router.way_to(start.at, at), routing.pack.licence)
            except PlanningError:
                if not routing.outside(start.at, at):
                    return None
        reader = self._reader(account)
        numbers = reader.plan.numbers(reader.clock()).routing
        return page.FoundWay(start.name, estimated_way(start.at, at, numbers))


def _account(request: Request) -> Account:
    return cast(SignedIn, signed_in(request)).account


def _found(mine: DutyList, visit: str, code: str) -> ListedDuty | None:
    """The own duty of that code. What is not among the own is not looked for anywhere else."""
    listed = (*mine.coming, *mine.called_off, *mine.past)
    return next((one for one in listed if (one.assignment.visit, one.assignment.code) == (visit, code)), None)


async def _home(_request: Request) -> Response:
    return RedirectResponse("/m/", 303)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("Not Found", 404)(scope, receive, send)


def _shown(document: str, status: int = 200) -> Response:
    return HTMLResponse(document, status, _AWAY)
