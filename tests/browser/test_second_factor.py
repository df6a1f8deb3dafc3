"""The second factor in a real browser: set up from the settings with a code that is worked out here, then asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import Page, expect

from domain.base import Role
from planner.account import Look
from planner.second_factor import STEP
from planner.text import Tongue
from tests.serving import ADMINISTRATOR, PASSWORD, Running

if TYPE_CHECKING:
    from tests.browser.conftest import Recorder

WORDS: dict[Tongue, tuple[str, str]] = {
    "en": ("Set up", "The code is not right, or was used already. Wait for the next one."),
    "vi": ("Thiết lập", "Mã không đúng hoặc đã dùng rồi. Hãy chờ mã tiếp theo."),
}


@pytest.fixture(params=["en", "vi"])
def dat(request: pytest.FixtureRequest, server: Running) -> Iterator[tuple[str, Tongue]]:
    """An auditor whom this test alone uses, and the language."""
    user = f"dat-{time.monotonic_ns()}"
    look = Look(language=request.param)
    server.accounts.create(user, by=ADMINISTRATOR, roles={Role.AUDITOR}, look=look, password=PASSWORD)
    yield user, request.param
    server.accounts.disable(user, by=ADMINISTRATOR)


def test_it_is_set_up_asked_for_and_each_code_is_good_once(
    server: Running,
    page: Page,
    recorder: Recorder,
    dat: tuple[str, Tongue],
    sign_in: Callable[..., None],
    violations: Callable[[Page], list[str]],
) -> None:
    user, language = dat
    recorder.expected.append("401")
    set_up, wrong = WORDS[language]
    sign_in(page, user)
    expect(page.get_by_role("link", name=set_up)).to_have_attribute("href", "/second-factor")
    page.goto(f"{server.address}/second-factor")
    secret = page.locator("code.key").inner_text().replace(" ", "")
    expect(page.locator(".qr svg")).to_be_visible()
    assert violations(page) == []
    totp = pyotp.TOTP(secret)
    page.fill("#password", PASSWORD)
    page.fill("#code", totp.now())
    page.click("button[type=submit]")
    expect(page.locator("code.key")).to_have_count(0)
    assert violations(page) == []

    def at_the_door(code: str) -> None:
        page.goto("about:blank")
        server.door.end_all(user)
        page.goto(f"{server.address}/login?language={language}&next=%2Fsettings")
        page.fill("#user", user)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        expect(page.locator("#code")).to_be_focused()
        assert violations(page) == []
        page.fill("#code", code)
        page.click("button[type=submit]")

    code = totp.at(time.time() + STEP)
    at_the_door(code)
    page.wait_for_url("**/settings")
    at_the_door(code)

    expect(page.get_by_role("alert")).to_have_text(wrong)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
