"""A witness signs only what grew from what it signed before, and forgets nothing."""

from __future__ import annotations

import http.client
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.refusals import InvalidInput, NotPossible, PlanningError
from planner.audit.checkpoint import Key, Signature, parse, sign, verify
from planner.audit.exchange import EventProof, Growth
from planner.audit.kept import Checkpoints
from planner.audit.tree import ProofError, Tree, leaf_hash
from planner.audit.witness import NotSigned, OtherHead, UnknownLog, Witness
from planner.audit.witness_http import PATH, WitnessServer, ask
from planner.store.refusals import DataDamaged
from tests.certificates import certificate
from tests.planner.audit.ledger import grown, opened, story

LOG = Key.signing("delegation-planner/site/events", bytes(range(32)))
LEAVES = [leaf_hash(bytes([number])) for number in range(40)]
TREE = Tree(LEAVES)
FORGED = Tree([*LEAVES[:5], leaf_hash(b"forged"), *LEAVES[6:]])


def growth(old: int, size: int, tree: Tree = TREE, key: Key = LOG, name: str = LOG.name) -> Growth:
    text = f"{name}\n{size}\n".encode() + _base64(tree.root(size))
    return Growth(old, tuple(tree.consistency_proof(old, size)) if old <= size else (), sign(text, key.signer))


def _base64(root: bytes) -> bytes:
    from base64 import b64encode

    return b64encode(root) + b"\n"


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    one = Witness(tmp_path / "witness", "auditor.example")
    one.knows(LOG.verifier)
    return one


def seen_again(witness: Witness) -> Witness:
    """The same witness after a restart."""
    return Witness(witness.place, "another name")


def test_it_signs_what_grows_step_by_step_over_restarts(witness: Witness) -> None:
    last = 0
    for size in (0, 1, 1, 7, 8, 40):
        step = growth(last, size)
        signature = seen_again(witness).cosign(step)
        verify(bytes(signature_under(step, signature)), witness.key.verifier)
        last = size

    assert seen_again(witness).logs() == {LOG.name: 40}


def signature_under(step: Growth, signature: Signature) -> bytes:
    return step.note + signature.line


def test_it_signs_no_log_that_shrank(witness: Witness) -> None:
    witness.cosign(growth(0, 8))

    for old in (0, 7, 8):
        with pytest.raises(OtherHead) as refused:
            witness.cosign(growth(old, 7))
        assert refused.value.size == 8


def test_it_signs_no_other_history_whatever_the_proof(witness: Witness) -> None:
    witness.cosign(growth(0, 8))

    for step in (
        growth(8, 8, FORGED),
        growth(8, 20, FORGED),
        Growth(8, growth(8, 20).proof, growth(8, 20, FORGED).note),
    ):
        with pytest.raises(ProofError):
            witness.cosign(step)
    assert witness.logs() == {LOG.name: 8}


def test_it_wants_the_proof_to_start_from_what_it_knows(witness: Witness) -> None:
    witness.cosign(growth(0, 8))

    for old in (0, 5, 9):
        with pytest.raises(OtherHead) as refused:
            witness.cosign(growth(old, 20))
        assert refused.value.size == 8


def test_it_signs_only_for_logs_it_knows_and_what_they_signed(witness: Witness) -> None:
    stranger = Key.signing("other/log", bytes(32))
    impostor = Key.signing(LOG.name, bytes(32))

    with pytest.raises(UnknownLog):
        witness.cosign(growth(0, 5, key=stranger, name=stranger.name))
    with pytest.raises(NotSigned):
        witness.cosign(growth(0, 5, key=impostor))
    with pytest.raises(NotSigned):
        witness.cosign(growth(0, 5, key=stranger))
    with pytest.raises(ProofError):
        witness.knows(impostor.verifier)
    with pytest.raises(ProofError):
        witness.knows(LOG.signer)
    with pytest.raises(ProofError):
        witness.knows(witness.key.verifier)


def test_its_key_is_its_own_alone(witness: Witness) -> None:
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in witness.place.iterdir()}

    assert files == {"witness.key": 0o600, "witness.json": 0o600}
    assert stat.S_IMODE(witness.place.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"logs": 5}', b'{"logs": {"a": {}}}', b"\xff\xfe", b'{"logs": {"a": null}}']
)
def test_a_memory_that_is_damaged_is_not_taken_for_none(witness: Witness, content: bytes) -> None:
    (witness.place / "witness.json").write_bytes(content)

    with pytest.raises(DataDamaged):
        witness.cosign(growth(0, 5))


# Files


