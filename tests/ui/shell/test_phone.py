"""The plain pages of officers' phones, asked for as a browser without JavaScript asks."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from domain.assignment import AssignmentStatus
from domain.base import Actor, Role
from planner.sign_in import IDLE
from tests.on_duty import PLANNER, VISIT, duties
from tests.serving import PASSWORD, Running, serving

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
MOST_BYTES = 50_000

type Answered = tuple[int, dict[str, str], str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("phone") / "data", duties) as running:
        yield running


@pytest.fixture(scope="module")
def cookie(server: Running) -> str:
    return f"planner_session={server.door.sign_in('officer', PASSWORD, client='test')}"


def ask(server: Running, path: str, cookie: str = "", form: dict[str, str] | None = None, **headers: str) -> Answered:
    """Status, headers and text of one request; a form is sent as a page of ours sends it unless headers differ."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.address).port or 80, timeout=30)
    sent = {"cookie": cookie, "user-agent": PHONE, **{name.replace("_", "-"): said for name, said in headers.items()}}
    if form is None:
        connection.request("GET", path, headers=sent)
    else:
        sent = {"origin": server.address, "content-type": "application/x-www-form-urlencoded", **sent}
        connection.request("POST", path, urlencode(form), sent)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def seen_on(page: str) -> str:
    """The fingerprint of the duty that a page shows."""
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', page)
    assert found is not None
    return found[1]


def status(server: Running, code: str) -> AssignmentStatus:
    return server.planner.plan.assignment(VISIT, code).status


def test_the_list_holds_the_own_duties_by_day_and_nothing_of_others(server: Running, cookie: str) -> None:
    answered, _, page = ask(server, "/m/", cookie)

    listed = re.findall(r'href="/m/duty/LA-2026-01/(A-\d)"', page)
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert (answered, headings) == (200, ["Today", "Next", "Later", "Called off", "Past"])
    assert listed == ["A-1", "A-2", "A-3", "A-4", "A-5", "A-8", "A-6"]


def test_a_duty_tells_when_where_what_who_answers_and_whom_to_call(server: Running, cookie: str) -> None:
    _, _, page = ask(server, f"/m/duty/{VISIT}/A-1", cookie)

    assert re.search(r"\(UTC-[34]\)", page)
    assert "Giữ vị trí.<br>Không để ${1} đi qua &lt;script&gt;alert(1)&lt;/script&gt;." in page
    assert 'Trung tá Trần Đức Nghĩa <a class="call" href="tel:+56955500104">+56 9 5550 0104</a>' in page
    assert 'Quản lý ca <a class="call" href="tel:+56512000303">' in page
    assert 'href="geo:-29.921600,-71.272900?q=-29.921600,-71.272900"' in page
    assert "Khách sạn &lt;b&gt;Biển&lt;/b&gt;" in page


def test_without_a_map_the_way_from_the_gathering_point_is_an_estimate_that_says_so(
    server: Running, cookie: str
) -> None:
    _, _, page = ask(server, f"/m/duty/{VISIT}/A-1", cookie)

    assert '<svg class="way"' in page
    assert "an estimate and not a way on streets" in page


@pytest.mark.parametrize("code", ["A-7", "A-99", "B", "%20", "A-1%00"])
def test_another_s_duty_is_answered_exactly_as_one_that_does_not_exist(server: Running, cookie: str, code: str) -> None:
    unknown = ask(server, f"/m/duty/{VISIT}/A-4711", cookie)
    shown = ask(server, f"/m/duty/{VISIT}/{code}", cookie)
    acted = ask(server, f"/m/duty/{VISIT}/{code}", cookie, {"act": "acknowledge", "seen": ""})

    assert unknown[0] == 404
    assert [(answered, page) for answered, _, page in (shown, acted)] == [(404, unknown[2])] * 2
    assert status(server, "A-7") is AssignmentStatus.CONFIRMED


