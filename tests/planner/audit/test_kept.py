"""Checkpoints are signed over the log as it is, and never over another one."""

from __future__ import annotations

import itertools
import time
from contextlib import closing
from pathlib import Path

import pytest

from planner.audit.checkpoint import Key, cosign, parse, verify
from planner.audit.kept import FILE, Checkpoints, leaf_hashes
from planner.audit.notary import Notary
from planner.audit.tree import EMPTY_ROOT, ProofError, root_hash, verify_consistency
from planner.store.directory import Store
from tests.planner.audit.ledger import SECONDS, WITNESS, burgled, grown, opened, story, witnessed


def root_of(store: Store) -> bytes:
    return root_hash([one for leaves in leaf_hashes(store.recorder.rows()) for one in leaves])


def test_an_empty_log_has_a_checkpoint_too(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        kept = checkpoints.sign()

    assert (kept.size, kept.checkpoint.root) == (0, EMPTY_ROOT)


def test_a_checkpoint_names_the_site_and_holds_with_its_key_alone(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        grown(store, story(5))
        kept = checkpoints.sign()
        site, root = store.keys.site, root_of(store)

    assert verify(bytes(kept.note), checkpoints.key.verifier) == kept.note
    assert kept.checkpoint.origin == f"delegation-planner/{site}/events"
    assert (kept.size, kept.checkpoint.root) == (5, root)
    assert str(site) not in (tmp_path / "key").read_text()


def test_each_checkpoint_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    told = story(30)
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        for size in range(30):
            grown(store, told[size : size + 1])
            assert checkpoints.sign().checkpoint.root == root_of(store)
        tree = checkpoints.tree()
        heads = [kept.checkpoint for kept in checkpoints]

    for old, new in itertools.pairwise(heads):
        verify_consistency(old.size, new.size, old.root, new.root, tree.consistency_proof(old.size, new.size))
    assert [head.size for head in heads] == list(range(1, 31))


def test_nothing_is_signed_twice_and_two_processes_agree(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as one, closing(Checkpoints(store)) as other:
        grown(store, story(4))
        first, second, third = one.sign(), other.sign(), one.sign()

        assert first == second == third
        assert len(list(one)) == 1


def test_what_is_kept_of_the_tree_is_only_trusted_where_it_leads_to_the_last_checkpoint(tmp_path: Path) -> None:
    told = story(12)
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        grown(store, told[:8])
        checkpoints.sign()
        with closing(store.connect(FILE)) as raw:
            raw.execute("UPDATE tree_head SET packed = ?", (b"\0" * 7 + b"\x08" + b"x" * 32,))
        grown(store, told[8:])

        assert checkpoints.sign().checkpoint.root == root_of(store)


@pytest.mark.parametrize(
    "change", ["DELETE FROM stored_events WHERE position > 6", "UPDATE stored_events SET topic = 'VenueRetired'"]
)
def test_a_log_that_is_not_the_one_that_was_signed_is_signed_no_more(tmp_path: Path, change: str) -> None:
    with closing(opened(tmp_path)) as store:
        grown(store, story(8))
        witnessed(store)
    with burgled(tmp_path) as connection:
        connection.execute(change)

    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        with closing(store.connect(FILE)) as raw:
            raw.execute("DELETE FROM tree_head")
        with pytest.raises(ProofError):
            checkpoints.sign()


def test_the_last_witnessed_checkpoint_is_told_from_the_last_one(tmp_path: Path) -> None:
    told = story(9)
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        assert checkpoints.last_witnessed is None
        grown(store, told[:5])
        kept = witnessed(store)
        grown(store, told[5:])
        checkpoints.sign()

        assert checkpoints.last_witnessed == kept
        assert [one.name for one in kept.note.witnesses] == [WITNESS.name]
        assert checkpoints.last is not None
        assert checkpoints.last.size == 9


def test_only_a_known_witness_is_taken(tmp_path: Path) -> None:
    stranger = Key.signing("stranger", bytes(32), 4)
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        grown(store, story(3))
        kept = checkpoints.sign()
        note = bytes(kept.note)
        with pytest.raises(ProofError):
            checkpoints.take_cosignatures(3, [cosign(note, WITNESS.signer, SECONDS)])
        checkpoints.know_witness(WITNESS.verifier)
        with pytest.raises(ProofError):
            checkpoints.take_cosignatures(3, [cosign(note, stranger.signer, SECONDS)])
        with pytest.raises(ProofError):
            checkpoints.take_cosignatures(2, [cosign(note, WITNESS.signer, SECONDS)])
        for wrong in (WITNESS.signer, checkpoints.key.verifier, b"no key"):
            with pytest.raises(ProofError):
                checkpoints.know_witness(wrong)

        assert parse(bytes(checkpoints.of_size(3).note)).witnesses == ()


def test_a_notary_signs_while_the_log_grows_and_when_it_stops(tmp_path: Path) -> None:
    told = story(6)
    with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
        notary = Notary(checkpoints, every=0.01)
        notary.start()
        grown(store, told[:3])
        deadline = time.monotonic() + 30
        while (checkpoints.last is None or checkpoints.last.size < 3) and time.monotonic() < deadline:
            time.sleep(0.01)
        early = checkpoints.last
        grown(store, told[3:])
        notary.close()

        assert early is not None
        assert early.size == 3
        assert [kept.size for kept in checkpoints][-1] == 6
        assert notary.trouble is None
