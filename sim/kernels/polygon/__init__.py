"""Convex polygons in the plane: hulls, cuts, sums, corners."""
