"""Keys to sign with, on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.planner.cli.conftest import POST, VISIT, Terminal

WHY = ("--reason", "Cháy ở khách sạn, cần biết các chốt")


def signs(terminal: Terminal, place: Path) -> Path:
    """Nam has opened the visit in an emergency and signed it; the file with the password of Nam and of the chief."""
    terminal.do(VISIT, POST)
    terminal("user", "add", "chief", "--role", "administrator")
    for user in ("nam", "chief"):
        terminal("user", "password", user, "--password-stdin", stdin="seven green lanterns\n")
    (place / "password").write_text("seven green lanterns\n")
    terminal("emergency", "open", "LA-2026-01", "--password-file", place / "password", "--as", "nam", *WHY)
    return place / "password"


def test_a_key_is_listed_vouched_for_and_revoked(terminal: Terminal, tmp_path: Path) -> None:
    password = signs(terminal, tmp_path)
    (before,) = terminal("user", "keys", "--format", "json").json

    vouched = terminal("user", "vouch", "nam", "--as", "chief", "--password-file", password)
    told = {one["user"]: one for one in terminal("user", "keys", "--format", "json", "--as", "chief").json}
    revoked = terminal("user", "revoke-keys", "nam", "--as", "chief", "--reason", "Máy bị mất")
    printed = terminal("user", "keys", lang="vi").out

    assert (before["user"], before["vouched_by"], before["ended_at"]) == ("nam", None, None)
    assert (vouched.status, revoked.status) == (0, 0)
    assert (told["nam"]["vouched_by"], told["chief"]["vouched_by"]) == ("chief", None)
    assert [line.split("\t")[0] for line in printed.splitlines()] == ["chief", "nam"]
    assert ("chief bảo lãnh" in printed, "hết hiệu lực" in printed) == (True, True)
    assert terminal("verify", "--level", "4").status == 0


def test_an_auditor_may_demand_that_every_key_is_vouched_for(terminal: Terminal, tmp_path: Path) -> None:
    password = signs(terminal, tmp_path)

    before = [terminal("verify", *more).status for more in ((), ("--vouched",))]
    terminal("user", "vouch", "nam", "--as", "chief", "--password-file", password)
    after = terminal("verify", "--vouched").status
    too_low = terminal("verify", "--vouched", "--level", "3")

    assert (before, after, too_low.status) == ([0, 1], 0, 1)
    assert "from level 4 on" in too_low.err


def test_only_an_administrator_with_the_password_vouches(terminal: Terminal, tmp_path: Path) -> None:
    password = signs(terminal, tmp_path)
    (tmp_path / "wrong").write_text("something else\n")

    wrong = terminal("user", "vouch", "nam", "--as", "chief", "--password-file", tmp_path / "wrong")
    own = terminal("user", "vouch", "chief", "--as", "chief", "--password-file", password)
    planner = terminal("user", "vouch", "chief", "--as", "nam", "--password-file", password)
    revoked = terminal("user", "revoke-keys", "nam", "--as", "nam", "--reason", "x")

    assert [one.status for one in (wrong, own, planner, revoked)] == [1, 1, 1, 1]
    assert all(one["vouched_by"] is None for one in terminal("user", "keys", "--format", "json").json)
