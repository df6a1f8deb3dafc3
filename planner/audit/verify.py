"""Whether the stored history is the one that was signed and witnessed, in five levels, each with those below it.

1. every file is as it was written, and so are the logs of reads, refusals and sign-ins;
2. the root of the tree, made anew from the log, is the one of every checkpoint;
3. the checkpoints are signed, by the log and by its witnesses, and only grew;
4. every event opens, no entity lacks one, and what binds a person is signed by that person;
5. the plan made anew from the log is the one that the snapshots hold.

What no checkpoint speaks of yet, level 2 cannot see; and a log put back to an older copy, its checkpoints with it,
is only seen by who brings a checkpoint that was kept elsewhere: of the plan's log, or of those beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from domain.messages import Message, counted, message
from domain.plan import Plan
from domain.refusals import PlanningError
from planner.access.sign_in_log import SignInLog
from planner.account_file import FILE as ACCOUNTS_FILE
from planner.account_file import AccountFile
from planner.audit.checkpoint import Checkpoint, Key, parse, verify
from planner.audit.erased import ErasedVisits
from planner.audit.kept import CHUNK, Checkpoints, Kept, leaf_hashes
from planner.audit.personal import PersonalSignatures
from planner.audit.sealed import check_continued, check_sealed, name_of, sealed_key
from planner.audit.tree import CompactRange, ProofError
from planner.personal_keys import PersonalKey, known_machine, personal_keys
from planner.snapshots.file import Snapshots
from planner.store.connection import only_read
from planner.store.directory import Store
from planner.store.doctor import check_files
from planner.store.keys import database_of
from planner.store.mapper import schema_version_of
from planner.store.opening import open_store
from planner.text import now

LEVELS = (1, 2, 3, 4, 5)
#: Before every position there is: events put there would stand in no tree.
BEFORE_ALL = -(2**63)
#: So many snapshots are compared, the newest among them.
SNAPSHOTS = 8

#: Told now and then: the level, how many events are done, and how many there are.
type Progress = Callable[[int, int, int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked at: on which level, whether it holds, and what was found."""

    level: int
    name: Message
    ok: bool
    why: Message


def verify_data(
    data_dir: Path,
    key_file: Path | None = None,
    *,
    level: int = 5,
    brought: Sequence[bytes] = (),
    witnesses: Sequence[bytes] = (),
    vouched: bool = False,
    progress: Progress = lambda level, done, total: None,
) -> Iterator[Found]:
    """Everything of the levels up to ``level``, in order; a data directory that does not open fails the first.

    ``brought`` are checkpoints that were kept elsewhere, ``witnesses`` public keys that must have signed each of
    them. Where ``vouched`` says so, a key to sign with that nobody vouched for is a fault, and not only told:
    who holds the key file too can enter one as made on a machine that nobody knows. Changes nothing of the history.
    """
    name = message("the data open with their key")
    try:
        store = open_store(data_dir, key_file, create=False)
    except PlanningError as refusal:
        yield Found(1, name, False, refusal.message)
        return
    written = _written(data_dir)
    with closing(store):
        yield Found(1, name, True, message("opened"))
        yield from verify_store(
            store, level=level, brought=brought, witnesses=witnesses, vouched=vouched, progress=progress
        )
    if only_read(data_dir):
        # The engine takes such files for files that nobody writes, and keeps no writer of another account out.
        name, same = message("nobody wrote while it was read"), _written(data_dir) == written
        yield Found(1, name, same, message("unchanged") if same else message("somebody did: verify a copy instead"))


def _written(data_dir: Path) -> list[tuple[str, int, int]]:
    """Of each file its name, size and the moment of its last change."""
    return [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in sorted(data_dir.glob("*.db*"))]


def verify_store(
    store: Store,
    *,
    level: int = 5,
    brought: Sequence[bytes] = (),
    witnesses: Sequence[bytes] = (),
    vouched: bool = False,
    progress: Progress = lambda level, done, total: None,
) -> Iterator[Found]:
    """The same of a store that is open."""
    for check in (*check_files(store.data_dir, store.keys), *store.checks(), *check_sealed(store)):
        yield Found(1, check.name, check.ok, check.why)
    yield from _unparsable(brought) if level > 1 else ()
    brought = [note for note in brought if not any(_unparsable([note]))]
    with closing(Checkpoints(store)) as checkpoints:
        run = _Run(store, checkpoints, brought, witnesses, vouched, progress)
        for number, look in ((2, run.roots), (3, run.signatures), (4, run.events), (5, run.snapshots)):
            if number > level:
                return
            try:
                yield from look()
            except PlanningError as refusal:
                yield Found(number, message("the log can be read"), False, refusal.message)


