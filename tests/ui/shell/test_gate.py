"""The gate: what a stranger, another site and a signed-in person get from the running application."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import json
import os
import socket
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from domain.base import Actor, Role
from domain.officer import OfficerDetails
from domain.values import PersonName
from planner.access.sign_in_log import Happened
from tests.serving import ADMINISTRATOR, PASSWORD, Running, people, serving
from ui.gate import Gate
from ui.policy import PlainHeaders
from ui.server import application
from ui.shell import Shell

PLANNER = Actor(user="planner", roles=frozenset({Role.PLANNER}))
#: Everything Streamlit serves, and our own routes that show something of the plan.
BEHIND = (
    "/",
    "/settings",
    "/index.html",
    "/favicon.png",
    "/static/js/index.js",
    "/static/assets/leaflet/leaflet.js",
    "/media/0123456789.png",
    "/component/streamlit_folium.st_folium/index.html",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/bidi-components/x/y.js",
    "/_stcore/upload_file/a/b",
    "/_stcore/agent/openapi.json",
    "/_stcore/stream",
    "/map/basemap.pmtiles",
    "/download/programme.xlsx",
    "/session/",
    "/password",
    "/loginx",
    "/login/",
    "/healthz/x",
    "//media/x",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("gate") / "data", people) as running:
        yield running


def ask(
    server: Running, path: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request; a header's name is written with _ for -."""
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection("127.0.0.1", place.port or 80, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        sent.setdefault("content-type", "application/x-www-form-urlencoded")
    connection.request(method, path, body=body.encode() if body else None, headers=sent)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


@pytest.fixture(scope="module")
def cookie(server: Running) -> str:
    token = server.door.sign_in("planner", PASSWORD, client="test")
    return f"planner_session={token}"


@pytest.mark.parametrize("path", BEHIND)
def test_a_stranger_gets_nothing_from_behind_the_gate(server: Running, path: str) -> None:
    status, headers, body = ask(server, path)

    assert (status, headers.get("location", "/login").startswith("/login")) in {(401, True), (303, True)}
    assert body in {b"", b"Sign in first."}


@pytest.mark.parametrize(
    "path", ["/", "/settings", "/_stcore/health", "/favicon.png", "/static/assets/leaflet/leaflet.js", "/session/"]
)
def test_a_signed_in_person_gets_the_same_addresses(server: Running, cookie: str, path: str) -> None:
    status, _, _ = ask(server, path, cookie=cookie)

    assert status in {200, 204}


@pytest.mark.parametrize(
    "path", ["/hom", "/my_assignments", "/duty_boards", "/Visits", "/visits/x", "/index.html", "/%3Cscript%3E"]
)
def test_a_page_that_is_not_in_the_menu_is_answered_in_the_readers_language(
    server: Running, cookie: str, path: str
) -> None:
    status, _, body = ask(server, path, cookie=cookie)

    assert (status, b"<h1>There is no such page for you</h1>" in body) == (404, True)


def test_home_has_a_name_of_its_own_too(server: Running, cookie: str) -> None:
    status, headers, _ = ask(server, "/home", cookie=cookie)

    assert (status, headers["location"]) == (303, "/")


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_what_nobody_needs_is_closed_to_everybody(server: Running, cookie: str, path: str) -> None:
    status, _, _ = ask(server, path, cookie=cookie)

    assert status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_stranger_changes_nothing(server: Running, method: str) -> None:
    status, _, _ = ask(server, "/_stcore/upload_file/a/b", method, "x", origin=server.address)

    assert status == 401


def test_health_is_told_to_anybody_and_its_position_to_who_is_signed_in(server: Running, cookie: str) -> None:
    (status, _, told), (_, _, told_inside) = ask(server, "/healthz"), ask(server, "/healthz", cookie=cookie)

    assert (status, json.loads(told)) == (200, {"status": "ok"})
    assert json.loads(told_inside) == {"status": "ok", "position": server.planner.plan.position}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""])
