"""Plans kept at some positions of the log, so that a start and a look at the past need not fold everything.

Derived data: deletable at any time, of one version of the program, never trusted over the log.

===========  ================================================================================================
``packing``  entities to one line of JSON and back, without what their class says already
``kept``     the entities and indexes of a snapshot, revived one by one when somebody asks
``file``     ``Snapshots``: the encrypted file beside the log, written in the background
===========  ================================================================================================
"""
