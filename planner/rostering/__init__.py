"""Assigning officers to posts: a pure problem in, a proposal with its proven bound out.

The engine, pure arrays: ``problem`` (what is asked), ``roster`` (a plan while it is worked on), ``waves`` (first plan
and improvement by exact matchings), ``pricing``, ``master`` and ``bounds`` (how good any plan can be, by columns of
whole rosters), ``proposing`` (all of it together), ``proposal`` (the answer), ``replan`` (an officer is lost, a visit
moves), ``explain`` and ``core`` (why a place stays open, why this officer). Officers are rows, seats columns.

The plan: ``seating`` (what is to be filled, what stays), ``from_plan`` (as a problem), ``changes`` (what a roster
changes), ``details`` (packages go to one unit), ``checked`` (the rules have the last word), ``easing`` (nobody
is given too much), ``made`` (the proposal of a visit), ``reasons`` and ``told`` (in
sentences, as JSON), ``accepting`` (as commands).
"""
