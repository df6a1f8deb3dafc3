"""The plain page on which a second factor is set up: reached from the settings, and by itself where one must be."""

from __future__ import annotations

from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.refusals import PlanningError
from planner.sign_in import SignedIn
from planner.text import Speaker
from ui.login import Entrance, signed_in
from ui.second_factor import enrolment_form, held_form
from ui.told import told


class SecondFactorPage:
    """Turns the second factor of who is signed in on and, where that may be, off."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._door = entrance.door

    async def answer(self, request: Request) -> Response:
        """Shows what there is; a form that was sent turns it on or off."""
        session = cast(SignedIn, signed_in(request))
        speaker = Speaker(session.account.look.language, session.account.look.zone)
        wrong = ""
        if request.method == "POST":
            form = await request.form()
            password, code = str(form.get("password") or ""), str(form.get("code") or "")
            try:
                await run_in_threadpool(self._turned, session, password, code)
            except PlanningError as refusal:
                wrong = speaker.say(told(refusal))
            else:
                return RedirectResponse("/" if session.must_enrol else "/second-factor", 303)
        body = await run_in_threadpool(self._body, session, speaker, wrong)
        status = 400 if wrong else 200
        return self._entrance.page(session.account.look, "Second factor", body, status, inside=True)

    def _turned(self, session: SignedIn, password: str, code: str) -> None:
        account, factors = session.account, self._door.factors
        with self._door.asked_again(session):
            self._door.shown_again(session, password)
            if factors.since(account.user) is None:
                factors.confirm(account.user, code)
            else:
                factors.give_up(account, code)

    def _body(self, session: SignedIn, speaker: Speaker, wrong: str) -> str:
        account, factors = session.account, self._door.factors
        since = factors.since(account.user)
        if since is None:
            return enrolment_form(speaker, factors.enrolment(account.user), account, session.must_enrol, wrong)
        return held_form(speaker, speaker.moment(since), account, not factors.bound(account), wrong)
