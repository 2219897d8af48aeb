"""Blocks of cells on all cores: also in the child of a fork, and where the machine starts no thread."""

from __future__ import annotations

import threading

import pytest

from sim.kernels.base import threads
from tests.stores import start

FORKED = """
import multiprocessing, os, sys, threading, time
from sim.kernels.compiler import global_compiler_lock
from sim.kernels.base import threads
threads.cores = lambda: 2

def work(_=None):
    return threads.over_blocks(lambda first, last: last - first, 10, 3)

mine = work()
with multiprocessing.get_context("fork").Pool(2) as pool:
    assert pool.map_async(work, range(2)).get(timeout=60) == [mine, mine]
held = threading.Thread(target=lambda: global_compiler_lock.acquire() or time.sleep(1) or global_compiler_lock.release())
held.start()
time.sleep(0.2)
child = os.fork()  # while another thread compiles
if child == 0:
    with global_compiler_lock:
        os._exit(0 if work() == mine else 3)
assert os.waitpid(child, 0)[1] == 0
with global_compiler_lock:
    print("well")
"""


@pytest.fixture
def two_cores(monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 2)


def test_children_of_a_fork_have_threads_of_their_own():
    process = start(FORKED)
    try:
        out, error = process.communicate(timeout=120)
    finally:
        process.kill()
    assert (out, process.returncode) == ("well\n", 0), error


@pytest.mark.parametrize("most", [0, 1])
def test_fewer_threads_do_the_same(two_cores, monkeypatch, most):
    begin, begun = threading.Thread.start, []

    def refused(thread):
        if len(begun) >= most:
            raise RuntimeError("can't start new thread")
        begun.append(thread)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", refused)
    assert threads.over_blocks(lambda first, last: (first, last), 7, 2) == [(0, 2), (2, 4), (4, 6), (6, 7)]
    assert len(begun) == most


def test_the_first_block_that_fails_is_told(two_cores):
    def work(first, last):
        if first:
            raise ArithmeticError(f"block {first}")
        return last

    with pytest.raises(ArithmeticError, match="block 2"):
        threads.over_blocks(work, 7, 2)
    assert threads.over_blocks(lambda first, last: last - first, 4, 3) == [3, 1]
