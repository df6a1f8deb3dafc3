"""Proof that nobody rewrote the history: a tree over the stored events, its signed heads, and who witnessed them.

================  =============================================================================================
``tree``          RFC 6962: roots, inclusion and consistency proofs, and the leaf of a stored row
``checkpoint``    signed notes (C2SP ``signed-note``, ``tlog-checkpoint``, ``tlog-cosignature``) and their keys
``exchange``      what log, witness and auditor hand each other (C2SP ``tlog-witness``, ``tlog-proof``)
``kept``          ``Checkpoints``: signs the head of the log, keeps what was signed, in order
``notary``        signs in the background while the application runs
``sealed``        the checkpoints of the logs beside the plan's: who read what, and what was refused
``witness``       remembers heads on another machine, and signs none that shrank; ``witness_http`` serves it
``personal``      the signatures of people over what binds them; ``signing_keys`` whose keys they are, by the log
``verify``        the five levels of ``planner verify``
``bundle``        events with their proofs as one file, verified without any data
================  =============================================================================================
"""
