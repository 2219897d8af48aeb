"""Every public name of the package shows how it is used, and what it shows is so."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", sim.__all__)
def test_examples_are_true(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    thing = getattr(sim, name)
    module = sys.modules[thing.__module__]
    (example,) = doctest.DocTestFinder(recurse=False).find(thing, name, module, globs=dict(vars(module)))
    assert example.examples, f"sim.{name} has no example"
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert not failed
