"""Sweeps on a cluster: the bytes of a sweep in threads, whoever dies on the way; who is unlike us is refused."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.engines import cluster as engine
from sim.run import blocks as run
from tests.cluster import LocalCluster, environment, kill, marked
from tests.stores import ROOT, STANDOFF, contents, standoff

pytest.importorskip("distributed", reason="the extra `distributed` comes with `make setup`")

SMALL = "from sim.run import blocks; blocks.BLOCK = 60"
OPTIONS = {"points": 40, "solver": "pure", "full": True}
DRIVER = f"""
import sys
from pathlib import Path
import sim
{SMALL}
sim.sweep(sim.load(sys.argv[1]), "rifle", out=Path(sys.argv[2]), scheduler=sys.argv[3], resume=True, **{OPTIONS})
"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Blocks of few cells, as in the workers."""
    monkeypatch.setattr(run, "BLOCK", 60)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """What a sweep in one thread writes."""
    out = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "BLOCK", 60)
        sim.sweep(standoff(), "rifle", out=out, **OPTIONS)
    return contents(out / "rifle.zarr")


def on_cluster(out, cluster, at=None, event=None):
    """The store of a sweep on a cluster to which something happens after so many blocks."""

    def progress(_, __):
        if at is not None and marked(out, "rifle") == at:
            event()

    sim.sweep(
        standoff(), "rifle", out=out, scheduler=cluster.address, resume=True, progress=progress, **OPTIONS
    )
    return contents(out / "rifle.zarr")


def driven(out, cluster):
    """Another process that sweeps on a cluster."""
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(STANDOFF), str(out), cluster.address],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def killed_driver(out, cluster, after, wait):
    """Kill a process that sweeps, some time after it has finished more blocks."""
    process, before = driven(out, cluster), marked(out, "rifle")
    try:
        while process.poll() is None and marked(out, "rifle") < before + after:
            time.sleep(0.01)
        time.sleep(wait)
    finally:
        kill(process)
        process.stderr.close()


def in_threads(out):
    """Go on with a sweep in threads."""
    sim.sweep(standoff(), "rifle", out=out, workers=2, resume=True, **OPTIONS)
    assert [path.name for path in out.iterdir()] == ["rifle.zarr"]
    return contents(out / "rifle.zarr")


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_threads_gives_the_same_bytes(tmp_path, reference, workers):
    sim.sweep(standoff(), "rifle", out=tmp_path, workers=workers, **OPTIONS)
    assert contents(tmp_path / "rifle.zarr") == reference


@pytest.mark.timeout(1200)  # six processes begin in it, each with all its imports
def test_a_cluster_gives_the_same_bytes_whoever_dies(tmp_path, reference, monkeypatch):
    with LocalCluster(tmp_path, before=SMALL) as cluster:
        assert on_cluster(tmp_path / "whole", cluster) == reference

        shutil.copy(STANDOFF, tmp_path / "changed.toml")
        changed = sim.load(tmp_path / "changed.toml")
        (tmp_path / "changed.toml").write_text(STANDOFF.read_text() + "\n# another\n")
        with pytest.raises(
            ValueError, match=r"the worker at tcp://\S+ is refused: .*changed.toml has another content"
        ):
            sim.sweep(changed, "rifle", out=tmp_path / "none", scheduler=cluster.address, **OPTIONS)
        with monkeypatch.context() as patch:
            patch.setattr("sim.run.remote.machine", lambda: {"numpy": "1.0"})
            with pytest.raises(
                ValueError, match=r"refused: numpy is \S+ there and 1.0 here: install the same"
            ):
                sim.sweep(standoff(), "rifle", out=tmp_path / "none", scheduler=cluster.address, **OPTIONS)
        assert not (tmp_path / "none").exists()

        killed_driver(tmp_path / "driver", cluster, 3, 0.0)
        assert marked(tmp_path / "driver", "rifle") < 32
        assert on_cluster(tmp_path / "driver", cluster) == reference
        assert on_cluster(tmp_path / "worker", cluster, 5, lambda: kill(cluster.workers[0])) == reference
        with pytest.raises(ConnectionError, match=r"the scheduler at tcp://\S+ went away"):
            on_cluster(tmp_path / "scheduler", cluster, 5, lambda: kill(cluster.scheduler))
    assert 5 <= marked(tmp_path / "scheduler", "rifle") < 32
    assert in_threads(tmp_path / "scheduler") == reference


