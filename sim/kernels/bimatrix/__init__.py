"""All equilibria of two-player games, in floats, residues and fractions."""
