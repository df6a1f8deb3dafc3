"""Sign-in by a real provider at the real server: our own session comes of it, and nothing for anybody unknown."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests

from domain.base import Role
from domain.refusals import CodeTaken, InvalidInput, NotAllowed, NotFound
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.identities import Identities
from planner.second_factor import STEP
from tests.serving import ADMINISTRATOR, PASSWORD, Running, people, serving
from tests.ui.oidc.conftest import SECRET, Browser, Place

PEOPLE = ("lan", "gone", "coded", "wants", "fresh", "bare", "twice")


@pytest.fixture(scope="module")
def server(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application with settings of the provider in its data directory, and accounts that are linked to it."""
    folder = tmp_path_factory.mktemp("signing")
    file = folder / "provider.json"
    told = {"issuer": place.issuer, "client_id": "planner", "client_secret": SECRET, "name": "Bộ <Công an>"}
    file.write_text(json.dumps(told))
    file.chmod(0o600)

    def fill(planner: Planner, accounts: Accounts) -> None:
        people(planner, accounts)
        identities = Identities(accounts)
        for user in PEOPLE:
            password = None if user in ("fresh", "bare") else PASSWORD
            accounts.create(user, by=ADMINISTRATOR, roles={Role.AUDITOR}, look=Look(language="en"), password=password)
            identities.link(user, place.issuer, f"{user}@ministry", by=ADMINISTRATOR)
        accounts.disable("gone", by=ADMINISTRATOR)

    with serving(folder / "data", fill, oidc=file) as running:
        yield running


def begun(server: Running, browser: Browser, wanted: str = "/visits?visit=X") -> str:
    """Where the browser is sent."""
    browser.get(f"{server.address}/login?language=en")
    answer = browser.session.get(
        f"{server.address}/login/oidc", params={"next": wanted}, allow_redirects=False, timeout=20
    )
    assert answer.status_code == 303
    return answer.headers["location"]


def back(server: Running, browser: Browser, login: str, wanted: str = "/visits?visit=X") -> requests.Response:
    """The page on which somebody ends whom the provider let in as ``login``."""
    return browser.get(browser.signed_in(begun(server, browser, wanted), login))


def alert(answer: requests.Response) -> str:
    return answer.text.partition('role="alert">')[2].partition("</p>")[0]


def user_of(server: Running, browser: Browser) -> str:
    """Whose session the browser holds; empty where it holds none."""
    token = browser.session.cookies.get("planner_session") or ""
    found = server.door.by_token(token)
    return "" if found is None else found.account.user


def test_the_door_names_the_provider_and_leads_there(server: Running, place: Place, browser: Browser) -> None:
    page = browser.get(f"{server.address}/login?language=en&next=%2Fvisits").text
    address = begun(server, browser)

    assert 'href="/login/oidc?next=%2Fvisits">Sign in with Bộ &lt;Công an&gt;</a>' in page
    assert address.startswith(f"{place.issuer}/auth?")
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [f"{server.address}/login/oidc/back"]
    assert SECRET not in address + page


def test_who_is_linked_comes_in_with_a_session_of_ours(server: Running, browser: Browser) -> None:
    answer = back(server, browser, "lan@ministry")
    page = browser.get(f"{server.address}/settings")

    assert (answer.status_code, 'content="0;url=/visits?visit=X"' in answer.text) == (200, True)
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert (user_of(server, browser), page.status_code) == ("lan", 200)
    server.door.end_all("lan")
    assert browser.get(f"{server.address}/settings").status_code == 303


def test_an_answer_is_good_once(server: Running, browser: Browser) -> None:
    address = browser.signed_in(begun(server, browser), "twice@ministry")
    browser.get(address)
    server.door.end_all("twice")

    again = browser.get(address)

    assert again.status_code == 401
    assert alert(again).startswith("This sign-in was not begun here, was used already, or took too long.")
    assert user_of(server, browser) == ""