def _unparsable(brought: Sequence[bytes]) -> Iterator[Found]:
    """What was brought and is no checkpoint: that says nothing of the log, which is looked at all the same."""
    for note in brought:
        try:
            parse(note)
        except ProofError as refusal:
            yield Found(2, message("what was brought is a checkpoint"), False, refusal.message)


class _Run:
    def __init__(
        self,
        store: Store,
        checkpoints: Checkpoints,
        brought: Sequence[bytes],
        witnesses: Sequence[bytes],
        vouched: bool,
        progress: Progress,
    ) -> None:
        self.store = store
        self.checkpoints = checkpoints
        self.brought = brought
        self.witnesses = witnesses
        self.vouched = vouched
        self.progress = progress
        self.head = store.recorder.head()

    # Level 2

    def roots(self) -> Iterator[Found]:
        """Walks the log once, stopping at every size that a checkpoint speaks of."""
        kept = list(self.checkpoints)
        parsed = [parse(note).checkpoint for note in self.brought]
        sealed = [one for one in parsed if name_of(self.store.keys, one)]
        brought = [one for one in parsed if one not in sealed]
        spoken = [one.checkpoint for one in kept] + brought
        roots, trouble = self._roots(sorted({one.size for one in spoken}))
        whole = message("no event is missing and none was put between others")
        yield Found(2, whole, trouble is None, trouble or counted("{n} event", "{n} events", self.head))
        wrong = [one for one in spoken[: len(kept)] if roots.get(one.size) != one.root]
        name = message("the log is the one that its checkpoints were signed over")
        if wrong:
            yield Found(2, name, False, self._differs(min(wrong, key=lambda one: one.size)))
        else:
            yield Found(2, name, True, counted("{n} checkpoint agrees", "{n} checkpoints agree", len(kept)))
        for one in brought:
            yield self._of_brought(one, roots)
        for one in sealed:
            check = check_continued(self.store, one)
            yield Found(2, check.name, check.ok, check.why)

    def _roots(self, sizes: list[int]) -> tuple[dict[int, bytes], Message | None]:
        """The roots of these sizes as far as the log goes, and what is wrong with it."""
        tree, roots = CompactRange(), {0: CompactRange().root}
        try:
            for leaves in leaf_hashes(self.store.recorder.rows(BEFORE_ALL)):
                start, tree_size = 0, tree.size
                for size in sizes:
                    if tree_size < size <= tree_size + len(leaves):
                        tree = tree.extended(leaves[start : size - tree_size])
                        start = size - tree_size
                        roots[size] = tree.root
                tree = tree.extended(leaves[start:])
                self.progress(2, tree.size, self.head)
        except PlanningError as refusal:
            return roots, refusal.message
        return roots, None

    def _of_brought(self, one: Checkpoint, roots: dict[int, bytes]) -> Found:
        name = message("the log continues the checkpoint that was brought, of {size} events", size=str(one.size))
        if one.origin != self.checkpoints.key.name:
            return Found(2, name, False, message("it is of another log: {name}", name=one.origin))
        if roots.get(one.size) != one.root:
            return Found(2, name, False, self._differs(one))
        since = counted("{n} event came since", "{n} events came since", self.head - one.size)
        return Found(2, name, True, since)

    def _differs(self, one: Checkpoint) -> Message:
        if one.size > self.head:
            return message(
                "{size} events were signed, the log has {head}: the last ones are gone",
                size=str(one.size),
                head=str(self.head),
            )
        return message("the first {size} events are not those that were signed", size=str(one.size))

    # Level 3

    def signatures(self) -> Iterator[Found]:
        """Every signature, and the order of the checkpoints."""
        key, known = self.checkpoints.key.verifier, [one.verifier for one in self.checkpoints.witnesses]
        name = message("every checkpoint is signed by the log, and they only grew")
        trouble, before, witnessed = None, -1, 0
        for kept in self.checkpoints:
            trouble = trouble or self._unsigned(kept, key, known) or _shrunk(kept, before)
            before = kept.size
            witnessed += bool(kept.note.witnesses)
        yield Found(3, name, trouble is None, trouble or counted("{n} witnessed", "{n} witnessed", witnessed))
        for note in self.brought:
            name_of_log = name_of(self.store.keys, parse(note).checkpoint)
            yield self._signed(note, sealed_key(self.store.keys, name_of_log).verifier if name_of_log else key)

    def _unsigned(self, kept: Kept, key: bytes, witnesses: list[bytes]) -> Message | None:
        try:
            held = verify(bytes(kept.note), key, *witnesses)
            verify(bytes(kept.note), key)
        except ProofError as refusal:
            return refusal.message
        if len(held.witnesses) < len(kept.note.witnesses):
            return message("checkpoint {number} bears a signature that is not known", number=str(kept.number))
        return None

    def _signed(self, note: bytes, key: bytes) -> Found:
        """A checkpoint that was brought: signed by the log, and by each witness that was named."""
        name = message("the checkpoint that was brought is signed as it should be")
        try:
            verify(note, key)
            for witness in self.witnesses:
                verify(note, witness)
        except ProofError as refusal:
            return Found(3, name, False, refusal.message)
        names = tuple(Key.read(one).name for one in self.witnesses)
        return Found(3, name, True, message("by the log and {names}", names=names) if names else message("by the log"))

    # Level 4

    def events(self) -> Iterator[Found]:
        """Every event opens, and follows the one before it of the same entity."""
        mapper, recorder = self.store.mapper(), self.store.recorder
        versions: dict[str, int] = {}
        gaps: list[Message] = []
        trouble, after = None, 0
        keys, machine = self._personal_keys()
        personal = PersonalSignatures(keys, team=database_of(self.store.data_dir) is not None, machine=machine)
        erased = ErasedVisits()
        try:
            while rows := recorder.select_rows(after, CHUNK):
                for row, event in zip(rows, mapper.decode_rows(rows), strict=True):
                    expected = versions.get(event.originator_id, 0) + 1
                    if event.originator_version != expected and not gaps:
                        gaps.append(
                            message("event {position} of {subject} is out of turn", position=row[0], subject=row[1])
                        )
                    versions[event.originator_id] = event.originator_version
                    personal.see(row[0], event, schema_version_of(row[4]))
                    erased.see(row[0], event)
                after = rows[-1][0]
                self.progress(4, after, self.head)
        except PlanningError as refusal:
            trouble = refusal.message
        opened = counted("{n} event", "{n} events", after)
        if erased.count:
            opened = counted("{n} event, {m} of them erased", "{n} events, {m} of them erased", after, m=erased.count)
        trouble = trouble or erased.trouble
        yield Found(4, message("every event opens with its key"), trouble is None, trouble or opened)
        things = counted("{n} thing", "{n} things", len(versions))
        yield Found(4, message("nothing lacks an event between others"), not gaps, gaps[0] if gaps else things)
        name = message("every signature of a person holds")
        yield Found(4, name, personal.trouble is None, personal.trouble or personal.told)
        name, keys_of_log = message("the keys that people sign with are theirs"), personal.of_log
        theirs = keys_of_log.wrong is None and not (self.vouched and keys_of_log.unvouched)
        yield Found(4, name, theirs, keys_of_log.wrong or keys_of_log.told)

    def _personal_keys(self) -> tuple[list[PersonalKey], str]:
        """The keys of the accounts, as far as their making is recorded, all where that was not done yet; and what
        this machine is called among those of a team."""
        place, key = self.store.data_dir, self.store.keys.database
        if not (place / ACCOUNTS_FILE).exists():
            return [], ""
        with closing(AccountFile(place, key)) as file, closing(SignInLog(place, key, now)) as log:
            made, keys = log.keys_made(), personal_keys(file)
            return [one for one in keys if not made or (one.user, one.key.decode()) in made], known_machine(file)

    # Level 5

    def snapshots(self) -> Iterator[Found]:
        """Folds the log once, comparing on the way."""
        kept = Snapshots(self.store)
        try:
            yield self._compared(kept)
        finally:
            kept.close(Plan())

    def _compared(self, kept: Snapshots) -> Found:
        positions = [position for position in kept.positions() if position <= self.head]
        chosen = sorted(positions[:: -max(1, len(positions) // SNAPSHOTS)][:SNAPSHOTS])
        name = message("the plan made anew from the log is the one that is shown")
        mapper, recorder, plan = self.store.mapper(), self.store.recorder, Plan()
        compared = 0
        for end in [*chosen, self.head]:
            while plan.position < end:
                upto = min(plan.position + CHUNK, end)
                plan = plan.after(mapper.decode_rows(recorder.rows(plan.position, upto)), upto)
                self.progress(5, plan.position, self.head)
            if end not in chosen or (shown := kept.exactly(end)) is None:
                continue
            if not _same(plan, shown):
                return Found(5, name, False, message("the snapshot at event {position} differs", position=str(end)))
            compared += 1
        return Found(5, name, True, counted("{n} snapshot agrees", "{n} snapshots agree", compared))


def _shrunk(kept: Kept, before: int) -> Message | None:
    if kept.size > before:
        return None
    return message("checkpoint {number} speaks of fewer events than the one before", number=str(kept.number))


def _same(plan: Plan, shown: Plan) -> bool:
    return len(plan.entities) == len(shown.entities) and all(
        shown.entities.get(key) == entity for key, entity in plan.entities.items()
    )
