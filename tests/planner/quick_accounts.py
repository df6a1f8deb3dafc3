"""Accounts of a site without a plan, whose passwords are hashed at once."""

from __future__ import annotations

from argon2 import PasswordHasher

KEY = bytes(range(32))
#: Hashing as it is meant takes 64 MiB and a tenth of a second each time.
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "seven green lanterns"
