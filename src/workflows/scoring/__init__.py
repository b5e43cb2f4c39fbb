"""Arithmetic of scores: scorecards as data, scores as values that carry their explanation. Exact throughout, and pure.

`load` reads the cards, `score` computes, `explain` and `words` say in words what was computed, or what would be.
"""
