"""Games that move between states: Markov-perfect play and payoff sets by state."""
