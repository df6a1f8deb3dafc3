"""The tables of the wrapped keys of visits and persons, and the functions that alone change them.

Nobody but these functions adds a key, and none is ever changed but by being destroyed. That needs an erasure of its
subject in the log, a visit's like a person's, recorded after the key was made, so who may only append cannot destroy
without leaving a record. What was destroyed is noted with the moment and the role.

Destroying writes the whole table anew into another file, and the server deletes the old one: an UPDATE would leave the
old row in its page until the server has use for the room. Where somebody reads the table for long, as a dump does, it
is an UPDATE all the same, and the next destroying makes up for it. In neither case does the write-ahead log forget, nor
a backup of the server's files, before they expire.
"""

from __future__ import annotations

KEY_TABLES = """
CREATE TABLE planner.keys (
    number bigint PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    subject text COLLATE "C" NOT NULL,
    wrapped bytea,  -- null once destroyed
    after bigint NOT NULL);  -- the head of the log when it was made
CREATE UNIQUE INDEX live_keys ON planner.keys (subject) WHERE wrapped IS NOT NULL;
ALTER TABLE planner.keys ALTER COLUMN wrapped SET STORAGE PLAIN;
ALTER TABLE planner.keys SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
CREATE TABLE planner.destroyed_keys (
    number bigint PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    subject text COLLATE "C" NOT NULL,
    destroyed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_by text NOT NULL DEFAULT session_user);
"""

#: Fire for the owner and a superuser too. Only ``destroy_keys`` writes the table anew.
KEYS_TRIGGERS = """
CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION planner.refuse_all_but_destroying();
CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT WHEN (coalesce(current_setting('planner.writing_anew', true), '') <> 'on')
    EXECUTE FUNCTION planner.refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_changed;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_emptied;
"""

_REFUSE = """
CREATE OR REPLACE FUNCTION planner.refuse_all_but_destroying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.wrapped IS NULL AND (NEW.number, NEW.id, NEW.subject, NEW.after)
            = (OLD.number, OLD.id, OLD.subject, OLD.after)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a key is never changed, only destroyed' USING ERRCODE = 'DP001';
END $$;
"""

#: A subject that has a key keeps that one, a key that was destroyed stays so.
_ADD = """
CREATE OR REPLACE FUNCTION planner.add_keys(ids bytea[], subjects text[], wraps bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    INSERT INTO planner.keys
        SELECT (SELECT coalesce(max(number), 0) FROM planner.keys) + n, id, subject, wrapped,
            (SELECT coalesce(max(position), 0) FROM planner.stored_events)
        FROM unnest(ids, subjects, wraps) WITH ORDINALITY AS k (id, subject, wrapped, n)
        WHERE NOT EXISTS (SELECT FROM planner.destroyed_keys AS d WHERE d.id = k.id)
        ON CONFLICT DO NOTHING;
END $$;
"""

#: ``subjects`` are noted where an id is not known here.
_DESTROY = """
CREATE OR REPLACE FUNCTION planner.destroy_keys(ids bytea[], subjects text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept planner.keys[];
    refused text;
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    SELECT k.subject INTO refused FROM planner.keys AS k
        WHERE k.id = ANY (ids) AND k.wrapped IS NOT NULL AND NOT EXISTS (
            SELECT FROM planner.stored_events AS e
            WHERE e.originator_id = 'erasure/' || k.subject AND e.position > k.after)
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no erasure of % is recorded', refused USING ERRCODE = 'DP002';
    END IF;
    INSERT INTO planner.destroyed_keys (number, id, subject)
        SELECT (SELECT coalesce(max(number), 0) FROM planner.destroyed_keys) + n, d.id,
            coalesce((SELECT k.subject FROM planner.keys AS k WHERE k.id = d.id), d.subject)
        FROM unnest(ids, subjects) WITH ORDINALITY AS d (id, subject, n)
        ON CONFLICT DO NOTHING;
    IF NOT EXISTS (SELECT FROM planner.keys WHERE id = ANY (ids) AND wrapped IS NOT NULL) THEN
        RETURN;
    END IF;
    BEGIN
        PERFORM set_config('lock_timeout', '500ms', true), set_config('planner.writing_anew', 'on', true);
        LOCK TABLE planner.keys IN ACCESS EXCLUSIVE MODE;
        kept := ARRAY(
            SELECT (number, id, subject, CASE WHEN id <> ALL (ids) THEN wrapped END, after)::planner.keys
            FROM planner.keys ORDER BY number);
        TRUNCATE planner.keys;
        INSERT INTO planner.keys SELECT * FROM unnest(kept);
        PERFORM set_config('planner.writing_anew', '', true);
    EXCEPTION WHEN lock_not_available THEN
        UPDATE planner.keys SET wrapped = NULL WHERE id = ANY (ids);
    END;
END $$;
"""


def key_functions(lock: int) -> str:
    """The functions in SQL; ``lock`` is the advisory lock under which the log and the keys are written."""
    return _REFUSE + (_ADD + _DESTROY).format(lock=lock)
