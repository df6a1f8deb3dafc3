"""What is refused of how the application is to be served, before it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.refusals import InvalidInput, NotPossible
from ui.hosts import checked_tls


def test_beyond_this_machine_there_is_no_plain_line() -> None:
    assert checked_tls("127.0.0.1", None, None) is False
    with pytest.raises(NotPossible):
        checked_tls("0.0.0.0", None, None)


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("x")

    with pytest.raises(InvalidInput) as refusal:
        checked_tls("0.0.0.0", tmp_path / "cert.pem", key)

    assert str(refusal.value) == f"There is no file {tmp_path / 'cert.pem'}."
