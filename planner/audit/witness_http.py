"""A witness over HTTP (C2SP ``tlog-witness``): ``POST /add-checkpoint`` with a ``Growth``, answered by a cosignature.

Answers: 200 with the signature line; 400 what is no request; 403 not signed by the log; 404 a log that is not known;
409 with the size of the last head that was witnessed, where the proof must start from it; 422 a proof that does not
hold. ``GET /`` gives the witness's key. Nothing secret passes, and what is signed is signed: TLS keeps from others how
much is planned when. Who asks trusts the authorities of its system, or the certificate in ``SSL_CERT_FILE``.
"""

from __future__ import annotations

import http.client
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from domain.refusals import InvalidInput, NotPossible, PlanningError
from planner.audit.checkpoint import Signature, read_signature
from planner.audit.exchange import LONGEST, Growth
from planner.audit.kept import Checkpoints, Kept
from planner.audit.tree import ProofError
from planner.audit.witness import NotSigned, OtherHead, UnknownLog, Witness

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
#: Seconds that one request may take.
PATIENCE = 20.0


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness until it is told to stop."""

    daemon_threads = True

    def __init__(self, witness: Witness, host: str, port: int, tls: tuple[Path, Path] | None = None) -> None:
        """``tls``: certificate and key, in PEM; without them it is served as plain HTTP."""
        self.witness = witness
        self._scheme = "http" if tls is None else "https"
        secured = None if tls is None else _secured(*tls)
        try:
            super().__init__((host, port), _Answering)
            if secured is not None:
                # Hands are shaken by the thread that answers: one who does not keeps nobody else waiting.
                self.socket = secured.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        except OSError as error:
            raise NotPossible.because(
                "The address {host}, port {port} cannot be served: {why}.",
                host=host,
                port=str(port),
                why=error.strerror or "",
            ) from error

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        return f"{self._scheme}://{host!s}:{port}"


def _secured(cert: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise InvalidInput.because(
            "Certificate {cert} and key {key} cannot be used: {why}.", cert=cert, key=key, why=str(error)
        ) from error
    return context


class _Answering(BaseHTTPRequestHandler):
    server: WitnessServer
    timeout = PATIENCE
    server_version = "witness"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path != "/":
            self._answer(404, b"")
            return
        self._answer(200, self.server.witness.key.verifier + b"\n")

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if self.path != PATH:
            self._answer(404, b"")
        elif not (length.isascii() and length.isdigit()) or int(length) > LONGEST:
            self._answer(400, b"")
        else:
            self._answer(*_answered(self.server.witness, self.rfile.read(int(length))))

    def _answer(self, status: int, content: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Nothing: what was witnessed stands in the witness's memory."""


def _answered(witness: Witness, request: bytes) -> tuple[int, bytes, str]:
    plain = "text/plain; charset=utf-8"
    try:
        growth = Growth.read(request)
    except ProofError as refusal:
        return 400, _said(refusal), plain
    try:
        return 200, witness.cosign(growth).line, plain
    except UnknownLog as refusal:
        return 404, _said(refusal), plain
    except NotSigned as refusal:
        return 403, _said(refusal), plain
    except OtherHead as refusal:
        return 409, b"%d\n" % refusal.size, SIZE_TYPE
    except ProofError as refusal:
        return 422, _said(refusal), plain
    except PlanningError as refusal:
        return 500, _said(refusal), plain


def _said(refusal: PlanningError) -> bytes:
    return f"{refusal}\n".encode()


def ask(url: str, checkpoints: Checkpoints, kept: Kept) -> Kept:
    """Has a witness sign a checkpoint and keeps its cosignature; where the proof starts, the witness says.

    ``ProofError`` where it refuses, ``NotPossible`` where it cannot be reached.
    """
    tree = checkpoints.tree(kept.size)
    status, answer = _posted(url, bytes(Growth(0, (), bytes(kept.note))))
    if status == 409:
        old = int(answer) if answer.strip().isdigit() else 0
        proof = tuple(tree.consistency_proof(old)) if old <= kept.size else ()
        status, answer = _posted(url, bytes(Growth(old, proof, bytes(kept.note))))
    if status != 200:
        why = " ".join(answer[:300].decode("utf-8", "replace").split())
        raise ProofError.because("The witness did not sign ({status}): {why}", status=str(status), why=why)
    return checkpoints.take_cosignatures(kept.size, _signatures(answer))


def _signatures(answer: bytes) -> list[Signature]:
    return [read_signature(line) for line in answer.splitlines(keepends=True)]


def _posted(url: str, content: bytes) -> tuple[int, bytes]:
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise InvalidInput.because("«{url}» is no address of a witness, such as http://192.168.1.20:8511.", url=url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname, address.port, timeout=PATIENCE)
    try:
        connection.request("POST", address.path.rstrip("/") + PATH, content, {"content-type": "text/plain"})
        response = connection.getresponse()
        return response.status, response.read(LONGEST)
    except (OSError, http.client.HTTPException) as error:
        raise NotPossible.because(
            "The witness at {url} cannot be reached: {why}.", url=url, why=str(error) or type(error).__name__
        ) from error
    finally:
        connection.close()
