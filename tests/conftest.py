"""What holds for all tests: properties are judged by what they find, and no page outlives its test."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")

_MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def main_is_no_page() -> None:
    """Streamlit puts each page that it runs in the place of ``__main__``, and leaves it there.

    A process that a later test starts would load its ``__main__`` first, run that page without a server, and end.
    """
    sys.modules["__main__"] = _MAIN
