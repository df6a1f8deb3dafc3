"""Everything that is fetched is pinned by hash, and nothing says from where."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
HASHED = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+$",
    re.MULTILINE,
)


def pinned() -> dict[str, Version]:
    """The packages of the lock that have at least one hash."""
    text = (ROOT / "requirements.lock").read_text()
    return {entry["name"]: Version(entry["version"]) for entry in HASHED.finditer(text)}


def declared() -> list[Requirement]:
    """What the project asks for, itself and for its tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]


def asset_packages() -> dict[str, dict[str, Any]]:
    """The npm packages of the asset lock, by path."""
    lock = json.loads((ROOT / "ui" / "assets" / "package-lock.json").read_text())
    return {path: package for path, package in lock["packages"].items() if path}


def test_every_line_of_the_lock_belongs_to_a_package_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text()

    left = [line for line in HASHED.sub("", text).splitlines() if line and not line.startswith("#")]

    assert left == []
    assert len(pinned()) == len(re.findall(r"^[a-z]", text, re.MULTILINE))


def test_a_package_without_a_hash_would_be_seen() -> None:
    assert HASHED.search("folium==0.20.0\n") is None
    assert HASHED.search(f"folium==0.20.0 \\\n    --hash=sha256:{'0' * 64}\n") is not None


def test_the_lock_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()

    assert [line for line in lock.splitlines() if "://" in line or "index" in line or " @ " in line] == []


def test_the_lock_has_what_the_project_asks_for() -> None:
    locked = pinned()

    missing = [
        str(wanted)
        for wanted in declared()
        if canonicalize_name(wanted.name) not in locked
        or locked[canonicalize_name(wanted.name)] not in wanted.specifier
    ]

    assert missing == []


def test_the_event_store_keeps_to_its_line_and_streamlit_to_its_version() -> None:
    wanted = {requirement.name: str(requirement.specifier) for requirement in declared()}

    assert (wanted["eventsourcing"], wanted["streamlit"]) == ("<10,>=9.5.6", "==1.67.0")


def test_every_asset_has_its_integrity_hash_and_no_address() -> None:
    packages = asset_packages()

    without_hash = [path for path, package in packages.items() if "sha512-" not in package.get("integrity", "")]
    with_address = [path for path, package in packages.items() if "resolved" in package]

    assert (without_hash, with_address) == ([], [])
    assert "node_modules/leaflet" in packages


def test_every_asset_is_pinned_to_one_version_in_the_manifest_and_the_lock_agrees() -> None:
    manifest = json.loads((ROOT / "ui" / "assets" / "package.json").read_text())["dependencies"]

    locked = {name: asset_packages()[f"node_modules/{name}"]["version"] for name in manifest}

    assert locked == manifest
