"""The result of a sweep: its schema, its labels, and the store on disk.  Nothing else builds a Dataset.

One sweep is one ``xarray.Dataset``.  Its first dims are the swept parameters, named as in the scenario
and in its order; ``SCHEMA`` lists the variables and says what each means.  On disk it is a zarr store
that plain ``xarray.open_zarr`` reads: the same bytes for any number of workers and however often the
sweep was interrupted, because every block of cells is written on its own, marked done after its data,
and nothing in the store tells when, where or by whom it was made.  Marks carry checksums: what is lost
or changed is seen before it is read (:mod:`sim.dataset.marks`).

While a sweep runs, its store is called ``<sweep>.zarr.unfinished``; ``<sweep>.zarr`` is always whole.
"""

from sim.answers import LEVELS, RESERVED
from sim.dataset.asked import Stale, tell_if_stale, unlike_the_file
from sim.dataset.bargain_range import bargain_range
from sim.dataset.labels import command, coordinates, describe
from sim.dataset.led_on import led_on
from sim.dataset.marks import Unchecked
from sim.dataset.played import played
from sim.dataset.reputation import reputation, reputation_by_rounds
from sim.dataset.schema import SCHEMA, arrays, declared, join, variables
from sim.dataset.signal_lines import signal_lines
from sim.dataset.store import Store, open_dataset
from sim.dataset.unfolded import unfolded

__all__ = [
    "LEVELS",
    "RESERVED",
    "SCHEMA",
    "Stale",
    "Store",
    "Unchecked",
    "arrays",
    "bargain_range",
    "command",
    "coordinates",
    "declared",
    "describe",
    "join",
    "led_on",
    "open_dataset",
    "played",
    "reputation",
    "reputation_by_rounds",
    "signal_lines",
    "tell_if_stale",
    "unfolded",
    "unlike_the_file",
    "variables",
]
