"""Solution concepts: one file each, registered by being here; ``methods/`` is what several of them share.

A residual says how far a claim is from what it claims.  It is recomputed from the game and shares no code with
the solvers.  Claims that something is best are checked against the multipliers that prove it (weak duality), not
by solving again.  :class:`sim.plugins.Concept` says what a concept has.
"""
