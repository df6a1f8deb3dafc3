"""A real OpenID provider in a process of its own, and a browser of few words that signs in there."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from planner.oidc import Settings
from tests.serving import free_port

HERE = Path(__file__).parent
SECRET = "a secret of the tests that is long enough"
_SECONDS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where the provider runs."""

    issuer: str

    @property
    def settings(self) -> Settings:
        return Settings(issuer=self.issuer, client_id="planner", client_secret=SECRET, name="Ministry")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The provider, fetched by npm as it is pinned; skipped with the reason where it cannot be had."""
    folder = tmp_path_factory.mktemp("oidc")
    for name in ("package.json", "package-lock.json", ".npmrc", "provider.mjs"):
        shutil.copy(HERE / name, folder / name)
    programs = Path(sys.executable).parent
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    fetched = subprocess.run([programs / "npm", "ci", *quiet], cwd=folder, capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"npm cannot fetch the provider: {(fetched.stderr or fetched.stdout).strip()[-200:]}")
    port = free_port()
    with subprocess.Popen(
        [programs / "node", "provider.mjs", str(port)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.strip() == "ready":
                break
        yield Place(f"http://127.0.0.1:{port}")
        running.terminate()


@dataclasses.dataclass(slots=True)
class Browser:
    """Follows redirects one by one and keeps cookies, each host's apart by its port."""

    session: requests.Session = dataclasses.field(default_factory=requests.Session)

    def get(self, address: str) -> requests.Response:
        return self.session.get(address, allow_redirects=False, timeout=_SECONDS)

    def signed_in(self, address: str, login: str) -> str:
        """The address that the provider sends the browser back to, after it let ``login`` in."""
        for _ in range(20):
            answer = self.get(address)
            if answer.is_redirect:
                address = urljoin(address, answer.headers["location"])
                if urlsplit(address).path == "/login/oidc/back":
                    return address
                continue
            address = self._form_sent(address, answer.text, login)
            if urlsplit(address).path == "/login/oidc/back":
                return address
        raise AssertionError(f"the provider asks on and on: {address}")

    def _form_sent(self, address: str, page: str, login: str) -> str:
        """The address after the form of the provider's page was sent: who it is, then that one agrees."""
        found = re.search(r'<form[^>]*action="([^"]+)"', page)
        assert found is not None, page[:500]
        prompt = re.search(r'name="prompt" value="(\w+)"', page)
        fields = {"prompt": prompt[1] if prompt else "login", "login": login, "password": "x"}
        target = urljoin(address, unescape(found[1]))
        answer = self.session.post(target, fields, allow_redirects=False, timeout=_SECONDS)
        return urljoin(target, answer.headers["location"])


@pytest.fixture
def browser() -> Browser:
    return Browser()
