"""Signing in and out in a real browser, and what the gate does to pages that are open."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import ADMINISTRATOR, PASSWORD, Running, people, serving

if TYPE_CHECKING:
    from tests.browser.conftest import Recorder

type SignIn = Callable[..., None]


@pytest.fixture
def minh(server: Running, recorder: Recorder) -> Iterator[str]:
    """A user that this test alone uses."""
    user = f"minh-{time.monotonic_ns()}"
    server.accounts.create(user, by=ADMINISTRATOR, display_name="Minh", password=PASSWORD)
    yield user
    assert recorder.unexpected == []
    # A page that is still open is cut off, asks why, and is told.
    recorder.expected.append("401")
    if not server.accounts.account(user).disabled:
        server.accounts.disable(user, by=ADMINISTRATOR)


def test_the_right_password_opens_the_page_that_was_asked_for(server: Running, page: Page, sign_in: SignIn) -> None:
    sign_in(page, "planner", to="/settings?tab=1")

    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert page.url == f"{server.address}/settings?tab=1"


def test_a_wrong_password_says_so_and_keeps_the_user_name(
    server: Running, page: Page, recorder: Recorder, minh: str
) -> None:
    recorder.expected.append("401")
    page.goto(f"{server.address}/login?language=en")

    page.fill("#user", minh)
    page.fill("#password", "not the right one")
    page.click("button[type=submit]")

    expect(page.get_by_role("alert")).to_have_text("The user name or the password is not right.")
    expect(page.locator("#user")).to_have_value(minh)


def test_a_password_that_is_left_with_the_tab_key_counts(
    server: Running, browser: Browser, page: Page, minh: str, sign_in: SignIn
) -> None:
    elsewhere = browser.new_context(locale="en")
    sign_in(elsewhere.new_page(), minh)
    sign_in(page, minh)

    password = page.locator(".st-key-own_sessions_password input")
    password.fill(PASSWORD)
    password.press("Tab")
    expect(page.locator(".st-key-end_others button")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator(".st-key-end_others button")).to_have_count(0)
    assert len(server.door.of_user(minh)) == 1
    elsewhere.close()


def test_after_five_wrong_passwords_one_must_wait(server: Running, desk: Page, recorder: Recorder, minh: str) -> None:
    recorder.expected.append("401")
    desk.goto(f"{server.address}/login?language=en")

    for _ in range(7):
        desk.fill("#user", minh)
        desk.fill("#password", "not the right one")
        desk.click("button[type=submit]")
        if "Too many" in desk.get_by_role("alert").inner_text():
            break

    expect(desk.get_by_role("alert")).to_contain_text("Too many attempts. Try again in")


def test_signing_in_needs_no_javascript(server: Running, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{server.address}/login?next=%2Fpassword&language=en")
    page.fill("#user", "auditor")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")

    expect(page.get_by_role("heading", name="Change password")).to_be_visible()
    context.close()


def test_the_sign_in_page_leads_to_no_other_site(server: Running, desk: Page, settled: Callable[[Page], None]) -> None:
    desk.goto(f"{server.address}/login?next=https%3A%2F%2Fexample.org%2F&language=en")
    desk.fill("#user", "auditor")
    desk.fill("#password", PASSWORD)
    desk.click("button[type=submit]")
    settled(desk)

    assert desk.url == f"{server.address}/"


def test_a_one_time_password_must_be_changed_before_anything_else(
    server: Running, desk: Page, minh: str, settled: Callable[[Page], None]
) -> None:
    given = server.accounts.reset_password(minh, by=ADMINISTRATOR, proof="thẻ ngành")
    desk.goto(f"{server.address}/settings?language=en")
    desk.fill("#user", minh)
    desk.fill("#password", given)
    desk.click("button[type=submit]")
    desk.goto(f"{server.address}/settings")
    first = desk.url

    desk.fill("#old", given)
    desk.fill("#new", "eleven brown horses")
    desk.fill("#again", "eleven brown horses")
    desk.click("button[type=submit]")
    settled(desk)

    assert first == f"{server.address}/password"
    assert server.accounts.matches(minh, "eleven brown horses")


def test_signing_out_cuts_the_live_page(server: Running, desk: Page, sign_in: SignIn, recorder: Recorder) -> None:
    recorder.expected.append("401")
    sign_in(desk, "planner")

    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url(f"{server.address}/login**")

    assert desk.context.cookies(f"{server.address}")[0]["httpOnly"]
    desk.goto(f"{server.address}/settings")
    assert desk.url.startswith(f"{server.address}/login")


def test_a_disabled_account_is_out_within_a_second(
    server: Running, desk: Page, sign_in: SignIn, minh: str, recorder: Recorder
) -> None:
    recorder.expected.append("401")

    waited = []
    for _ in range(3):
        sign_in(desk, minh)
        disabled_at = time.monotonic()
        server.accounts.disable(minh, by=ADMINISTRATOR)
        desk.wait_for_url(f"{server.address}/login**", wait_until="commit")
        waited.append(time.monotonic() - disabled_at)
        server.accounts.enable(minh, by=ADMINISTRATOR)

    # The best of three: the other tests share this machine.
    assert min(waited) < 1.0


def test_a_page_that_is_only_open_does_not_keep_its_session_alive(
    server: Running, desk: Page, sign_in: SignIn, minh: str
) -> None:
    sign_in(desk, minh)
    (before,) = server.door.of_user(minh)

    desk.wait_for_timeout(6000)
    (left_alone,) = server.door.of_user(minh)
    desk.get_by_role("tab").first.click()
    desk.get_by_text("A+", exact=True).last.click()
    desk.wait_for_selector("html[data-text=large]", state="attached")
    desk.wait_for_timeout(300)
    (used,) = server.door.of_user(minh)

    assert left_alone.seen_at == before.seen_at
    assert used.seen_at > before.seen_at


def test_language_text_size_and_contrast_change_at_once_and_stay(
    server: Running, desk: Page, sign_in: SignIn, minh: str, settled: Callable[[Page], None]
) -> None:
    sign_in(desk, minh)

    desk.locator(".st-key-frame").get_by_text("English", exact=True).click()
    desk.wait_for_selector("html[lang=en]", state="attached")
    desk.locator(".st-key-frame").get_by_text("A+", exact=True).click()
    desk.wait_for_selector("html[data-text=large]", state="attached")
    desk.locator(".st-key-frame").get_by_text("High contrast", exact=True).click()
    desk.wait_for_selector("html[data-contrast=high]", state="attached")

    desk.reload()
    settled(desk)
    look = server.accounts.account(minh).look
    assert (look.language, look.text_size, look.high_contrast) == ("en", "large", True)
    expect(desk.locator("html")).to_have_attribute("data-text", "large")
    expect(desk.get_by_role("heading", name="Settings")).to_be_visible()


def test_a_name_full_of_marks_comes_out_as_typed(desk: Page, sign_in: SignIn) -> None:
    sign_in(desk, "officer")

    expect(desk.locator(".who strong")).to_have_text("Lê O'Brien <b>x</b>")


def test_plain_pages_and_settings_have_no_barriers(
    server: Running, page: Page, sign_in: SignIn, violations: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{server.address}/login")
    at_sign_in = violations(page)
    sign_in(page, "chief")
    at_settings = violations(page)
    page.goto(f"{server.address}/password")
    at_password = violations(page)

    assert (at_sign_in, at_settings, at_password) == ([], [], [])


def test_the_recorder_notices_a_request_that_leaves_this_machine(
    server: Running, desk: Page, recorder: Recorder
) -> None:
    desk.goto(f"{server.address}/healthz")
    desk.set_content('<img src="http://192.0.2.1/a.png">', wait_until="commit")
    desk.wait_for_timeout(300)

    assert recorder.left_this_machine == ["http://192.0.2.1/a.png"]
    recorder.requests.clear()
    recorder.errors.clear()


@dataclasses.dataclass(frozen=True)
class Watched:
    """The settings page of a planner with a clock of its own, and what of its requests nobody answered."""

    page: Page
    asked: str
    unanswered: list[str]

    def wait(self, milliseconds: int) -> None:
        """So long by the page's clock, then until it has asked in vain once more: two seconds at the most."""
        before = self.unanswered.count(self.asked)
        self.page.clock.fast_forward(milliseconds)
        for _ in range(100):
            if self.unanswered.count(self.asked) > before:
                break
            self.page.wait_for_timeout(20)


