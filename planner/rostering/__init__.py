"""Assigning officers to posts: a pure problem in, a proposal with its proven bound out.

The engine, pure arrays: ``problem`` (what is asked), ``roster`` (a plan while it is worked on), ``waves`` (first plan
and improvement by exact matchings), ``columns`` and ``pricing`` (whole rosters and the best of them), ``prices`` and
``dive`` (how good any plan can be and a plan near it, at any size), ``solver``, ``master`` and ``bounds`` (the same to
the last, by linear programme), ``proposing`` (all of it together), ``stopping`` (a step that is left),
``proposal`` (the answer), ``replan`` (an officer is lost, a visit moves), ``scarcity`` (whom a repair spares),
``explain`` (what stands against whom, why this officer), ``verdict`` (why a place stays open, for sure), ``alone``,
``exact``, ``exchanges`` and ``core`` (can a few places all be held, and which of them does the proof take),
``fewest``, ``fixed``, ``pushing``, ``mending`` and ``windows`` (how few officers are enough). Officers are rows, seats
columns.

The plan: ``seating`` (what is to be filled, what stays), ``from_plan``, ``posts``, ``people`` and ``ways`` (as a
problem), ``changes`` (what a roster changes), ``details`` (packages go to one unit), ``checked`` (the rules have the
last word), ``easing`` (nobody is given too much), ``spreading`` (nor two critical posts), ``made`` (the proposal of a
visit), ``compared`` (with the roster as it stands), ``moved_visit`` (from when to when, and who has moved it since),
``chosen`` (another officer for a place), ``standing`` (what is sure of its open places), ``reasons`` and ``told`` (in
sentences, as JSON), ``accepting`` (as commands).
"""
