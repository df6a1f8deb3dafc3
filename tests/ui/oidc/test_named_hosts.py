"""A server beside which a list of hosts lies neither starts with, nor asks, a provider that the list does not name."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from domain.base import Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.identities import Identities
from planner.outward import FILE
from tests.serving import ADMINISTRATOR, people, serving
from tests.ui.oidc.conftest import SECRET, Browser, Place


def told(folder: Path, issuer: str, *hosts: str) -> Path:
    """The settings of a provider, in a file."""
    file = folder / "provider.json"
    file.write_text(json.dumps({"issuer": issuer, "client_id": "planner", "client_secret": SECRET, "hosts": hosts}))
    file.chmod(0o600)
    return file


def refused(folder: Path, provider: Path, listed: str) -> str:
    """What ``planner run`` says, having ended by itself, where a list of hosts lies in the data directory."""
    data = folder / "refused"
    Planner(data, folder / "refused.key").close()
    (data / FILE).write_text(listed)
    command = [sys.executable, "-m", "planner.cli", "--data", data, "--key", folder / "refused.key", "--lang", "en"]
    ended = subprocess.run(
        [str(part) for part in [*command, "run", "--port", "0", "--oidc", provider]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False), ended.stderr
    return ended.stderr


def test_a_provider_elsewhere_is_asked_only_where_the_list_names_it(tmp_path: Path) -> None:
    """The provider is a machine of which no more is needed than to see whether it is asked at all."""
    listening = socket.create_server(("127.0.0.2", 0))
    listening.settimeout(0.3)
    place = f"127.0.0.2:{listening.getsockname()[1]}"
    provider = told(tmp_path, f"https://{place}")

    said = refused(tmp_path, provider, '["id.example", "127.0.0.2:1"]')
    with pytest.raises(TimeoutError):
        listening.accept()

    def listed(planner: Planner, _accounts: Accounts) -> None:
        (planner.store.data_dir / FILE).write_text(f'["{place}"]')

    with serving(tmp_path / "data", listed, oidc=provider) as running:
        listening.settimeout(None)
        asked = requests.Session()
        asked.get(f"{running.address}/login?language=en", timeout=20)
        with pytest.raises(requests.ReadTimeout):  # it waits for a provider that was reached and says nothing
            asked.get(f"{running.address}/login/oidc", timeout=2)
        listening.settimeout(5)
        came, _ = listening.accept()
        came.close()
    listening.close()

    assert f"{FILE} does not name {place}, so it is not asked." in said


def test_each_host_of_a_real_provider_is_looked_for_in_the_list(place: Place, browser: Browser, tmp_path: Path) -> None:
    provider = told(tmp_path, place.issuer, "keys.ministry.example")

    said = refused(tmp_path, provider, "[]")

    def linked(planner: Planner, accounts: Accounts) -> None:
        (planner.store.data_dir / FILE).write_text('["keys.ministry.example"]')
        people(planner, accounts)
        accounts.create("lan", by=ADMINISTRATOR, roles={Role.AUDITOR}, look=Look(language="en"))
        Identities(accounts).link("lan", place.issuer, "lan@ministry", by=ADMINISTRATOR)

    with serving(tmp_path / "data", linked, oidc=provider) as running:
        browser.get(f"{running.address}/login?language=en")
        away = browser.get(f"{running.address}/login/oidc").headers["location"]
        browser.get(browser.signed_in(away, "lan@ministry"))
        found = running.door.by_token(browser.session.cookies.get("planner_session") or "")

    assert f"{FILE} does not name keys.ministry.example, so it is not asked." in said
    assert found is not None
    assert found.account.user == "lan"


@pytest.mark.parametrize("listed", ["", "{}", '["[x"]'])
def test_a_list_that_is_none_lets_no_server_start(tmp_path: Path, listed: str) -> None:
    said = refused(tmp_path, told(tmp_path, "https://id.example"), listed)

    assert "is no " in said
