"""A real Chromium on a real server: what every browser test stands on.

``server`` starts the application on a free port with fresh data and a few accounts; ``desk`` and ``phone`` are
pages at 1,360 and 390 pixels. Each page records every request it makes: one that leaves this machine fails the
test, and so does an error on the console.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serving import PASSWORD, Running, people, serving

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
#: Milliseconds that a page may take on a busy machine; what is quick is not waited for.
SECONDS = 60_000
HERE = frozenset({"127.0.0.1", "localhost", ""})
_SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
)


expect.set_options(timeout=SECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder, and skips them with one reason where there is no browser."""
    reason = os.environ.get("BROWSER_TESTS_SKIPPED") or ("" if CHROMIUM else "there is no Chromium on this machine")
    folder = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application with accounts and no visit."""
    with serving(tmp_path_factory.mktemp("shell") / "data", people) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_SWITCHES))
        yield chromium
        chromium.close()


@dataclasses.dataclass(slots=True)
class Recorder:
    """What a page asked for and complained about."""

    requests: list[str] = dataclasses.field(default_factory=list)
    errors: list[str] = dataclasses.field(default_factory=list)
    #: Parts of complaints that a test expects, such as the status of a refused sign-in.
    expected: list[str] = dataclasses.field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    @property
    def left_this_machine(self) -> list[str]:
        """Requests to any other machine."""
        away = [url for url in self.requests if urlsplit(url).scheme not in {"data", "blob", "about"}]
        return [url for url in away if urlsplit(url).hostname not in HERE]

    @property
    def unexpected(self) -> list[str]:
        return [error for error in self.errors if not any(part in error for part in self.expected)]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@contextlib.contextmanager
def paged(browser: Browser, recorder: Recorder, width: int, height: int) -> Iterator[Page]:
    # Nothing moves while it opens: a press falls on what it was aimed at.
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en", reduced_motion="reduce")
    context.set_default_timeout(SECONDS)
    page = context.new_page()
    recorder.listen(page)
    try:
        yield page
    finally:
        context.close()
    assert recorder.left_this_machine == []
    assert recorder.unexpected == []


@pytest.fixture
def desk(browser: Browser, recorder: Recorder) -> Iterator[Page]:
    """A page as wide as a desk's screen."""
    with paged(browser, recorder, 1360, 850) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, recorder: Recorder) -> Iterator[Page]:
    """A page as wide as a phone."""
    with paged(browser, recorder, 390, 844) as page:
        yield page


@pytest.fixture(params=[(1360, 850), (390, 844)], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, recorder: Recorder) -> Iterator[Page]:
    """The same test at both widths."""
    with paged(browser, recorder, *request.param) as opened:
        yield opened


@pytest.fixture
def settled() -> Callable[[Page], None]:
    """Waits until Streamlit has drawn everything."""
    return _settled


def _settled(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton],[data-stale=true]')")


@pytest.fixture
def sign_in(server: Running) -> Callable[..., None]:
    """Signs a user in on a page and waits for the page that was asked for."""

    def signed(page: Page, user: str, to: str = "/settings", at: str = "") -> None:
        page.goto(f"{at or server.address}{to}")
        page.fill("#user", user)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        _settled(page)

    return signed


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe-core finds on a page against WCAG 2.2 A and AA, one line each; frames of maps are included."""
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def found(page: Page) -> list[str]:
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        return [
            f"{violation['id']}: {node['target']} {node['html'][:200]}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]

    return found


@pytest.fixture
def in_another_thread() -> Callable[[Callable[[], None]], None]:
    """Runs something beside the page, as another person would."""

    def run(work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(20)

    return run
