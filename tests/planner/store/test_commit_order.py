"""A commit that is late: the log keeps the order of commits, so a reader who follows it skips nothing."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
from eventsourcing import postgres as library
from eventsourcing.persistence import StoredEvent
from psycopg import conninfo as grammar

from planner.store.postgresql.columns import columns, take_columns
from planner.store.postgresql.recorder import APPEND
from tests.planner.store.notes import bind, note, open_notes, save
from tests.planner.store.servers import OWNER, Server


def test_a_late_commit_is_waited_for_and_not_skipped(tmp_path: Path, new_database: Callable[[], str]) -> None:
    database = new_database()
    bind(tmp_path, database)
    store = open_notes(tmp_path)
    sealed = list(store.mapper().seal([note("N-slow")]))
    quick = threading.Thread(target=lambda: save(store, note("N-quick"), expected=1, command_id="C-2"))

    with closing(psycopg.connect(database)) as slow:
        take_columns(slow)
        slow.execute(APPEND, (0, "C-1", b"", *columns(sealed, 4)))
        quick.start()
        quick.join(0.5)
        waited, seen_before = quick.is_alive(), [row[1] for row in store.recorder.rows()]
        slow.commit()
    quick.join()
    seen_after = [row[1] for row in store.recorder.rows()]

    assert (waited, seen_before, seen_after) == (True, [], ["note/N-slow", "note/N-quick"])
    store.close()


def test_control_the_library_s_own_functions_let_a_reader_skip_a_late_commit(
    postgresql: Server, new_database: Callable[[], str]
) -> None:
    new_database()
    facts = grammar.conninfo_to_dict(postgresql.conninfo("plans_1", OWNER))
    postgresql.ask(f"CREATE SCHEMA IF NOT EXISTS stock AUTHORIZATION {OWNER}", database="plans_1")
    datastore = library.PostgresDatastore(
        str(facts["dbname"]), str(facts["host"]), str(facts["port"]), OWNER, postgresql.password,
        pool_size=2, schema="stock", originator_id_type="text", enable_db_functions=True,
    )  # fmt: skip
    recorder = library.PostgresApplicationRecorder(datastore, events_table_name="followed")
    recorder.create_table()

    def inserted(name: str) -> list[object]:
        one = StoredEvent(f"note/{name}", 1, "NoteTaken", b"")
        return [recorder.construct_pg_stored_event(one.originator_id, one.originator_version, one.topic, one.state)]

    with datastore.transaction(commit=True) as slow:
        slow.execute(recorder.sql_invoke_pg_function_insert_events, (inserted("N-slow"),))
        recorder.insert_events([StoredEvent("note/N-quick", 1, "NoteTaken", b"")])
        first = recorder.select_notifications(None, 10)
    later = recorder.select_notifications(first[-1].id, 10, inclusive_of_start=False)

    assert [one.originator_id for one in first] == ["note/N-quick"]
    assert list(later) == []
    assert recorder.max_notification_id() == 2
    datastore.close()
    postgresql.ask("DROP SCHEMA stock CASCADE", database="plans_1")
