"""Folium without pandas, which it imports where it is there, only to take tables as data: 77 MB that no map here needs.

The server imports this before anything else of Folium.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, cast

_modules = cast("dict[str, Any]", sys.modules)
if "pandas" not in _modules:
    _modules["pandas"] = None  # as if it were not installed
    try:
        importlib.import_module("folium")
    finally:
        del _modules["pandas"]
