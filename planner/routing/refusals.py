"""Why no way was found: refusals of the router, below the domain's tree.

NotPossible
├── OffTheNetwork     a place is too far from every street of the map
├── NoWay             both places have streets, but none leads from one to the other
└── RoutingStopped    the routing engine died, or did not answer in time
"""

from __future__ import annotations

from domain.refusals import NotPossible


class OffTheNetwork(NotPossible):
    """A place is too far from every street of the map."""


class NoWay(NotPossible):
    """No street leads from one place to the other."""


class RoutingStopped(NotPossible):
    """The routing engine died, or did not answer in time."""