def test_another_host_name_is_not_answered(server: Running, host: str) -> None:
    status, _, _ = ask(server, "/healthz", host=host)

    assert status in {400, 421}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1"])
def test_the_names_of_this_machine_are_answered(server: Running, host: str) -> None:
    status, _, _ = ask(server, "/healthz", host=host)

    assert status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"referer": "http://evil.example/"},
        {},
    ],
)
def test_a_form_of_another_site_signs_nobody_in(server: Running, headers: dict[str, str]) -> None:
    form = urlencode({"user": "planner", "password": PASSWORD})

    status, answered, _ = ask(server, "/login", "POST", form, **headers)

    assert (status, "set-cookie" in answered) == (403, False)


def test_a_request_of_another_site_is_recorded_once_a_minute(server: Running) -> None:
    for _ in range(3):
        ask(server, "/settings", "POST", "x", origin="http://evil.example")

    found = [(one.what, one.user, one.client) for one in server.accounts.log.listed()]

    assert found.count((Happened.OTHER_SITE, "", "127.0.0.1")) == 1


def test_our_own_form_signs_in_with_a_strict_cookie_that_scripts_cannot_read(server: Running) -> None:
    form = urlencode({"user": "planner", "password": PASSWORD})

    status, answered, _ = ask(server, "/login", "POST", form, origin=server.address)

    assert status == 303
    assert "HttpOnly" in answered["set-cookie"]
    assert "samesite=strict" in answered["set-cookie"].lower()


def test_a_changed_password_gives_the_browser_another_session_and_leads_back_to_the_settings(server: Running) -> None:
    server.accounts.create("changes", by=ADMINISTRATOR, roles={Role.PLANNER}, password=PASSWORD)
    former = f"planner_session={server.door.sign_in('changes', PASSWORD, client='test')}"
    fields = {"new": "eleven brown horses", "again": "eleven brown horses"}

    wrong = ask(server, "/password", "POST", urlencode(fields | {"old": "x"}), origin=server.address, cookie=former)
    done = ask(server, "/password", "POST", urlencode(fields | {"old": PASSWORD}), origin=server.address, cookie=former)

    fresh = done[1]["set-cookie"].partition(";")[0]
    assert (wrong[0], b"The present password is not right." in wrong[2] or "hiện tại" in wrong[2].decode()) == (
        400,
        True,
    )
    assert (done[0], done[1]["location"]) == (303, "/settings")
    assert [ask(server, "/settings", cookie=cookie)[0] for cookie in (former, fresh)] == [303, 200]


def test_a_link_from_a_message_is_asked_again_so_that_the_strict_cookie_comes_along(server: Running) -> None:
    status, _, body = ask(server, "/settings", sec_fetch_site="cross-site", sec_fetch_mode="navigate")

    assert (status, b'http-equiv="refresh"' in body) == (200, True)


def test_a_session_header_from_outside_is_not_believed(server: Running) -> None:
    session = server.door.by_token(server.door.sign_in("planner", PASSWORD, client="test"))
    assert session is not None

    status, headers, _ = ask(server, "/settings", x_planner_session=session.id)

    assert (status, headers["location"]) == (303, "/login?next=%2Fsettings")


def test_every_answer_carries_the_security_headers(server: Running, cookie: str) -> None:
    answers = [
        ask(server, path, cookie=cookie)[1] for path in ("/", "/login", "/healthz", "/_stcore/health", "/nope.x")
    ]

    for headers in answers:
        assert "default-src" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_no_cookie_is_set_but_ours_and_scripts_read_none(server: Running, cookie: str) -> None:
    paths = ("/", "/login", "/password", "/_stcore/health", "/_stcore/host-config", "/healthz", "/m/", "/nope")

    asked = [ask(server, path, cookie=cookie)[1] for path in paths]
    cookies = [headers["set-cookie"] for headers in asked if "set-cookie" in headers]

    assert {one.partition("=")[0] for one in cookies} == {"planner_look"}
    assert [one for one in cookies if "HttpOnly" not in one or "samesite=strict" not in one.lower()] == []