@pytest.mark.deep
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("who", ["worker", "scheduler", "driver"])
def test_whoever_is_killed_at_any_moment_the_bytes_are_the_same(tmp_path, reference, who, seed):
    chance, out = random.Random(seed), tmp_path / "out"
    with LocalCluster(tmp_path, before=SMALL) as cluster:
        for _ in range(2):
            after, wait = chance.randrange(12), chance.uniform(0, 0.1)
            if who == "driver":
                killed_driver(out, cluster, after, wait)
                continue
            process, before = driven(out, cluster), marked(out, "rifle")
            while process.poll() is None and marked(out, "rifle") < before + after:
                time.sleep(0.002)
            time.sleep(wait)
            victim = cluster.scheduler if who == "scheduler" else cluster.workers[-1]
            kill(victim)
            _, words = process.communicate(timeout=600)
            if process.returncode:
                assert who == "scheduler", words
                assert "went away" in words or "no scheduler answers" in words, words
                for worker in cluster.workers:
                    kill(worker)
                cluster.begin_scheduler()
            cluster.joined(*cluster.begin_worker())
        assert on_cluster(out, cluster) == reference
    assert [path.name for path in out.iterdir()] == ["rifle.zarr"]


def nothing_wrong():
    return ""


@pytest.mark.deep
def test_a_scheduler_that_dies_before_workers_are_asked_is_told_of(tmp_path, capfd):
    with LocalCluster(tmp_path, workers=1) as cluster, engine.Cluster(cluster.address) as there:
        kill(cluster.scheduler)
        with pytest.raises(ConnectionError, match=r"the scheduler at tcp://\S+ went away"):
            there.check(nothing_wrong)
    assert "Traceback" not in capfd.readouterr().err


class Done:
    """A block that is no longer to be fetched."""

    def __init__(self, status):
        self.status = status

    def result(self):
        raise OSError("the stream is closed")


def test_a_block_that_cannot_be_fetched_any_more_is_no_error_of_the_work():
    there = engine.Cluster("tcp://127.0.0.1:1")
    with pytest.raises(ConnectionError, match="went away"):
        there.result(Done("finished"))
    with pytest.raises(OSError, match="the stream is closed"):
        there.result(Done("error"))


OTHER = f"import sim.version; sim.version.digest_of_sources = lambda: 'another'; {SMALL}"


@pytest.mark.deep
@pytest.mark.parametrize(
    ("other", "joins", "words"),
    [
        (OTHER, False, "refused: text of Standoff is another there and"),
        (OTHER, True, "a worker that joined is refused: text of Standoff is another there and"),
        ("sys.modules['sim'] = None", False, "refused: it runs no Standoff like this one"),
    ],
)
def test_a_worker_of_another_version_is_refused(tmp_path, other, joins, words):
    out, began = tmp_path / "out", []
    with LocalCluster(tmp_path, workers=1, before=SMALL if joins else other) as cluster:

        def progress(done, _):
            if joins and done and not began:
                began.append(cluster.begin_worker(other))
                cluster.joined(*began[0])

        with pytest.raises(ValueError, match=words):
            sim.sweep(standoff(), "rifle", out=out, scheduler=cluster.address, progress=progress, **OPTIONS)
    assert joins == out.exists()
    assert not (out / "rifle.zarr").exists()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (
            "10.0.0.1",
            "takes the address that `dask scheduler` prints, as in tcp://10.0.0.1:8786, not '10.0.0.1'",
        ),
        ("tcp://127.0.0.1:{}", "no scheduler answers at tcp://127.0.0.1"),
    ],
)
def test_where_no_scheduler_is_a_sentence_says_so(tmp_path, monkeypatch, address, message):
    monkeypatch.setattr(engine, "CONNECT", 0.5)
    words = ["sweep", str(STANDOFF), "rifle", "--points", "3", "--out", str(tmp_path / "out"), "--scheduler"]
    done = CliRunner().invoke(main, [*words, address.format(free_port())])
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


def test_a_cluster_without_workers_is_not_waited_for_long(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "JOIN", 0.2)
    with (
        LocalCluster(tmp_path, workers=0) as cluster,
        pytest.raises(ValueError, match=r"no worker has joined .* start some with `dask worker tcp://"),
    ):
        sim.sweep(standoff(), "rifle", out=tmp_path / "out", scheduler=cluster.address, **OPTIONS)
    assert not (tmp_path / "out").exists()


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"pip install 'standoff\[distributed\]'"):
        sim.sweep(standoff(), "rifle", out=tmp_path, scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ValueError, match="say where, out = a folder"):
        sim.sweep(standoff(), "rifle", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ValueError, match="workers are threads of this machine"):
        sim.sweep(standoff(), "rifle", out=tmp_path, scheduler="tcp://127.0.0.1:1", workers=2)


def test_nobody_waits_for_software_of_clusters_who_has_none(tmp_path):
    """Nor for that of help; xarray itself looks at dask where it is installed."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom sim.cli import main\n"
        "assert CliRunner().invoke(main, ['sweep', '--help']).exit_code == 0\n"
        "assert not {'dask', 'distributed', 'scipy', 'numpy'} & set(sys.modules)\n"
        "import sim\n"
        f"sim.sweep(sim.load({str(STANDOFF)!r}), 'rifle', points=3, solver='pure')\n"
        "assert not {'distributed', 'tornado'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
