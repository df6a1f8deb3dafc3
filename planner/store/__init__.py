"""The store: one encrypted, append-only log of events in a data directory that several processes share.

The only folder of the program that imports persistence parts of ``eventsourcing``. What the rest stands on:

=================  ==========================================================================================
``opening``        ``open_store(data_dir, key_file=None, create=True) -> Store``: ``.factory()`` and
                   ``.mapper()`` for ``Application.construct_factory`` and ``construct_mapper``, ``.gate``,
                   ``.connect(name)`` for further encrypted files beside the log, ``.close()``
``directory``      ``Store``, and who has a data directory open
``recorder``       what a recorder does: ``insert_events(stored, expected_position=, command_id=, fingerprint=)``
                   (raises ``PositionMoved``), ``find_command(command_id)``,
                   ``select_rows(after, limit, upto)``, ``rows(after, upto)``, ``head()``, ``data_version()``
``sqlite``         the recorder on one encrypted file
``postgresql``     the recorder, the gate and the tables of a team, in a database
``mapper``         ``EventMapper``: event <-> stored event; ``decode_rows(rows)`` for many at once,
                   ``readable_rows(rows)`` with an ``Unreadable`` in the place of what cannot be read
``topics``         ``Topics``: the allow-list of event classes; a row with another topic is refused
``gate``           ``Gate``: one writer at a time, over processes and threads
``connection``     ``connect(data_dir, name, key)``: one encrypted SQLite file, set so that saves last
``side_file``      ``SideFile``: such a file beside the log, for accounts, checkpoints and keys
``keys``           the key file, and the keys derived from it
``new_key``        ``exchange_key(data_dir)``: a new key in the place of the old one, over the same log
``rotation``       how that is undone or finished where it was interrupted
``keyring``        ``Keyring``: the keys of single visits and persons, which can be destroyed; where they lie is the
                   business of a ``Keeper``
``keeper``         ``FileKeeper``: the file of keys
``archive``        the file of a backup
``backup``         ``backup(data_dir, out)``, ``restore(file, data_dir)``, both verified before they say done
``startup``        what must hold at every start; ``Check``
``doctor``         ``check(data_dir)``: the named checks of ``planner doctor``
``refusals``       what all of these refuse, in words for people
=================  ==========================================================================================

Files of a data directory: ``events.db`` (the log), ``keys.db`` (the keys of visits and persons), other ``*.db``
(accounts, checkpoints, reads, snapshots), ``store.json`` (which key opens it, which database holds the log), ``gate.*``
and ``setup.lock`` (empty; locks); ``rotation.*`` only while the key is exchanged. The key
file lies outside it. Log and keys of a team lie in its database instead.
"""
