"""``python -m planner.locales [FOLDER OR FILE…]`` lists what is missing, unsure, broken or unused in Vietnamese."""

from __future__ import annotations

import sys

from planner.locales.completeness import problems, report


def main(wanted: list[str]) -> int:
    """Print the problems of the wanted files, of all where none is named; 1 where there are any."""
    found = {
        file: those for file, those in problems().items() if not wanted or any(file.startswith(name) for name in wanted)
    }
    if found:
        sys.stdout.write(report(found) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
