"""What loads numba: kernels compiled, and what plain functions are to compiled callers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numba
from numba import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher, cpu_target
from numba.core.typing.templates import infer_global
from numba.extending import intrinsic, register_jitable

from sim.kernels.cache import Kept
from sim.kernels.folder import chosen_folder
from sim.kernels.linking import Linked

__all__ = ["copied", "counts_bits", "dispatcher", "global_compiler_lock"]

if hasattr(os, "register_at_fork"):
    # a child has only the thread that forked: it would wait for ever for a lock that another one held
    os.register_at_fork(
        before=global_compiler_lock.acquire,
        after_in_parent=global_compiler_lock.release,
        after_in_child=global_compiler_lock.release,
    )


Numba: Any = CPUDispatcher  # whose types do not tell of all that it has


class Dispatcher(Numba):  # type: ignore[misc]
    """A kernel, compiled for the types it is called with; for Python only where Python calls it."""

    def __init__(self, function: Callable[..., Any], *, inline: bool, borrows: bool) -> None:
        options = {
            "nopython": True,
            "nogil": True,
            "error_model": "numpy",
            "inline": "always" if inline else "never",
            "_nrt": not borrows,
            "no_cpython_wrapper": True,
            "no_cfunc_wrapper": True,
        }
        super().__init__(function, targetoptions=options, pipeline_class=Linked)
        self._cache: Any = Kept(function, chosen_folder())
        self.counts = not borrows
        self.doors: dict[tuple[Any, ...], Any] = {}

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Compiled once for whole numbers, and not once more for each that a compiled caller writes out."""
        plain: Any = types.unliteral
        return super().get_call_template(
            tuple(map(plain, args)), {name: plain(one) for name, one in kws.items()}
        )

    def add_overload(self, cres: Any) -> None:
        """For compiled callers."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *args: Any, **kws: Any) -> Any:
        """For Python, which asks once for each signature."""
        super()._compile_for_args(*args, **kws)
        asked = tuple(map(self.typeof_pyval, args))
        self._types_active_call.clear()
        with global_compiler_lock:
            if asked not in self.doors:
                self.doors[asked] = self._cache.door(self.overloads[asked], counts=self.counts)
                codes = [each._code for each in asked]  # noqa: SLF001 - numba's own numbers of types
                self._insert(codes, self.doors[asked], False)
        return self.doors[asked]


def dispatcher(function: Callable[..., Any], *, inline: bool, borrows: bool) -> Any:
    """What compiles a function for the types it is called with, and keeps that on disk."""
    settings: Any = numba.config
    if settings.DISABLE_JIT:
        return function
    return Dispatcher(function, inline=inline, borrows=borrows)


def copied(function: Callable[..., Any]) -> None:
    """A plain function of a line is copied into compiled callers."""
    register_jitable(inline="always")(function)


@intrinsic
def population_count(_typing: Any, _number: Any) -> Any:
    """How many bits of an int64 are set: one machine instruction, also over vectors."""

    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.int64), emit


def counts_bits(function: Callable[..., Any]) -> None:
    """A plain function of an int64 is, in compiled callers, the processor's count of bits."""
    context = cpu_target.typing_context
    context.refresh()
    known: Any = infer_global
    known(function, context.resolve_value_type(population_count))
