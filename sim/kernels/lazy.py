"""Kernels that load the compiler when they are first needed compiled, and can run without it."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import Any

from sim.kernels import interpreted

__all__ = ["Kernel", "compiler", "in_compiled_code"]

LOADING = threading.Lock()
PENDING: list[Callable[[Any], None]] = []
LOADED: list[Any] = []

if hasattr(os, "register_at_fork"):
    # a child has only the thread that forked, and would wait for ever for what another one was loading
    os.register_at_fork(
        before=LOADING.acquire, after_in_parent=LOADING.release, after_in_child=LOADING.release
    )


def compiler() -> Any:
    """The module :mod:`sim.kernels.compiler`, and with it numba, loaded when it is first asked for."""
    if not LOADED:
        with LOADING:
            if not LOADED:
                from sim.kernels import compiler as loaded

                for tell in PENDING:
                    tell(loaded)
                LOADED.append(loaded)
    return LOADED[0]


def in_compiled_code(tell: Callable[[Any], None]) -> None:
    """Call ``tell(compiler)`` before anything is compiled: what plain functions are to compiled callers."""
    with LOADING:
        PENDING.append(tell)
        if LOADED:
            tell(LOADED[0])


class Kernel:
    """A function to be compiled: what numba makes of it, made when it is first asked for."""

    def __init__(self, function: Callable[..., Any], *, inline: bool, borrows: bool) -> None:
        self.function, self.inline, self.borrows = function, inline, borrows
        self.made: Any = None
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        """Call it compiled, or as Python where that is asked of this thread and it is not there compiled yet."""
        if interpreted.MODE.on and (interpreted.MODE.inside is not None or not self.loaded):
            return interpreted.call(self.function, arguments)
        return (self.made or self.compiled)(*arguments)

    @property
    def loaded(self) -> bool:
        """Whether this process has it compiled."""
        return bool(getattr(self.made, "signatures", ()))

    @property
    def compiled(self) -> Any:
        """What numba makes of it; of two threads that ask at once both get the same one."""
        if self.made is None:
            made = compiler().dispatcher(self.function, inline=self.inline, borrows=self.borrows)
            self.made = self.__dict__.setdefault("first", made)
        return self.made

    @property
    def _numba_type_(self) -> Any:
        """What this is in code that numba compiles: the dispatcher."""
        return self.compiled._numba_type_

    def __getattr__(self, name: str) -> Any:
        """Whatever else numba, or a test, asks of a dispatcher."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.compiled, name)
