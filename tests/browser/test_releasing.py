"""Taking a file out in a real browser, in both languages: the form says what is left out and gives the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.base import Actor, Role
from domain.values import SecrecyLevel
from planner.accounts import Accounts
from planner.application import Planner
from tests.browser.conftest import Recorder
from tests.browser.releasing import form_of, taken_out
from tests.examples import VISIT, activity, visit_details
from tests.releases import REASON, RECIPIENT
from tests.serving import Running, members, serving

HOA = Actor("planner", frozenset({Role.PLANNER}), via="page programme")


def fill(planner: Planner, accounts: Accounts) -> None:
    """A marked visit with one activity."""
    members(planner, accounts)
    planner.register_visit(VISIT, visit_details(secrecy=SecrecyLevel.SECRET), by=HOA)
    planner.schedule_activity(VISIT, activity("A-01", notes="Hộ chiếu P1234567"), by=HOA)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("releasing") / "data", fill) as running:
        yield running


def test_a_file_is_asked_for_by_keyboard_and_comes_redacted(
    marked: Running, page: Page, tmp_path: Path, sign_in: Callable[..., None], violations: Callable[[Page], list[str]]
) -> None:
    sign_in(page, "planner", to=f"/programme?visit={VISIT}", at=marked.address)
    form = form_of(page, page.locator(".st-key-programme_downloads a").nth(2))
    expect(form.get_by_role("heading", name="Left out of the file")).to_be_visible()
    complaints = violations(form)
    width = form.evaluate("document.documentElement.scrollWidth - innerWidth")

    calendar = taken_out(form, tmp_path / "visit.ics").read_text()

    (read,) = marked.planner.reads.listed(user="planner", last=1)
    assert (complaints, width) == ([], 0)
    assert (read.read.recipient, read.read.purpose, "P1234567" in calendar) == (RECIPIENT, REASON, False)


def test_who_names_nobody_is_told_and_keeps_what_was_typed(
    marked: Running,
    page: Page,
    recorder: Recorder,
    sign_in: Callable[..., None],
    violations: Callable[[Page], list[str]],
) -> None:
    recorder.expected.append("422")
    sign_in(page, "planner", to="/", at=marked.address)
    page.goto(f"{marked.address}/download/programme.pdf?visit={VISIT}&language=vi")
    page.locator("form").evaluate("form => { form.noValidate = true }")
    page.locator("#reason").fill(REASON)
    page.locator("button").click()

    expect(page.get_by_role("alert")).to_have_text("Name the recipient: the person or office that this is handed to.")
    expect(page.locator("#reason")).to_have_value(REASON)
    assert violations(page) == []
