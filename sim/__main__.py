"""``python -m sim`` is the ``standoff`` command."""

import os

__all__ = ["main"]


def main() -> None:
    """Run the command line; an interruption while it is still being imported is one like any other."""
    try:
        from sim.cli import main as standoff
    except KeyboardInterrupt:
        os._exit(130)
    standoff()


if __name__ == "__main__":
    main()
