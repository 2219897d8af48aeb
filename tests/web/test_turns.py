"""Answers to hands come first, work for a page that has moved on stops, and no tab silences another."""

from __future__ import annotations

import threading
import time

import pytest

from sim.web.turns import MOST_PAGES, Haste, Precedence, Superseded


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
        with turns.foreground("a.1", Haste.point):
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


@pytest.mark.parametrize(
    ("newest", "order"), [("a.1", ["map", "point", "why", "tracks"]), ("a.2", ["map", "point"])]
)
def test_what_is_more_urgent_goes_first_and_reasons_of_a_page_that_moved_on_are_left_out(newest, order):
    turns = Precedence()
    turns.arrives("a.1")
    found = []

    def hand(haste):
        try:
            with turns.foreground("a.1", haste):
                found.append(haste.name)
        except Superseded:
            pass

    with turns.foreground("a.1", Haste.map):
        found.append("map")
        threads = [threading.Thread(target=hand, args=[haste]) for haste in reversed(Haste) if haste]
        for number, thread in enumerate(threads, 1):
            thread.start()
            while sum(turns.hands.values()) <= number:
                time.sleep(0.001)
        turns.arrives(newest)
        assert found == ["map"]
    for thread in threads:
        thread.join()
    assert found == order
    assert not any(turns.hands.values())


def test_a_hand_waits_for_what_is_more_urgent_no_longer_than_a_while():
    turns = Precedence()
    turns.arrives("a.1")
    with turns.foreground("a.1", Haste.map), turns.foreground("a.1", Haste.point):
        assert turns.more_urgent(Haste.point)


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
