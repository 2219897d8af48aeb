"""How far a claim is from the one-shot concept it claims, one family of concepts in each file.

Residuals are recomputed from the game and share with the solvers only facts of games and plain tools.
Claims that something is best are checked against the multipliers that prove it (weak duality), not by
solving again.
"""
