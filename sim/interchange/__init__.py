"""Games and equilibria in the formats of other software: Gambit's .nfg and .efg, Python objects, CSV."""
