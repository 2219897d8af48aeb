"""Games of one round and any number of players: paths, supports, dominance, evolution, programmes."""
