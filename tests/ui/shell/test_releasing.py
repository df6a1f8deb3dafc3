"""The page before a file: it says what is left out, in the reader's language, and gives nothing without being told."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from domain.base import Actor, Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from tests.examples import VISIT, visit_details
from tests.releases import REASON, RECIPIENT
from tests.serving import ADMINISTRATOR, PASSWORD, Running, members, serving
from tests.ui.shell.test_gate import ask

HOA = Actor("planner", frozenset({Role.PLANNER}))
FILE = f"/download/programme.ics?visit={VISIT}"
ASKED = {"recipient": RECIPIENT, "reason": REASON}


def fill(planner: Planner, accounts: Accounts) -> None:
    members(planner, accounts)
    vietnamese = Look(language="vi")
    accounts.create("lan", by=ADMINISTRATOR, roles={Role.PLANNER}, look=vietnamese, password=PASSWORD)
    planner.register_visit(VISIT, visit_details(title='<b>"x"</b>'), by=HOA)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("releasing") / "data", fill) as running:
        yield running


def cookie_of(server: Running, user: str) -> str:
    return f"planner_session={server.door.sign_in(user, PASSWORD, client='test')}"


@pytest.fixture(scope="module")
def cookie(server: Running) -> str:
    return cookie_of(server, "planner")


def test_the_address_of_a_file_asks_for_whom_and_why(server: Running, cookie: str) -> None:
    status, headers, body = ask(server, FILE, cookie=cookie)

    assert (status, "content-disposition" in headers) == (200, False)
    assert b"Recipient: the person or office" in body
    assert b"needs of guests (health, diet)" in body
    assert b'name="whole"' in body


def test_it_asks_in_the_readers_language(server: Running) -> None:
    _, _, body = ask(server, "/download/venues.xlsx", cookie=cookie_of(server, "lan"))

    assert "Nơi nhận: người hoặc cơ quan" in body.decode()


def test_the_file_comes_when_both_are_said(server: Running, cookie: str) -> None:
    status, headers, body = ask(server, FILE, "POST", urlencode(ASKED), cookie=cookie, origin=server.address)

    (read,) = server.planner.reads.listed(last=1)
    assert (status, headers["content-disposition"].startswith("attachment")) == (200, True)
    assert body.startswith(b"BEGIN:VCALENDAR")
    assert (read.read.recipient, read.read.file is not None and read.read.file.extent.value) == (RECIPIENT, "redacted")


def test_the_whole_is_asked_for_by_a_tick(server: Running, cookie: str) -> None:
    ask(server, FILE, "POST", urlencode({**ASKED, "whole": "yes"}), cookie=cookie, origin=server.address)

    (read,) = server.planner.reads.listed(last=1)
    assert read.read.file is not None
    assert read.read.file.extent.value == "whole"


@pytest.mark.parametrize("missing", ["recipient", "reason"])
def test_what_was_typed_stays_where_something_is_missing(server: Running, cookie: str, missing: str) -> None:
    before = len(server.planner.reads.listed())
    hostile = {**ASKED, "recipient": '"><script>x</script>', "reason": "'><b>"} | {missing: ""}

    status, headers, body = ask(server, FILE, "POST", urlencode(hostile), cookie=cookie, origin=server.address)

    assert (status, "content-disposition" in headers, len(server.planner.reads.listed())) == (422, False, before)
    assert (b"<script>x" in body, b"'><b>" in body, b'role="alert"' in body) == (False, False, True)


def test_another_site_cannot_take_a_file_out(server: Running, cookie: str) -> None:
    status, _, _ = ask(server, FILE, "POST", urlencode(ASKED), cookie=cookie, origin="https://evil.example")

    assert status == 403


def test_the_recipients_of_the_last_hours_are_offered_to_who_named_them(server: Running, cookie: str) -> None:
    named = {**ASKED, "recipient": "Cục Lễ tân Nhà nước"}
    ask(server, FILE, "POST", urlencode(named), cookie=cookie, origin=server.address)

    mine, others = (ask(server, FILE, cookie=one)[2].decode() for one in (cookie, cookie_of(server, "commander")))

    assert ('<option value="Cục Lễ tân Nhà nước">' in mine, "Cục Lễ tân" in others) == (True, False)


def test_empty_workbooks_and_checkpoints_tell_nothing_and_ask_nothing(server: Running, cookie: str) -> None:
    empty = ask(server, "/download/venues_template.xlsx", cookie=cookie)
    checkpoint = ask(server, "/download/checkpoint.txt", cookie=cookie_of(server, "auditor"))

    assert [answer[1].get("content-disposition", "")[:10] for answer in (empty, checkpoint)] == ["attachment"] * 2
