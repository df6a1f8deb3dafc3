"""The plain pages on a phone's screen with JavaScript switched off, as an officer on a weak line uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.assignment import AssignmentStatus
from tests.on_duty import VISIT, duties
from tests.serving import PASSWORD, Running, serving

if TYPE_CHECKING:
    from tests.browser.conftest import Recorder

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
PAGES = ("/m/", f"/m/duty/{VISIT}/A-1", f"/m/duty/{VISIT}/A-8", f"/m/duty/{VISIT}/NONE")


@pytest.fixture(scope="module")
def on_duty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("phones") / "data", duties) as running:
        yield running


@pytest.fixture
def plain_phone(browser: Browser, recorder: Recorder) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, user_agent=PHONE, locale="vi"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    recorder.listen(page)
    yield page
    context.close()
    assert recorder.left_this_machine == []
    assert recorder.unexpected == []


def sign_in(page: Page, server: Running) -> None:
    """By the link that the sign-in page shows to phones."""
    page.goto(f"{server.address}/login?language=en")
    page.click("text=light pages")
    page.fill("#user", "officer")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    assert page.url == f"{server.address}/m/"


def test_an_officer_reads_a_duty_and_acknowledges_it_without_any_script(on_duty: Running, plain_phone: Page) -> None:
    sign_in(plain_phone, on_duty)
    expect(plain_phone.locator(".alert")).to_have_text("5 duties are to be acknowledged.")

    plain_phone.locator(".go").first.click()
    expect(plain_phone.get_by_role("heading", level=1)).to_have_text("P-01 · Việc 1")
    plain_phone.get_by_role("button", name="I have read this duty and take it").click()

    expect(plain_phone.locator(".badge")).to_have_text("✓ acknowledged")
    assert on_duty.planner.plan.assignment(VISIT, "A-1").status is AssignmentStatus.ACKNOWLEDGED
    plain_phone.get_by_role("link", name="My duties").click()
    expect(plain_phone.locator(".alert")).to_have_text("4 duties are to be acknowledged.")


def test_language_size_and_contrast_change_by_a_touch_and_the_page_stays(on_duty: Running, plain_phone: Page) -> None:
    sign_in(plain_phone, on_duty)
    plain_phone.goto(f"{on_duty.address}/m/duty/{VISIT}/A-2")

    for name in ("Tiếng Việt", "Chữ lớn", "Tương phản cao"):
        plain_phone.get_by_role("button", name=name).click()

    root = plain_phone.locator("html")
    assert [root.get_attribute(name) for name in ("lang", "data-text", "data-contrast")] == ["vi", "large", "high"]
    assert plain_phone.url == f"{on_duty.address}/m/duty/{VISIT}/A-2"
    for name in ("English", "Normal text", "High contrast"):
        plain_phone.get_by_role("button", name=name).click()
    assert root.get_attribute("lang") == "en"


@pytest.mark.parametrize("look", [("small", False), ("large", True)], ids=["small", "large-high-contrast"])
def test_no_page_has_a_barrier_or_is_wider_than_the_phone(
    on_duty: Running,
    phone: Page,
    recorder: Recorder,
    violations: Callable[[Page], list[str]],
    look: tuple[str, bool],
) -> None:
    """Looked at with JavaScript on: the examining script needs it, the pages have none."""
    recorder.expected.append("404")
    phone.goto(f"{on_duty.address}/login?next=%2Fm%2F")
    phone.fill("#user", "officer")
    phone.fill("#password", PASSWORD)
    phone.click("button[type=submit]")
    on_duty.accounts.set_look("officer", text_size=look[0], high_contrast=look[1])
    found = {}
    for path in PAGES:
        phone.goto(f"{on_duty.address}{path}")
        width = phone.evaluate("document.documentElement.scrollWidth")
        small = phone.evaluate(
            "[...document.querySelectorAll('main a, button')].map(e => e.getBoundingClientRect())"
            ".filter(r => r.height < 24 || r.width < 24).length"
        )
        found[path] = (width, small, violations(phone))

    assert found == dict.fromkeys(PAGES, (390, 0, []))
