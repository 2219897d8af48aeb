"""A cluster on this machine, for tests: a scheduler and workers, processes of their own that listen on loopback only.

``python -m tests.cluster`` (``make cluster``) sweeps on two workers, one of which is killed, and shows that the dataset
is that of threads, byte by byte.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.stores import ROOT, contents

HERE = "127.0.0.1"
QUIET = ("--no-dashboard",)
READY = 300  # seconds for a process to begin on a busy machine
WORKER = """
import sys
{before}
from distributed.cli.dask_worker import main
main(sys.argv[1:])
"""


class LocalCluster:
    """``address`` is that of its scheduler; every process is ours, and is ended with it."""

    def __init__(self, folder, *, workers=2, threads=1, before=""):
        self.folder, self.threads, self.before = folder, threads, before
        self.processes, self.workers = [], []
        self.port = 0
        self.begin_scheduler()
        for began in [self.begin_worker() for _ in range(workers)]:
            self.joined(*began)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            kill(process)

    def began(self, *command):
        """A process, and what it says first of where it listens."""
        errors = self.folder / f"{len(self.processes)}.log"
        with errors.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.folder,
                stderr=file,
                stdout=subprocess.DEVNULL,
                env=environment(),
            )
        self.processes.append(process)
        return process, errors

    def begin_scheduler(self):
        """A scheduler, in the place of the one before if there was one."""
        process, errors = self.began(
            "-m", "distributed.cli.dask_scheduler", "--host", HERE, "--port", str(self.port), *QUIET
        )
        self.scheduler = process
        self.address = said(errors, process, r"Scheduler at: +(tcp://\S+)")
        self.port = int(self.address.rpartition(":")[2])

    def begin_worker(self, before=None):
        """One more worker, in which ``before`` is run first."""
        code = WORKER.format(before=self.before if before is None else before)
        process, errors = self.began(
            "-c", code, self.address, "--host", HERE, "--no-nanny", "--nthreads", str(self.threads),
            "--local-directory", str(self.folder), "--death-timeout", "60", *QUIET,
        )  # fmt: skip
        self.workers.append(process)
        return process, errors

    def joined(self, process, errors):
        """Wait until a worker can be given work."""
        said(errors, process, r"Registered to: +tcp://")


def environment():
    """Of a process that imports what this one does, from anywhere."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def said(errors, process, pattern):
    """The first thing like that which a process says."""
    end = time.monotonic() + READY
    while time.monotonic() < end:
        found = re.search(pattern, errors.read_text())
        if found:
            return found[1] if found.groups() else found[0]
        assert process.poll() is None, errors.read_text()
        time.sleep(0.05)
    raise AssertionError(f"{pattern} was not said: {errors.read_text()}")


def kill(process):
    """End a process that we started at once, as kill -9 does."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()


def digest(store):
    """One hash of all files of a store."""
    found = hashlib.sha256()
    for name, content in sorted(contents(store).items()):
        found.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()[:16]


def command(out, *options):
    """The command that ``make cluster`` runs."""
    return [
        sys.executable, "-m", "sim", "sweep", "standoff_2021", "security_dilemma", "--points", "1024",
        "--out", str(out), *options,
    ]  # fmt: skip


def marked(out, name="security_dilemma"):
    """How many blocks are done of an unfinished sweep."""
    return len(list((out / f"{name}.zarr.unfinished" / "progress").glob("[0-9]*.json")))


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main():
    """Sweep in threads and on two workers, one of which is killed; exit 1 unless the datasets are the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            command(folder / "threads", "--workers", "2"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        alone = digest(folder / "threads" / "security_dilemma.zarr")
        say(f"threads of one process:                     {alone}")
        with LocalCluster(folder) as cluster:
            out = folder / "cluster"
            sweep = subprocess.Popen(
                command(out, "--scheduler", cluster.address), cwd=ROOT, stdout=subprocess.DEVNULL
            )
            while sweep.poll() is None and marked(out) < 3:
                time.sleep(0.01)
            say(f"a worker is killed after {marked(out)} blocks")
            kill(cluster.workers[0])
            if sweep.wait():
                sys.exit("the sweep on the cluster failed")
            together = digest(out / "security_dilemma.zarr")
        say(f"a cluster of two workers, one of them dead: {together}")
        if together != alone:
            sys.exit("these are not the same bytes")
        say("the same bytes")


if __name__ == "__main__":
    main()
