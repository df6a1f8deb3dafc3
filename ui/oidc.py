"""The two routes of sign-in by a team's provider: away to it, and back. Loaded only where a provider is set up."""

from __future__ import annotations

import contextlib
from functools import partial
from html import escape
from typing import Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from domain.refusals import NotAllowed, PlanningError
from planner.access.sign_in_log import Happened
from planner.account import Account
from planner.identities import Identities
from planner.oidc import Begun, Provider, ProviderRefused, Settings
from planner.sign_in import CodeNeeded
from planner.text import Speaker
from ui.hosts import cookie_name
from ui.login import Entrance, client_of, local
from ui.told import told

BACK: Final = "/login/oidc/back"
#: Of the browser in which a sign-in began; comes back with a link from another site, hence lax.
COOKIE: Final = "planner_oidc"
#: Threads that may wait for the provider: however slow it is, all others are there for everybody else.
MOST_WAITING: Final = 4


class OidcRoutes:
    """Sends people to the provider, and lets in who comes back as somebody known."""

    def __init__(self, settings: Settings, entrance: Entrance, address: str) -> None:
        self._entrance, self._door = entrance, entrance.door
        self._provider = Provider(settings, self._door.accounts.clock)
        self._identities = Identities(self._door.accounts)
        self._back = f"{address}{BACK}"
        self._cookie = cookie_name(COOKIE, secure=entrance.secure)
        self._waiting = CapacityLimiter(MOST_WAITING)

    def listed(self) -> list[BaseRoute]:
        """The routes."""
        return [Route("/login/oidc", self.away), Route(BACK, self.back)]

    async def away(self, request: Request) -> Response:
        """Begins a sign-in at the provider; not where another site sends somebody here, who asked for nothing."""
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return self._entrance.at_door(request, self._entrance.look(request), "/", {})
        wanted = local(request.query_params.get("next", "/"))
        try:
            address, browser = await run_sync(self._begun, wanted, limiter=self._waiting)
        except PlanningError as refusal:
            return self._refused(request, refusal)
        answer = RedirectResponse(address, 303)
        answer.set_cookie(self._cookie, browser, path="/", secure=self._entrance.secure, httponly=True, samesite="lax")
        return answer

    def _begun(self, wanted: str) -> tuple[str, str]:
        """Where the browser is sent, and what it keeps until it comes back."""
        begun = self._provider.begin(self._back)
        return begun.address, self._identities.begin(begun.state, begun.nonce, begun.verifier, wanted)

    async def back(self, request: Request) -> Response:
        """Lets in whom the provider vouches for, where an administrator said which account that is."""
        wanted = "/"
        browser = request.headers.get("user-agent", "")
        try:
            account, wanted = await run_sync(self._vouched_for, request, limiter=self._waiting)
            token = await run_sync(partial(self._door.admit, account, client=client_of(request), browser=browser))
        except CodeNeeded as needed:
            return self._entrance.code_asked(self._entrance.look(request), needed.ticket, wanted, {})
        except PlanningError as refusal:
            note = partial(self._door.accounts.log.note_seldom, Happened.PROVIDER_REFUSED, client=client_of(request))
            with contextlib.suppress(PlanningError):
                await run_sync(note)
            return self._refused(request, refusal)
        # The browser sends the strict cookie only when a page of ours asks, so one does.
        page = f'<!doctype html><title>…</title><meta http-equiv="refresh" content="0;url={escape(wanted)}">'
        return await self._entrance.let_in(request, token, wanted, {}, HTMLResponse(page))

    def _vouched_for(self, request: Request) -> tuple[Account, str]:
        """Whom the provider let in, and where that one wanted to go."""
        asked = request.query_params
        flow = self._identities.taken(asked.get("state", ""), request.cookies.get(self._cookie, ""))
        if flow is None:
            raise ProviderRefused.because(
                "This sign-in was not begun here, was used already, or took too long. Begin again."
            )
        if "code" not in asked:
            raise ProviderRefused.because("The provider let nobody in. Begin again, or sign in with your password.")
        begun = Begun("", asked["state"], flow.nonce, flow.verifier)
        subject = self._provider.subject(asked["code"], begun, self._back, asked.get("iss"))
        return self._known(subject), flow.wanted

    def _known(self, subject: str) -> Account:
        account = self._identities.account(self._provider.settings.issuer, subject)
        if account is None:
            raise NotAllowed.because(
                "No account here is linked to you. Give your administrator this identifier: {subject}",
                subject=subject,
            )
        if account.disabled:
            raise NotAllowed.because("The account {user} is disabled.", user=account.user)
        return account

    def _refused(self, request: Request, refusal: PlanningError) -> Response:
        look = self._entrance.look(request)
        return self._entrance.at_door(request, look, "/", {}, wrong=Speaker(look.language).say(told(refusal)))
