"""Assigning officers to posts: a pure problem in, a proposal with its proven bound out.

Read in this order: ``problem`` (what is asked), ``roster`` (a plan while it is worked on), ``waves`` (first plan and
improvement by exact matchings), ``pricing`` and ``bounds`` (how good any plan can be, by columns of whole rosters),
``proposing`` (all of it together), ``proposal`` (the answer), ``replan`` (an officer is lost, a visit moves),
``explain`` (why a post stays open, why this officer). Officers are rows and seats columns in every table.
"""
