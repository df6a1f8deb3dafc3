"""The plain pages before the application: sign in, sign out, change a password. They work without JavaScript."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from html import escape
from typing import Any, Final, cast
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.refusals import PlanningError
from planner.account import TEXT_SIZES, Account, Look, TextSize
from planner.credentials import SHORTEST_PASSWORD
from planner.sign_in import REMEMBERED, CodeNeeded, Doorkeeper, SignedIn
from planner.text import LANGUAGES, Speaker, Tongue
from ui.gate import SESSION_COOKIE
from ui.hosts import cookie_name
from ui.second_factor import alert, code_form
from ui.told import told

LOOK_COOKIE: Final = "planner_look"
#: Tells a browser in which the account was used from all others; lets nobody in.
DEVICE_COOKIE: Final = "planner_device"
#: Characters of the place that somebody wanted to go to: no page of ours has a longer address.
LONGEST_PLACE: Final = 2000
LANGUAGE_NAMES: Final[dict[Tongue, str]] = {"vi": "Tiếng Việt", "en": "English"}
#: What can be chosen before signing in: the name in addresses, forms and the cookie, and what it may be.
_CHOICES: Final[dict[str, Collection[str]]] = {
    "language": LANGUAGES,
    "text": TEXT_SIZES,
    "contrast": ("high", "plain"),
}
SIZE_MARKS: Final[dict[TextSize, str]] = {"small": "A−", "normal": "A", "large": "A+"}


class Entrance:
    """The endpoints of the plain pages."""

    def __init__(self, door: Doorkeeper, *, secure: bool, language: Tongue) -> None:
        self.door = door
        self.secure = secure
        self.cookie = cookie_name(SESSION_COOKIE, secure=secure)
        self._look_cookie = cookie_name(LOOK_COOKIE, secure=secure)
        self._device_cookie = cookie_name(DEVICE_COOKIE, secure=secure)
        self.language = language
        #: What people call the provider at which they can sign in too; empty where there is none.
        self.provider = ""

    async def login(self, request: Request) -> Response:
        """Shows the form, or signs in: the same answer for a wrong password and an unknown user."""
        look = self.look(request)
        form = await request.form() if request.method == "POST" else {}
        wanted = local(str(form.get("next") or request.query_params.get("next") or "/"))
        if request.method != "POST":
            if signed_in(request) is not None:
                return RedirectResponse(wanted, 303)
            return self.at_door(request, look, wanted, _chosen(request.query_params))
        chosen = _chosen(form)
        user, password = str(form.get("user") or ""), str(form.get("password") or "")
        try:
            token = await run_in_threadpool(
                self.door.sign_in,
                user,
                password,
                client=client_of(request),
                browser=request.headers.get("user-agent", ""),
                device=request.cookies.get(self._device_cookie, ""),
            )
        except CodeNeeded as needed:
            return self.code_asked(look, needed.ticket, wanted, chosen)
        except PlanningError as refusal:
            wrong = Speaker(look.language).say(told(refusal))
            return self.at_door(request, look, wanted, chosen, user=user, wrong=wrong)
        return await self.let_in(request, token, wanted, chosen)

    async def code(self, request: Request) -> Response:
        """The second step of signing in: the code of the second factor."""
        look = self.look(request)
        form = await request.form()
        wanted, chosen = local(str(form.get("next") or "/")), _chosen(form)
        ticket, code = str(form.get("ticket") or ""), str(form.get("code") or "")
        browser = request.headers.get("user-agent", "")
        try:
            token = await run_in_threadpool(
                self.door.second_step, ticket, code, client=client_of(request), browser=browser
            )
        except PlanningError as refusal:
            return self.code_asked(look, ticket, wanted, chosen, Speaker(look.language).say(told(refusal)))
        return await self.let_in(request, token, wanted, chosen)

    def code_asked(self, look: Look, ticket: str, wanted: str, chosen: Mapping[str, str], wrong: str = "") -> Response:
        """The page that asks for the code of the second factor."""
        body = code_form(Speaker(look.language), {"ticket": ticket, "next": wanted, **chosen}, wrong)
        return self.page(look, "Second factor", body, status=401 if wrong else 200)

    async def let_in(
        self, request: Request, token: str, wanted: str, chosen: Mapping[str, str], answer: Response | None = None
    ) -> Response:
        """The way on for whoever has just come in; what was chosen at the door is kept in the account."""
        former = signed_in(request)
        if former is not None:
            await run_in_threadpool(self.door.end, former.id)
        answer = answer or RedirectResponse(wanted, 303)
        self._keep_token(answer, token)
        session = await run_in_threadpool(self.door.by_token, token)
        if session is not None:
            known = request.cookies.get(self._device_cookie, "")
            self._keep_device(answer, await run_in_threadpool(self.door.remember, known, session.account.user))
            held = session.account.look
            if chosen:
                held = await run_in_threadpool(self.door.accounts.set_look, session.account.user, **_changes(chosen))
            self._keep_look(answer, held)
        return answer

    async def logout(self, request: Request) -> Response:
        """Ends the session: at once when one of our own pages asks, after a question otherwise."""
        session = signed_in(request)
        ours = request.method == "POST" or request.headers.get("sec-fetch-site") == "same-origin"
        if session is not None and not ours:
            look = session.account.look
            return self.page(look, "Sign out", _logout_form(Speaker(look.language)))
        if session is not None:
            await run_in_threadpool(self.door.end, session.id)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="strict")
        return answer

    async def password(self, request: Request) -> Response:
        """Changes one's own password; after a one-time password nothing else is reached before."""
        session = cast(SignedIn, signed_in(request))
        look = session.account.look
        speaker = Speaker(look.language)
        wrong = ""
        if request.method == "POST":
            form = await request.form()
            old, new, again = (str(form.get(name) or "") for name in ("old", "new", "again"))
            if new != again:
                wrong = speaker("The two new passwords differ.")
            else:
                try:
                    token = await run_in_threadpool(self.door.change_password, session, old, new)
                except PlanningError as refusal:
                    wrong = speaker.say(told(refusal))
                else:
                    answer = RedirectResponse("/" if session.account.must_change_password else "/settings", 303)
                    self._keep_token(answer, token)
                    return answer
        body = _password_form(speaker, session.account, wrong)
        return self.page(look, "Change password", body, status=400 if wrong else 200, inside=True)

    def look(self, request: Request) -> Look:
        """How somebody who has not signed in sees the page: as asked, as last time, or by default."""
        kept = request.cookies.get(self._look_cookie, "").split(".")
        remembered = _chosen(dict(zip(_CHOICES, kept, strict=False)))
        asked = _chosen(request.query_params)
        return dataclasses.replace(Look(language=self.language), **_changes(remembered | asked))

    def at_door(
        self, request: Request, look: Look, wanted: str, chosen: Mapping[str, str], *, user: str = "", wrong: str = ""
    ) -> Response:
        """The page of signing in. What was ``chosen`` on it goes in with the person, and is kept in the account."""
        speaker = Speaker(look.language)
        form = _login_form(speaker, wanted, chosen, user, wrong)
        phone = "" if wrong else _phone_link(request, speaker, wanted, chosen)
        other = _provider_link(speaker, self.provider, wanted)
        body = _choices(speaker, look, wanted, chosen) + form + other + phone
        return self.page(look, "Sign in", body, status=401 if wrong else 200)

    def page(self, look: Look, title: str, body: str, status: int = 200, *, inside: bool = False) -> Response:
        """A whole plain page; see ``document``."""
        speaker = Speaker(look.language)
        answer = HTMLResponse(document(speaker, look, speaker(title), body, inside=inside), status)
        self._keep_look(answer, look)
        return answer

    def _keep_token(self, answer: Response, token: str) -> None:
        answer.set_cookie(self.cookie, token, path="/", secure=self.secure, httponly=True, samesite="strict")

    def _keep_device(self, answer: Response, device: str) -> None:
        age = int(REMEMBERED.total_seconds())
        answer.set_cookie(
            self._device_cookie, device, max_age=age, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def _keep_look(self, answer: Response, look: Look) -> None:
        value = f"{look.language}.{look.text_size}.{'high' if look.high_contrast else 'plain'}"
        answer.set_cookie(
            self._look_cookie,
            value,
            max_age=365 * 86400,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )


def _chosen(given: Mapping[str, Any]) -> dict[str, str]:
    """What a person chose of language, text size and contrast; anything else that was sent is left out."""
    return {name: str(given[name]) for name, allowed in _CHOICES.items() if given.get(name) in allowed}


def _changes(chosen: Mapping[str, str]) -> dict[str, Any]:
    """The same as fields of ``Look``."""
    fields: dict[str, Any] = {}
    for name, choice in chosen.items():
        match name:
            case "contrast":
                fields["high_contrast"] = choice == "high"
            case "text":
                fields["text_size"] = choice
            case _:
                fields[name] = choice
    return fields


def signed_in(request: Request) -> SignedIn | None:
    """The session the gate found for this request."""
    return cast("SignedIn | None", request.scope.get("session_of_account"))


def client_of(request: Request) -> str:
    """The address the request came from; what a proxy says of it is not believed."""
    return request.client.host if request.client else ""


def document(speaker: Speaker, look: Look, title: str, body: str, *, inside: bool = False) -> str:
    """A whole plain page, to which ``body`` is trusted HTML; ``inside`` for who is signed in, with the way out."""
    product = speaker("Security planner")
    leave = f'<a href="/logout">{escape(speaker("Sign out"))}</a>'
    return f"""<!doctype html>
<html lang="{look.language}" data-text="{look.text_size}" data-contrast="{"high" if look.high_contrast else "plain"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – {escape(product)}</title>
<link rel="icon" href="/static/shell/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/assets/fonts.css"><link rel="stylesheet" href="/static/shell/plain.css"></head>
<body><header><img src="/static/shell/icon.svg" alt="" width="40" height="40">
<p>{escape(product)}</p></header>
<main>{body}</main>{f"<footer>{leave}</footer>" if inside else ""}
</body></html>
"""


def _login_form(speaker: Speaker, wanted: str, chosen: Mapping[str, str], user: str, wrong: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">\n'
        for name, value in {"next": wanted, **chosen}.items()
    )
    return f"""<h1>{escape(speaker("Sign in"))}</h1>{alert(wrong)}
<form method="post" action="/login">
{hidden}<label for="user">{escape(speaker("User name"))}</label>
<input id="user" name="user" value="{escape(user)}" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="80" required{"" if wrong else " autofocus"}>
<label for="password">{escape(speaker("Password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required
{" autofocus" if wrong else ""}>
<button type="submit">{escape(speaker("Sign in"))}</button></form>
<p class="note">{escape(speaker("No account, or password forgotten? Ask your administrator."))}</p>"""


def _phone_link(request: Request, speaker: Speaker, wanted: str, chosen: Mapping[str, str]) -> str:
    """For officers on a phone: the way to the pages that a slow line carries. Asked for anywhere by ``?m``."""
    on_phone = "mobile" in request.headers.get("user-agent", "").lower() or "m" in request.query_params
    if wanted.startswith("/m/") or not on_phone:
        return ""
    said = speaker("Officers on a phone: sign in to the light pages")
    address = escape("/login?" + urlencode({"next": "/m/", **chosen}))
    return f'<p class="note"><a href="{address}">{escape(said)}</a></p>'


def _provider_link(speaker: Speaker, provider: str, wanted: str) -> str:
    if not provider:
        return ""
    address = escape("/login/oidc?" + urlencode({"next": wanted}))
    return (
        f'<p class="note"><a href="{address}">{escape(speaker("Sign in with {provider}", provider=provider))}</a></p>'
    )


def _logout_form(speaker: Speaker) -> str:
    return f"""<h1>{escape(speaker("Sign out?"))}</h1>
<form method="post" action="/logout"><button type="submit">{escape(speaker("Sign out"))}</button></form>
<p class="note"><a href="/">{escape(speaker("Stay signed in"))}</a></p>"""


def _password_form(speaker: Speaker, account: Account, wrong: str) -> str:
    forced = account.must_change_password
    once = speaker("You signed in with a one-time password. Choose your own before you go on.")
    others = speaker("All other sessions of this account end with it.")
    way, on = ("/logout", speaker("Sign out")) if forced else ("/settings", speaker("Back to the settings"))
    rule = speaker("At least {n} characters. Several words are easy to remember.", n=SHORTEST_PASSWORD)
    fields = "".join(
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="password" '
        f'autocomplete="{hint}" maxlength="1000" required{described}>'
        for name, label, hint, described in (
            ("old", speaker("Present password"), "current-password", " autofocus"),
            ("new", speaker("New password"), "new-password", ' aria-describedby="rule"'),
            ("again", speaker("New password again"), "new-password", ""),
        )
    )
    return f"""<h1>{escape(speaker("Change password"))}</h1><p>{escape(once if forced else others)}</p>{alert(wrong)}
<form method="post" action="/password">
<input type="hidden" name="user" value="{escape(account.user)}" autocomplete="username">{fields}
<p id="rule" class="note">{escape(rule)}</p>
<button type="submit">{escape(speaker("Change password"))}</button></form>
<p class="note"><a href="{way}">{escape(on)}</a></p>"""


def _choices(speaker: Speaker, look: Look, wanted: str, made: Mapping[str, str]) -> str:
    """Language, text size and contrast as links, so that they work without JavaScript; each keeps those ``made``."""

    def link(field: str, choice: str, mark: str, chosen: bool, name: str, lang: str = "") -> str:
        current = ' aria-current="true"' if chosen else ""
        spoken = f' aria-label="{escape(name)}"' if name != mark else ""
        tongue = f' lang="{lang}" hreflang="{lang}"' if lang else ""
        address = escape("/login?" + urlencode({**made, field: choice, "next": wanted}))
        return f'<a href="{address}"{current}{spoken}{tongue}>{escape(mark)}</a>'

    languages = "".join(
        link("language", code, LANGUAGE_NAMES[code], code == look.language, LANGUAGE_NAMES[code], code)
        for code in LANGUAGES[::-1]
    )
    names = {
        "small": speaker("Small text"),
        "normal": speaker("Normal text"),
        "large": speaker("Large text"),
    }
    sizes = "".join(link("text", size, SIZE_MARKS[size], size == look.text_size, names[size]) for size in TEXT_SIZES)
    other = "plain" if look.high_contrast else "high"
    contrast = speaker("High contrast")
    return (
        f'<nav aria-label="{escape(speaker("Language and display"))}"><span>{languages}</span>'
        f"<span>{sizes}{link('contrast', other, contrast, look.high_contrast, contrast)}</span></nav>"
    )


def local(wanted: str) -> str:
    """A place within this site; anything else leads home."""
    short = len(wanted) <= LONGEST_PLACE
    plain = short and wanted.startswith("/") and wanted[1:2] not in {"/", "\\"} and wanted.isprintable()
    return wanted if plain and not wanted.startswith(("/login", "/logout")) else "/"