@pytest.mark.parametrize("path", ["/password", "/second-factor", "/download/officers.xlsx", "/m/", "/nope"])
def test_every_plain_page_inside_has_the_way_out(server: Running, cookie: str, path: str) -> None:
    _, _, body = ask(server, path, cookie=cookie)

    assert (b'href="/logout"' in body) != (b'<form method="post" action="/logout">' in body)
    assert b"/logout" not in ask(server, "/login")[2]  # the control


@pytest.mark.parametrize("path", ["/login", "/password", "/second-factor"])
def test_a_form_without_a_file_is_read_no_further_than_it_can_be(server: Running, cookie: str, path: str) -> None:
    status, headers, body = ask(server, path, "POST", "x" * 64_001, origin=server.address, cookie=cookie)

    assert (status, body) == (413, b"Content Too Large")
    assert headers["x-content-type-options"] == "nosniff"


def test_the_longest_form_is_read(server: Running) -> None:
    form = urlencode({"user": "planner", "password": PASSWORD, "more": "x" * 63_900})

    assert (len(form) <= 64_000, ask(server, "/login", "POST", form, origin=server.address)[0]) == (True, 303)


def test_an_error_of_ours_is_answered_with_the_same_headers(server: Running) -> None:
    def broken(_request: Request) -> Response:
        raise ZeroDivisionError("what nobody else may read")

    shell = Shell(server.planner, server.accounts, server.door, None, "en", server.address)
    app = application(shell, hosts=frozenset({"testserver"}), secure=True)
    app.router.routes.insert(0, Route("/healthz", broken))

    begin, body = over(answered(app, "/healthz"))

    headers = {name.decode(): value.decode() for name, value in begin["headers"]}
    assert (begin["status"], body["body"]) == (500, b"Internal Server Error")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def over[T](work: Coroutine[Any, Any, T]) -> T:
    """What comes of it, from a thread of its own: a browser that is open holds the loop of this one."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()


async def answered(app: Starlette, path: str) -> list[Message]:
    """What the application sends, also where it then raises what went wrong inside."""
    sent: list[Message] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 443),
        "scheme": "https",
    }

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    with contextlib.suppress(ZeroDivisionError):
        await app(scope, receive, send)
    return sent


def websocket(server: Running, **headers: str) -> tuple[int, socket.socket]:
    """The status of a websocket handshake, and its open line."""
    place = urlsplit(server.address)
    line = socket.create_connection(("127.0.0.1", place.port or 80), timeout=20)
    key = base64.b64encode(os.urandom(16)).decode()
    sent = {
        "Host": place.netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    line.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{head}\r\n".encode())
    status = int(line.recv(12).split()[1])
    return status, line


def test_a_live_connection_needs_a_session_and_our_own_origin(server: Running, cookie: str) -> None:
    own = {"Origin": server.address}

    statuses = []
    for headers in (
        own,
        {"Cookie": cookie},
        {"Cookie": cookie, "Origin": "http://evil.example"},
        {**own, "Cookie": cookie},
    ):
        status, line = websocket(server, **headers)
        statuses.append(status)
        line.close()

    assert statuses == [403, 403, 403, 101]


def test_a_live_connection_of_another_site_is_refused_and_recorded(server: Running) -> None:
    heard: list[Message] = []

    async def inside(*_: object) -> None:
        raise AssertionError("nothing is reached")

    gate = Gate(
        inside, door=server.door, hosts=frozenset({"testserver"}), secure=True, plain=PlainHeaders.of_streamlit()
    )

    async def knock(origin: str, client: str) -> None:
        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            heard.append(message)

        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        place = {"path": "/_stcore/stream", "raw_path": b"/_stcore/stream", "query_string": b"", "scheme": "wss"}
        await gate({"type": "websocket", "headers": headers, "client": (client, 1), **place}, receive, send)

    over(knock("https://evil.example", "10.0.0.8"))
    over(knock("https://testserver", "10.0.0.9"))

    noted = [one.client for one in server.accounts.log.listed() if one.what == Happened.OTHER_SITE]
    assert [message["code"] for message in heard] == [4401, 4401]
    assert [client for client in ("10.0.0.8", "10.0.0.9") if client in noted] == ["10.0.0.8"]


def test_a_live_connection_is_cut_within_a_second_when_another_process_ends_its_session(server: Running) -> None:
    token = server.door.sign_in("auditor", PASSWORD, client="test")
    status, line = websocket(server, Cookie=f"planner_session={token}", Origin=server.address)
    line.settimeout(5)
    session = server.door.by_token(token)
    assert session is not None

    ended_at = time.monotonic()
    server.door.end(session.id)
    heard = b""
    while (4401).to_bytes(2, "big") not in heard:
        heard += line.recv(4096)
    took = time.monotonic() - ended_at
    line.close()

    assert status == 101
    assert took < 1.0


def test_a_calendar_address_that_nobody_has_shows_nothing(server: Running) -> None:
    statuses = [ask(server, path)[0] for path in ("/calendar/x.ics", "/calendar/", "/calendar/a/b", "/calendar/a.html")]

    assert statuses == [404, 404, 404, 404]


def test_a_calendar_program_reads_the_duties_without_signing_in_until_the_account_is_disabled(server: Running) -> None:
    details = OfficerDetails(name=PersonName(romanised="Lê Thị Hoa"), unit="Đội 1")
    server.planner.register_officer("CA-0999", details, by=PLANNER)
    server.accounts.create("hoa", by=ADMINISTRATOR, roles={Role.OFFICER}, officer="CA-0999", password=PASSWORD)
    secret = server.accounts.new_feed("hoa")

    status, headers, body = ask(server, f"/calendar/{secret}.ics")
    server.accounts.disable("hoa", by=ADMINISTRATOR)

    assert (status, headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert ".ics" in headers["content-disposition"]
    assert body.startswith(b"BEGIN:VCALENDAR")
    assert ask(server, f"/calendar/{secret}.ics")[0] == 404


def test_a_download_is_made_for_whoever_asks_and_refused_in_words(server: Running, cookie: str) -> None:
    status, headers, body = ask(server, "/download/duties.ics", cookie=cookie)

    assert (status, headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert b"it needs one of these roles: officer." in body


@pytest.mark.parametrize("name", ["..%2faccounts.db", "%2e%2e/store.json", "accounts.db", "x.pmtiles"])
def test_the_map_serves_only_its_own_files(server: Running, cookie: str, name: str) -> None:
    status, _, _ = ask(server, f"/map/{name}", cookie=cookie)

    assert status in {400, 404}


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("/visits?v=1", "/visits?v=1")],
)
def test_after_signing_in_nobody_is_led_to_another_site(server: Running, wanted: str, led: str) -> None:
    form = urlencode({"user": "auditor", "password": PASSWORD, "next": wanted})

    _, headers, _ = ask(server, "/login", "POST", form, origin=server.address)

    assert headers["location"] == led


def test_what_was_typed_as_user_name_comes_back_as_text(server: Running) -> None:
    form = urlencode({"user": '"><b>x</b>', "password": "wrong"})

    status, _, body = ask(server, "/login", "POST", form, origin=server.address)

    assert status == 401
    assert b"&quot;&gt;&lt;b&gt;x&lt;/b&gt;" in body


@pytest.mark.parametrize(
    "sent",
    [
        b"NONSENSE",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y",
        b"GET /\x00 HTTP/1.1",
        b"\x16\x03\x01\x02",
    ],
    ids=["nonsense", "two hosts", "control", "TLS"],
)
def test_what_is_no_request_is_answered_with_the_headers_of_every_answer(server: Running, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(server.address).port or 80), timeout=20) as line:
        line.sendall(sent + b"\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(4096), b"")).decode()

    head, _, body = answer.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    headers = dict(one.lower().split(": ", 1) for one in lines)
    assert (status, body) == ("HTTP/1.1 400 Bad Request", "Bad Request")
    assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert "server" not in headers
