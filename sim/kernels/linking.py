"""What numba makes of a kernel, once: large callees stand beside their callers; doors for Python where it calls.

numba links all that a function reaches into it, and has LLVM optimise and write all of it again, at every level of
a chain of callers; and for each function it makes what takes Python's objects apart.  Here a large kernel is in its
callers no more than its name.  So the name is made of the kernel's source, the same in every process, and what is
kept of a caller says which kernels are to be loaded before it.  Small kernels are copied into their callers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from llvmlite.binding import parse_bitcode  # type: ignore[import-untyped]
from numba.core.bytecode import FunctionIdentity
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, compile_result
from numba.core.runtime.nrt import rtsys
from numba.core.untyped_passes import ExtractByteCode

from sim.kernels.folder import digest_of_reached

__all__ = ["Linked", "door", "entrance", "kept_door", "kept_of", "restored", "restored_door"]

SMALL = 300  # instructions: with 100 sums over polynomials took a tenth longer, with 1000 nothing was faster

Signature = tuple[str, str, tuple[Any, ...]]
"""A compiled kernel: its module, its name there, the types it is compiled for."""


class Library(JITCodeLibrary):
    """The machine code of a kernel, and which kernels it calls."""

    def __init__(self, codegen: Any, name: str, of: Signature | None = None) -> None:
        super().__init__(codegen, name)  # type: ignore[no-untyped-call]
        self.enable_object_caching()  # type: ignore[no-untyped-call]
        self.of = of
        self.large = False
        self.calls: list[Signature] = []  # large kernels, not copied

    def add_linking_library(self, library: Any) -> None:
        """What is called: to be copied, or to stand beside."""
        library._ensure_finalized()  # noqa: SLF001 - as numba does
        large = getattr(library, "large", False)
        called = [library.of] if large else getattr(library, "calls", [])
        self.calls += [each for each in called if each not in self.calls]
        if not large:
            super().add_linking_library(library)  # type: ignore[no-untyped-call]

    def finalize(self) -> None:
        """Nothing is added any more."""
        super().finalize()  # type: ignore[no-untyped-call]
        self.large = self.of is not None and more_than(SMALL, self._final_module)

    def restore(self, machine_code: bytes, bitcode: bytes) -> None:
        """Be what was kept."""
        self._set_compiled_object(machine_code)  # type: ignore[no-untyped-call]
        self._shared_module = parse_bitcode(bitcode)
        self._finalize_final_module()  # type: ignore[no-untyped-call]
        self._codegen._engine._load_defined_symbols(self._shared_module)  # type: ignore[no-untyped-call] # noqa: SLF001 - as numba does


def more_than(most: int, module: Any) -> bool:
    """Whether so many instructions stand in a module, which is not counted to its end."""
    count = 0
    for function in module.functions:
        for block in function.blocks:
            count += sum(1 for _ in block.instructions)
            if count > most:
                return True
    return False


class Linked(Compiler):
    """How numba compiles a kernel."""

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        """Compile a function, under the same name in every process where it can be found by its own."""
        found = getattr(sys.modules.get(func.__module__), func.__qualname__, None)
        identity = FunctionIdentity.from_function(func)  # type: ignore[no-untyped-call]
        of = None
        if getattr(found, "function", None) is func:
            of = (func.__module__, func.__qualname__, tuple(self.state.args))
            identity.unique_id = digest_of_reached(func)
            identity.unique_name = f"{func.__qualname__}${identity.unique_id}"
        self.state.func_id = identity
        self.state.library = Library(self.state.targetctx.codegen(), identity.func_qualname, of)
        ExtractByteCode().run_pass(self.state)  # type: ignore[no-untyped-call]
        self.state.lifted = ()
        self.state.lifted_from = None
        return self._compile_bytecode()  # type: ignore[no-untyped-call]


def kept_of(result: Any) -> Any:
    """What is to be kept of a compiled kernel."""
    library = result.library
    return library.of, library.large, library.calls, result._reduce()  # noqa: SLF001 - as numba does


def restored(context: Any, kept: Any) -> Any:
    """A compiled kernel as it was kept; those that it calls are loaded before it, or compiled."""
    of, large, calls, reduced = kept
    (name, _, code), described, environment, signature, objectmode, lifted, types, again, environments = (
        reduced
    )
    for module, called, arguments in calls:
        getattr(import_module(module), called).compiled.compile(arguments)
    library = Library(context.codegen(), name, of)
    library.large, library.calls = large, calls
    library.restore(*code)
    made = compile_result(  # type: ignore[no-untyped-call]
        target_context=context,
        typing_context=context.typing_context,
        library=library,
        environment=environment,
        entry_point=context.get_executable(library, described, environment),
        fndesc=described,
        type_annotation=types,
        signature=signature,
        objectmode=objectmode,
        lifted=lifted,
        reload_init=again,
        referenced_envs=environments,
    )
    for each in environments:
        library.codegen.set_env(each.env_name, each)
    return made


def door(result: Any, *, counts: bool) -> Library:
    """What takes Python's objects apart and calls a compiled kernel, and ``counts`` references to arrays."""
    context = result.target_context.subtarget(enable_nrt=counts)
    library = Library(context.codegen(), f"door.{result.fndesc.qualname}")
    library.add_linking_library(rtsys.library)
    with context.push_code_library(library):
        context.create_cpython_wrapper(library, result.fndesc, result.environment, None, release_gil=True)
    library.finalize()
    return library


def entrance(result: Any, library: Library) -> Any:
    """A door as Python calls it."""
    return result.target_context.get_executable(library, result.fndesc, result.environment)


def kept_door(result: Any, library: Library) -> Any:
    """What is to be kept of a door: its code, and what that looks up in the kernel's surroundings (types of arrays)."""
    return library.serialize_using_object_code(), result.environment.consts  # type: ignore[no-untyped-call]


def restored_door(result: Any, kept: Any) -> Library:
    """A door as it was kept."""
    (name, _, code), looked_up = kept
    result.environment.consts[:] = looked_up
    library = Library(result.target_context.codegen(), name)
    library.restore(*code)
    return library
