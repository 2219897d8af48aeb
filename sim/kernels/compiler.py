"""What loads numba: kernels compiled, and what plain functions are to compiled callers."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import numba
from numba import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.core.typing.templates import infer_global
from numba.extending import intrinsic, register_jitable

from sim.kernels.cache import Kept
from sim.kernels.folder import chosen_folder

__all__ = ["copied", "counts_bits", "dispatcher", "global_compiler_lock"]

if hasattr(os, "register_at_fork"):
    # a child has only the thread that forked: it would wait for ever for a lock that another one held
    os.register_at_fork(
        before=global_compiler_lock.acquire,
        after_in_parent=global_compiler_lock.release,
        after_in_child=global_compiler_lock.release,
    )


def dispatcher(function: Callable[..., Any], *, inline: bool, borrows: bool) -> Any:
    """What compiles a function for the types it is called with, and keeps that on disk."""
    compiled: Any = numba.njit  # whose types do not tell of all that it takes
    made = compiled(
        nogil=True, error_model="numpy", inline="always" if inline else "never", _nrt=not borrows
    )(function)
    if made is not function:  # numba may be told to leave Python as it is
        made._cache = Kept(function, chosen_folder())  # noqa: SLF001 - numba has no door for a cache of one's own
        made.get_call_template = partial(called_with, made.get_call_template)
    return made


def called_with(template: Callable[..., Any], arguments: Any, named: dict[str, Any]) -> Any:
    """Compiled once for whole numbers, and not once more for each that a compiled caller writes out."""
    plain: Any = types.unliteral
    return template(tuple(map(plain, arguments)), {name: plain(one) for name, one in named.items()})


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
