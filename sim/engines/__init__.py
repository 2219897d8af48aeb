"""Who does the work: threads of this machine, or a cluster.  Each has ``run(work, items)``, results as they come."""

from sim.engines.alike import differing, machine
from sim.engines.cluster import Cluster
from sim.engines.threads import Threads

__all__ = ["Cluster", "Threads", "differing", "machine"]