def test_a_form_acknowledges_the_own_duty(server: Running, cookie: str) -> None:
    _, _, page = ask(server, f"/m/duty/{VISIT}/A-2", cookie)

    answered, headers, _ = ask(server, f"/m/duty/{VISIT}/A-2", cookie, {"act": "acknowledge", "seen": seen_on(page)})
    again = ask(server, f"/m/duty/{VISIT}/A-2", cookie)[2]

    assert (answered, headers["location"]) == (303, f"/m/duty/{VISIT}/A-2")
    assert status(server, "A-2") is AssignmentStatus.ACKNOWLEDGED
    assert "I have read this duty" not in again
    _, event = server.planner.timeline.recent(1, server.planner.plan.position)[-1]
    assert (event.by, event.via) == ("officer", "phone")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_of_another_site_acknowledges_nothing(server: Running, cookie: str, origin: str) -> None:
    _, _, page = ask(server, f"/m/duty/{VISIT}/A-3", cookie)

    answered, _, _ = ask(
        server, f"/m/duty/{VISIT}/A-3", cookie, {"act": "acknowledge", "seen": seen_on(page)}, origin=origin
    )

    assert (answered, status(server, "A-3")) == (403, AssignmentStatus.CONFIRMED)


@pytest.mark.parametrize("seen", ["", "0" * 16])
def test_a_form_that_does_not_say_what_was_read_acknowledges_nothing(server: Running, cookie: str, seen: str) -> None:
    answered, _, page = ask(server, f"/m/duty/{VISIT}/A-3", cookie, {"act": "acknowledge", "seen": seen})

    assert (answered, status(server, "A-3")) == (409, AssignmentStatus.CONFIRMED)
    assert '<p class="alert" role="alert">This duty changed since you opened it; read it again.</p>' in page


def test_a_duty_that_changed_says_what_and_asks_for_a_new_acknowledgement(server: Running, cookie: str) -> None:
    _, _, page = ask(server, f"/m/duty/{VISIT}/A-4", cookie)
    ask(server, f"/m/duty/{VISIT}/A-4", cookie, {"act": "acknowledge", "seen": seen_on(page)})
    server.planner.issue_post_order(VISIT, "P-04", "Lệnh mới.", by=PLANNER, reason="Đổi <u>cổng</u>")

    _, _, changed = ask(server, f"/m/duty/{VISIT}/A-4", cookie)

    assert status(server, "A-4") is AssignmentStatus.CONFIRMED
    assert "This duty changed since you acknowledged it" in changed
    assert "Đổi &lt;u&gt;cổng&lt;/u&gt;" in changed
    assert "I have read this duty and take it" in changed


def test_an_officer_reports_on_post_and_the_duty_over(server: Running, cookie: str) -> None:
    ask(server, f"/m/duty/{VISIT}/A-1", cookie, {"act": "start"})
    on_post = status(server, "A-1")
    ask(server, f"/m/duty/{VISIT}/A-1", cookie, {"act": "end"})

    assert (on_post, status(server, "A-1")) == (AssignmentStatus.ON_POST, AssignmentStatus.ENDED)


def test_a_duty_at_a_cancelled_post_says_so_and_offers_nothing(server: Running, cookie: str) -> None:
    _, _, page = ask(server, f"/m/duty/{VISIT}/A-8", cookie)

    assert "✕ called off" in page
    assert 'name="act"' not in page


@pytest.mark.parametrize("path", ["/m/", f"/m/duty/{VISIT}/A-4", f"/m/duty/{VISIT}/NONE"])
def test_a_page_is_light_and_needs_no_script(server: Running, cookie: str, path: str) -> None:
    _, headers, page = ask(server, path, cookie)

    parts = re.findall(r'<link [^>]*href="([^"]+)"', page) + re.findall(r'<img [^>]*src="([^"]+)"', page)
    styles = [ask(server, part, cookie)[2] for part in set(parts)]
    assert len(page.encode()) + sum(len(style.encode()) for style in styles) < MOST_BYTES
    assert len(styles) == 3
    assert ("<script" in page, " style=" in page, "@font-face" in "".join(styles)) == (False, False, False)
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["cache-control"] == "no-store"


