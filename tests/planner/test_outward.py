"""Where a list of hosts lies in the data directory, nothing that it does not name is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.refusals import InvalidInput, NotAllowed
from planner.outward import FILE, MOST_HOSTS, permit_outward

ELSEWHERE = "https://id.example/realms/team"


def test_without_a_list_what_was_set_up_is_asked(tmp_path: Path) -> None:
    refused = []
    for listed in (None, "[]"):
        if listed is not None:
            (tmp_path / FILE).write_text(listed)
        for address in (ELSEWHERE, "http://10.0.0.7:8511"):
            try:
                permit_outward(tmp_path, address)
            except NotAllowed:
                refused.append((listed, address))

    assert refused == [("[]", ELSEWHERE), ("[]", "http://10.0.0.7:8511")]  # an empty list is the control


@pytest.mark.parametrize(
    ("listed", "address", "allowed"),
    [
        ('["id.example"]', ELSEWHERE, True),
        ('["ID.Example."]', ELSEWHERE, True),
        ('["id.example:443"]', ELSEWHERE, True),
        ('["id.example:8443"]', ELSEWHERE, False),
        ('["id.example"]', "https://id.example:8443", True),
        ('["example"]', ELSEWHERE, False),
        ('["id.example"]', "https://id.example.evil.example", False),
        ('["id.example"]', "https://id.example@evil.example/", False),
        ('["id.example"]', "https://evil.example/#id.example", False),
        ('["[fe80::1]"]', "http://[fe80::2]:8511", False),
        ('["[fe80::1]:8511"]', "http://[fe80::1]:8511", True),
        ("[]", ELSEWHERE, False),
        ("[]", "http://127.0.0.1:8511", True),
        ("[]", "http://localhost:8511", True),
        ("[]", "http://127.0.0.1.evil.example", False),
    ],
)
def test_a_host_is_named_or_not(tmp_path: Path, listed: str, address: str, allowed: bool) -> None:
    (tmp_path / FILE).write_text(listed)

    if allowed:
        permit_outward(tmp_path, address)
    else:
        with pytest.raises(NotAllowed, match="does not name"):
            permit_outward(tmp_path, address)


TOO_MANY = json.dumps(["a.example"] * (MOST_HOSTS + 1))


@pytest.mark.parametrize("told", ["", "{", "{}", "[1]", '"id.example"', "\xff", '["[x"]', TOO_MANY])
def test_a_list_that_is_none_allows_nothing(tmp_path: Path, told: str) -> None:
    (tmp_path / FILE).write_text(told, "latin-1")

    with pytest.raises(InvalidInput, match=r"is no (list of hosts|address of a host)"):
        permit_outward(tmp_path, ELSEWHERE)
    permit_outward(tmp_path, "http://127.0.0.1:8511")


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        permit_outward(tmp_path, "https://id.example:99999")
