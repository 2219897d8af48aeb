"""Vertices of best-reply polyhedra against their definition."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim.kernels.bimatrix.double_description import float_vertices, integer_vertices, rays_needed


def vertices(gain, whole):
    own, other = gain.shape
    room = rays_needed(own, other)
    rays = np.empty((room, own + other), gain.dtype)
    labels, order = np.empty(room, np.int64), np.empty(room, np.int64)
    if whole:
        count = integer_vertices(gain, own, other, rays, labels, order)
    else:
        count = float_vertices(gain, own, other, rays, labels, order, 1e-9)
    assert count > 0
    return rays[1:count, :own].astype(float), labels[1:count]


def by_definition(gain):
    """Every strategy that solves as many equations as it has unknowns and satisfies the rest."""
    own, other = gain.shape
    lines = np.vstack([np.eye(own, own + 1), np.column_stack([-gain.T, np.ones(other)])])
    found = set()
    for chosen in combinations(range(own + other), own):
        system = np.vstack([lines[list(chosen)], np.append(np.ones(own), 0.0)])
        if abs(np.linalg.det(system)) > 1e-9:
            point = np.linalg.solve(system, np.append(np.zeros(own), 1.0))
            slack = lines @ point
            if slack.min() > -1e-9:
                labels = sum(1 << int(label) for label in np.nonzero(slack < 1e-9)[0])
                found.add((tuple(np.round(point[:own], 6) + 0.0), labels))
    return found


def as_set(points, labels):
    shares = points / points.sum(axis=1, keepdims=True)
    return {(tuple(np.round(x, 6) + 0.0), int(label)) for x, label in zip(shares, labels, strict=True)}


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (2, 3), (3, 3), (4, 3), (3, 5)])
def test_vertices_and_labels_are_those_of_the_definition(shape):
    random = np.random.default_rng(7)
    for _ in range(20):
        gain = random.random(shape)
        assert as_set(*vertices(gain, whole=False)) == by_definition(gain)
        whole = random.integers(-2, 3, shape)
        assert as_set(*vertices(whole, whole=True)) == by_definition(whole.astype(float))


def test_floats_decline_what_is_degenerate():
    gain = np.array([[1.0, 1.0], [0.0, 2.0]])
    rays, labels = np.empty((20, 4)), np.empty(20, np.int64)
    assert float_vertices(gain, 2, 2, rays, labels, labels.copy(), 1e-9) < 0


def test_whole_numbers_decline_what_overflows():
    gain = np.random.default_rng(0).integers(-(2**49), 2**49, (4, 4))
    rays, labels = np.empty((100, 8), np.int64), np.empty(100, np.int64)
    assert integer_vertices(gain, 4, 4, rays, labels, labels.copy()) < 0


def test_room_is_twice_the_upper_bound_theorem():
    # polar to the cyclic polytopes: 8 vertices with 3 dimensions and 6 facets, 24,752 with 12 and 24
    assert rays_needed(3, 3) == 2 * 8 + 6
    assert rays_needed(12, 12) == 2 * 24_752 + 24
