"""Hostile texts on every page, in both languages: shown as typed, and nothing of them runs or leads anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Error, Page

from domain.base import Actor, Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.text import Tongue
from tests.browser.conftest import Recorder, paged
from tests.hostile.site import VISIT, fill
from tests.hostile.texts import TEXTS, found, mangled
from tests.serving import ADMINISTRATOR, PASSWORD, Running, serving

pytestmark = pytest.mark.slow

READERS: tuple[tuple[Tongue, str], ...] = (("vi", "CA-01"), ("en", "CA-02"))
#: Pages, and what of them shows other texts: parts of their address.
PAGES = (
    "/home",
    "/visits",
    f"/visits?visit={VISIT}",
    f"/programme?visit={VISIT}",
    f"/map?visit={VISIT}",
    f"/duty_board?visit={VISIT}",
    "/officers",
    f"/history?visit={VISIT}",
    "/my_assignments",
    "/integrity",
    "/settings",
    "/m/",
)
#: Addresses that name a visit, an activity and a page which are hostile texts themselves.
LEADS = tuple(
    f"/{page}{urlencode({name: TEXTS[token]})}"
    for page, name, token in (
        ("visits?", "visit", "zq001k"),
        ("programme?", "visit", "zq034k"),
        (f"programme?visit={VISIT}&", "activity", "zq000k"),
        ("map?", "visit", "zq018k"),
        ("duty_board?", "visit", "zq037k"),
        ("history?", "visit", "zq022k"),
        ("programme?", "visit", "zq038k"),
        ("duty_board?", "visit", "zq042k"),
        ("", "<script>", "zq005k"),
    )
)
#: What a text leaves behind where it was taken for more than text.
TRACES = """() => {
  const marks = [...document.querySelectorAll('*')].filter(one =>
    one.matches('[href^="javascript:" i],[src^="javascript:" i],[href*="pwned.example"],[src*="pwned.example"],' +
                '[onload],[onerror],[ontoggle],[onmouseover],base,object,embed,marquee') ||
    (one.localName === 'meta' && /refresh/i.test(one.httpEquiv)));
  return [...marks.map(one => one.outerHTML.slice(0, 200)), ...('pwned' in window ? ['pwned = ' + window.pwned] : [])];
}"""
#: All that people read: texts of the page, of what they type in, and of hints.
SHOWN = """() => [document.body.innerText,
  ...[...document.querySelectorAll('input, textarea')].map(one => one.value),
  ...[...document.querySelectorAll('[title], [aria-label], [alt]')].flatMap(one =>
    ['title', 'aria-label', 'alt'].map(name => one.getAttribute(name) || ''))].join('\\n')"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    def filled(planner: Planner, accounts: Accounts) -> None:
        everything = frozenset({Role.PLANNER, Role.COMMANDER, Role.OFFICER, Role.AUDITOR})
        for language, officer in READERS:
            accounts.create(
                f"reads.{language}",
                by=ADMINISTRATOR,
                display_name=TEXTS["zq001k"],
                roles=everything,
                officer=officer,
                look=Look(language=language),
                password=PASSWORD,
            )
        fill(planner, Actor("planner", everything))

    with serving(tmp_path_factory.mktemp("hostile") / "data", filled) as running:
        yield running


def read(page: Page) -> tuple[str, list[str]]:
    """What people read in a page and its frames, and the traces of texts that did something."""
    frames = [frame for frame in page.frames if not frame.is_detached()]
    shown = "\n".join(frame.evaluate(SHOWN) for frame in frames)
    return shown, [trace for frame in frames for trace in frame.evaluate(TRACES)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_shows_hostile_texts_as_typed(
    hostile: Running, browser: Browser, settled: Callable[[Page], None], language: str
) -> None:
    recorder, asked = Recorder(expected=["404"]), list[str]()
    wrong, read_there = {}, set[str]()
    with paged(browser, recorder, 1360, 5000) as page:
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        enter(page, hostile, f"reads.{language}")
        for address in (*PAGES, *LEADS):
            answer = page.goto(hostile.address + address)
            if answer is not None and answer.ok and not address.startswith("/m/"):
                settled(page)
            page.wait_for_timeout(500)  # a script that a page let in has run by then
            shown, traces = read(page)
            read_there |= found(shown)
            if (spoilt := mangled(shown)) or traces:
                wrong[address] = spoilt, traces

    assert (wrong, asked) == ({}, [])
    assert read_there == set(TEXTS)


def enter(page: Page, running: Running, user: str) -> None:
    page.goto(f"{running.address}/settings")
    page.fill("#user", user)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")


def test_a_page_that_lets_texts_in_is_noticed(browser: Browser) -> None:
    # The control: each text put into a page as it is.
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    ran, changed = set[str](), set[str]()
    try:
        for token, text in TEXTS.items():
            page.set_content(f"<html><body><div title='{text}'>{text}</div>")
            try:
                shown, traces = read(page)
            except Error:
                ran.add(token)  # the page is gone to where the text wanted
                continue
            ran |= {token} if traces else set()
            changed |= set(mangled(shown))
    finally:
        page.close()

    assert (len(ran) >= 10, len(changed) >= 10) == (True, True)