def test_language_size_and_contrast_are_kept_and_lead_back_to_the_page(server: Running) -> None:
    server.accounts.create(
        "thao", by=Actor("chief", frozenset({Role.ADMINISTRATOR})), roles={Role.OFFICER}, password=PASSWORD
    )
    thao = f"planner_session={server.door.sign_in('thao', PASSWORD, client='test')}"

    answered, headers, _ = ask(server, "/m/look", thao, {"text": "large", "back": "/m/duty/X/Y"})
    ask(server, "/m/look", thao, {"contrast": "high"})
    ask(server, "/m/look", thao, {"language": "en"})
    wrong = ask(server, "/m/look", thao, {"language": "xx"})[0]
    away = ask(server, "/m/look", thao, {"text": "large", "back": "https://evil.example/"})[1]["location"]

    assert (answered, headers["location"]) == (303, "/m/duty/X/Y")
    assert '<html lang="en" data-text="large" data-contrast="high">' in ask(server, "/m/", thao)[2]
    assert (wrong, away) == (400, "/m/")


def test_an_account_that_is_no_officer_is_told_so(server: Running) -> None:
    auditor = f"planner_session={server.door.sign_in('auditor', PASSWORD, client='test')}"

    answered, _, page = ask(server, "/m/", auditor)

    assert answered == 200
    assert "linked to no officer" in page
    assert ask(server, f"/m/duty/{VISIT}/A-1", auditor)[0] == 404


def test_a_stranger_is_led_to_the_sign_in_page_and_back(server: Running) -> None:
    answered, headers, _ = ask(server, f"/m/duty/{VISIT}/A-1")

    assert (answered, headers["location"]) == (303, f"/login?next=%2Fm%2Fduty%2F{VISIT}%2FA-1")


def test_whose_session_ended_signs_in_again_and_finds_the_duty_not_yet_acknowledged(server: Running) -> None:
    ended = "planner_session=of-yesterday"

    answered, headers, _ = ask(server, f"/m/duty/{VISIT}/A-5", ended, {"act": "acknowledge", "seen": "0" * 16})

    assert (answered, headers["location"]) == (303, f"/login?next=%2Fm%2Fduty%2F{VISIT}%2FA-5")
    assert status(server, "A-5") is AssignmentStatus.CONFIRMED


@pytest.mark.parametrize(
    ("path", "status"), [("/m/x", 404), ("/m/duty/", 404), ("/m/duty/X/..%2fA-1", 404), ("/m/look", 303)]
)
def test_nothing_below_falls_through_to_other_pages(server: Running, cookie: str, path: str, status: int) -> None:
    assert ask(server, path, cookie)[0] == status
    assert ask(server, "/m", cookie)[1]["location"] == "/m/"


def test_who_signs_in_on_a_phone_is_shown_the_way_to_the_light_pages(server: Running) -> None:
    link = 'href="/login?next=%2Fm%2F"'
    desk = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"

    on_phone, asked, at_desk, already = (
        link in ask(server, path, user_agent=agent)[2]
        for path, agent in (("/login", PHONE), ("/login?m", desk), ("/login", desk), ("/login?next=/m/", PHONE))
    )

    assert (on_phone, asked, at_desk, already) == (True, True, False, False)


@pytest.mark.parametrize("path", ["/m/", f"/m/duty/{VISIT}/A-0001", f"/m/duty/{VISIT}/NONE"])
def test_a_forgotten_page_goes_by_itself_when_its_session_must_be_over(server: Running, cookie: str, path: str) -> None:
    _, headers, _ = ask(server, path, cookie)
    seconds, _, address = headers["refresh"].partition("; url=")
    without_a_session = ask(server, address)

    assert (float(seconds), headers["cache-control"]) == (IDLE.total_seconds(), "no-store")
    assert (without_a_session[0], 'href="/m/"' in without_a_session[2], "refresh" in without_a_session[1]) == (
        200,
        True,
        False,
    )


def test_the_page_in_its_place_keeps_no_session_alive(server: Running, cookie: str) -> None:
    token = cookie.partition("=")[2]
    before = server.door.by_token(token)
    assert before is not None

    ask(server, "/static/shell/away.html", cookie)

    (kept,) = [one for one in server.door.of_user("officer") if one.id == before.id]
    assert kept.seen_at == before.seen_at
