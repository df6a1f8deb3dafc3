"""Who may do and see what.

=================  ======================================================================================
``registry``       every rule in plain words: which commands and queries, for which roles, where
``members``        in which roles an account takes part in a visit at a moment
``permits``        what is refused, and in which words
``clearance``      what one reader may see: kinds of things by visit, registers, the own duties
``seen``           the plan as one reader may see it; ``seen_timeline`` the log
``reads``          the log of who read what, ``refused`` that of commands that were refused: each a ``sealed_log``
``redaction``      what a redacted file leaves out: plan and log without it
``exporting``      the guard: recipient, reason, redaction, watermark and record of every file that leaves
``reader``         one account that asks: pages, files, phones and the command line get everything here
=================  ======================================================================================
"""

from planner.access.permits import may, may_in, permit, permit_undo, permitted
from planner.access.registry import COMMANDS, QUERIES, RULES, Rule

__all__ = ["COMMANDS", "QUERIES", "RULES", "Rule", "may", "may_in", "permit", "permit_undo", "permitted"]
