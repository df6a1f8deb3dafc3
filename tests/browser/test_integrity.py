"""The page «Integrity» in a real browser: what the notary signed, verifying, and a bundle that is fetched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from planner.audit.bundle import verify_bundle
from tests.browser.releasing import form_of, taken_out
from tests.browser.test_duty_board import board
from tests.examples import VISIT
from tests.serving import Running

__all__ = ["board"]


def test_an_auditor_sees_what_was_signed_verifies_it_and_fetches_a_bundle(
    board: Running,
    page: Page,
    tmp_path: Path,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "auditor", to="/integrity", at=board.address)
    expect(page.locator(".st-key-integrity_checkpoints")).to_contain_text("Last checkpoint")

    page.locator(".st-key-integrity_verify button").click()
    expect(page.locator(".st-key-integrity_found")).to_contain_text("the log is the one that its checkpoints")
    settled(page)
    complaints = violations(page)
    form = form_of(page, page.locator(f".st-key-integrity_bundles a[href*='{VISIT}']").first)
    taken_out(form, tmp_path / "b.zip")

    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [check.why.text for check in verify_bundle(tmp_path / "b.zip") if not check.ok] == []
