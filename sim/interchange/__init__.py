"""Games and equilibria in the formats of other software: Gambit's .nfg, Python objects, CSV."""
