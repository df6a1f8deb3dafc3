"""Taking a file out in a browser: the link opens the form, and the form gives the file."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.releases import REASON, RECIPIENT


def form_of(page: Page, link: Locator) -> Page:
    """The page that a link to a file opens."""
    with page.context.expect_page() as opening:
        link.click()
    form = opening.value
    expect(form.locator("#recipient")).to_be_focused()
    return form


def taken_out(form: Page, to: Path, *, whole: bool = False) -> Path:
    """Fills the form in by keyboard alone and keeps the file that comes."""
    form.keyboard.type(RECIPIENT)
    form.keyboard.press("Tab")
    form.keyboard.type(REASON)
    if whole:
        form.keyboard.press("Tab")
        form.keyboard.press("Space")
    with form.expect_download() as fetched:
        form.keyboard.press("Enter")
    fetched.value.save_as(to)
    return to
