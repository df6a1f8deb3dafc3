"""Starting the server: where it may be reached, and what it says when it cannot."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from domain.refusals import InvalidInput, NotPossible
from ui.server import serve


def test_plain_http_beyond_this_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPossible):
        serve(tmp_path / "data", tmp_path / "key", host="0.0.0.0")

    assert not (tmp_path / "data").exists()


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        serve(tmp_path / "data", tmp_path / "key", tls_cert=tmp_path / "cert.pem")

    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken_is_said_in_a_sentence_and_no_other_is_tried(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(NotPossible) as refusal:
            serve(tmp_path / "data", tmp_path / "key", port=port)

    assert refusal.value.message.values == {"port": str(port)}


def test_streamlit_runs_with_our_options_whatever_its_own_file_says(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(
        '[runner]\npostScriptGC = true\n[browser]\ngatherUsageStats = true\n[client]\nshowErrorDetails = "full"\n'
    )
    program = (
        "import json\nfrom streamlit import config\nfrom ui.server import OPTIONS, set_options\n"
        "set_options('127.0.0.1', 9201)\n"
        "print(json.dumps({name: config.get_option(name) for name in OPTIONS}))"
    )

    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=True, text=True)

    options = json.loads(said.stdout)
    assert (options["runner.postScriptGC"], options["browser.gatherUsageStats"]) == (False, False)
    assert (options["client.showErrorDetails"], options["server.maxUploadSize"]) == ("none", 20)
