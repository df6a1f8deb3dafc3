"""The log of a team, in a PostgreSQL database that several application processes share.

===============  ============================================================================================
``schema``       the tables, the one function that appends, the triggers that refuse every change;
                 ``create_schema(conninfo, role)`` as their owner
``connections``  ``Connections``: few of them, made anew after a fail-over; what errors mean to people
``recorder``     ``PostgreSQLRecorder``: the same recorder as on SQLite, and the factory that hands it out
``keeper``       ``DatabaseKeeper``: the wrapped keys of visits and persons
``gate``         ``AdvisoryGate``: one writer at a time over all processes and machines
``opening``      ``open_postgresql(data_dir, …)``: the store of a data directory that names a database
``startup``      what must hold of server and role before a save may be trusted
===============  ============================================================================================

The database holds events as sealed as the file of a single machine does: topics, ids and sizes can be read there,
what happened cannot. The keys of visits and persons lie there too, wrapped with a key that comes from the key file of
each machine. Accounts, checkpoints and snapshots stay in the data directory of each machine.
"""
