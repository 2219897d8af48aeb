"""A word to whoever waits at a terminal."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from sim.cli import waiting


@pytest.fixture
def said(monkeypatch):
    """What is said to somebody who waits at a terminal, and is told soon."""
    words = []
    monkeypatch.setattr(waiting, "sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setattr(waiting, "say", words.append)
    monkeypatch.setattr(waiting, "PATIENCE", 0.05)
    monkeypatch.setattr(waiting, "AGAIN", 0.1)
    return words


def test_long_work_says_that_it_goes_on(said):
    with waiting.waiting():
        time.sleep(0.6)
    count = len(said)
    assert said[0].startswith("at work; what is used for the first time is compiled")
    assert count >= 2
    assert all(words.startswith("still at work after") for words in said[1:])
    time.sleep(0.3)
    assert len(said) == count  # nothing more once it is done


def test_quick_work_says_nothing(said):
    with waiting.waiting():
        pass
    time.sleep(0.2)
    assert said == []
