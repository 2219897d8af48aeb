"""Who compiles what: of several processes that need the same kernel one compiles it, and the others read it."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

__all__ = ["done", "mine"]

LONGEST = 120.0  # seconds; who has not finished by then may have been stopped
LOOK = 0.05
HELD: dict[Path, int] = {}


def mine(path: Path) -> bool:
    """Whether it is for this process to make ``path``, now; else another one has, while this one waited.

    Others wait until it is :func:`done`, or this process ends.  Where files cannot be locked nobody waits.
    """
    if path in HELD:
        return True
    waited = False
    end = time.monotonic() + LONGEST
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        handle = os.open(path.with_suffix(".turn"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while time.monotonic() < end:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    waited = True
                    time.sleep(LOOK)
        except BaseException:
            os.close(handle)
            raise
        HELD[path] = handle
    return not waited


def done(path: Path) -> None:
    """It is made, or will not be."""
    handle = HELD.pop(path, None)
    if handle is not None:
        with contextlib.suppress(OSError):
            path.with_suffix(".turn").unlink()
        os.close(handle)
