"""The second factor at the door of the real server: asked for, and set up before anything else where it must be."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pyotp
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

from domain.base import Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.second_factor import STEP
from tests.serving import ADMINISTRATOR, PASSWORD, Running, people, serving
from tests.ui.shell.test_gate import ask

USERS = ("once", "throttled", "forced", "bound", "free")


def fill(planner: Planner, accounts: Accounts) -> None:
    people(planner, accounts)
    for user in USERS:
        role = Role.PLANNER if user == "free" else Role.AUDITOR
        accounts.create(user, by=ADMINISTRATOR, roles={role}, look=Look(language="en"), password=PASSWORD)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("factor") / "data", fill) as running:
        yield running


def enrolled(server: Running, user: str) -> pyotp.TOTP:
    """The authenticator of somebody who turned it on a while ago."""
    factors = server.door.factors
    totp = pyotp.TOTP(factors.enrolment(user).secret)
    factors.confirm(user, totp.at(time.time() - STEP))
    return totp


def posted(server: Running, path: str, cookie: str = "", **fields: str) -> tuple[int, dict[str, str], str]:
    status, headers, body = ask(server, path, "POST", urlencode(fields), origin=server.address, cookie=cookie)
    return status, headers, body.decode()


def asked_for_code(server: Running, user: str) -> str:
    """The ticket on the page that asks for the code."""
    status, headers, page = posted(server, "/login", user=user, password=PASSWORD, next="/visits?visit=X")
    assert (status, "set-cookie" in headers and "planner_session" in headers["set-cookie"]) == (200, False)
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def test_the_password_alone_opens_nothing_and_the_code_leads_where_one_wanted(server: Running) -> None:
    totp = enrolled(server, "once")
    ticket = asked_for_code(server, "once")

    code = totp.now()
    wrong = posted(server, "/login/code?language=en", ticket=ticket, code="000000", next="/visits?visit=X")
    right = posted(server, "/login/code?language=en", ticket=ticket, code=code, next="/visits?visit=X")
    again = posted(server, "/login/code?language=en", ticket=asked_for_code(server, "once"), code=code)

    assert (wrong[0], "The code is not right" in wrong[2]) == (401, True)
    assert (right[0], right[1]["location"]) == (303, "/visits?visit=X")
    assert (again[0], "was used already" in again[2]) == (401, True)


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/visits?visit=X", "/visits?visit=X"), ("//evil.example/x", "/"), ("https://evil.example", "/"), ("/login", "/")],
)
def test_a_right_code_leads_nobody_away(server: Running, wanted: str, led: str) -> None:
    user = f"led-{time.monotonic_ns()}"
    server.accounts.create(user, by=ADMINISTRATOR, roles={Role.AUDITOR}, password=PASSWORD)
    totp = enrolled(server, user)

    status, headers, _ = posted(
        server, "/login/code", ticket=asked_for_code(server, user), code=totp.now(), next=wanted
    )

    assert (status, headers["location"]) == (303, led)


def test_a_ticket_is_no_session(server: Running) -> None:
    enrolled(server, "throttled")
    ticket = asked_for_code(server, "throttled")

    status, headers, _ = ask(server, "/settings", cookie=f"planner_session={ticket}")
    codes = [posted(server, "/login/code?language=en", ticket=ticket, code="000000")[2] for _ in range(7)]

    assert (status, headers["location"].startswith("/login")) == (303, True)
    assert "Too many attempts" in codes[-1]


def test_the_page_of_another_site_cannot_send_codes(server: Running) -> None:
    status, _, _ = ask(server, "/login/code", "POST", "ticket=x&code=1", origin="https://evil.example")

    assert status == 403


def test_where_it_must_be_nothing_else_is_reached_before(server: Running) -> None:
    before = f"planner_session={server.door.sign_in('forced', PASSWORD, client='test')}"
    server.door.factors.demand(True, by=ADMINISTRATOR)
    try:
        places = {
            path: ask(server, path, cookie=before)[:2]
            for path in ("/", "/visits", "/download/programme.xlsx", "/_stcore/health", "/m/")
        }
        page = ask(server, "/second-factor", cookie=before)[2].decode()
        with (
            pytest.raises(WebSocketException),
            connect(
                f"{server.address.replace('http', 'ws')}/_stcore/stream",
                additional_headers={"cookie": before},
                origin=Origin(server.address),
            ) as socket,
        ):
            socket.recv(20)
        key = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
        assert key is not None
        totp = pyotp.TOTP(key[1].replace(" ", ""))
        wrong = posted(server, "/second-factor", before, password=PASSWORD, code="000000")
        unsure = posted(server, "/second-factor", before, password="wrong", code=totp.now())
        done = posted(server, "/second-factor", before, password=PASSWORD, code=totp.now())
        after = ask(server, "/settings", cookie=before)[0]
    finally:
        server.door.factors.demand(False, by=ADMINISTRATOR)

    assert {path: status for path, (status, _) in places.items()} == {
        "/": 303,
        "/visits": 303,
        "/download/programme.xlsx": 303,
        "/_stcore/health": 403,
        "/m/": 303,
    }
    assert places["/"][1]["location"] == "/second-factor"
    assert "Your role needs a second factor here" in page
    assert (wrong[0], unsure[0], done[0], after) == (400, 400, 303, 200)


def test_who_audits_cannot_turn_it_off_and_who_plans_can(server: Running) -> None:
    answers = {}
    for user in ("bound", "free"):
        totp = enrolled(server, user)
        token = server.door.second_step(asked_for_code(server, user), totp.now(), client="test")
        cookie = f"planner_session={token}"
        page = ask(server, "/second-factor", cookie=cookie)[2].decode()
        code = totp.at(time.time() + STEP)
        answers[user] = ("Turn off" in page, posted(server, "/second-factor", cookie, password=PASSWORD, code=code)[0])

    assert answers == {"bound": (False, 400), "free": (True, 303)}
    assert server.door.factors.since("bound") is not None
    assert server.door.factors.since("free") is None
