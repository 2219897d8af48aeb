"""A word to whoever waits."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import pytest

from sim.cli import waiting
from sim.kernels.folder import MISSING


@pytest.fixture(params=[True, False])
def person(request):
    """Whether somebody sits at a terminal."""
    return request.param


@pytest.fixture
def said(monkeypatch, person):
    """What is said to somebody who is told soon."""
    words = []
    stderr = SimpleNamespace(isatty=lambda: person)
    monkeypatch.setattr(waiting, "sys", SimpleNamespace(stderr=stderr, modules=sys.modules))
    monkeypatch.setattr(waiting, "say", words.append)
    monkeypatch.setattr(waiting, "PATIENCE", 0.05)
    monkeypatch.setattr(waiting, "AGAIN", 0.1)
    monkeypatch.setattr(waiting, "LOOK", 0.01)
    return words


def test_long_work_says_that_it_goes_on_to_a_person(said, person):
    with waiting.waiting():
        time.sleep(0.6)
    count = len(said)
    assert said[:1] == [waiting.WORKING] * person
    assert (count >= 2) == person
    assert all(words.startswith("still at work after") for words in said[1:])
    time.sleep(0.3)
    assert len(said) == count  # nothing more once it is done


def test_that_something_is_compiled_is_said_once_to_everybody(said, monkeypatch):
    monkeypatch.setattr(waiting, "AGAIN", 60.0)
    with waiting.waiting():
        time.sleep(0.2)
        MISSING.append("a kernel")
        time.sleep(0.3)
        MISSING.append("another")
        time.sleep(0.2)
    del MISSING[-2:]
    assert said[-1] == waiting.COMPILING
    assert said.count(waiting.COMPILING) == 1


def test_quick_work_says_nothing(said):
    with waiting.waiting():
        MISSING.append("a kernel")
    del MISSING[-1:]
    time.sleep(0.2)
    assert said == []
