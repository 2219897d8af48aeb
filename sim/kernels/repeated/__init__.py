"""Games repeated without end or with one: payoff sets, enforcement, critical discounts, sticks."""