def test_an_answer_in_another_browser_is_refused(server: Running, browser: Browser) -> None:
    """Somebody sends a link that would sign its reader in as somebody else."""
    address = browser.signed_in(begun(server, browser), "lan@ministry")
    other = Browser()
    other.get(f"{server.address}/login?language=en")

    answer = other.get(address)

    assert (answer.status_code, user_of(server, other)) == (401, "")
    assert alert(answer).startswith("This sign-in was not begun here")


@pytest.mark.parametrize("query", ["", "state=x", "state=x&code=y", "code=y", "error=access_denied&state=x"])
def test_an_answer_that_nobody_asked_for_is_refused(server: Running, browser: Browser, query: str) -> None:
    begun(server, browser)

    answer = browser.get(f"{server.address}/login/oidc/back?{query}")

    assert (answer.status_code, user_of(server, browser)) == (401, "")


def test_who_refuses_at_the_provider_is_told_what_else_there_is(server: Running, browser: Browser) -> None:
    state = parse_qs(urlsplit(begun(server, browser)).query)["state"][0]

    answer = browser.get(f"{server.address}/login/oidc/back?state={state}&error=access_denied")

    assert alert(answer) == "The provider let nobody in. Begin again, or sign in with your password."


def test_nobody_is_made_an_account_by_signing_in(server: Running, browser: Browser) -> None:
    before = [account.user for account in server.accounts]

    answer = back(server, browser, "stranger@ministry")

    assert alert(answer) == (
        "No account here is linked to you. Give your administrator this identifier: stranger@ministry"
    )
    assert ([account.user for account in server.accounts], user_of(server, browser)) == (before, "")


def test_a_disabled_account_stays_out(server: Running, browser: Browser) -> None:
    assert alert(back(server, browser, "gone@ministry")) == "The account gone is disabled."
    assert user_of(server, browser) == ""


def test_a_name_that_would_be_markup_is_text(server: Running, browser: Browser) -> None:
    assert alert(back(server, browser, "<b>${1}</b>")).endswith("identifier: &lt;b&gt;${1}&lt;/b&gt;")


def test_the_second_factor_is_asked_for_here_too(server: Running, browser: Browser) -> None:
    totp = pyotp.TOTP(server.door.factors.enrolment("coded").secret)
    server.door.factors.confirm("coded", totp.at(time.time() - STEP))

    answer = back(server, browser, "coded@ministry")
    before = user_of(server, browser)
    ticket = answer.text.partition('name="ticket" value="')[2].partition('"')[0]
    browser.session.post(
        f"{server.address}/login/code",
        {"ticket": ticket, "code": totp.now()},
        headers={"origin": server.address},
        allow_redirects=False,
        timeout=20,
    )

    assert (before, user_of(server, browser)) == ("", "coded")


def test_after_the_second_factor_too_one_gets_where_one_wanted(server: Running, browser: Browser) -> None:
    totp = pyotp.TOTP(server.door.factors.enrolment("wants").secret)
    server.door.factors.confirm("wants", totp.at(time.time() - STEP))

    answer = back(server, browser, "wants@ministry", "/visits?visit=X&a=1")

    assert 'name="next" value="/visits?visit=X&amp;a=1"' in answer.text


def test_who_has_no_password_sets_a_second_factor_up_by_a_fresh_sign_in(server: Running, browser: Browser) -> None:
    back(server, browser, "bare@ministry")
    server.door.factors.demand(True, by=ADMINISTRATOR)
    try:
        page = browser.get(f"{server.address}/second-factor").text
        key = page.partition('<code class="key">')[2].partition("<")[0].replace(" ", "")
        server.accounts.file.execute("UPDATE sessions SET created_at = created_at - 601 WHERE user = 'bare'")
        stale = _factor_sent(server, browser, pyotp.TOTP(key).now())
        server.accounts.file.execute("UPDATE sessions SET created_at = created_at + 601 WHERE user = 'bare'")
        wrong = _factor_sent(server, browser, "000000")
        fresh = _factor_sent(server, browser, pyotp.TOTP(key).now())
        after = browser.get(f"{server.address}/settings").status_code
    finally:
        server.door.factors.demand(False, by=ADMINISTRATOR)

    assert ('name="password"' in page, "Then enter the code it shows." in page) == (False, True)
    assert alert(stale) == "Your sign-in is too long ago. Sign out, sign in again, and do it at once."
    assert (stale.status_code, wrong.status_code, fresh.status_code, after) == (400, 400, 303, 200)