def test_what_is_handed_over_comes_back() -> None:
    step = growth(3, 20)
    proof = EventProof(7, tuple(TREE.inclusion_proof(7)), step.note)

    assert Growth.read(bytes(step)) == step
    assert EventProof.read(bytes(proof)) == proof
    assert bytes(proof).startswith(b"c2sp.org/tlog-proof@v1\nindex 7\n")
    assert bytes(step).startswith(b"old 3\n")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"old 0\n",
        b"old\n\nnote",
        b"old -1\n\nnote",
        b"old 01\n\nnote",
        b"old 0\nAAAA\n\nnote",
        b"old 0\n" + b"A" * 44 + b"\n\nnote",
        b"old 0\n" + (b"A" * 43 + b"=\n") * 65 + b"\nnote",
        b"new 0\n\nnote",
        b"old 0\n\n" + b"x" * 2_000_000,
    ],
)
def test_what_is_no_request_is_refused(text: bytes) -> None:
    with pytest.raises(ProofError):
        Growth.read(text)
    with pytest.raises(ProofError):
        EventProof.read(b"c2sp.org/tlog-proof@v1\n" + text.replace(b"old", b"index"))


# HTTP


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    with WitnessServer(Witness(tmp_path / "witness", "auditor.example"), "127.0.0.1", 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def posted(server: WitnessServer, content: bytes, path: str = PATH) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    with closing(connection):
        connection.request("POST", path, content)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["content-type"]


def test_it_answers_over_http_as_c2sp_says(server: WitnessServer) -> None:
    server.witness.knows(LOG.verifier)
    impostor = Key.signing(LOG.name, bytes(32))
    forged = Growth(8, growth(8, 20).proof, growth(8, 20, FORGED).note)

    status, line, _ = posted(server, bytes(growth(0, 8)))
    again = posted(server, bytes(growth(0, 20)))
    refused = [
        posted(server, content)[0]
        for content in (
            b"nonsense",
            bytes(growth(8, 20, key=impostor)),
            bytes(growth(0, 1, name="x", key=impostor)),
            bytes(forged),
        )
    ]

    assert verify(growth(0, 8).note + line, server.witness.key.verifier).witnesses != ()
    assert (status, again) == (200, (409, b"8\n", "text/x.tlog.size"))
    assert refused == [400, 403, 404, 422]
    assert posted(server, b"", "/other")[0] == 404


def test_a_log_has_its_checkpoints_witnessed_over_http(server: WitnessServer, tmp_path: Path) -> None:
    told = story(12)
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        server.witness.knows(checkpoints.key.verifier)
        checkpoints.know_witness(server.witness.key.verifier)
        for size in (5, 6, 12):
            grown(store, told[store.recorder.head() : size])
            kept = ask(server.address, checkpoints, checkpoints.sign())
            assert [one.name for one in kept.note.witnesses] == ["auditor.example"]
        assert checkpoints.last_witnessed == checkpoints.last

    assert server.witness.logs() == {checkpoints.key.name: 12}


def test_a_witness_that_refuses_or_is_not_there_is_told(server: WitnessServer, tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        kept = checkpoints.sign()
        refusals: list[type[PlanningError]] = []
        for url in (server.address, "http://127.0.0.1:1", "ftp://127.0.0.1", "nowhere"):
            with pytest.raises(PlanningError) as refused:
                ask(url, checkpoints, kept)
            refusals.append(refused.type)

    assert refusals == [ProofError, NotPossible, InvalidInput, InvalidInput]
    assert parse(bytes(kept.note)).witnesses == ()


def test_a_log_has_its_checkpoints_witnessed_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path, "witness.example", "127.0.0.1")
    witness = Witness(tmp_path / "witness", "auditor.example")
    with (
        closing(opened(tmp_path)) as store,
        closing(Checkpoints(store)) as checkpoints,
        WitnessServer(witness, "127.0.0.1", 0, (cert, key)) as serving,
        socket.create_connection(("127.0.0.1", serving.server_address[1])),  # one who never shakes hands
    ):
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        witness.knows(checkpoints.key.verifier)
        checkpoints.know_witness(witness.key.verifier)
        kept = checkpoints.sign()

        with pytest.raises(NotPossible):  # a certificate that nobody vouches for
            ask(serving.address, checkpoints, kept)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        witnessed = ask(serving.address, checkpoints, kept)
        serving.shutdown()
        thread.join()

    assert serving.address.startswith("https://")
    assert [one.name for one in witnessed.note.witnesses] == ["auditor.example"]


def test_a_witness_without_a_certificate_that_holds_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        WitnessServer(Witness(tmp_path / "witness", "x"), "127.0.0.1", 0, (tmp_path / "none", tmp_path / "none"))
