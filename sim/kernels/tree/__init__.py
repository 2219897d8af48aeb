"""Game trees: strictly best actions, limits of trembles, equilibria of signalling games, logit paths."""