def watched(page: Page, running: Running) -> Watched:
    """Signs in."""
    found = Watched(page, f"{running.address}/session/", [])
    page.on("requestfailed", lambda request: found.unanswered.append(request.url))
    page.clock.install()
    page.goto(f"{running.address}/login?next=%2Fsettings&language=en")
    page.fill("#user", "planner")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    return found


def test_a_page_is_emptied_though_its_silent_connection_was_never_closed(browser: Browser, tmp_path: Path) -> None:
    """As where a cable is pulled somewhere on the way: the browser takes the connection for open; nobody answers."""
    context = browser.new_context()
    page = context.new_page()
    with serving(tmp_path / "data", people) as running:
        settings = watched(page, running)
        page.route(settings.asked, lambda route: route.abort())
        settings.wait(30_000)
        for _ in range(30):
            settings.wait(6_000)

        expect(page.locator("#planner-away")).to_contain_text("cannot be reached")
        context.close()


def test_a_page_is_emptied_while_nobody_answers_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    """What stands on a screen whose session nobody can end any more; shortly after the loss it still stands."""
    context = browser.new_context()
    page = context.new_page()
    with serving(tmp_path / "data", people) as running:
        settings = watched(page, running)
        context.set_offline(True)
    settings.wait(30_000)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    for _ in range(30):
        settings.wait(6_000)

    expect(page.locator("#planner-away")).to_contain_text("cannot be reached")
    assert "Settings" not in page.content()
    context.set_offline(False)
    page.route("**/*", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Again</h1>"))
    page.clock.fast_forward(6_000)
    expect(page.get_by_role("heading", name="Again")).to_be_visible()
    context.close()
