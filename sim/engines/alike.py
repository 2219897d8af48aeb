"""Whether two machines give the same bytes: the same code on the same libraries, where need be on alike processors."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
from collections.abc import Mapping
from functools import cache

from sim.version import digest_of_sources

__all__ = ["differing", "machine"]

LIBRARIES = (  # what decides bytes, or is spoken between machines
    "numpy", "numba", "llvmlite", "scipy", "nashpy", "zarr", "numcodecs", "dask", "distributed", "msgpack",
)  # fmt: skip
PROCESSOR = "processor features"
MASKED = 'NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4 AVX512_ICL AVX512_SPR"'


@cache
def machine() -> Mapping[str, str]:
    """What decides the bytes that this process makes, by name."""
    found = {
        "text of Standoff": digest_of_sources()[:16],
        "Python": platform.python_version(),
        "kind of processor": platform.machine(),
        "C library": " ".join(platform.libc_ver()) or platform.system(),
    }
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
    return found | {PROCESSOR: " ".join(processor_features())}


def processor_features() -> list[str]:
    """What numpy uses of this processor, and whether the C library multiplies and adds in one step."""
    numpy = importlib.import_module("numpy._core._multiarray_umath")
    used = sorted(name for name, there in numpy.__cpu_features__.items() if there)
    return [*used, *(["fused"] if "FMA3" in used or fuses() else [])]


def fuses() -> bool:
    """Whether this processor multiplies and adds in one step, whatever numpy was told not to use."""
    binding = importlib.import_module("llvmlite.binding")
    return bool(binding.get_host_cpu_features().get("fma", False))


def differing(there: Mapping[str, str], here: Mapping[str, str], *, portable: bool) -> str:
    """In what another machine differs so that its bytes could, in words; nothing where it does not.

    ``portable``: what is computed comes out the same on all processors of a kind.
    """
    for name, ours in here.items():
        theirs = there.get(name, "")
        if name == PROCESSOR and theirs != ours:
            if portable:
                continue
            unlike = sorted({*theirs.split()} ^ {*ours.split()})
            return (
                f"its processor differs from ours in {', '.join(unlike[:4])}, and the last digits of what is computed "
                f"depend on it: use machines of one kind, or set {MASKED} on all of them"
            )
        if theirs != ours:
            return (
                f"{name} is {theirs or 'missing'} there and {ours or 'missing'} here: "
                "install the same versions on all machines"
            )
    return ""
