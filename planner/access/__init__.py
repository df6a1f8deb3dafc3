"""Who may do and see what.

=============  ==========================================================================================
``registry``   every rule in plain words: which commands and queries, for which roles, of a visit or the site
``members``    in which roles an account takes part in a visit at a moment
``permits``    what is refused, and in which words
=============  ==========================================================================================
"""

from planner.access.permits import may, may_in, permit, permit_undo, permitted
from planner.access.registry import COMMANDS, QUERIES, RULES, Rule

__all__ = ["COMMANDS", "QUERIES", "RULES", "Rule", "may", "may_in", "permit", "permit_undo", "permitted"]
