"""Proof that nobody rewrote the history: a tree over the stored events, its signed heads, and who witnessed them.

==============  ===============================================================================================
``tree``        RFC 6962: roots, inclusion and consistency proofs, and the leaf of a stored row
``checkpoint``  signed notes (C2SP ``signed-note``, ``tlog-checkpoint``, ``tlog-cosignature``) and their keys
==============  ===============================================================================================
"""
