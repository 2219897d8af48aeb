"""Games in which moves follow one another and types are hidden."""