def _factor_sent(server: Running, browser: Browser, code: str) -> requests.Response:
    return browser.session.post(
        f"{server.address}/second-factor",
        {"code": code},
        headers={"origin": server.address},
        allow_redirects=False,
        timeout=20,
    )


def test_a_one_time_password_that_was_never_used_ends_with_the_link(server: Running, browser: Browser) -> None:
    back(server, browser, "fresh@ministry")

    assert (user_of(server, browser), server.accounts.account("fresh").must_change_password) == ("fresh", False)
    assert browser.get(f"{server.address}/settings").status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 200), ("same-site", 200), ("none", 303), ("same-origin", 303)]
)
def test_another_site_begins_no_sign_in(server: Running, site: str, status: int) -> None:
    asked = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}

    answer = requests.get(f"{server.address}/login/oidc", headers=asked, allow_redirects=False, timeout=20)

    assert (answer.status_code, "location" in answer.headers) == (status, status == 303)


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/login?x", f"/{'x' * 2000}"]
)
def test_nobody_is_led_away(server: Running, browser: Browser, wanted: str) -> None:
    assert 'content="0;url=/"' in back(server, browser, "lan@ministry", wanted).text


def test_links_are_said_by_administrators_alone(server: Running, place: Place) -> None:
    identities = Identities(server.accounts)
    nobody = server.accounts.account("lan").actor("test")

    with pytest.raises(NotAllowed):
        identities.link("lan", place.issuer, "x", by=nobody)
    with pytest.raises(CodeTaken):
        identities.link("planner", place.issuer, "lan@ministry", by=ADMINISTRATOR)
    with pytest.raises(InvalidInput):
        identities.link("planner", place.issuer, "", by=ADMINISTRATOR)
    with pytest.raises(NotFound):
        identities.unlink("planner", by=ADMINISTRATOR)


def test_unlinking_ends_what_came_of_it(server: Running, place: Place, browser: Browser) -> None:
    server.accounts.create("leaver", by=ADMINISTRATOR, roles={Role.AUDITOR}, password=PASSWORD)
    identities = Identities(server.accounts)
    identities.link("leaver", place.issuer, "leaver@ministry", by=ADMINISTRATOR)
    back(server, browser, "leaver@ministry")
    before = user_of(server, browser)

    identities.unlink("leaver", by=ADMINISTRATOR)

    assert (before, user_of(server, browser)) == ("leaver", "")
    assert alert(back(server, browser, "leaver@ministry")).startswith("No account here is linked to you.")


@pytest.mark.slow
def test_a_provider_that_hangs_holds_up_nobody_else(tmp_path: Path) -> None:
    """More people than there are threads wait for it; everybody else is answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as hanging, ThreadPoolExecutor(60) as crowd:
        file = tmp_path / "provider.json"
        issuer = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        file.write_text(json.dumps({"issuer": issuer, "client_id": "planner", "client_secret": SECRET}))
        file.chmod(0o600)
        with serving(tmp_path / "data", people, oidc=file) as running:
            waiting = [crowd.submit(requests.get, f"{running.address}/login/oidc", timeout=60) for _ in range(60)]
            time.sleep(1)
            answer = requests.get(f"{running.address}/login", cookies={"planner_session": "x"}, timeout=5)
            done = sum(one.done() for one in waiting)
            hanging.close()
            told = {one.result().status_code for one in waiting}

    assert (answer.status_code, done, told) == (200, 0, {401})


def test_without_settings_nothing_of_it_is_there_or_loaded(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, ui.server; print('authlib' in sys.modules, 'joserfc' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    with serving(tmp_path / "data", people) as plain:
        page = requests.get(f"{plain.address}/login", timeout=20).text
        away = requests.get(f"{plain.address}/login/oidc", allow_redirects=False, timeout=20)

    assert told.stdout.split() == ["False", "False"]
    assert "/login/oidc" not in page
    assert away.status_code == 404
