"""Starting the server: where it may be reached, and what it says when it cannot."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from domain.refusals import InvalidInput, NotPossible
from tests.certificates import certificate
from tests.serving import PASSWORD, people, serving
from ui.hosts import address_of
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


def test_with_a_certificate_only_https_answers_under_the_names_it_vouches_for(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "planner.example", "127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(cert))

    with serving(tmp_path / "data", people, tls=(cert, key)) as running:
        port = int(running.address.rpartition(":")[2])
        answers = {}
        for host in ("planner.example", "evil.example"):
            connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=20)
            connection.request("GET", "/login", headers={"host": f"{host}:{port}"})
            answer = connection.getresponse()
            answers[host] = (answer.status, "strict-transport-security" in answer.headers)
            connection.close()
        form = urlencode({"user": "planner", "password": PASSWORD})
        origin = f"https://127.0.0.1:{port}"
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=20)
        kind = "application/x-www-form-urlencoded"
        connection.request("POST", "/login", form, {"origin": origin, "content-type": kind})
        cookies = connection.getresponse().headers.get_all("set-cookie") or []
        connection.close()

    assert answers == {"planner.example": (200, True), "evil.example": (421, True)}
    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-planner_session",
        "__Host-planner_device",
        "__Host-planner_look",
    ]
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"secure", "httponly", "path=/", "samesite=strict"} <= parts
        assert not any(part.startswith("domain") for part in parts)


@pytest.mark.parametrize(
    ("host", "port", "secure", "address"),
    [
        ("planner.example", 443, True, "https://planner.example"),
        ("planner.example", 80, False, "http://planner.example"),
        ("planner.example", 80, True, "https://planner.example:80"),
        ("127.0.0.1", 8501, False, "http://127.0.0.1:8501"),
        ("::1", 443, False, "http://[::1]:443"),
        ("::1", 443, True, "https://[::1]"),
    ],
)
def test_an_address_names_its_port_where_browsers_do(host: str, port: int, secure: bool, address: str) -> None:
    assert address_of(host, port, secure=secure) == address


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


def test_what_is_loaded_beside_the_first_reader_leaves_the_maps_component_to_the_pages() -> None:
    # Imported while no page runs it would never be registered, and no map would be drawn.
    program = "import sys, ui.server; ui.server._load_libraries(None); print('streamlit_folium' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert (said.stdout, said.stderr) == ("False\n", "")
