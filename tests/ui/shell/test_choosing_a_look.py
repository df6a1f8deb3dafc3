"""Language, text size and contrast chosen before signing in: they go in with the person who chose them."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest

from domain.base import Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from tests.serving import ADMINISTRATOR, PASSWORD, Running, serving


def readers(_planner: Planner, accounts: Accounts) -> None:
    for user in ("hoa", "nam", "thao", "kiem"):
        accounts.create(user, by=ADMINISTRATOR, roles={Role.AUDITOR}, password=PASSWORD, look=Look(text_size="small"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("look") / "data", readers) as running:
        yield running


def ask(server: Running, path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, text and look cookie of one request; a form is sent as our own page sends it."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.address).port or 80, timeout=30)
    sent = {"cookie": cookie, "origin": server.address, "content-type": "application/x-www-form-urlencoded"}
    connection.request("GET" if form is None else "POST", path, urlencode(form) if form else None, sent)
    answer = connection.getresponse()
    found = re.search(r"planner_look=[^;]*", answer.headers.as_string())
    text = answer.read().decode()
    connection.close()
    return answer.status, text, found[0] if found else ""


def hidden(page: str) -> dict[str, str]:
    """What the form on a page sends along without being asked."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def sign_in(server: Running, user: str, page: str, cookie: str = "", password: str = PASSWORD) -> tuple[int, str, str]:
    return ask(server, "/login", cookie, {"user": user, "password": password, **hidden(page)})


def test_what_is_chosen_at_the_door_is_kept_in_the_account(server: Running) -> None:
    _, page, _ = ask(server, "/login?language=en&contrast=high&next=/settings")

    status, _, cookie = sign_in(server, "hoa", page)

    assert (status, cookie) == (303, "planner_look=en.small.high")
    assert server.accounts.account("hoa").look == Look(language="en", text_size="small", high_contrast=True)


def test_what_is_only_remembered_by_the_browser_changes_nobodys_account(server: Running) -> None:
    cookie = "planner_look=en.large.high"
    _, page, _ = ask(server, "/login", cookie)

    sign_in(server, "nam", page, cookie)

    assert 'lang="en" data-text="large" data-contrast="high"' in page
    assert server.accounts.account("nam").look == Look(text_size="small")


def test_a_second_choice_and_a_wrong_password_keep_the_first_choice(server: Running) -> None:
    _, page, cookie = ask(server, "/login?language=en")
    larger = next(unescape(link) for link in re.findall(r'href="([^"]*)"', page) if "text=large" in link)
    _, page, cookie = ask(server, larger, cookie)
    status, page, cookie = sign_in(server, "thao", page, cookie, password="not the right one")

    sign_in(server, "thao", page, cookie)

    assert status == 401
    assert server.accounts.account("thao").look == Look(language="en", text_size="large")


def test_a_choice_that_does_not_exist_is_no_choice(server: Running) -> None:
    _, page, _ = ask(server, "/login?language=xx&text=huge&contrast=%22%3E")

    status, _, _ = ask(server, "/login", form={"user": "kiem", "password": PASSWORD, "language": "xx", "zone": "x"})

    assert hidden(page) == {"next": "/"}
    assert (status, server.accounts.account("kiem").look) == (303, Look(text_size="small"))
