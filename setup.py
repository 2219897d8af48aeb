"""What pyproject.toml cannot say of the build: the scenario library goes into the package.

It stays at the top of the repository, where people look for it; in a wheel it is ``sim/scenario/library/``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHELF = Path("sim", "scenario", "library")


class WithLibrary(build_py):
    """Modules and data of the package, and the library beside the code that looks for it."""

    def shelved(self) -> dict[str, str]:
        """Where each scenario goes, by what it is built as; none where the package is used from the repository."""
        if self.editable_mode:
            return {}
        place = Path(self.build_lib) / SHELF
        return {str(place / path.name): str(path) for path in sorted(Path("scenarios").glob("*.toml"))}

    def run(self) -> None:
        """Build, with no scenario of an earlier build."""
        super().run()
        shutil.rmtree(Path(self.build_lib) / SHELF, ignore_errors=True)
        for target, source in self.shelved().items():
            self.mkpath(str(Path(target).parent))
            self.copy_file(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """All files that are built."""
        return [*super().get_outputs(include_bytecode), *self.shelved()]

    def get_output_mapping(self) -> dict[str, str]:
        """What each file is built from."""
        return {**super().get_output_mapping(), **self.shelved()}


setup(cmdclass={"build_py": WithLibrary})
