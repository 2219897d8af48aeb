"""Answers to hands come first, work for a page that has moved on stops, and no tab silences another."""

from __future__ import annotations

import threading
import time

import pytest

from sim.web.turns import MOST_PAGES, Precedence, Superseded


def test_what_a_page_asked_before_is_over_and_other_pages_are_not_touched():
    turns = Precedence()
    turns.arrives("a.1")
    turns.arrives("b.7")
    turns.arrives("a.2")
    assert turns.is_over("a.1")
    assert not turns.is_over("a.2")
    assert not turns.is_over("b.7")
    turns.arrives("a.1")  # that came late makes nothing new old
    assert not turns.is_over("a.2")


def test_background_work_stops_when_its_page_moves_on():
    turns = Precedence()
    turns.arrives("a.1")
    with turns.background("a.1") as give_way:
        give_way()
        turns.arrives("a.2")
        with pytest.raises(Superseded):
            give_way()


def test_background_work_waits_while_a_hand_does():
    turns = Precedence()
    turns.arrives("a.1")
    order = []

    def hand():
        with turns.foreground():
            moving.set()
            time.sleep(0.01)
            order.append("hand")

    moving = threading.Event()
    thread = threading.Thread(target=hand)
    thread.start()
    moving.wait()
    with turns.background("a.1") as give_way:
        give_way()
        order.append("background")
    thread.join()
    assert order == ["hand", "background"]


def test_a_page_has_one_piece_of_background_work_at_a_time():
    turns = Precedence()
    turns.arrives("a.1")
    at_work, most = [], []

    def work():
        with turns.background("a.1"):
            at_work.append(1)
            most.append(len(at_work))
            time.sleep(0.02)
            at_work.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_old_pages_are_forgotten():
    turns = Precedence()
    for number in range(2 * MOST_PAGES):
        turns.arrives(f"p{number}.1")
    assert len(turns.newest) == MOST_PAGES


@pytest.mark.parametrize(
    "turn", ["", "a", "a.", ".1", "a.-1", "a.1.2", "a b.1", "\u00e9.1", "a.1234567890123"]
)
def test_a_turn_is_a_page_and_a_number(turn):
    with pytest.raises(ValueError, match="PAGE"):
        Precedence().arrives(turn)
